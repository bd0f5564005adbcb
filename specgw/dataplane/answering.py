"""The half of an exchange that faces the client: run the stages of its policies, answer, count and log.

Everything the data plane answers goes through here, whether a service said it (`passage`) or the gateway itself.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from time import monotonic
from typing import TYPE_CHECKING, Protocol

from specgw import problems
from specgw.http1 import STATUS_LINES, RequestHead
from specgw.policies.base import Answer, Exchange, Outcome, Reply
from specgw.problems import Problem

if TYPE_CHECKING:
    from specgw.dataplane.chain import Chain
    from specgw.dataplane.plane import Plane
    from specgw.plan.found import Match

log = logging.getLogger("specgw.dataplane")

NO_LENGTH = -3
"""The answer has no body and says nothing of its length: 204, 304 and answers to HEAD."""

SLOW_PIECES, SLOW_PAUSE = 10, 0.1
"""A body that is slow on purpose: in how many pieces, and how long before each."""

Stages = tuple[Callable[[Exchange], Outcome], ...]


class Client(Protocol):
    """The client's side of an exchange: one request on one connection."""

    transport: asyncio.Transport
    """What the answer goes through; an exchange asks it how much still waits there, and nothing else."""

    def interim(self, head: bytes) -> None:
        """Send an interim (1xx) answer: its status line and fields, each with its CRLF."""

    def begin(self, head: bytes, length: int) -> None:
        """Send status line and fields of the answer, each with its CRLF; `length` in bytes, CHUNKED or NO_LENGTH."""

    def send(self, data: bytes) -> None:
        """Send a piece of the answer's body."""

    def end(self, trailers: list[tuple[bytes, bytes]]) -> None:
        """The answer is whole."""

    def flush(self) -> None:
        """Hand what was sent to the socket."""

    def cut(self) -> None:
        """Break the connection: the answer that was begun cannot be ended honestly."""

    def last(self) -> None:
        """The connection ends after the answer that comes now: nothing on it is in step any more."""

    def pause_reading(self) -> None:
        """Take no more of the request's body for now."""

    def resume_reading(self) -> None:
        """Go on with the request's body."""

    def continue_(self) -> None:
        """Send 100 Continue if the client waits for it."""

    def hand_over(self, protocol: asyncio.Protocol) -> tuple[asyncio.Transport, bytes]:
        """Go on as something else than HTTP: the connection, and what of `protocol`'s bytes has come already."""

    def connection_lost(self, exc: Exception | None) -> None:
        """The connection that was handed over is gone."""


class Answering(Exchange):
    """An Exchange that can be answered. Used once."""

    __slots__ = (
        "_held_size",
        "_task",
        "bytes_in",
        "bytes_out",
        "chain",
        "client_side",
        "deadline",
        "ended",
        "forwarded",
        "head",
        "plane",
        "problem",
        "remainder",
        "replied",
        "trace",
        "upstream_seconds",
    )

    def __init__(self, plane: Plane, client_side: Client, head: RequestHead, chain: Chain, match: Match | None) -> None:
        # What policies see
        self.route = chain.route
        self.method = head.method
        self.path = head.path
        self.query = head.query
        self.headers = head.headers
        self.lines = head.lines
        self.path_values = match.values if match is not None else {}
        self.started = monotonic()
        self.body = None
        self.holds_body = False
        self.holds_response = False
        self.response_body = None
        self.media_type = None
        self.violations = []
        self.identity = None
        self.by_cookie = False
        self.certificate = None
        self.notes = {}
        self.upstream = None
        self.status = 0
        # What the data plane needs
        self.plane = plane
        self.client_side = client_side
        self.head = head
        self.chain = chain
        self.remainder = match.remainder if match is not None else None
        self.bytes_in = 0
        self.bytes_out = 0
        self.deadline = 0.0
        self.ended = False
        self.replied = False
        """Whether the head of an answer has been sent."""
        self.problem: Problem | None = None
        self.forwarded = b""
        """The fields that tell the service who asks: written by `Plane.identify`."""
        self.trace: str | None = None
        self.upstream_seconds = 0.0
        self._held_size = 0
        self._task: asyncio.Task[None] | None = None

    def run(self, stages: Stages, then: Callable[[], None], first: int = 0) -> None:
        """Run stages from the one numbered `first`, then go on with `then`, unless one of them answers."""
        for index in range(first, len(stages)):
            outcome = stages[index](self)
            if outcome is None:
                continue
            if isinstance(outcome, Problem | Reply):
                self.answer(outcome)
            else:
                self._task = asyncio.get_running_loop().create_task(self._wait(outcome, stages, then, index + 1))
            return
        then()

    async def _wait(self, outcome: Awaitable[Answer | None], stages: Stages, then: Callable[[], None], following: int) -> None:
        try:
            answer = await outcome
            self._task = None
            if self.ended:
                return
            if answer is not None:
                self.answer(answer)
            else:
                self.run(stages, then, following)
            self.client_side.flush()
        except Exception:
            self.fault()

    def begin(self, head: bytes, length: int, *, dated: bool = False, identified: bool = False) -> None:
        """Send the head of the answer, with what this hop adds: Via, and Date and the request id where they are missing."""
        if not dated:
            head = b"%bDate: %b\r\n" % (head, self.plane.date)
        if identified:
            head = head + b"Via: 1.1 specgw\r\n"
        else:
            head = b"%bVia: 1.1 specgw\r\nX-Request-Id: %b\r\n" % (head, self.request_id.encode("ascii"))
        self.replied = True
        self.client_side.begin(head, length)

    def answer(self, answer: Answer) -> None:
        """Answer instead of the service; cuts the connection when the service's answer has already begun."""
        if self.ended:
            return
        self.release()
        if isinstance(answer, Problem):
            self.problem = answer
        if self.replied or (isinstance(answer, Reply) and answer.spoiled == "reset"):
            self.client_side.cut()
            self.finish()
            return
        if isinstance(answer, Problem):
            self.plane.metrics.problem(answer.kind.slug)
            body = answer.body(self.request_id)
            fields = b"Content-Type: application/problem+json\r\nCache-Control: no-store\r\n"
            head = STATUS_LINES[answer.status] + fields + self.chain.retirement
        else:
            body = answer.body
            head = STATUS_LINES[answer.status]
        self.status = answer.status
        length = NO_LENGTH if answer.status in (204, 304) else len(body)
        self.begin(head + b"".join([b"%b: %b\r\n" % pair for pair in answer.headers]), length)
        if isinstance(answer, Reply) and answer.spoiled == "slow" and length > 0 and self.method != "HEAD":
            self.deadline = self.started + self.chain.total
            self._task = asyncio.get_running_loop().create_task(self._dribble(body))
            return
        if self.method != "HEAD" and length != NO_LENGTH:
            self.bytes_out += len(body)
            self.client_side.send(body)
        self.client_side.end([])
        self.finish()

    async def _dribble(self, body: bytes) -> None:
        """Send a body in pieces with pauses between them: a fault that was asked for."""
        size = max(1, -(-len(body) // SLOW_PIECES))
        for begin in range(0, len(body), size):
            await asyncio.sleep(SLOW_PAUSE)
            if self.ended:
                return
            piece = body[begin : begin + size]
            self.bytes_out += len(piece)
            self.client_side.send(piece)
            self.client_side.flush()
        self._task = None
        self.client_side.end([])
        self.finish()
        self.client_side.flush()

    def fault(self) -> None:
        """A defect of our own: log it with its trace, answer 500, keep the process."""
        log.exception("request %s to %s failed inside the gateway", self.request_id, self.chain.operation)
        self.answer(Problem(problems.INTERNAL, "the gateway failed to handle this request"))
        self.client_side.flush()

    def finish(self) -> None:
        """The exchange is over: count it, log it, give back what it held."""
        if self.ended:
            return
        self.ended = True
        plane = self.plane
        plane.passages.discard(self)
        self.give_back()
        seconds = monotonic() - self.started
        self.chain.meter(self.method).observe(self.status, seconds)
        problem = self.problem
        if self.violations or (problem is not None and problem.violations):
            # Either side may have been refused, or only reported; then its policy has left a note.
            refused = None if problem is None else problem.kind
            if refused is problems.INVALID_REQUEST or "violations" in self.notes:
                plane.metrics.violation(self.chain.operation, "request")
            if refused is problems.INVALID_RESPONSE or "response_violations" in self.notes:
                plane.metrics.violation(self.chain.operation, "response")
        plane.log(self, seconds)

    def give_back(self) -> None:
        """Count what is held for this exchange no more."""
        self.plane.held -= self._held_size
        self._held_size = 0

    def drain(self) -> None:
        """The gateway begins to stop: an exchange is finished as it is."""

    def release(self) -> None:
        """Let go of whatever is under way for this exchange: it will not be needed."""
        if self._task is not None:
            self._task.cancel()
            self._task = None
