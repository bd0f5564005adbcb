"""One exchange on its way: from the client through the policies to the service, and back.

A Passage decides what happens; it knows nothing of sockets. Its client side (`answering.Client`, the listener) gives it
pieces of the request's body and takes pieces of the answer; its service side is a `Connection`, which hands it the
answer. Nothing here waits: a stage that has to wait returns an awaitable, and only then a task is made.
"""

from __future__ import annotations

import asyncio
from time import monotonic
from typing import TYPE_CHECKING, cast

from specgw import problems
from specgw.dataplane.answering import NO_LENGTH, Answering, Client, log
from specgw.dataplane.overdue import overdue
from specgw.http import CONTENTLESS, IDEMPOTENT
from specgw.http1 import CHUNKED, FramingError, RequestHead, ResponseHead, block_of, trailer_lines
from specgw.policies.validation.codings import decode_content
from specgw.problems import Problem

if TYPE_CHECKING:
    from specgw.dataplane.chain import Chain
    from specgw.dataplane.plane import Plane
    from specgw.plan.found import Match
    from specgw.upstreams.connection import Connection
    from specgw.upstreams.endpoint import Endpoint

PENDING_LIMIT = 65536
"""Bytes of a streamed request body that wait for the connection to the service."""

_UNREACHABLE = Problem(problems.UPSTREAM_UNREACHABLE, "no connection to the service could be made")


class Passage(Answering):
    """An exchange that is forwarded. Made by the listener for each request."""

    __slots__ = (
        "_failed_endpoints",
        "_failure",
        "_held",
        "_paced_bytes",
        "_paced_since",
        "_response_held",
        "_response_trailers",
        "_unsent",
        "connection",
        "content_head",
        "raw_body",
        "request_whole",
        "trailers",
        "upstream_started",
        "waiting_for",
    )

    def __init__(self, plane: Plane, client_side: Client, head: RequestHead, chain: Chain, match: Match | None) -> None:
        super().__init__(plane, client_side, head, chain, match)
        self.connection: Connection | None = None
        self.raw_body = b""
        """The held body as it came, content codings on: what is forwarded."""
        self.request_whole = head.length == 0
        self.trailers: list[tuple[bytes, bytes]] = []
        self.upstream_started = 0.0
        self.waiting_for = "request"
        """What `deadline` is for: request, connection, upload, answer or content."""
        self.content_head: tuple[bytes, int] = (b"", 0)
        """Status line and length of the answer, until it is begun."""
        self._failed_endpoints: tuple[Endpoint, ...] = ()
        self._failure = _UNREACHABLE
        self._held: bytes | bytearray = b""
        self._paced_since = self.started
        """Since when the client's pace is looked at, and how much of the body had come by then."""
        self._paced_bytes = 0
        self._unsent = 0
        self._response_held: bytearray | None = None
        self._response_trailers: list[tuple[bytes, bytes]] | None = None

    # The request, from the client's side

    def start(self, body: bytes | None = None) -> None:
        """Run the request stages, then forward or wait for the body; `body` is the whole of it, if it came with the head."""
        now = self.started
        self.deadline = min(now + self.chain.total, now + self.chain.idle)
        self.plane.passages.add(self)
        if self.head.length > self.chain.max_body:
            self._too_large()
            return
        if body is not None:
            self.bytes_in = len(body)
            self.request_whole = True
            self._hold(body)
            if self.ended:
                return
        if self.chain.request:
            self.run(self.chain.request, self._requested)
        else:
            self._requested()

    def receive(self, data: bytes) -> None:
        """A piece of the request's body, framing removed."""
        size = len(data)
        self.bytes_in += size
        self.deadline = min(monotonic() + self.chain.idle, self.started + self.chain.total)
        if self.waiting_for != "content":
            self.deadline = min(self.deadline, self.paced())
        connection = self.connection
        if self.bytes_in > self.chain.max_body:
            self._too_large()
        elif connection is not None:
            # An answer that has begun already changes nothing: a service may answer while it reads.
            connection.send(b"%x\r\n%b\r\n" % (size, data) if self.head.length == CHUNKED else data)
        elif self.waiting_for != "content":
            self._hold(data)
            if self._held_size > PENDING_LIMIT and not self.holds_body:
                self.client_side.pause_reading()

    def received(self, trailers: list[tuple[bytes, bytes]]) -> None:
        """The request's body is whole."""
        self.request_whole = True
        self.trailers = trailers
        connection = self.connection
        if connection is not None:
            if self.head.length == CHUNKED:
                connection.send(trailer_lines(trailers))
            connection.request_done()
            if self.waiting_for == "upload":
                self._await_answer(monotonic())
        elif self.holds_body and self._task is None:
            self._whole()

    def gone(self) -> None:
        """The client closed the connection: release the service."""
        if not self.ended:
            self.status = self.status or 499
            self.release()
            self.finish()

    def pause_download(self) -> None:
        """The client does not read as fast as the service sends."""
        if self.connection is not None:
            self._unsent = self.client_side.transport.get_write_buffer_size()
            self.connection.pause_reading()

    def resume_download(self) -> None:
        """The client reads again."""
        if self.connection is not None:
            self.connection.resume_reading()

    def _requested(self) -> None:
        if not self.request_whole:
            self.client_side.continue_()
            self._await_body(monotonic())
        if not self.holds_body:
            self.forward()
        elif self.request_whole:
            self._whole()
        else:
            self.client_side.resume_reading()

    def _await_body(self, now: float) -> None:
        """From now on it is the client's turn: the time before was not its own."""
        self._paced_since, self._paced_bytes = now, self.bytes_in
        self.deadline = min(now + self.chain.idle, self.started + self.chain.total, self.paced())

    def paced(self) -> float:
        """When the client will have been too slow (`limits.bodyRate`) if nothing more of the body comes."""
        pace = self.plane.pace
        return self._paced_since + pace.body_grace + (self.bytes_in - self._paced_bytes) * pace.body_seconds

    def _whole(self) -> None:
        self.raw_body = self.body = raw = bytes(self._held)
        self._held = b""
        codings = self.head.codings
        if codings:
            decoded = decode_content([coding.decode("latin-1") for coding in codings], raw, self.chain.max_body)
            if isinstance(decoded, Problem):
                route = self.chain.route
                if route is None or route.validate.request == "enforce":
                    self.answer(decoded)
                else:  # what is only reported is never refused
                    self.notes["violations"] = len(self.violations) + 1
                    self.forward()
                return
            self.body = decoded
        self.run(self.chain.body, self.forward)

    def _hold(self, data: bytes) -> None:
        size = len(data)
        plane = self.plane
        if plane.held + size > plane.limits.buffered_bytes:
            self.answer(Problem(problems.OVERLOADED, "too many bodies are held at the moment; try again"))
            return
        plane.held += size
        self._held_size += size
        # One run of bytes and no list of pieces: a piece of one byte would cost fifty.
        if not self._held:
            self._held = data
        elif isinstance(self._held, bytearray):
            self._held += data
        else:
            self._held = bytearray(self._held) + data

    def _too_large(self) -> None:
        self.answer(Problem(problems.PAYLOAD_TOO_LARGE, f"the body is larger than {self.chain.max_body} bytes"))

    # To the service

    def forward(self) -> None:
        """Send the request to the endpoint whose turn it is."""
        upstream = self.chain.choose(self.head)
        if upstream is None:
            self.answer(Problem(problems.NO_UPSTREAM, "no upstream is configured for this operation"))
            return
        self.upstream = upstream.name
        endpoint = upstream.choose(self._failed_endpoints)
        if endpoint is None:
            self.plane.metrics.upstream_request(upstream.name, self._failure.kind.slug)
            self.answer(self._failure)
            return
        connection = endpoint.take()
        if connection is not None:
            self._send(connection)
            return
        self.waiting_for = "connection"
        self.deadline = self.started + self.chain.total
        self._task = asyncio.get_running_loop().create_task(self._connect(endpoint))

    async def _connect(self, endpoint: Endpoint) -> None:
        try:
            connection = await self._connection_to(endpoint)
            self._task = None
            if self.ended:
                if connection is not None:
                    endpoint.free(connection)
                return
            if connection is not None:
                self._send(connection)
            else:
                self._failed_endpoints += (endpoint,)
                self.forward()
            self.client_side.flush()
        except Exception:
            self.fault()

    async def _connection_to(self, endpoint: Endpoint) -> Connection | None:
        """A new connection; None, and why in the log, where there is none in time."""
        limit = self.chain.connect
        try:
            async with asyncio.timeout(limit):
                connection = await endpoint.connect()
        except TimeoutError:
            log.warning("no connection to %s within %g s", endpoint.url, limit)
            self._failure = Problem(problems.UPSTREAM_TIMEOUT, f"no connection to the service within {limit:g} s")
            return None
        except (OSError, UnicodeError) as error:  # UnicodeError: a host name that cannot be one
            log.warning("no connection to %s: %s", endpoint.url, error)
            self._failure = _UNREACHABLE
            return None
        if connection.transport.is_closing():
            log.warning("no connection to %s: it was closed at once", endpoint.url)
            return None
        return connection

    def _send(self, connection: Connection) -> None:
        self.connection = connection
        head = self.chain.request_head(self, connection.endpoint)
        self.upstream_started = now = monotonic()
        whole = self.request_whole
        if self.holds_body:
            body = self.raw_body
            if self.trailers:
                chunk = b"%x\r\n%b\r\n" % (len(body), body) if body else b""
                head = b"%bTransfer-Encoding: chunked\r\n\r\n%b%b" % (head, chunk, trailer_lines(self.trailers))
            elif body or self.head.length:
                head = b"%bContent-Length: %d\r\n\r\n%b" % (head, len(body), body)
            else:
                head = head + self._no_body()
        elif self.head.length == CHUNKED:
            pending = self._take_pending()
            chunk = b"%x\r\n%b\r\n" % (len(pending), pending) if pending else b""
            head = b"%bTransfer-Encoding: chunked\r\n\r\n%b%b" % (head, chunk, trailer_lines(self.trailers) if whole else b"")
        elif self.head.length:
            head = b"%bContent-Length: %d\r\n\r\n%b" % (head, self.head.length, self._take_pending())
        else:
            head = head + self._no_body()
        if whole:
            self._await_answer(now)
        else:
            self.waiting_for = "upload"
            self._await_body(now)
            self.client_side.resume_reading()
        # A service that does not read such a body would take it for the next request: of whom, on a connection that many use?
        last = self.head.length != 0 and self.method in CONTENTLESS and not self.chain.declares_body
        connection.begin(self, head, to_head=self.method == "HEAD", whole=whole, last=last)

    def _no_body(self) -> bytes:
        """The end of the head of a request without a body (RFC 9110 section 8.6: say 0 where the method expects one)."""
        return b"Content-Length: 0\r\n\r\n" if self.method in ("POST", "PUT", "PATCH") else b"\r\n"

    def _take_pending(self) -> bytes:
        held, self._held = self._held, b""
        self.give_back()
        return bytes(held)

    def _await_answer(self, now: float) -> None:
        self.waiting_for = "answer"
        self.deadline = min(now + self.chain.response_time, self.started + self.chain.total)

    # Back from the service (upstreams.connection.Receiver)

    def switched(self, connection: Connection, head: ResponseHead, data: bytes) -> None:
        """Nobody asked for another protocol: `Upgrade` is not passed on."""
        raise FramingError("the service switched protocols unasked")

    def interim(self, head: ResponseHead) -> None:
        """Pass on an interim answer; 100 Continue was this gateway's own to give."""
        if head.status != 100 and self.head.version_1_1:
            self.client_side.interim(head.passed_on)

    def answered(self, head: ResponseHead) -> None:
        """Run the response stages on the answer's head, then pass it on or hold the body."""
        now = monotonic()
        self.upstream_seconds = now - self.upstream_started
        self.plane.metrics.upstream_request(cast(str, self.upstream), "answered")
        self.waiting_for = "content"
        self.deadline = min(now + self.chain.idle, self.started + self.chain.total)
        self.status = head.status
        length = head.length
        if length == 0 and (self.method == "HEAD" or head.status in (204, 304)):
            length = NO_LENGTH
        elif length < 0:
            length = CHUNKED
        # What it would be: an answer to HEAD, or 304, says how long the body is that does not come.
        length_line = head.length_line if length == NO_LENGTH and head.status != 204 else None
        stages = self.chain.response
        if stages:
            self.content_head = (head.status_line, length)
            self.response_headers = headers = head.headers()
            self.response_lines = lines = [*head.lines]
            if length_line is not None:
                headers.append((b"content-length", length_line.split(b":")[1].strip(b" \t")))
                lines.append(length_line)
            self.run(stages, self._responded)
        else:
            passed_on = head.passed_on if length_line is None else b"%b%b\r\n" % (head.passed_on, length_line)
            self.begin(passed_on, length, dated=head.dated, identified=head.identified)

    def content(self, data: bytes) -> None:
        """Pass on a piece of the answer's body, or hold it for the response stages."""
        if self.ended:
            return
        if self.holds_response or self._task is not None:
            self._hold_response(data)
        else:
            self.bytes_out += len(data)
            self.client_side.send(data)

    def content_end(self, trailers: list[tuple[bytes, bytes]]) -> None:
        """The answer is whole."""
        self.connection = None
        if self.ended:
            return
        if self._task is not None:
            self._response_trailers = trailers  # a response stage still waits; `_responded` goes on from here
        elif self.holds_response:
            self.response_body = bytes(self._response_held or b"")
            self.run(self.chain.response_body, self._validated)
        else:
            self.client_side.end(trailers)
            self.finish()

    def flush(self) -> None:
        """Hand what one read of the answer brought to the client's socket."""
        if self.waiting_for == "content" and not self.ended:
            self.deadline = min(monotonic() + self.chain.idle, self.started + self.chain.total)
        self.client_side.flush()

    def failed(self, kind: problems.Kind, detail: str) -> None:
        """The service gave no answer, or not all of it."""
        connection = self.connection
        self.connection = None
        if self.ended:
            return
        self.plane.metrics.upstream_request(cast(str, self.upstream), kind.slug)
        if (
            connection is not None
            and connection.reused
            and not connection.answered_any
            and self.request_whole
            and self.method in IDEMPOTENT
            and (self.holds_body or self.head.length == 0)
        ):
            # RFC 9110 section 9.2.2: the kept connection had been closed by the service; nothing was answered yet.
            self.forward()
            return
        self.answer(Problem(kind, detail))

    def pause_upload(self) -> None:
        """Back-pressure from the service to the client."""
        if not self.request_whole:
            self.client_side.pause_reading()
            if self.waiting_for == "upload":
                self.deadline = min(monotonic() + self.chain.idle, self.started + self.chain.total)

    def resume_upload(self) -> None:
        """The service reads again."""
        if self.waiting_for == "upload" and not self.request_whole:
            self._await_body(monotonic())
        self.client_side.resume_reading()

    def _hold_response(self, data: bytes) -> None:
        size = len(data)
        plane = self.plane
        plane.held += size
        self._held_size += size
        held = self._response_held
        if held is None:
            self._response_held = held = bytearray()
        held += data
        if self.holds_response:
            if len(held) > self.chain.max_response:
                self._response_too_large()
        elif len(held) > PENDING_LIMIT and self.connection is not None:
            self.connection.pause_reading()
        if plane.held > plane.limits.buffered_bytes:
            self.answer(Problem(problems.OVERLOADED, "too many bodies are held at the moment; try again"))

    def _response_too_large(self) -> None:
        if self.chain.response_enforced:
            limit = self.chain.max_response
            self.answer(Problem(problems.INVALID_RESPONSE, f"the answer is larger than the {limit} bytes that are held for validation"))
            return
        self.notes["unvalidated"] = "larger than maxResponse"
        self.holds_response = False
        if self._task is None:
            self._responded()

    def _responded(self) -> None:
        """The response stages are through: begin the answer unless its body is to be held."""
        if not self.holds_response:
            status_line, length = self.content_head
            self._begin_edited(status_line, length)
            held, self._response_held = self._response_held, None
            if held is not None:
                self.give_back()
                self.bytes_out += len(held)
                self.client_side.send(bytes(held))
        if self.connection is not None:
            self.connection.resume_reading()
        if self._response_trailers is not None:
            self.content_end(self._response_trailers)

    def _validated(self) -> None:
        """A held answer has passed the stages: send it whole."""
        body = cast(bytes, self.response_body)
        status_line, length = self.content_head
        self._begin_edited(status_line, length if length == NO_LENGTH else len(body))
        self.bytes_out += len(body)
        self.client_side.send(body)
        self.client_side.end([])
        self.finish()

    def _begin_edited(self, status_line: bytes, length: int) -> None:
        names = {name for name, _ in self.response_headers}
        self.begin(status_line + block_of(self.response_lines), length, dated=b"date" in names, identified=b"x-request-id" in names)

    def expire(self, now: float) -> None:
        """Time is over for what the exchange waits for; called by the ticker."""
        if self.ended:
            return
        total = now >= self.started + self.chain.total
        if not total and self._taken_slowly():
            self.deadline = min(now + self.chain.idle, self.started + self.chain.total)
            return
        kind, detail = overdue(self, total, now, self.plane.limits.body_rate)
        if kind is problems.REQUEST_TIMEOUT:
            self.client_side.last()  # RFC 9110 section 15.5.9: 408 says that the connection is not used further
        if kind is problems.UPSTREAM_TIMEOUT and self.connection is not None:
            self.plane.metrics.upstream_request(cast(str, self.upstream), kind.slug)
        self.answer(Problem(kind, detail))
        self.client_side.flush()

    def _taken_slowly(self) -> bool:
        """Whether nothing came since nothing was asked for: the client takes the answer slowly, but takes it."""
        connection = self.connection
        if connection is None or not connection.paused or not self.replied:
            return False
        before, self._unsent = self._unsent, self.client_side.transport.get_write_buffer_size()
        return self._unsent < before

    def release(self) -> None:
        """Let go of the service; its answer, should one come, is thrown away with the connection."""
        # A connection that is being made is not cancelled: it goes to the pool when it is there.
        if self.waiting_for != "connection":
            super().release()
        connection = self.connection
        if connection is not None:
            self.connection = None
            connection.detach()
