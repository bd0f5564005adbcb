"""The chunked coding and its trailers."""

from __future__ import annotations

import pytest

from specgw.http1.chunked import ChunkedReader, trailer_lines
from specgw.http1.fields import FramingError


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
        b"0\r\nA: b\r\nContent-Length: 3\r\n\r\n",
        b"0\r\ntransfer-encoding: chunked\r\n\r\n",
        b"0\r\ncontent_length: 3\r\n\r\n",
        b"0\r\nA: " + b"b" * 9000,
    ],
)
def test_bad_chunks_are_refused(data: bytes) -> None:
    with pytest.raises(FramingError):
        ChunkedReader().feed(data)


def test_the_limit_of_trailers_is_the_same_in_any_slices() -> None:
    fits, longer = (b"0\r\nA: " + b"b" * size + b"\r\n\r\n" for size in (8189, 8190))
    for step in (1, 100000):
        assert read_all(fits, step)[2] == [(b"A", b"b" * 8189)]
        with pytest.raises(FramingError):
            read_all(longer, step)


@pytest.mark.parametrize(
    "name",
    [b"TE", b"Keep-Alive", b"X-Forwarded-Prefix", b"x-request-id", b"Set-Cookie", b"If-Match", b"X-API-Key", b"traceparent",
     b"X_Forwarded_For", b"X_Api_Key", b"X-HTTP-Method-Override", b"X-Original-URL", b"CF-Connecting-IP"],
)  # fmt: skip
def test_more_that_has_no_place_in_trailers(name: bytes) -> None:
    assert trailer_lines([(name, b"1")]) == b"0\r\n\r\n"


def test_trailers_that_frame_route_or_authenticate_are_dropped() -> None:
    assert trailer_lines([]) == b"0\r\n\r\n"
    fields = [(b"X-Sum", b"1"), (b"Content-Length", b"9"), (b"Authorization", b"x"), (b"Host", b"evil")]
    assert trailer_lines(fields) == b"0\r\nX-Sum: 1\r\n\r\n"
