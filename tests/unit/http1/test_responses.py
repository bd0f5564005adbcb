"""Response heads, rule by rule of RFC 9112."""

from __future__ import annotations

import pytest

from specgw.http1.fields import CHUNKED, UNTIL_CLOSE, FramingError
from specgw.http1.responses import ResponseHead, read_response_head


def response(text: str, *, to_head: bool = False) -> ResponseHead:
    data = text.replace("\n", "\r\n").encode("latin-1") + b"\r\n\r\n"
    return read_response_head(data, len(data) - 4, to_head=to_head)


def test_a_response_head() -> None:
    head = response("HTTP/1.1 404 Nothing Here\nContent-Length: 3\nDate: today\nX: y")
    assert (head.status, head.status_line, head.length, head.dated) == (404, b"HTTP/1.1 404 Nothing Here\r\n", 3, True)
    assert head.lines == [b"Date: today", b"X: y"]
    assert head.headers() == [(b"date", b"today"), (b"x", b"y")]


@pytest.mark.parametrize(
    ("text", "to_head", "length", "close"),
    [
        ("HTTP/1.1 200 OK\nContent-Length: 5", False, 5, False),
        ("HTTP/1.1 200 OK\nContent-Length: 5\nContent-Length: 5", False, 5, False),
        ("HTTP/1.1 200 OK\nTransfer-Encoding: chunked", False, CHUNKED, False),
        ("HTTP/1.1 200 OK", False, UNTIL_CLOSE, True),
        ("HTTP/1.1 200", False, UNTIL_CLOSE, True),
        ("HTTP/1.1 200 OK\nContent-Length: 5", True, 0, False),
        ("HTTP/1.1 204 No Content", False, 0, False),
        ("HTTP/1.1 304 Not Modified\nContent-Length: 5", False, 0, False),
        ("HTTP/1.1 103 Early Hints", False, 0, False),
        ("HTTP/1.0 200 OK\nContent-Length: 5", False, 5, True),
        ("HTTP/1.0 200 OK\nContent-Length: 5\nConnection: keep-alive", False, 5, False),
        ("HTTP/1.1 200 OK\nContent-Length: 5\nConnection: close", False, 5, True),
    ],
)
def test_the_length_of_an_answer(text: str, to_head: bool, length: int, close: bool) -> None:
    head = response(text, to_head=to_head)
    assert (head.length, head.close) == (length, close)


@pytest.mark.parametrize(
    "text",
    [
        "HTTP/1.1 99 Low",
        "HTTP/1.1 600 High",
        "HTTP/2 200 OK",
        "ICY 200 OK",
        "HTTP/1.1 200 OK\nContent-Length: 5\nContent-Length: 6",
        "HTTP/1.1 200 OK\nContent-Length: 5\nTransfer-Encoding: chunked",
        "HTTP/1.1 200 OK\nTransfer-Encoding: gzip, chunked",
        "HTTP/1.0 200 OK\nTransfer-Encoding: chunked",
        "HTTP/1.1 200 OK\nContent-Length: -1",
        "HTTP/1.1 200 OK\nA: b\n c",
        "HTTP/1.1 200 OK\nA : b",
    ],
)
def test_an_answer_that_cannot_be_trusted(text: str) -> None:
    with pytest.raises(FramingError):
        response(text)


def test_what_the_gateway_adds_where_it_is_missing() -> None:
    head = response("HTTP/1.1 204 x\ndate: today\nX-Request-ID: 1")
    assert (head.dated, head.identified, head.lines) == (True, True, [b"date: today", b"X-Request-ID: 1"])
    head = response("HTTP/1.1 204 x")
    assert (head.dated, head.identified) == (False, False)


def test_connection_of_an_answer_drops_what_it_names() -> None:
    assert response("HTTP/1.1 204 x\nConnection: x-hop\nX-Hop: 1\nSet-Cookie: a").lines == [b"Set-Cookie: a"]
