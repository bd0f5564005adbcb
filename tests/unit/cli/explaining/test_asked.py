from __future__ import annotations

import pytest

from specgw.cli.explaining.asked import NotARequest, read_asked


@pytest.mark.parametrize(
    ("url", "host", "path", "query"),
    [
        ("/users/7", None, "/users/7", None),
        ("/users?a=1&b=c d", None, "/users", "a=1&b=c%20d"),
        ("/bücher/%2F?", None, "/b%C3%BCcher/%2F", ""),
        ("?x=1", None, "/", "x=1"),
        ("http://api.example:8080", "api.example:8080", "/", None),
        ("https://me:secret@api.example/a#part", "api.example", "/a", None),
        ("http://[::1]:8080/a?b=/c?d", "[::1]:8080", "/a", "b=/c?d"),
    ],
)
def test_a_url_or_a_path(url: str, host: str | None, path: str, query: str | None) -> None:
    asked = read_asked("get", url)
    assert (asked.method, asked.host, asked.path, asked.query) == ("GET", host, path, query)


def test_header_lines() -> None:
    asked = read_asked("GET", "http://a.example/x?y", ["X-Beta:  on ", "host: b.example"])
    assert asked.headers == [(b"x-beta", b"on"), (b"host", b"b.example")]
    assert (asked.host, asked.target) == ("b.example", "/x?y")


@pytest.mark.parametrize(
    ("method", "url", "line"), [("G T", "/", "A: b"), ("GET", "users", "A: b"), ("GET", "/", "no colon"), ("GET", "/", ": x")]
)
def test_what_is_no_request(method: str, url: str, line: str) -> None:
    with pytest.raises(NotARequest):
        read_asked(method, url, [line])
