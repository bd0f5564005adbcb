"""What the document protects is refused, whatever a request carries."""

from __future__ import annotations

import pytest

from specgw import problems
from specgw.plan.model import Origin, Route, SecurityScheme
from specgw.policies.base import Exchange
from specgw.policies.protection import build

Security = tuple[tuple[SecurityScheme, ...], ...] | None
KEY, TOKEN = SecurityScheme(name="key"), SecurityScheme(name="token", scopes=("read",))


def route(security: Security) -> Route:
    return Route(id="a", service="s", method="GET", path="/", document_path="/", origin=Origin(file="f", line=1), security=security)


@pytest.mark.parametrize("security", [None, (), ((),), ((), ())])
def test_what_is_public_needs_no_policy(security: Security) -> None:
    assert build(route(security)) is None


@pytest.mark.parametrize(
    ("security", "named"),
    [
        (((KEY,),), "(key)"),
        (((KEY, TOKEN),), "(key, token)"),
        (((TOKEN,), (KEY,), (TOKEN, KEY)), "(token, key)"),
        # An empty alternative makes credentials optional; those that are sent could not be verified all the same.
        (((), (KEY,)), "(key)"),
    ],
)
def test_what_names_a_scheme_is_never_forwarded(security: Security, named: str) -> None:
    policy = build(route(security))
    assert policy is not None
    exchange = Exchange()
    exchange.headers = [(b"authorization", b"Bearer secret"), (b"x-api-key", b"secret")]
    problem = policy.request(exchange)
    assert problem.kind is problems.SECURITY_NOT_ENFORCED
    assert problem.status == 503
    assert named in problem.detail
    assert b"secret" not in problem.body()
