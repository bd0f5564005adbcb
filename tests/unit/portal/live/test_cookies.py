"""The cookies' attributes, and that nobody else's value is taken for one."""

from __future__ import annotations

import pytest

from specgw.http import Request
from specgw.portal.live import cookies
from specgw.portal.live.place import Place

SECURE, PLAIN = Place("https://api.example", "/base"), Place("http://localhost:8080")
SECRET = "A" * 43


def request(*fields: str) -> Request:
    return Request(method="GET", path="/portal/", headers=[(b"cookie", field.encode("latin-1")) for field in fields])


def test_with_tls_no_other_host_can_plant_one() -> None:
    assert cookies.setting("session", SECURE, SECRET) == (
        b"set-cookie",
        f"__Host-specgw-session={SECRET}; Path=/; Secure; HttpOnly; SameSite=Strict".encode(),
    )
    assert cookies.setting("sign-in", SECURE, SECRET) == (
        b"set-cookie",
        f"__Host-specgw-sign-in={SECRET}; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age=600".encode(),
    )
    assert cookies.clearing("session", SECURE)[1] == b"__Host-specgw-session=; Path=/; Secure; HttpOnly; SameSite=Strict; Max-Age=0"


def test_on_this_machine_it_is_for_the_portal_alone() -> None:
    assert cookies.setting("session", PLAIN, SECRET)[1] == f"specgw-session={SECRET}; Path=/portal/; HttpOnly; SameSite=Strict".encode()
    assert b"Path=/base/portal/" in cookies.setting("session", Place("http://localhost", "/base"), SECRET)[1]


@pytest.mark.parametrize(
    ("fields", "found"),
    [
        ([f"specgw-session={SECRET}"], SECRET),
        ([f"a=b; specgw-session={SECRET} ;c=d"], SECRET),
        (["a=b", f"specgw-session={SECRET}"], SECRET),
        ([], None),
        (["specgw-session="], None),
        ([f"specgw-session={SECRET[1:]}"], None),
        ([f"specgw-session={SECRET}A"], None),
        (['specgw-session="' + "A" * 41 + '"'], None),
        ([f"specgw-session={'é' * 43}"], None),
        ([f"SPECGW-SESSION={SECRET}"], None),
        ([f"specgw-session={SECRET}; specgw-session={SECRET}"], None),
        ([f"specgw-session={SECRET}", f"specgw-session={'B' * 43}"], None),
        ([f"specgw-sign-in={SECRET}"], None),
        ([f"__Host-specgw-session={SECRET}"], None),
    ],
)
def test_what_is_taken_for_a_session(fields: list[str], found: str | None) -> None:
    assert cookies.secret(request(*fields), "session", PLAIN) == found


def test_with_tls_a_plain_name_counts_for_nothing() -> None:
    assert cookies.secret(request(f"specgw-session={SECRET}"), "session", SECURE) is None
    assert cookies.secret(request(f"__Host-specgw-session={SECRET}"), "session", SECURE) == SECRET
