from __future__ import annotations

import pytest

from specgw.policies.auth.addresses import fetched, loopback, shown, unfit


@pytest.mark.parametrize(("url", "reason"), [
    ("https://issuer.example/", None),
    ("http://127.0.0.1/", None),
    ("http://issuer.example/", "is not HTTPS, and on another machine"),
    ("https://user@issuer.example/", "is no URL that can be fetched"),
    ("https://[::1/", "is no URL that can be fetched"),
])  # fmt: skip
def test_which_may_be_asked(url: str, reason: str | None) -> None:
    assert unfit(url) == reason


def test_plain_http_where_it_is_allowed() -> None:
    assert unfit("http://issuer.example/", plain=True) is None


def test_this_machine_by_name_or_address() -> None:
    assert all(map(loopback, ("localhost", "127.0.0.1", "127.1.2.3", "::1")))
    assert not any(map(loopback, ("localhost.evil.example", "10.0.0.1", "0.0.0.0", "", "127.0.0.1.evil.example")))


def test_what_logs_show_of_a_url() -> None:
    assert shown("https://user:secret@host:1/path?key=secret#secret") == "https://host:1/path"
    assert shown("https://[::1/secret") == "what is configured"


def test_a_url_or_a_file() -> None:
    assert fetched("https://issuer.example/keys")
    assert not any(map(fetched, ("keys.json", "secrets/https.json", "https:/keys")))
