"""The policy that answers instead of a service, and the one that turns refusals into the document's own answers.

Both stand behind validation and authentication: a request is judged as it would be on its way to the service, then
answered here.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import math
from collections.abc import Awaitable, Callable
from dataclasses import replace
from inspect import isawaitable
from random import Random
from statistics import NormalDist
from typing import Any

import msgspec

from specgw.mock.collection import Collection
from specgw.mock.manner import USUAL, Manner
from specgw.mock.pairing import Pairings
from specgw.mock.preferences import NONE, Accepted, Preferences, in_query, read_accept, read_preferences
from specgw.mock.responder import Asked, Chosen, Responder
from specgw.mock.sharing import shared
from specgw.plan.model import Route
from specgw.plan.sandbox import Faults, Latency, Mock
from specgw.policies.base import Answer, Exchange, Outcome, Reply
from specgw.policies.validation.fields import by_name, carries_body
from specgw.problems import INVALID_REQUEST, MOCK_FAULT, Problem

Sleep = Callable[[float], Awaitable[None]]

_KNOWN = 128
"""Field values whose meaning is remembered."""
_P99 = NormalDist().inv_cdf(0.99)
# As Prism answers: what cannot be processed, else what is a bad request.
_INVALID = (422, 400)
_NOT_THE_DOCUMENTS = frozenset((404, 405, 501, 503))
# All fields together may have 4 KiB where a proxy stands in front with its usual settings.
_LONGEST_FIELD = 1800
_LONGEST_DETAIL = 200


class Answers:
    """Policy: answers every request, once its body is there."""

    def __init__(
        self,
        mock: Mock,
        responder: Responder,
        route: Route,
        *,
        random: Random,
        sleep: Sleep = asyncio.sleep,
        collection: Collection | None = None,
        manner: Manner = USUAL,
    ) -> None:
        self._responder = responder
        self._collection = collection
        self._pairings = Pairings(mock.pairings, route)
        self._own = frozenset(parameter.name for parameter in route.parameters if parameter.location == "query")
        self._shared = manner.shared
        self._dynamic = manner.dynamic
        self._latency = mock.behaviour.latency
        self._faults = mock.behaviour.faults
        self._random = random
        self._sleep = sleep
        self._preferences: dict[bytes, Preferences] = {}
        self._accepted: dict[bytes, Accepted | None] = {}
        self._plain: dict[bytes | None, Reply] = {}
        """Answers to requests that say nothing but `Accept`, by its value, where nothing else decides."""
        self._fixed = not self._pairings and collection is None and self._latency is None and self._faults is None and not manner.dynamic

    def request(self, exchange: Exchange) -> Outcome:
        """Answer, or wait for the body: what is answered before it has come would leave its sender behind."""
        for name, _ in exchange.headers:
            if (name == b"content-length" or name == b"transfer-encoding") and carries_body(by_name(exchange.headers)):
                exchange.holds_body = True
                return None
        return self.answer(exchange)

    def body(self, exchange: Exchange) -> Outcome:
        """Answer."""
        return self.answer(exchange)

    def answer(self, exchange: Exchange) -> Outcome:
        """The answer to a valid request."""
        if not self._fixed or (exchange.query is not None and b"__" in exchange.query):
            return self._decided(exchange)
        accept: bytes | None = None
        for name, value in exchange.headers:
            if name == b"prefer" or name == b"origin" or (name == b"accept" and accept is not None):
                return self._decided(exchange)
            if name == b"accept":
                accept = value
        reply = self._plain.get(accept)
        if reply is not None:
            return reply
        outcome = self._decided(exchange)
        if isinstance(outcome, Reply) and len(self._plain) < _KNOWN and "refused" not in exchange.notes:
            self._plain[accept] = outcome
        return outcome

    def _decided(self, exchange: Exchange) -> Outcome:
        asked = self.asked(exchange)
        chosen = self._kept(exchange, asked) or self._responder.answer(asked)
        return self._given(exchange, chosen, asked)

    def _kept(self, exchange: Exchange, asked: Asked) -> Chosen | Problem | None:
        """The answer from what was created, unless a certain answer is asked for."""
        wanted = asked.preferences
        if self._collection is None or wanted.code is not None or wanted.example is not None or wanted.dynamic:
            return None
        return self._collection.answer(exchange, asked)

    def refusal(self, exchange: Exchange, problem: Problem) -> Answer:
        """The answer to a request that was refused: the document's own, if it declares one."""
        answer = self._refused(exchange, problem)
        return shared(exchange, answer) if self._shared else answer

    def _refused(self, exchange: Exchange, problem: Problem) -> Answer:
        status = problem.status
        if status in _NOT_THE_DOCUMENTS:
            return problem
        statuses = (_INVALID if problem.kind is INVALID_REQUEST else (status,)) if status != 415 else (415,)
        responder = self._responder
        declared = next((code for code in statuses if responder.declares(code)), None)
        if declared is None:
            if not responder.has_default or status == 415:
                return problem
            declared = statuses[0]
        chosen = responder.refusal(declared, self.asked(exchange))
        if chosen is None:
            return problem
        exchange.notes["refused"] = problem.kind.slug
        return replace(chosen.reply, headers=(*chosen.reply.headers, *problem.headers, (b"Sandbox-Problem", in_field(problem))))

    def asked(self, exchange: Exchange) -> Asked:
        """What of the request decides its answer."""
        preferences, accepted = NONE, None
        query = in_query(exchange.query, self._own) if exchange.query is not None and b"__" in exchange.query else None
        for name, value in exchange.headers:
            if name == b"prefer":
                preferences = self._preferred(value) if preferences is NONE else self._preferred(_joined(exchange, b"prefer"))
            elif name == b"accept":
                accepted = self._accepts(value) if accepted is None else self._accepts(_joined(exchange, b"accept"))
        if query:
            preferences = read_preferences(_joined(exchange, b"prefer"), query)
        names = self._pairings.names(exchange) if self._pairings else ()
        dynamic = self._dynamic if preferences.dynamic is None else preferences.dynamic
        return Asked(preferences, accepted, names, identity_of(exchange) if dynamic else "")

    def _preferred(self, value: bytes) -> Preferences:
        found = self._preferences.get(value)
        if found is None:
            found = read_preferences(value)
            if len(self._preferences) < _KNOWN:
                self._preferences[value] = found
        return found

    def _accepts(self, value: bytes) -> Accepted | None:
        if value in self._accepted:
            return self._accepted[value]
        found = read_accept(value)
        if len(self._accepted) < _KNOWN:
            self._accepted[value] = found
        return found

    def _given(self, exchange: Exchange, chosen: Chosen | Problem, asked: Asked) -> Outcome:
        answer: Answer = self._refused(exchange, chosen) if isinstance(chosen, Problem) else chosen.reply
        delay = asked.preferences.delay
        if isinstance(chosen, Chosen):
            applied = (*chosen.applied, *((f"delay={round(delay * 1000)}",) if delay else ()))
            if applied:
                answer = replace(chosen.reply, headers=(*chosen.reply.headers, (b"Preference-Applied", ", ".join(applied).encode())))
        if self._shared:
            answer = shared(exchange, answer)
        if self._faults is not None and self._random.random() < self._faults.rate:
            answer = spoiled(answer, self._faults)
        if self._latency is not None:
            delay += drawn(self._latency, self._random)
        return self._later(delay, answer) if delay else answer

    async def _later(self, seconds: float, answer: Answer) -> Answer:
        await self._sleep(seconds)
        return answer


class Refusals:
    """Wraps a policy: what it refuses is answered as the document says."""

    def __init__(self, policy: Any, answers: Answers) -> None:
        self._answers = answers
        self._request = getattr(policy, "request", None)
        self._body = getattr(policy, "body", None)

    @property
    def request(self) -> Callable[[Exchange], Outcome] | None:
        """The stage of the same name, where the policy has it."""
        return None if self._request is None else self._on_request

    @property
    def body(self) -> Callable[[Exchange], Outcome] | None:
        """Likewise."""
        return None if self._body is None else self._on_body

    def _on_request(self, exchange: Exchange) -> Outcome:
        return self._turned(exchange, self._request(exchange))  # type: ignore[misc]  # there is one

    def _on_body(self, exchange: Exchange) -> Outcome:
        return self._turned(exchange, self._body(exchange))  # type: ignore[misc]  # likewise

    def _turned(self, exchange: Exchange, outcome: Outcome) -> Outcome:
        if outcome is None or isinstance(outcome, Reply):
            return outcome
        if isinstance(outcome, Problem):
            return self._answers.refusal(exchange, outcome)
        assert isawaitable(outcome)
        return self._await(exchange, outcome)

    async def _await(self, exchange: Exchange, outcome: Awaitable[Answer | None]) -> Answer | None:
        answer = await outcome
        return self._answers.refusal(exchange, answer) if isinstance(answer, Problem) else answer


def drawn(latency: Latency, random: Random) -> float:
    """Seconds that one answer takes."""
    if latency.median is None or latency.p99 is None:
        return random.uniform(latency.low, latency.high)
    # Lognormal: the logarithm of the median is its mean; 99 of 100 are below p99.
    sigma = max(0.0, math.log(latency.p99 / latency.median) / _P99)
    return min(random.lognormvariate(math.log(latency.median), sigma), latency.p99 * 10)


def spoiled(answer: Answer, faults: Faults) -> Answer:
    """An answer gone wrong on purpose."""
    if faults.kind == "status" or isinstance(answer, Problem):
        return Problem(replace(MOCK_FAULT, status=faults.status), "this answer fails on purpose")
    if faults.kind == "malformed":
        # Framed as it should be; whoever reads it finds no end.
        return replace(answer, body=answer.body[: len(answer.body) // 2] or b"{")
    return replace(answer, spoiled=faults.kind)


def in_field(problem: Problem) -> bytes:
    """A problem as one field value: ASCII, and short enough for every proxy; `more` counts the violations that are left out.

    It is what the gateway itself would have answered, so that who is refused in the document's own words still hears why.
    """
    said = {"type": problem.kind.type, "title": problem.kind.title, "status": problem.status, "detail": problem.detail[:_LONGEST_DETAIL]}
    violations: list[Any] = []
    length = len(json.dumps(said))
    for violation in problem.violations:
        told = msgspec.to_builtins(violation)
        length += len(json.dumps(told)) + len(", ")
        if length > _LONGEST_FIELD:
            break
        violations.append(told)
    more = len(problem.violations) - len(violations)
    return json.dumps(said | ({"violations": violations} if violations else {}) | ({"more": more} if more else {})).encode("ascii")


def identity_of(exchange: Exchange) -> str:
    """The same for the same request: method, path, query and body."""
    digest = hashlib.blake2b(digest_size=8)
    for part in (exchange.method.encode("latin-1"), exchange.path, exchange.query or b"", exchange.body or b""):
        digest.update(part + b"\0")
    return digest.hexdigest()


def _joined(exchange: Exchange, name: bytes) -> bytes:
    return b", ".join(value for key, value in exchange.headers if key == name)
