"""One HTTP/1.1 connection to an endpoint: sends one request at a time and reads its answer.

The answer is untrusted: a malformed head, both lengths, bytes beyond the body or bytes while idle end the connection,
and it is never used again. It goes back to its pool only after request and answer both ended cleanly.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Protocol, cast

from specgw import problems
from specgw.http1 import CHUNKED, UNTIL_CLOSE, ChunkedReader, FramingError, ResponseHead, bare_line_end, read_response_head

if TYPE_CHECKING:
    from specgw.upstreams.endpoint import Endpoint

HEAD_LIMIT = 65536
"""Bytes of an answer's head; a longer one is refused with 502."""
_VERSION = b"HTTP/1."
_INTERIM_LIMIT = 32
"""Interim (1xx) answers before the final one; more are a fault of the service."""


class Receiver(Protocol):
    """Who takes the answer: one exchange on its way."""

    def switched(self, connection: Connection, head: ResponseHead, data: bytes) -> None:
        """101 came, and `data` after it; raises FramingError unless the connection may go on as something else."""

    def interim(self, head: ResponseHead) -> None:
        """A 1xx answer other than 101 came; the final one follows."""

    def answered(self, head: ResponseHead) -> None:
        """The head of the final answer is there."""

    def content(self, data: bytes) -> None:
        """A piece of the answer's body, framing removed."""

    def content_end(self, trailers: list[tuple[bytes, bytes]]) -> None:
        """The answer is whole."""

    def flush(self) -> None:
        """All that came in one read has been handed over."""

    def failed(self, kind: problems.Kind, detail: str) -> None:
        """No answer, or no more of it, will come on this connection."""

    def fault(self) -> None:
        """Handling the answer failed by a defect of our own; the exception is being handled."""

    def pause_upload(self) -> None:
        """The service does not read as fast as the client sends."""

    def resume_upload(self) -> None:
        """The service reads again."""


class Connection:
    """A connection of an `Endpoint`; `receiver` is the exchange that uses it, None while it is idle.

    It has the methods of an asyncio.Protocol.
    """

    __slots__ = (
        "_buffer",
        "_chunks",
        "_close",
        "_examined",
        "_head",
        "_interims",
        "_left",
        "_request_done",
        "_state",
        "_to_head",
        "answered_any",
        "endpoint",
        "idle_since",
        "paused",
        "receiver",
        "reused",
        "stalled",
        "transport",
    )

    def __init__(self, endpoint: Endpoint) -> None:
        self.endpoint = endpoint
        self.receiver: Receiver | None = None
        self.transport: asyncio.Transport = cast(asyncio.Transport, None)  # set by connection_made
        self.reused = False
        """Whether it has been idle: then the service may have closed it just now, which is nobody's fault."""
        self.stalled = False
        """Whether the service does not read as fast as requests are written."""
        self.paused = False
        """Whether the answer is not read for now."""
        self.answered_any = False
        """Whether any byte of the present answer has come."""
        self.idle_since = 0.0
        self._buffer = b""
        self._examined = 0
        """Bytes of `_buffer` that hold no end of the head."""
        self._chunks: ChunkedReader | None = None
        self._head: ResponseHead | None = None
        self._left = 0
        self._state = 0  # 0 head, 1 body with a length, 2 chunked body, 3 body until close, 4 answer ended
        self._close = False
        self._request_done = False
        self._to_head = False
        self._interims = 0

    # Transport events

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep the transport (asyncio)."""
        self.transport = cast(asyncio.Transport, transport)

    def eof_received(self) -> bool:
        """The service will send no more: the transport closes itself."""
        return False

    def connection_lost(self, exc: Exception | None) -> None:
        """End what is under way (asyncio); a body that lasts until close ends well here."""
        self.endpoint.lost(self)
        receiver = self.receiver
        if receiver is None:
            return
        try:
            if self._state == 3 and exc is None:
                self._end(receiver, [])
            else:
                self.receiver = None
                if self.answered_any:
                    receiver.failed(problems.UPSTREAM_INVALID, "the connection ended before the answer was whole")
                else:
                    receiver.failed(problems.UPSTREAM_UNREACHABLE, "the service closed the connection without an answer")
        except Exception:
            receiver.fault()
        receiver.flush()

    def pause_writing(self) -> None:
        """Pass back-pressure on to whoever sends the request's body (asyncio)."""
        self.stalled = True
        if self.receiver is not None:
            self.receiver.pause_upload()

    def resume_writing(self) -> None:
        """Let the request's body flow again (asyncio)."""
        self.stalled = False
        if self.receiver is not None:
            self.receiver.resume_upload()

    def data_received(self, data: bytes) -> None:
        """Read the answer (asyncio)."""
        receiver = self.receiver
        if receiver is None or self._state == 4:
            # Bytes that no request asked for: whatever they are, they are not the answer to the next one.
            self.abort()
            return
        self.answered_any = True
        try:
            self._read(receiver, data)
        except FramingError as error:
            self.receiver = None
            self.abort()
            receiver.failed(problems.UPSTREAM_INVALID, error.detail)
        except Exception:
            receiver.fault()
        receiver.flush()

    # Requests

    def begin(self, receiver: Receiver, data: bytes, *, to_head: bool, whole: bool, last: bool = False) -> None:
        """Send a request's head (and its body, when `whole`); the answer goes to `receiver`. `last`: no other request follows."""
        self.receiver = receiver
        self._state = 0
        self._buffer = b""
        self._examined = 0
        self._to_head = to_head
        self._request_done = whole
        self._close = last
        self._interims = 0
        self.answered_any = False
        self.transport.write(data)

    def send(self, data: bytes) -> None:
        """Send a further piece of the request, framing included."""
        self.transport.write(data)

    def request_done(self) -> None:
        """The request is whole; an answer that ended before frees the connection now."""
        self._request_done = True

    def pause_reading(self) -> None:
        """Take no more of the answer for now."""
        self.paused = True
        self.transport.pause_reading()

    def resume_reading(self) -> None:
        """Go on with the answer."""
        if self.paused:
            self.paused = False
            self.transport.resume_reading()

    def hand_over(self, protocol: asyncio.Protocol) -> None:
        """From now on the connection is no HTTP: its bytes and its end go to `protocol`, which tells the endpoint."""
        self.receiver = None
        self._state = 4
        self.transport.set_protocol(protocol)

    def detach(self) -> None:
        """The exchange ended early (client gone, time over, refused): close, since the answer is still to come."""
        self.receiver = None
        self.abort()

    def abort(self) -> None:
        """Close at once."""
        self.endpoint.lost(self)
        self.transport.abort()

    # Answers

    def _read(self, receiver: Receiver, data: bytes) -> None:
        while self._state == 0:
            if self._buffer:
                data = self._buffer + data
                self._buffer = b""
            examined, self._examined = self._examined, 0
            end = data.find(b"\r\n\r\n", max(0, examined - 3))
            if end > HEAD_LIMIT or (end < 0 and len(data) > HEAD_LIMIT):
                raise FramingError("the answer's head is too large")
            if end < 0:
                if bare_line_end(data, examined):
                    raise FramingError("a line of the answer's head ends without CRLF, or it holds a NUL")
                if not data.startswith(_VERSION[: len(data)]):
                    raise FramingError("the answer is not HTTP/1.1")
                self._buffer = data
                self._examined = len(data)
                return
            head = self._head = read_response_head(data, end, self._head, to_head=self._to_head)
            data = data[end + 4 :]
            if head.status < 200:
                if head.status == 101:
                    receiver.switched(self, head, data)
                    return
                self._interim(receiver, head)
                if not data:
                    return
                continue
            self._close = self._close or head.close
            length = head.length
            receiver.answered(head)
            if self.receiver is not receiver:
                return  # refused on the way back: detached
            if length >= 0:
                self._left = length
                self._state = 1
                if length == 0:
                    self._finish(receiver, data, [])
                    return
            elif length == CHUNKED:
                self._chunks = ChunkedReader()
                self._state = 2
            elif length == UNTIL_CLOSE:
                self._state = 3
            if not data:
                return
        if self._state == 1:
            size = len(data)
            left = self._left
            if size < left:
                self._left = left - size
                receiver.content(data)
            else:
                receiver.content(data if size == left else data[:left])
                self._finish(receiver, data[left:], [])
        elif self._state == 2:
            self._read_chunks(receiver, data)
        else:
            receiver.content(data)

    def _read_chunks(self, receiver: Receiver, data: bytes) -> None:
        chunks = cast(ChunkedReader, self._chunks)
        pieces, rest = chunks.feed(data)
        if pieces:
            receiver.content(pieces[0] if len(pieces) == 1 else b"".join(pieces))
        if chunks.done:
            self._finish(receiver, rest, chunks.trailers)

    def _interim(self, receiver: Receiver, head: ResponseHead) -> None:
        self._interims += 1
        if self._interims > _INTERIM_LIMIT:
            raise FramingError("the service sent too many interim answers")
        receiver.interim(head)

    def _finish(self, receiver: Receiver, rest: bytes, trailers: list[tuple[bytes, bytes]]) -> None:
        if rest:
            self._close = True  # bytes beyond the answer: nothing on this connection can be trusted any more
        self._end(receiver, trailers)

    def _end(self, receiver: Receiver, trailers: list[tuple[bytes, bytes]]) -> None:
        if self.receiver is not receiver:
            return
        self._state = 4
        self._chunks = None
        self.receiver = None
        # An answer before the end of the request: the rest of the request cannot be sent, so the connection is over.
        if self._close or not self._request_done or self.stalled:
            self.abort()
        else:
            if self.paused:
                self.resume_reading()
            self.endpoint.free(self)
        receiver.content_end(trailers)
