"""The client's side: one HTTP/1.1 connection, as a protocol class for uvicorn (`Config(http=…)`).

uvicorn keeps the sockets, TLS, signals and shutdown; this class reads requests, one exchange at a time, and answers
those for the Plan's routes in the protocol itself (`speaker`). Everything else goes the ordinary ASGI way (`builtin`).
"""

from __future__ import annotations

import asyncio
import functools
from collections.abc import Callable
from time import monotonic
from typing import TYPE_CHECKING, Any, cast

from specgw import problems
from specgw.dataplane import builtin, endings, refusal
from specgw.dataplane.pace import Taking
from specgw.dataplane.passage import Passage
from specgw.dataplane.speaker import DISCARD_LIMIT, Speaker
from specgw.dataplane.substituted import Substituted
from specgw.dataplane.websocket.upgrading import Upgrading
from specgw.http1 import CHUNKED, ChunkedReader, FramingError, RequestHead, check_unfinished, read_request_head
from specgw.policies.certificate import Shown
from specgw.problems import Problem

if TYPE_CHECKING:
    from specgw.dataplane.plane import Plane

READ_AHEAD = 65536
"""Bytes that a client may send beyond the present request before the gateway stops reading."""
LINGER = 2.0
"""Seconds for which a closing connection still reads, so that the client gets the answer before a reset."""
HALF_CLOSED = 0.5
"""Seconds for which an exchange goes on without progress after the client has said that it will send no more."""
LAST_REQUEST = 1.0
"""Seconds after an answer for which a connection stays open when the gateway drains, for a request that is on its way."""
TURN = 32
"""Requests of one pipeline that are begun before other connections get their turn."""


class Listener(Speaker):
    """One connection of a client: the half that listens, see `Speaker` for the other one."""

    __slots__ = ()

    @classmethod
    def bound_to(cls, plane: Plane) -> Callable[..., Listener]:
        """What makes the connections that belong to a data plane; uvicorn gives it the rest."""
        return functools.partial(cls, plane)

    # Transport events (asyncio)

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Take the connection, unless there are too many."""
        self.transport = cast(asyncio.Transport, transport)
        cast(set[Any], self.server_state.connections).add(self)  # typed by uvicorn for its own classes
        plane = self.plane
        peer = transport.get_extra_info("peername")
        self.client = peer[0].removeprefix("::ffff:") if isinstance(peer, tuple) else "unix"  # IPv4 on a socket for both
        self.scheme = "https" if transport.get_extra_info("sslcontext") is not None else "http"
        self.certificate = _certificate(transport) if self.scheme == "https" else None
        self.trusted = plane.trusts(self.client)
        self.forwarded = b"X-Forwarded-For: %b\r\nX-Forwarded-Proto: %b\r\n" % (self.client.encode("ascii"), self.scheme.encode("ascii"))
        self.since = monotonic()
        verdict = plane.connections.enter(self)
        if verdict == "told":
            self._refuse(Problem(problems.OVERLOADED, "too many connections"))
        elif verdict == "closed":
            self.closing = True
            self.transport.abort()

    def connection_lost(self, exc: Exception | None) -> None:
        """Release whatever the exchange under way holds."""
        cast(set[Any], self.server_state.connections).discard(self)
        self.plane.connections.leave(self)
        self.closing = True
        exchange, self.exchange = self.exchange, None
        if exchange is not None:
            exchange.gone()

    def eof_received(self) -> bool:
        """The client will send no more: it has closed, or half closed, which looks alike. It gets the answer that comes soon."""
        # TLS connections cannot be half closed.
        if not self._body_done or (self.exchange is None and not self._buffer) or not self.transport.can_write_eof():
            return False
        self._half_closed = True
        self._watch_half_closed(-1)
        return True

    def _watch_half_closed(self, before: int) -> None:
        sent = self.exchange.bytes_out if isinstance(self.exchange, Passage) else 0
        if sent > before:
            asyncio.get_running_loop().call_later(HALF_CLOSED, self._watch_half_closed, sent)
        else:
            self.transport.close()

    def pause_writing(self) -> None:
        """The client reads slower than the answer comes."""
        self._writing_paused = True
        self.plane.connections.slow[self] = Taking(self.transport, monotonic())
        if self.exchange is not None:
            self.exchange.pause_download()

    def resume_writing(self) -> None:
        """The client reads again."""
        self._writing_paused = False
        self.plane.connections.slow.pop(self, None)
        if self.exchange is not None:
            self.exchange.resume_download()
        elif self._buffer:
            self._next_soon()

    def data_received(self, data: bytes) -> None:
        """Read requests and their bodies."""
        if self.closing:
            return  # thrown away: what is left unread would reset the connection before the client has its answer
        if self.exchange is not None and self._body_done:
            self._put_by(self._buffer + data)
            return
        if self._buffer:
            data = self._buffer + data
            self._buffer = b""
        self._advance(data)

    def shutdown(self) -> None:
        """Stop after the request in flight (uvicorn, at the start of a graceful shutdown).

        A client that has just been answered may be sending its next request at this moment: it gets an answer that says that
        this was the last one, for a connection that is closed under a request looks like a failure.
        """
        self._keep = False
        if self.exchange is None and self._body_done:
            if monotonic() - self.since > LAST_REQUEST:
                self._close()
        elif self.exchange is None:
            self._close_lingering()

    def let_go(self) -> None:
        """End a connection whose client takes too little of what it is answered; called by the ticker."""
        exchange = self.exchange
        # With a reset: otherwise the system goes on holding, and sending, what was written already.
        endings.reset(self.transport)
        if isinstance(exchange, Passage):
            rate = self.plane.limits.answer_rate
            exchange.answer(Problem(problems.REQUEST_TIMEOUT, f"the client took less than {rate} bytes of the answer in a second"))

    def check_time(self, now: float) -> None:
        """Close what has been idle, or has not finished its head, for too long; called by the ticker between exchanges."""
        limits = self.plane.limits
        waited = now - self.since
        if self.closing:
            # What has been written may still be on its way to a client that reads slowly.
            if waited > (limits.idle if self.transport.get_write_buffer_size() else LINGER):
                self.transport.abort()
        elif self._examined:
            if waited > limits.header_time:
                detail = f"the request's head did not arrive within {limits.header_time:g} s"
                self._refuse(Problem(problems.REQUEST_TIMEOUT, detail), self._buffer)
        elif waited > limits.idle or (self.plane.draining and self._body_done and waited > LAST_REQUEST):
            self._close()
        elif not self._body_done:
            # The rest of a body that was answered early: it comes no slower than others.
            pace = self.plane.pace
            if waited > pace.body_grace + self._discarded * pace.body_seconds:
                self._close()

    # Requests

    def _advance(self, data: bytes) -> None:
        """Take requests and body pieces from `data` until it is used up or an exchange is under way."""
        self._advancing = True
        turns = TURN
        try:
            while data and not self.closing:
                if not self._body_done:
                    data = self._read_body(data)
                elif self.exchange is None and turns and not self._writing_paused:
                    turns -= 1
                    data = self._begin_request(data)
                else:
                    self._put_by(data)
                    break
        except FramingError as error:
            self._refuse(refusal.unreadable(error), data)
        except Exception:
            self._fault()
        finally:
            self._advancing = False
        self.flush()
        if self._half_closed and self.exchange is None and not self._buffer:
            self._close()

    def _put_by(self, data: bytes) -> None:
        """Keep pipelined requests, raw, until the one before them is answered and the client has taken the answers."""
        self._buffer = data
        if len(data) > READ_AHEAD:
            self._pause("pipeline")
        if self.exchange is None and not self._writing_paused:
            self._next_soon()

    def _begin_request(self, data: bytes) -> bytes:
        limits = self.plane.limits
        if data[:2] == b"\r\n":
            # RFC 9112 section 2.2: an empty line before the request line is ignored.
            if self._skipped:
                raise FramingError("more than one empty line stands before the request")
            self._skipped = True
            data = data[2:]
        end = data.find(b"\r\n\r\n")
        if end < 0 or end > limits.headers:
            self._check_unfinished(data)
            return b""
        line_end = data.find(b"\r\n", 0, limits.request_line + 2)
        if line_end < 0:
            raise FramingError(f"the request line is longer than {limits.request_line} bytes", 414)
        head = read_request_head(data, line_end, end, self._head, field_limit=limits.header_count)
        self._head = head
        self._examined = 0
        self._skipped = False
        length = head.length
        self._body_left = length
        self._body_done = length == 0
        self._chunks = ChunkedReader() if length == CHUNKED else None
        self._requests_left -= 1
        self._keep = not head.close and self._requests_left > 0 and not self.plane.draining
        self._continue = head.continues
        self._response_done = False
        self._discarded = 0
        end += 4
        if length > 0 and len(data) - end >= length:
            # The usual case: the whole request in one read. Handed over at once, so that one write sends it on.
            self._body_left = 0
            self._body_done = True
            self._dispatch(head, data[end : end + length])
            return data[end + length :]
        self._dispatch(head, None)
        return data[end:]

    def _check_unfinished(self, data: bytes) -> None:
        """A head that has not ended: refuse it as soon as it cannot become a valid one."""
        check_unfinished(data, self._examined, line_limit=self.plane.limits.request_line, limit=self.plane.limits.headers)
        if not self._examined:
            self.since = monotonic()
        self._examined = len(data)
        self._buffer = data

    def _dispatch(self, head: RequestHead, body: bytes | None) -> None:
        plane = self.plane
        chain, match = plane.active.find(head)
        if chain is None:
            self._settle()
            self.exchange = exchange = builtin.AsgiExchange(self, head, keep=self._keep)
            exchange.start(body)
            return
        passage: Passage
        if chain.websocket is not None:
            passage = Upgrading(plane, self, head, chain, match)
        elif chain.substitute is not None:
            passage = Substituted(plane, self, head, chain, match)
        else:
            passage = Passage(plane, self, head, chain, match)
        self.exchange = passage
        plane.identify(passage, self)
        passage.start(body)

    def _read_body(self, data: bytes) -> bytes:
        chunks = self._chunks
        if chunks is not None:
            pieces, rest = chunks.feed(data)
            if pieces:
                self._give(pieces[0] if len(pieces) == 1 else b"".join(pieces))
            if chunks.done:
                self._chunks = None
                self._body_ended(chunks.trailers)
            return rest
        left = self._body_left
        if len(data) < left:
            self._body_left = left - len(data)
            self._give(data)
            return b""
        self._give(data if len(data) == left else data[:left])
        rest = data[left:]
        self._body_left = 0
        self._body_ended([])
        return rest

    def _give(self, piece: bytes) -> None:
        if self.exchange is not None and not self._response_done:
            self.exchange.receive(piece)
            return
        self._discarded += len(piece)
        if self._discarded > DISCARD_LIMIT:
            self._close_lingering()

    def _body_ended(self, trailers: list[tuple[bytes, bytes]]) -> None:
        self._body_done = True
        if self._response_done:
            self._next()
        elif self.exchange is not None:
            self.exchange.received(trailers)

    def _next_pipelined(self) -> None:
        if self.exchange is None and self._buffer and not self.closing and not self._writing_paused:
            self._resume("pipeline")
            data, self._buffer = self._buffer, b""
            self._advance(data)

    # What ends it

    def _refuse(self, problem: Problem, data: bytes = b"") -> None:
        """Answer a request that cannot be read any further than `data`, and close."""
        exchange = self.exchange
        self._keep = False
        if isinstance(exchange, Passage):
            exchange.answer(problem)
        elif exchange is not None:
            exchange.gone()
            self.cut() if exchange.begun else self._answer(problem, data)
        elif not self._response_done or self._body_done:
            self._answer(problem, data)
        # Otherwise the request has had its answer, and only the rest of its body was still to come.
        if not self.closing:
            self._close_lingering()

    def _answer(self, problem: Problem, data: bytes) -> None:
        """Answer what is no exchange: nothing that could be read, or nothing that a policy has seen."""
        request_id = self.plane.identities.request_id()
        self._out.append(refusal.message(problem, request_id, self.plane.date, data))
        self.exchange = None
        self._response_done = True
        self.plane.refused(self, problem, request_id)

    def _fault(self) -> None:
        if isinstance(self.exchange, Passage):
            self.exchange.fault()
            return
        self.plane.log_fault()
        if self._response_done:
            self.cut()
        else:
            self._refuse(Problem(problems.INTERNAL, "the gateway failed to handle this request"))


def _certificate(transport: asyncio.BaseTransport) -> Shown | None:
    """What the client has shown in the handshake."""
    der = transport.get_extra_info("ssl_object").getpeercert(binary_form=True)
    return None if der is None else Shown(der)
