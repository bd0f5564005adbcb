"""The policy as an exchange meets it."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable

import pytest

from specgw import problems
from specgw.plan.model import FailedLogins, Origin, Route, Scheme, SecurityScheme
from specgw.policies.auth.attempts import Attempts
from specgw.policies.auth.authentication import Authentication, build
from specgw.policies.auth.base import Identity, Refusal, Verdict
from specgw.policies.base import Exchange
from specgw.problems import Problem

SCHEMES = {
    "key": Scheme(name="key", service="s", kind="apiKey", type="apiKey in header", field="X-Key"),
    "token": Scheme(name="token", service="s", kind="token", type="http bearer", http_scheme="bearer", issuer="https://id"),
    "theirs": Scheme(name="theirs", service="s", kind="token", type="http bearer", http_scheme="bearer", verify="upstream"),
}
SCHEMES["cookie"] = Scheme(name="cookie", service="s", kind="apiKey", type="apiKey in cookie", location="cookie", field="sid")
KEY, TOKEN, THEIRS, COOKIE = (SecurityScheme(name=name, scheme=name) for name in SCHEMES)
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


def attempt(attempts: Attempts, verdict: Verdict, *, key: bytes | None = b"k", optional: bool = False) -> Problem | None:
    """One request from one address, with a key in its header or without."""
    security = ((KEY,), ()) if optional else ((KEY,),)
    policy = build(route(*security), SCHEMES, {"key": Known(verdict)}, attempts)
    assert policy is not None
    exchange = Exchange()
    exchange.client, exchange.query = "203.0.113.9", None
    exchange.headers = [] if key is None else [(b"x-key", key)]
    outcome = policy.request(exchange)
    assert isinstance(outcome, Problem | None)
    return outcome


WRONG = Refusal("not known")
RIGHT = Identity("key", "k1")


def test_too_many_wrong_credentials_are_not_looked_at_for_a_while() -> None:
    attempts = Attempts(lambda: 0.0, FailedLogins(count=2, window=60))
    assert [outcome and outcome.status for outcome in (attempt(attempts, WRONG), attempt(attempts, WRONG))] == [401, 401]
    refused = attempt(attempts, RIGHT)
    assert refused is not None
    assert (refused.kind, refused.headers) == (problems.TOO_MANY_FAILURES, ((b"Retry-After", b"30"),))
    nothing = attempt(attempts, None, key=None)
    assert nothing is not None
    assert nothing.kind is problems.UNAUTHENTICATED


def test_others_at_the_same_address_go_on_with_what_was_right() -> None:
    attempts = Attempts(lambda: 0.0, FailedLogins(count=2, window=60))
    attempt(attempts, WRONG)
    assert attempt(attempts, RIGHT, key=b"good") is None
    attempt(attempts, WRONG)
    assert attempt(attempts, RIGHT, key=b"good") is None
    # A success takes no failure back: whoever has one good key could otherwise guess for ever.
    refused = attempt(attempts, RIGHT, key=b"another")
    assert refused is not None
    assert refused.status == 429
    # Revoked meanwhile, say.
    refused = attempt(attempts, WRONG, key=b"good")
    assert refused is not None
    assert refused.status == 401


def test_what_is_no_failure_of_the_clients_is_not_counted() -> None:
    attempts = Attempts(lambda: 0.0, FailedLogins(count=1, window=60))
    attempt(attempts, Refusal("nobody can be asked", "unavailable"))
    attempt(attempts, None, key=None)
    attempt(attempts, Refusal("the token has expired", genuine=True))
    assert attempt(attempts, RIGHT) is None


def test_wrong_credentials_count_where_none_are_needed_too() -> None:
    attempts = Attempts(lambda: 0.0, FailedLogins(count=1, window=60))
    assert attempt(attempts, WRONG, optional=True) is None
    refused = attempt(attempts, RIGHT, optional=True)
    assert refused is not None
    assert refused.status == 429
    assert attempt(attempts, None, key=None, optional=True) is None


@pytest.mark.parametrize(("security", "by_cookie"), [(((COOKIE,),), True), (((KEY,),), False), (((KEY, COOKIE),), True)])
def test_it_is_known_whether_a_cookie_was_it(security: tuple[tuple[SecurityScheme, ...], ...], by_cookie: bool) -> None:
    verifiers = {name: Known(Identity(name, "ada")) for name in ("key", "cookie")}
    policy = build(route(*security), SCHEMES, verifiers)
    assert policy is not None
    exchange = Exchange()
    assert policy.request(exchange) is None
    assert exchange.by_cookie == by_cookie
