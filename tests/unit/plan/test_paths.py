from __future__ import annotations

import pytest

from specgw.plan.paths import examine, plain, verdict


@pytest.mark.parametrize(
    ("path", "reason"),
    [
        ("", "slash"),
        ("users", "slash"),
        ("*", "slash"),
        ("/a//b", "empty segment"),
        ("//a", "empty segment"),
        ("/a//", "empty segment"),
        ("/.", "dot segment"),
        ("/..", "dot segment"),
        ("/a/./b", "dot segment"),
        ("/a/../b", "dot segment"),
        ("/a/%2e/b", "dot segment"),
        ("/a/%2E%2e/b", "dot segment"),
        ("/a/.%2e", "dot segment"),
        ("/a/..;x=1/b", "dot segment"),
        ("/a/..;", "dot segment"),
        ("/a/.;/b", "dot segment"),
        ("/a/..%3Bx/b", "dot segment"),
        ("/a/x%2F..%2Fb", "dot segment"),
        ("/a/..%2fb", "dot segment"),
        ("/a/..%20/b", "dot segment"),
        ("/a/.%09", "dot segment"),
        ("/a/%252e%252e/b", "escaped escape"),
        ("/a/%252E", "escaped escape"),
        ("/a/.%252e/b", "escaped escape"),
        ("/a%252fb", "escaped escape"),
        ("/a%255cb", "escaped escape"),
        ("/a%2500", "escaped escape"),
        ("/a%25252fb", "escaped escape"),
        ("/a%25%32%66b", "escaped escape"),
        ("/a%25c0%25afb", "escaped escape"),
        ("/a%25e0%2580%25af", "escaped escape"),
        ("/a%2525252525", "again and again"),
        ("/a\\b", "backslash"),
        ("/a%5cb", "backslash"),
        ("/a%5Cb", "backslash"),
        ("/a%00", "%00"),
        ("/a%zz", "hexadecimal"),
        ("/a%", "hexadecimal"),
        ("/a%4", "hexadecimal"),
        ("/a%u0041", "hexadecimal"),
        ("/a%ff", "UTF-8"),
        ("/a%C0%AF", "UTF-8"),
        ("/a%C0%AE", "UTF-8"),
        ("/a%E0%80%AF", "UTF-8"),
        ("/a%ED%A0%80", "UTF-8"),
        ("/a%C3", "UTF-8"),
        ("/a#b", "fragment"),
        ("/a b", "space"),
        ("/a\tb", "control"),
        ("/a\x7fb", "control"),
        ("/caf\u00e9", "outside of ASCII"),
    ],
)
def test_what_two_readers_could_take_differently_is_refused(path: str, reason: str) -> None:
    found = verdict(path)
    assert found is not None
    assert reason in found
    assert not plain(path)


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/a",
        "/a/",
        "/.well-known/openid-configuration",
        "/a/...",
        "/a/..b",
        "/a/b..",
        "/a/.hidden",
        "/a;v=1/b",
        "/a;..",
        "/~user/!$&'()*+,=:@-._",
        '/a"b',
        "/a[0]|^`{}<>",
        "/a%20b",
        "/caf%C3%A9",
        "/a%252e%252e/b",
        "/a%25",
        "/a%2525",
        "/a%2541",
        "/100%25ff",
        "/a%25%C3%A9",
        "/a/%20..",
        "/a%2Fb",
        "/a%2e.b",
        "/%E2%82%AC",
        "/a%0Ab",
    ],
)
def test_everything_else_is_fine(path: str) -> None:
    assert verdict(path) is None
    assert examine(path)[0] is None


@pytest.mark.parametrize("code", range(0x21, 0x7F))
def test_one_look_is_enough_for_ordinary_characters(code: int) -> None:
    path = f"/a{chr(code)}b/{chr(code)}c"
    looked_at_twice = chr(code) in "%#\\./"
    assert bool(plain(path)) is not looked_at_twice
    assert bool(plain(f"/a{chr(code)}b")) is (chr(code) not in "%#\\")


def test_what_is_fine_is_decoded_once() -> None:
    assert examine("/caf%C3%A9/%2e.b") == (None, "/café/..b")
