"""The policy as an exchange meets it."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable

import pytest

from specgw import problems
from specgw.plan.model import Origin, Route, Scheme, SecurityScheme
from specgw.policies.auth.authentication import Authentication, build
from specgw.policies.auth.base import Identity, Refusal, Verdict
from specgw.policies.base import Exchange
from specgw.problems import Problem

SCHEMES = {
    "key": Scheme(name="key", service="s", kind="apiKey", type="apiKey in header", field="X-Key"),
    "token": Scheme(name="token", service="s", kind="token", type="http bearer", http_scheme="bearer", issuer="https://id"),
    "theirs": Scheme(name="theirs", service="s", kind="token", type="http bearer", http_scheme="bearer", verify="upstream"),
}
KEY, TOKEN, THEIRS = (SecurityScheme(name=name, scheme=name) for name in SCHEMES)
READ = SecurityScheme(name="token", scheme="token", scopes=("read", "write"))


class Known:
    """A verifier whose verdict is known; `waits` gives it only when awaited."""

    def __init__(self, verdict: Verdict, *, waits: bool = False) -> None:
        self.verdict = verdict
        self.waits = waits

    def verify(self, exchange: Exchange) -> Verdict | Awaitable[Verdict]:
        return self._later() if self.waits else self.verdict

    async def _later(self) -> Verdict:
        return self.verdict


def route(*security: tuple[SecurityScheme, ...]) -> Route:
    return Route(id="a", service="s", method="GET", path="/", document_path="/", origin=Origin(file="f", line=1), security=security)


def answer(*security: tuple[SecurityScheme, ...], waits: bool = False, **verdicts: Verdict) -> tuple[Problem | None, Identity | None]:
    policy = build(route(*security), SCHEMES, {name: Known(verdict, waits=waits) for name, verdict in verdicts.items()})
    assert isinstance(policy, Authentication)
    exchange = Exchange()
    exchange.identity = None
    outcome = policy.request(exchange)
    if isinstance(outcome, Problem | None):
        return outcome, exchange.identity

    async def wait() -> Problem | None:
        return await outcome

    return asyncio.run(wait()), exchange.identity


@pytest.mark.parametrize("security", [(), ((),), ((), ())])
def test_what_is_public_needs_no_policy(security: tuple[tuple[SecurityScheme, ...], ...]) -> None:
    assert build(route(*security), {}, {}) is None


ADA = Identity("token", "ada", scopes=frozenset(("read",)))


@pytest.mark.parametrize("waits", [False, True])
def test_whoever_may_call_is_known_afterwards(waits: bool) -> None:
    assert answer((TOKEN,), token=ADA, waits=waits) == (None, ADA)
    assert answer((), (TOKEN,), token=None, waits=waits) == (None, None)


@pytest.mark.parametrize("waits", [False, True])
def test_nothing_sent(waits: bool) -> None:
    problem, identity = answer((KEY,), (READ,), key=None, token=None, waits=waits)
    assert identity is None
    assert problem is not None
    assert problem.kind is problems.UNAUTHENTICATED
    assert problem.detail == "this operation needs an API key in the header X-Key, or a bearer token in `Authorization`"
    assert problem.headers == (
        (b"WWW-Authenticate", b'ApiKey realm="s", in="header", name="X-Key"'),
        (b"WWW-Authenticate", b'Bearer realm="s", scope="read write"'),
    )


def test_what_was_sent_is_not_good() -> None:
    problem, _ = answer((KEY, TOKEN), key=None, token=Refusal("the token has expired"))
    assert problem is not None
    assert problem.detail == "the token has expired"
    assert problem.headers[1][1] == b'Bearer realm="s", error="invalid_token", error_description="the token has expired"'


def test_only_scopes_are_missing() -> None:
    problem, _ = answer((READ,), (KEY,), token=ADA, key=None)
    assert problem is not None
    assert problem.kind is problems.INSUFFICIENT_SCOPE
    assert problem.detail == "the credentials lack: write"
    [(_, challenge)] = problem.headers
    assert challenge.startswith(b'Bearer realm="s", error="insufficient_scope"')
    assert challenge.endswith(b'scope="read write"')


def test_nobody_can_be_asked() -> None:
    problem, _ = answer((KEY,), key=Refusal("away", "unavailable"))
    assert problem is not None
    assert (problem.kind, problem.status) == (problems.IDENTITY_UNAVAILABLE, 503)


def test_the_service_checks_scopes_where_it_verifies() -> None:
    theirs = SecurityScheme(name="theirs", scheme="theirs", scopes=("read",))
    assert answer((theirs,), theirs=Identity("theirs", "")) == (None, None)
