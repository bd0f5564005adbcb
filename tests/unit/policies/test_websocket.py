"""The client's opening handshake, and where its page comes from."""

from __future__ import annotations

import pytest

from specgw import problems
from specgw.http import Headers
from specgw.plan.model import Origin, Route, WebSocket
from specgw.policies.base import Exchange
from specgw.policies.websocket import Opening, asks, build, members, values
from specgw.problems import Problem

pytestmark = pytest.mark.interpreted

KEY = b"dGhlIHNhbXBsZSBub25jZQ=="
GOOD: Headers = [
    (b"host", b"api.example:8080"),
    (b"upgrade", b"websocket"),
    (b"connection", b"Upgrade"),
    (b"sec-websocket-key", KEY),
    (b"sec-websocket-version", b"13"),
]


class Asking(Exchange):
    __slots__ = ("upgrades",)

    def __init__(self, headers: Headers, scheme: str = "http", *, upgrades: bool = True) -> None:
        self.headers = headers
        self.scheme = scheme
        self.upgrades = upgrades


def policy(origins: tuple[str, ...] | None = None) -> Opening:
    made = build(
        Route(
            id="a",
            service="s",
            method="GET",
            path="/",
            document_path="/",
            origin=Origin(file="f", line=1),
            websocket=WebSocket(origins=origins),
        )
    )
    assert made is not None
    return made


def verdict(headers: Headers, scheme: str = "http", origins: tuple[str, ...] | None = None) -> Problem | None:
    return policy(origins).request(Asking(headers, scheme))


def without(name: bytes, *more: tuple[bytes, bytes]) -> Headers:
    return [*((field, value) for field, value in GOOD if field != name), *more]


def test_a_route_without_websockets_needs_no_policy() -> None:
    assert build(Route(id="a", service="s", method="GET", path="/", document_path="/", origin=Origin(file="f", line=1))) is None


@pytest.mark.parametrize(
    ("upgrade", "expected"),
    [
        ([], False),
        ([b"websocket"], True),
        ([b"WebSocket"], True),
        ([b"h2c"], False),
        ([b"h2c, websocket"], True),
        ([b"h2c", b"websocket"], True),
        ([b"websocket2"], False),
    ],
)
def test_who_names_websocket_asks_for_one(upgrade: list[bytes], expected: bool) -> None:
    assert asks([(b"upgrade", value) for value in upgrade]) is expected


def test_what_does_not_ask_for_one_is_not_looked_at() -> None:
    assert policy().request(Asking([(b"host", b"x"), (b"origin", b"https://evil.example")], upgrades=False)) is None


@pytest.mark.parametrize(
    "headers",
    [
        GOOD,
        without(b"connection", (b"connection", b"keep-alive, UPGRADE")),
        without(b"connection", (b"connection", b"keep-alive"), (b"connection", b"upgrade")),
        without(b"upgrade", (b"upgrade", b"WebSocket")),
        [*GOOD, (b"content-length", b"0")],
        [*GOOD, (b"sec-websocket-protocol", b"chat")],
    ],
)
def test_a_handshake_as_the_rfc_wants_it_passes(headers: Headers) -> None:
    assert verdict(headers) is None


@pytest.mark.parametrize(
    "headers",
    [
        without(b"upgrade", (b"upgrade", b"websocket, h2c")),
        [*GOOD, (b"upgrade", b"websocket")],
        without(b"connection"),
        without(b"connection", (b"connection", b"keep-alive")),
        without(b"sec-websocket-key"),
        [*GOOD, (b"sec-websocket-key", KEY)],
        without(b"sec-websocket-key", (b"sec-websocket-key", b"")),
        without(b"sec-websocket-key", (b"sec-websocket-key", b"c2hvcnQ=")),
        without(b"sec-websocket-key", (b"sec-websocket-key", b"dGhlIHNhbXBsZSBub25jZSE=")),
        without(b"sec-websocket-key", (b"sec-websocket-key", KEY[:-3] + b"R==")),
        without(b"sec-websocket-key", (b"sec-websocket-key", KEY[:-2])),
        without(b"sec-websocket-key", (b"sec-websocket-key", b"-" + KEY[1:])),
        [*GOOD, (b"content-length", b"5")],
        [*GOOD, (b"transfer-encoding", b"chunked")],
        [*GOOD, (b"origin", b"http://api.example:8080"), (b"origin", b"http://api.example:8080")],
    ],
)
def test_anything_else_is_a_malformed_handshake(headers: Headers) -> None:
    problem = verdict(headers)
    assert problem is not None
    assert problem.kind is problems.INVALID_HANDSHAKE


@pytest.mark.parametrize(
    "headers",
    [
        without(b"sec-websocket-version"),
        without(b"sec-websocket-version", (b"sec-websocket-version", b"8")),
        without(b"sec-websocket-version", (b"sec-websocket-version", b"13, 8")),
        [*GOOD, (b"sec-websocket-version", b"13")],
    ],
)
def test_another_version_learns_which_one_is_spoken(headers: Headers) -> None:
    problem = verdict(headers)
    assert problem is not None
    assert problem.status == 426
    assert (b"Sec-WebSocket-Version", b"13") in problem.headers


@pytest.mark.parametrize(
    ("origin", "host", "scheme", "allowed"),
    [
        (b"http://api.example:8080", b"api.example:8080", "http", True),
        (b"HTTP://API.example:8080", b"api.EXAMPLE:8080", "http", True),
        (b"http://api.example", b"api.example", "http", True),
        (b"http://api.example", b"api.example:80", "http", True),
        (b"https://api.example", b"api.example:443", "https", True),
        (b"https://api.example", b"api.example", "http", True),  # TLS ends before the gateway
        (b"http://[::1]:8080", b"[::1]:8080", "http", True),
        (b"http://api.example", b"api.example", "https", False),  # a page that anybody on the way could write
        (b"http://api.example:8081", b"api.example:8080", "http", False),
        (b"http://api.example", b"api.example:8080", "http", False),
        (b"http://evil.example", b"api.example", "http", False),
        (b"http://api.example.evil", b"api.example", "http", False),
        (b"http://xapi.example", b"api.example", "http", False),
        (b"null", b"null", "http", False),
        (b"", b"api.example", "http", False),
        (b"file://", b"api.example", "http", False),
        (b"http://api.example http://api.example", b"api.example", "http", False),
        (b"http://api.example/", b"api.example", "http", False),
    ],
)
def test_without_a_list_only_pages_of_the_gateways_own_origin_may(origin: bytes, host: bytes, scheme: str, allowed: bool) -> None:
    problem = verdict([(b"host", host), *GOOD[1:], (b"origin", origin)], scheme)
    assert (problem is None) is allowed
    assert problem is None or (problem.kind is problems.ORIGIN_NOT_ALLOWED and problem.status == 403)


def test_clients_that_send_no_origin_are_no_browsers() -> None:
    for origins in (None, (), ("https://app.example",)):
        assert verdict(GOOD, origins=origins) is None


@pytest.mark.parametrize(
    ("origins", "origin", "allowed"),
    [
        (("https://app.example",), b"https://app.example", True),
        (("https://App.example",), b"https://app.EXAMPLE", True),
        (("https://app.example:443",), b"https://app.example", True),
        (("http://app.example:8000",), b"http://app.example:8000", True),
        (("https://app.example",), b"http://app.example", False),
        (("https://app.example",), b"https://app.example:8443", False),
        (("https://app.example",), b"https://sub.app.example", False),
        (("https://app.example",), b"http://api.example:8080", False),  # its own is not among them
        (("https://*.example.com",), b"https://a.example.com", True),
        (("https://*.example.com",), b"https://a.b.example.com", True),
        (("https://*.example.com",), b"https://example.com", False),
        (("https://*.example.com",), b"https://evilexample.com", False),
        (("https://*.example.com",), b"https://evil.net/.example.com", False),
        (("https://*.example.com",), b"https://a.example.com.evil", False),
        (("https://*.example.com",), b"https://a.exampleXcom", False),
        (("https://*.example.com:8443",), b"https://a.example.com:8443", True),
        (("https://*.example.com:8443",), b"https://a.example.com", False),
        (("null",), b"null", True),
        (("https://a.example",), b"null", False),
        (("*",), b"https://anything.example", True),
        (("*",), b"null", True),
        ((), b"http://api.example:8080", False),
    ],
)
def test_a_list_says_exactly_who_may(origins: tuple[str, ...], origin: bytes, allowed: bool) -> None:
    assert (verdict([*GOOD, (b"origin", origin)], origins=origins) is None) is allowed


def test_fields_are_read_with_all_their_lines() -> None:
    headers = [(b"a", b"One, two"), (b"b", b"x"), (b"a", b"three")]
    assert values(headers, b"a") == [b"One, two", b"three"]
    assert members(headers, b"a") == [b"one", b"two", b"three"]
