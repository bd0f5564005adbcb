"""Where browsers see the portal, and where nobody signs in."""

from __future__ import annotations

import pytest

from specgw.http import Request
from specgw.portal.live.place import Place, Places, direct


def request(
    host: str | None = "localhost:8080", peer: str = "127.0.0.1", fields: dict[str, str] | None = None, *, secure: bool = False
) -> Request:
    headers = [] if host is None else [(b"host", host.encode())]
    headers += [(name.replace("_", "-").encode(), value.encode()) for name, value in (fields or {}).items()]
    return Request(method="GET", path="/portal/", headers=headers, peer=peer, secure=secure)


@pytest.mark.parametrize(
    ("host", "peer", "fields", "expected"),
    [
        ("localhost", "127.0.0.1", {}, True),
        ("LOCALHOST:80", "::1", {}, True),
        ("127.0.0.1:8080", "127.9.9.9", {}, True),
        ("[::1]:8080", "::1", {}, True),
        ("localhost", "10.0.0.1", {}, False),
        ("localhost", "", {}, False),
        ("api.example", "127.0.0.1", {}, False),
        ("localhost.evil.example", "127.0.0.1", {}, False),
        ("127.0.0.1.evil.example", "127.0.0.1", {}, False),
        (None, "127.0.0.1", {}, False),
        ("localhost", "127.0.0.1", {"x_forwarded_for": "10.0.0.1"}, False),
        ("localhost", "127.0.0.1", {"forwarded": "for=10.0.0.1"}, False),
        ("localhost", "127.0.0.1", {"via": "1.1 x"}, False),
        ("localhost", "127.0.0.1", {"x_real_ip": "10.0.0.1"}, False),
        ("localhost", "127.0.0.1", {"x_forwarded_port": "443"}, False),
        ("localhost", "127.0.0.1", {"cf_connecting_ip": "10.0.0.1"}, False),
    ],
)
def test_who_is_at_this_machine(host: str | None, peer: str, fields: dict[str, str], expected: bool) -> None:
    assert direct(request(host, peer, fields)) is expected
    assert Places(None, development=True).development(request(host, peer, fields)) is expected
    assert Places(None, development=False).development(request(host, peer, fields)) is False


@pytest.mark.parametrize(
    ("public", "development", "asked", "place"),
    [
        (None, False, request(), Place("http://localhost:8080")),
        (None, False, request("localhost:80"), Place("http://localhost")),
        (None, False, request("api.example"), None),
        (None, False, request("localhost", "10.0.0.1"), None),
        (None, False, request("API.example:443", "10.0.0.1", secure=True), Place("https://api.example")),
        (None, False, request(None, "10.0.0.1", secure=True), None),
        ("/base", False, request(), Place("http://localhost:8080")),
        ("/base/", False, request("api.example", "10.0.0.1", secure=True), Place("https://api.example", "/base")),
        ("https://api.example", False, request("internal", "10.0.0.1"), Place("https://api.example")),
        ("https://API.example:443/base/", False, request("x", "10.0.0.1"), Place("https://api.example", "/base")),
        ("https://api.example", False, request(), Place("https://api.example")),
        ("https://api.example", True, request(), Place("http://localhost:8080")),
        ("http://api.example", False, request("api.example", "10.0.0.1"), None),
        ("http://localhost:9000", False, request("localhost:9000"), Place("http://localhost:9000")),
    ],
)
def test_where_the_portal_is_for_a_browser(public: str | None, development: bool, asked: Request, place: Place | None) -> None:
    assert Places(public, development=development).of(asked) == place


def test_a_place_under_a_base_path() -> None:
    place = Place("https://api.example", "/base")
    assert (place.secure, place.portal) == (True, "https://api.example/base/portal/")
