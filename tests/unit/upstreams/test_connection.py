"""One connection to a service, without sockets: what it makes of an answer, in whatever pieces it comes."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from specgw import problems
from specgw.http1 import FramingError, ResponseHead
from specgw.upstreams.connection import HEAD_LIMIT, Connection
from specgw.upstreams.endpoint import Endpoint

ANSWERS = [
    (b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello", b"hello", True),
    (b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nConnection: close\r\n\r\nhello", b"hello", False),
    (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhe\r\n3\r\nllo\r\n0\r\n\r\n", b"hello", True),
    (b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 204 No Content\r\n\r\n", b"", True),
    (b"HTTP/1.1 304 Not Modified\r\nContent-Length: 7\r\n\r\n", b"", True),
]


class Wire(asyncio.Transport):
    """A transport that notes what is done to it."""

    def __init__(self) -> None:
        super().__init__()
        self.written = b""
        self.closed = False

    def set_protocol(self, protocol: asyncio.BaseProtocol) -> None:
        self.protocol = protocol

    def write(self, data: Any) -> None:
        self.written += bytes(data)

    def is_closing(self) -> bool:
        return self.closed

    def close(self) -> None:
        self.closed = True

    abort = close


class Taker:
    """A receiver that notes what it is given."""

    def __init__(self) -> None:
        self.status = 0
        self.body = b""
        self.whole = False
        self.failure: tuple[problems.Kind, str] | None = None
        self.paused: list[bool] = []
        self.interims: list[int] = []
        self.switches: list[tuple[int, bytes]] = []
        self.successor: asyncio.Protocol | None = None

    def switched(self, connection: Connection, head: ResponseHead, data: bytes) -> None:
        if self.successor is None:
            raise FramingError("nobody asked")
        self.switches.append((head.status, data))
        connection.hand_over(self.successor)

    def interim(self, head: ResponseHead) -> None:
        self.interims.append(head.status)

    def answered(self, head: ResponseHead) -> None:
        self.status = head.status

    def content(self, data: bytes) -> None:
        self.body += data

    def content_end(self, trailers: list[tuple[bytes, bytes]]) -> None:
        self.whole = True

    def flush(self) -> None:
        pass

    def failed(self, kind: problems.Kind, detail: str) -> None:
        self.failure = (kind, detail)

    def fault(self) -> None:
        raise AssertionError("nothing fails by itself here")

    def pause_upload(self) -> None:
        self.paused.append(True)

    def resume_upload(self) -> None:
        self.paused.append(False)


def connected(*, to_head: bool = False, whole: bool = True, last: bool = False) -> tuple[Connection, Wire, Taker, Endpoint]:
    """A connection that has just sent a request."""
    endpoint = Endpoint("http://127.0.0.1:1")
    connection, wire, taker = Connection(endpoint), Wire(), Taker()
    connection.connection_made(wire)
    endpoint.connections = 1
    connection.begin(taker, b"GET / HTTP/1.1\r\n\r\n", to_head=to_head, whole=whole, last=last)
    return connection, wire, taker, endpoint


@pytest.mark.parametrize("step", [1, 3, 1000])
@pytest.mark.parametrize(("answer", "body", "kept"), ANSWERS)
def test_an_answer_in_any_pieces(answer: bytes, body: bytes, kept: bool, step: int) -> None:
    connection, wire, taker, endpoint = connected()
    for start in range(0, len(answer), step):
        connection.data_received(answer[start : start + step])
    assert (taker.body, taker.whole, taker.failure) == (body, True, None)
    assert wire.closed is not kept
    assert endpoint.idle == (1 if kept else 0)
    assert endpoint.connections == (1 if kept else 0)


def test_an_answer_to_head_has_no_body() -> None:
    connection, wire, taker, _ = connected(to_head=True)
    connection.data_received(b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n")
    assert (taker.whole, wire.closed) == (True, False)


def test_an_answer_until_the_end_of_the_connection() -> None:
    connection, _, taker, endpoint = connected()
    connection.data_received(b"HTTP/1.1 200 OK\r\n\r\nsome")
    connection.data_received(b"thing")
    assert not taker.whole
    connection.connection_lost(None)
    assert (taker.body, taker.whole, endpoint.connections) == (b"something", True, 0)


def test_a_reset_is_no_end_of_such_an_answer() -> None:
    connection, _, taker, _ = connected()
    connection.data_received(b"HTTP/1.1 200 OK\r\n\r\nsome")
    connection.connection_lost(ConnectionResetError())
    assert not taker.whole
    assert taker.failure is not None
    assert taker.failure[0] is problems.UPSTREAM_INVALID


def test_bytes_while_idle_end_the_connection() -> None:
    connection, wire, _, endpoint = connected()
    connection.data_received(ANSWERS[0][0])
    connection.data_received(b"HTTP/1.1 200 OK\r\n\r\n")
    assert (wire.closed, endpoint.idle, endpoint.connections) == (True, 0, 0)
    assert endpoint.take() is None


def test_bytes_beyond_the_answer_end_the_connection() -> None:
    connection, wire, taker, endpoint = connected()
    connection.data_received(ANSWERS[0][0] + b"x")
    assert (taker.body, taker.whole, wire.closed, endpoint.idle) == (b"hello", True, True, 0)


def test_an_answer_before_the_request_is_whole_ends_the_connection() -> None:
    connection, wire, taker, endpoint = connected(whole=False)
    connection.data_received(ANSWERS[0][0])
    assert (taker.whole, wire.closed, endpoint.idle) == (True, True, 0)


def test_a_request_that_became_whole_frees_the_connection() -> None:
    connection, wire, taker, endpoint = connected(whole=False)
    connection.send(b"body")
    connection.request_done()
    connection.data_received(ANSWERS[0][0])
    assert (wire.written[-4:], taker.whole, wire.closed, endpoint.idle) == (b"body", True, False, 1)


def test_a_last_request_has_its_answer_and_no_successor() -> None:
    connection, wire, taker, endpoint = connected(last=True)
    connection.data_received(ANSWERS[0][0])
    assert (taker.body, taker.whole, wire.closed, endpoint.idle) == (b"hello", True, True, 0)


@pytest.mark.parametrize("sent", [b"<", b"SSH-2.0-OpenSSH", b"http/1.1 200 OK", b"HTTP/2 200"])
def test_what_cannot_become_an_answer_is_not_waited_for(sent: bytes) -> None:
    connection, wire, taker, _ = connected()
    connection.data_received(sent)
    assert wire.closed
    assert taker.failure == (problems.UPSTREAM_INVALID, "the answer is not HTTP/1.1")


def test_a_detached_connection_is_closed_and_tells_nobody() -> None:
    connection, wire, taker, endpoint = connected()
    connection.detach()
    connection.connection_lost(None)
    assert (wire.closed, taker.failure, endpoint.connections) == (True, None, 0)


def test_back_pressure_is_passed_on() -> None:
    connection, _, taker, _ = connected(whole=False)
    connection.pause_writing()
    connection.resume_writing()
    assert taker.paused == [True, False]


@pytest.mark.parametrize("sent", [b"", b"HTTP/1.1 200 OK\r\nConte"])
def test_an_end_without_an_answer(sent: bytes) -> None:
    connection, _, taker, _ = connected()
    if sent:
        connection.data_received(sent)
    connection.connection_lost(None)
    assert taker.failure is not None
    assert taker.failure[0] is (problems.UPSTREAM_INVALID if sent else problems.UPSTREAM_UNREACHABLE)


def test_a_switch_of_protocols_hands_everything_over() -> None:
    connection, wire, taker, endpoint = connected()
    taker.successor = asyncio.Protocol()
    connection.data_received(b"HTTP/1.1 103 Early Hints\r\n\r\nHTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\nrest")
    assert (taker.interims, taker.switches) == ([103], [(101, b"rest")])
    assert wire.protocol is taker.successor
    # It is nobody's to take again, and stays counted until its new owner says that it is gone.
    assert (wire.closed, endpoint.idle, endpoint.connections) == (False, 0, 1)
    endpoint.lost(connection)
    assert endpoint.connections == 0


def test_a_switch_that_is_refused_ends_the_connection() -> None:
    connection, wire, taker, endpoint = connected()
    connection.data_received(b"HTTP/1.1 101 Switching Protocols\r\n\r\n")
    assert taker.failure == (problems.UPSTREAM_INVALID, "nobody asked")
    assert (wire.closed, endpoint.connections) == (True, 0)


@pytest.mark.parametrize("step", [1, 70_000])
def test_a_head_without_end_is_refused(step: int) -> None:
    head = b"HTTP/1.1 200 OK\r\nX-Long: " + b"a" * HEAD_LIMIT
    for end in (b"", b"\r\n\r\n"):
        connection, wire, taker, _ = connected()
        for start in range(0, len(head + end), step):
            connection.data_received((head + end)[start : start + step])
            if wire.closed:
                break
        assert taker.failure == (problems.UPSTREAM_INVALID, "the answer's head is too large")
        assert wire.closed


@pytest.mark.parametrize("head", [b"HTTP/1.1 200 OK\nContent-Length: 0\n\n", b"HTTP/1.1 200 OK\r\nA: \0", b"HTTP/1.1 200 OK\rA"])
@pytest.mark.parametrize("step", [1, 100])
def test_a_head_that_cannot_become_one_is_not_waited_for(head: bytes, step: int) -> None:
    connection, wire, taker, _ = connected()
    for start in range(0, len(head), step):
        if not wire.closed:
            connection.data_received(head[start : start + step])
    assert taker.failure is not None
    assert taker.failure[0] is problems.UPSTREAM_INVALID
    assert wire.closed
