"""The half of a client's connection that speaks: answers with the framing that the connection needs, and how it ends.

What reads requests is `listener`, which adds to this class. Nothing here decides what is answered.
"""

from __future__ import annotations

import asyncio
from time import monotonic
from typing import TYPE_CHECKING, Any, cast

from specgw.dataplane import builtin, endings
from specgw.dataplane.passage import Passage
from specgw.http1 import CHUNKED, ChunkedReader, RequestHead, trailer_lines
from specgw.policies.certificate import Shown

if TYPE_CHECKING:
    from uvicorn.config import Config
    from uvicorn.server import ServerState

    from specgw.dataplane.plane import Plane

DISCARD_LIMIT = 262144
"""Bytes of a body that are read and thrown away after an early answer; a longer rest closes the connection."""


class Speaker:
    """One connection of a client: what the reading and the speaking half have in common, and all that is sent.

    No subclass of asyncio.Protocol, whose methods it has: a compiled class cannot inherit from an ordinary one cheaply.
    """

    __slots__ = (
        "_advancing",
        "_body_done",
        "_body_left",
        "_buffer",
        "_chunked_answer",
        "_chunks",
        "_continue",
        "_discarded",
        "_examined",
        "_half_closed",
        "_head",
        "_keep",
        "_out",
        "_paused",
        "_requests_left",
        "_response_done",
        "_skipped",
        "_writing_paused",
        "app_state",
        "certificate",
        "client",
        "closing",
        "config",
        "exchange",
        "forwarded",
        "plane",
        "scheme",
        "server_state",
        "since",
        "transport",
        "trusted",
    )

    def __init__(
        self,
        plane: Plane,
        config: Config,
        server_state: ServerState,
        app_state: dict[str, Any],
        _loop: asyncio.AbstractEventLoop | None = None,
    ) -> None:
        self.plane = plane
        self.config = config
        self.server_state = server_state
        self.app_state = app_state
        self.transport: asyncio.Transport = cast(asyncio.Transport, None)  # set by connection_made
        self.client = ""
        self.trusted = False
        self.certificate: Shown | None = None
        self.scheme = "http"
        self.forwarded = b""
        self.exchange: Passage | builtin.AsgiExchange | None = None
        self.closing = False
        self.since = 0.0
        """When the connection became idle or began to close, or the first byte of an unfinished head came (monotonic seconds)."""
        self._requests_left = self.plane.limits.connection_requests
        self._buffer = b""
        self._examined = 0
        self._skipped = False
        self._out: list[bytes] = []
        self._head: RequestHead | None = None
        self._body_left = 0
        self._chunks: ChunkedReader | None = None
        self._body_done = True
        self._keep = True
        self._continue = False
        self._chunked_answer = False
        self._response_done = True
        self._discarded = 0
        self._advancing = False
        self._paused: set[str] = set()
        self._writing_paused = False
        self._half_closed = False

    # Answers (passage.Client)

    def interim(self, head: bytes) -> None:
        """Send an interim answer."""
        self._out.append(head + b"\r\n")

    def continue_(self) -> None:
        """Send 100 Continue if the client waits for it and has sent nothing of the body yet."""
        if self._continue:
            self._continue = False
            self._out.append(b"HTTP/1.1 100 Continue\r\n\r\n")

    def begin(self, head: bytes, length: int) -> None:
        """Send the head of the answer, with the framing that this connection needs."""
        request = cast(RequestHead, self._head)
        if not self._body_done or self.plane.draining:
            self._settle()
        self._chunked_answer = False
        if length == CHUNKED:
            if request.version_1_1:
                self._chunked_answer = request.method != "HEAD"
                head = head + b"Transfer-Encoding: chunked\r\n"
            else:
                self._keep = False
        connection = b""
        if not self._keep:
            connection = b"Connection: close\r\n"
        elif not request.version_1_1:
            connection = b"Connection: keep-alive\r\n"
        if length >= 0:
            self._out.append(b"%bContent-Length: %d\r\n%b\r\n" % (head, length, connection))
        else:
            self._out.append(b"%b%b\r\n" % (head, connection))

    def _settle(self) -> None:
        """Decide, before the head of an answer is sent, whether the connection can go on after it."""
        # The body may never come, or may be too long to throw away: then only a new connection is in step again.
        if self.plane.draining or (not self._body_done and (self._continue or self._body_left > DISCARD_LIMIT)):
            self._keep = False

    def send(self, data: bytes) -> None:
        """Send a piece of the answer's body."""
        if self._chunked_answer:
            if data:
                self._out.append(b"%x\r\n%b\r\n" % (len(data), data))
        else:
            self._out.append(data)

    def end(self, trailers: list[tuple[bytes, bytes]]) -> None:
        """The answer is whole: go on with the next request, or close."""
        if self._chunked_answer:
            self._out.append(trailer_lines(trailers))
        self._response_done = True
        self.exchange = None
        self.server_state.total_requests += 1
        if self._body_done:
            self._next()
        elif not self._keep:
            self._close_lingering()
        else:
            # The rest of the body is read and thrown away, however slowly the service took what came before.
            self.since = monotonic()
            self._resume("upload")

    def flush(self) -> None:
        """Write what has been sent, in one go."""
        if out := self._out:
            self._out = []
            self.transport.write(out[0] if len(out) == 1 else b"".join(out))

    def cut(self) -> None:
        """Break the connection in the middle of an answer."""
        self.exchange = None
        self.closing = True
        self.flush()
        head = self._head
        if head is not None and not head.version_1_1:
            # An answer without a length ends with the connection: only a reset tells that this was not its end.
            endings.reset(self.transport)
        else:
            self.transport.abort()

    def hand_over(self, protocol: asyncio.Protocol) -> tuple[asyncio.Transport, bytes]:
        """The connection goes on as something else than HTTP; its end is still told here."""
        self.flush()
        self._resume("pipeline")
        self.plane.connections.slow.pop(cast(Any, self), None)
        self.transport.set_protocol(protocol)
        if self._half_closed:
            self.transport.close()
        return self.transport, self._buffer

    def last(self) -> None:
        """The connection ends after the answer that comes now."""
        self._keep = False

    def pause_reading(self) -> None:
        """Take no more of the request's body for now."""
        self._pause("upload")

    def resume_reading(self) -> None:
        """Go on with the request's body."""
        self._resume("upload")

    def send_raw(self, data: bytes) -> None:
        """Send bytes of an answer that uvicorn's protocol has framed already."""
        self._out.append(data)
        if not self._advancing:
            self.flush()

    def raw_end(self, *, close: bool) -> None:
        """An answer that uvicorn's protocol has framed is whole."""
        self._keep = self._keep and not close
        self._chunked_answer = False
        self.end([])
        self.flush()

    # What follows an exchange

    def _next(self) -> None:
        self.exchange = None
        self.since = monotonic()
        if not self._keep:
            if self._buffer:
                self._close_lingering()
            else:
                self._close()
            return
        if self._paused:
            self._resume("upload")
        if not self._advancing and self._buffer:
            self._next_soon()
        elif not self._advancing and self._half_closed:
            self._close()

    def _next_soon(self) -> None:
        # Not from here: a long pipeline would nest one call for each of its requests.
        asyncio.get_running_loop().call_soon(self._next_pipelined)

    def _next_pipelined(self) -> None:
        """Go on with what was put by (Listener)."""
        raise NotImplementedError

    def _close(self) -> None:
        """Close as soon as everything is written."""
        self.flush()
        self.closing = True
        self.since = monotonic()
        self.transport.close()

    def _close_lingering(self) -> None:
        """Close after an early answer: stop writing, read on for a moment so that the client can take the answer."""
        self.flush()
        self.closing = True
        self.since = monotonic()
        self._buffer = b""
        self._resume("upload")
        self._resume("pipeline")
        endings.end_writing(self.transport)

    def _pause(self, reason: str) -> None:
        if not self._paused and not self.transport.is_closing():
            self.transport.pause_reading()
        self._paused.add(reason)

    def _resume(self, reason: str) -> None:
        if reason in self._paused:
            self._paused.discard(reason)
            if not self._paused and not self.transport.is_closing():
                self.transport.resume_reading()
