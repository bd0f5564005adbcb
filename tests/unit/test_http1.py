"""The grammar of heads and the framing of bodies, rule by rule of RFC 9112."""

from __future__ import annotations

import pytest

from specgw.http1 import (
    CHUNKED,
    UNTIL_CLOSE,
    ChunkedReader,
    FramingError,
    RequestHead,
    ResponseHead,
    bare_line_end,
    read_request_head,
    read_response_head,
    trailer_lines,
)


def request(text: str, *, field_limit: int = 100) -> RequestHead:
    data = text.replace("\n", "\r\n").encode("latin-1") + b"\r\n\r\n"
    return read_request_head(data, len(data) - 4, field_limit=field_limit)


def response(text: str, *, to_head: bool = False) -> ResponseHead:
    data = text.replace("\n", "\r\n").encode("latin-1") + b"\r\n\r\n"
    return read_response_head(data, len(data) - 4, to_head=to_head)


def test_a_request_head_keeps_everything_as_it_came() -> None:
    head = request("GET /a%20b?x=1&y HTTP/1.1\nHost: example.org\nX-One:  two \nAccept: */*")
    assert (head.method, head.path, head.query) == ("GET", b"/a%20b", b"x=1&y")
    assert head.headers == [(b"host", b"example.org"), (b"x-one", b"two"), (b"accept", b"*/*")]
    assert head.passed_on == [b"X-One:  two ", b"Accept: */*"]
    assert (head.length, head.close, head.continues) == (0, False, False)


def test_a_target_without_query_has_none_and_an_empty_one_is_kept() -> None:
    assert request("GET /a HTTP/1.1\nHost: x").query is None
    assert request("GET /a? HTTP/1.1\nHost: x").query == b""


@pytest.mark.parametrize(
    ("text", "why", "status"),
    [
        ("GET  / HTTP/1.1\nHost: x", "request line", 400),
        ("GET / HTTP/1.1 \nHost: x", "request line", 400),
        ("GET /\nHost: x", "request line", 400),
        ("GET /\x7f HTTP/1.1\nHost: x", "request line", 400),
        ("GET /\xe9 HTTP/1.1\nHost: x", "request line", 400),
        ("G(T / HTTP/1.1\nHost: x", "request line", 400),
        ("GET / HTTP/2.0\nHost: x", "HTTP/1.1", 505),
        ("GET / HTTP/1.2\nHost: x", "HTTP/1.1", 505),
        ("GET / http/1.1\nHost: x", "request line", 400),
        ("GET / HTTP/1.1", "Host field is missing", 400),
        ("GET / HTTP/1.1\nHost: x\nHost: x", "more than one Host", 400),
        ("GET / HTTP/1.1\nHost:", "not a host", 400),
        ("GET / HTTP/1.1\nHost: a b", "not a host", 400),
        ("GET / HTTP/1.1\nHost: user@x", "not a host", 400),
        ("GET / HTTP/1.1\nHost: x/y", "not a host", 400),
        ("GET / HTTP/1.1\nHost: x:port", "not a host", 400),
        ("GET / HTTP/1.1\nHost : x", "malformed", 400),
        ("GET / HTTP/1.1\nHost: x\nA: b\n c", "malformed", 400),
        ("GET / HTTP/1.1\nHost: x\n A: b", "malformed", 400),
        ("GET / HTTP/1.1\nHost: x\nA b", "malformed", 400),
        ("GET / HTTP/1.1\nHost: x\n: b", "malformed", 400),
        ("GET / HTTP/1.1\nHost: x\nA: b\0c", "malformed", 400),
        ("GET / HTTP/1.1\nHost: x\nA: b\x0bc", "malformed", 400),
        ("GET / HTTP/1.1\nHost: x\nA\xe9: b", "malformed", 400),
        ("POST / HTTP/1.1\nHost: x\nContent-Length: 1\nTransfer-Encoding: chunked", "both", 400),
        ("POST / HTTP/1.1\nHost: x\nContent-Length: 1\nContent-Length: 1", "more than one Content-Length", 400),
        ("POST / HTTP/1.1\nHost: x\nContent-Length: 1, 1", "not a number", 400),
        ("POST / HTTP/1.1\nHost: x\nContent-Length: +1", "not a number", 400),
        ("POST / HTTP/1.1\nHost: x\nContent-Length: 0x1", "not a number", 400),
        ("POST / HTTP/1.1\nHost: x\nContent-Length: \xb2", "not a number", 400),
        ("POST / HTTP/1.1\nHost: x\nContent-Length: " + "9" * 19, "not a number", 400),
        ("POST / HTTP/1.1\nHost: x\nContent-Length:", "not a number", 400),
        ("POST / HTTP/1.1\nHost: x\nTransfer-Encoding: gzip, chunked", "transfer coding", 501),
        ("POST / HTTP/1.1\nHost: x\nTransfer-Encoding: ,chunked", "transfer coding", 501),
        ("POST / HTTP/1.1\nHost: x\nTransfer-Encoding: identity", "transfer coding", 501),
        ("POST / HTTP/1.1\nHost: x\nTransfer-Encoding: chunked\nTransfer-Encoding: chunked", "more than one", 400),
        ("POST / HTTP/1.0\nHost: x\nTransfer-Encoding: chunked", "HTTP/1.0", 400),
        ("GET / HTTP/1.1\nHost: x\nExpect: 200-ok", "expectation", 417),
        ("CONNECT x:443 HTTP/1.1\nHost: x:443", "neither a path nor a URL", 400),
        ("OPTIONS * HTTP/1.1\nHost: x", "neither a path nor a URL", 400),
        ("GET http://y/ HTTP/1.1\nHost: x", "another authority", 400),
        ("GET http://x/#f HTTP/1.1\nHost: x", "neither a path nor a URL", 400),
    ],
)
def test_what_two_parsers_could_read_differently_is_refused(text: str, why: str, status: int) -> None:
    with pytest.raises(FramingError, match=why) as refused:
        request(text)
    assert refused.value.status == status


def test_the_number_of_fields_is_limited() -> None:
    with pytest.raises(FramingError) as refused:
        request("GET / HTTP/1.1\nHost: x\nA: 1\nB: 2", field_limit=2)
    assert refused.value.status == 431


def test_absolute_form_with_the_same_authority_is_read_as_a_path() -> None:
    head = request("GET http://Example.org:80/a?b HTTP/1.1\nHost: example.org:80")
    assert (head.target, head.path, head.query) == (b"/a?b", b"/a", b"b")
    assert request("GET http://x HTTP/1.1\nHost: x").path == b"/"
    assert request("GET http://x?q HTTP/1.1\nHost: x").target == b"/?q"


def test_http_1_0_needs_no_host_and_closes_unless_asked_to_stay() -> None:
    assert request("GET / HTTP/1.0").close
    assert not request("GET / HTTP/1.0\nConnection: keep-alive").close
    assert request("GET / HTTP/1.1\nHost: x\nConnection: Close").close
    assert not request("POST / HTTP/1.0\nExpect: 100-continue\nContent-Length: 1").continues


def test_connection_drops_what_it_names_but_nothing_that_was_validated() -> None:
    head = request("GET / HTTP/1.1\nHost: x\nConnection: x-hop, Authorization\nX-Hop: 1\nAuthorization: b\nX-Stay: 2")
    assert head.passed_on == [b"Authorization: b", b"X-Stay: 2"]


def test_fields_of_the_hop_and_forwarded_ones_are_not_passed_on() -> None:
    head = request(
        "GET / HTTP/1.1\nHost: x\nTE: trailers\nUpgrade: h2c\nKeep-Alive: 1\nX-Forwarded-For: 6.6.6.6\nForwarded: for=6.6.6.6\n"
        "X-Request-Id: mine\ntraceparent: t\nProxy-Authorization: p\nVia: 1.1 a"
    )
    assert head.passed_on == [b"Via: 1.1 a"]


def test_a_repeated_block_is_read_as_the_first_one_was() -> None:
    data = b"GET /1 HTTP/1.1\r\nHost: x\r\nA: b\r\n\r\n"
    first = read_request_head(data, len(data) - 4, field_limit=9)
    other = data.replace(b" /1 ", b" /2?q ")
    second = read_request_head(other, len(other) - 4, first, field_limit=9)
    assert (second.path, second.query, second.headers) == (b"/2", b"q", first.headers)
    assert first.path == b"/1"
    old = data.replace(b"HTTP/1.1", b"HTTP/1.0")
    assert read_request_head(old, len(old) - 4, first, field_limit=9).close


@pytest.mark.parametrize("data", [b"GET / HTTP/1.1\nHost", b"GET /\r HTTP", b"GET\0"])
def test_a_bare_line_end_can_never_become_a_head(data: bytes) -> None:
    assert bare_line_end(data)


def test_an_unfinished_crlf_is_no_bare_line_end() -> None:
    assert not bare_line_end(b"GET / HTTP/1.1\r\nHost: x\r")


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


def test_connection_of_an_answer_drops_what_it_names() -> None:
    assert response("HTTP/1.1 204 x\nConnection: x-hop\nX-Hop: 1\nSet-Cookie: a").lines == [b"Set-Cookie: a"]


def read_all(data: bytes, step: int) -> tuple[bytes, bytes, list[tuple[bytes, bytes]]]:
    reader = ChunkedReader()
    body = b""
    for start in range(0, len(data), step):
        pieces, rest = reader.feed(data[start : start + step])
        body += b"".join(pieces)
        if reader.done:
            return body, rest + data[start + step :], reader.trailers
    raise AssertionError("the body did not end")


@pytest.mark.parametrize("step", [1, 2, 3, 7, 1000])
def test_chunks_in_any_slices(step: int) -> None:
    data = b'5\r\nhello\r\n6;a=b;c="d e"\r\n world\r\n00\r\nX-Sum: 1\r\nY: 2 \r\n\r\nGET /'
    assert read_all(data, step) == (b"hello world", b"GET /", [(b"X-Sum", b"1"), (b"Y", b"2")])
    assert read_all(b"0\r\n\r\n", step) == (b"", b"", [])


@pytest.mark.parametrize(
    "data",
    [
        b"g\r\n",
        b"\r\n",
        b" 5\r\nhello\r\n",
        b"5 \r\nhello\r\n",
        b"0x5\r\nhello\r\n",
        b"-1\r\n",
        b"5\nhello",
        b"5;\r\nhello",
        b"5;a=\x01\r\nhello",
        b"5\r\nhello!\r\n",
        b"5\r\nhelloXX",
        b"1234567890123456\r\n",
        b"5" + b";a" * 200,
        b"0\r\nA : b\r\n\r\n",
        b"0\r\n folded\r\n\r\n",
        b"0\r\nA: " + b"b" * 9000,
    ],
)
def test_bad_chunks_are_refused(data: bytes) -> None:
    with pytest.raises(FramingError):
        ChunkedReader().feed(data)


def test_trailers_that_frame_route_or_authenticate_are_dropped() -> None:
    assert trailer_lines([]) == b"0\r\n\r\n"
    fields = [(b"X-Sum", b"1"), (b"Content-Length", b"9"), (b"Authorization", b"x"), (b"Host", b"evil")]
    assert trailer_lines(fields) == b"0\r\nX-Sum: 1\r\n\r\n"
