from __future__ import annotations

import asyncio
from collections.abc import Awaitable
from typing import Any

import pytest

from specgw.policies.auth.base import Identity, Refusal, Unavailable, Verdict
from specgw.policies.auth.claims import Expected
from specgw.policies.auth.grants import grants
from specgw.policies.auth.opaque import INACTIVE, KNOWN, NOBODY, REFUSED, TOO_LONG, OpaqueVerifier
from tests.unit.policies.auth.issuing import AUDIENCE, ISSUER, NOW, claims
from tests.unit.policies.auth.test_tokens import Clock, exchange


class Endpoint:
    """Says the same of every token."""

    def __init__(self, answer: dict[str, Any] | None) -> None:
        self.answer = answer
        self.asked: list[bytes] = []

    async def ask(self, token: bytes) -> dict[str, Any]:
        self.asked.append(token)
        if self.answer is None:
            raise Unavailable
        return self.answer


def verifier(endpoint: Endpoint, clock: Clock | None = None, **expected: Any) -> OpaqueVerifier:
    wanted = Expected(**{"issuer": ISSUER, "audience": (AUDIENCE,), **expected})
    return OpaqueVerifier("opaque", endpoint, wanted, grants(), clock=clock or Clock())


def verdict(of: OpaqueVerifier, value: bytes | None = b"opaque") -> Verdict:
    answer = of.verify(exchange(value))
    if not isinstance(answer, Awaitable):
        return answer

    async def play() -> Verdict:
        return await answer

    return asyncio.run(play())


def test_an_active_token_is_asked_about_once() -> None:
    endpoint = Endpoint(claims(active=True))
    of = verifier(endpoint)
    identity = verdict(of)
    assert isinstance(identity, Identity)
    assert (identity.subject, sorted(identity.scopes), identity.expires) == ("ada", ["read", "write"], NOW + 630)
    assert verdict(of) is identity
    assert endpoint.asked == [b"opaque"]


@pytest.mark.parametrize(("changed", "lasts"), [({"exp": NOW + 60}, 90.0), ({}, KNOWN), ({"exp": None}, KNOWN)])
def test_it_is_remembered_until_it_expires_and_never_for_long(changed: dict[str, Any], lasts: float) -> None:
    endpoint, clock = Endpoint(claims(active=True, **changed)), Clock()
    of = verifier(endpoint, clock)
    verdict(of)
    clock.now = NOW + lasts - 0.1
    verdict(of)
    assert len(endpoint.asked) == 1
    clock.now = NOW + lasts
    verdict(of)
    assert len(endpoint.asked) == 2


@pytest.mark.parametrize("active", [False, None, "true", 1, [True]])
def test_what_is_not_said_to_be_active_is_not(active: object) -> None:
    endpoint, clock = Endpoint(claims(active=active)), Clock()
    of = verifier(endpoint, clock)
    assert verdict(of) is INACTIVE
    assert verdict(of) is INACTIVE
    assert len(endpoint.asked) == 1, "answers against a token are remembered too"
    endpoint.answer = claims(active=True)
    clock.now = NOW + REFUSED
    assert isinstance(verdict(of), Identity)


def test_an_active_token_for_somebody_else_is_refused() -> None:
    refused = verdict(verifier(Endpoint(claims(active=True, aud="https://other.example"))))
    assert isinstance(refused, Refusal)
    assert refused.error == "invalid_token"


def test_an_outage_is_not_remembered() -> None:
    endpoint = Endpoint(None)
    of = verifier(endpoint)
    assert verdict(of) is NOBODY
    assert NOBODY.error == "unavailable"
    endpoint.answer = claims(active=True)
    assert isinstance(verdict(of), Identity)


def test_nobody_is_asked_about_what_cannot_be_a_token() -> None:
    endpoint = Endpoint(claims(active=True))
    of = verifier(endpoint)
    assert verdict(of, None) is None
    assert isinstance(verdict(of, b"a b"), Refusal)
    assert verdict(of, b"x" * 8193) is TOO_LONG
    assert endpoint.asked == []


def test_invented_tokens_drive_out_no_real_one() -> None:
    endpoint = Endpoint(claims(active=True))
    of = verifier(endpoint)
    real = verdict(of)
    endpoint.answer = {"active": False}
    for number in range(2000):
        verdict(of, b"invented%d" % number)
    assert verdict(of) is real
