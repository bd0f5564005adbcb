from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

import pytest

from specgw.policies.auth.algorithms import DEFAULT
from specgw.policies.auth.base import Identity, Refusal, Unavailable, Verdict
from specgw.policies.auth.claims import Expected
from specgw.policies.auth.grants import grants
from specgw.policies.auth.jwk import Key, KeySet, read_set
from specgw.policies.auth.tokens import NO_KEYS, TokenVerifier
from specgw.policies.base import Exchange
from tests.unit.policies.auth.attacks import ATTACKS
from tests.unit.policies.auth.issuing import (
    AUDIENCE,
    ISSUER,
    NOW,
    SECRET,
    ed448_key,
    oct_jwk,
    published,
    rsa_jwk,
    rsa_key,
    set_of,
    token,
)


class Ring:
    """Keys that never change by themselves; a fetch puts `coming` in their place, at most `fetches` times."""

    def __init__(self, keys: KeySet | None, *, coming: KeySet | None = None, fetches: int = 0, issuer: str | None = None) -> None:
        self.keys = keys
        self.issuer = issuer
        self.generation = 1
        self.asked = 0
        self._coming = coming
        self._fetches = fetches

    def find(self, kid: str | None, algorithm: str) -> Sequence[Key] | Awaitable[Sequence[Key]]:
        found = () if self.keys is None else self.keys.candidates(kid, algorithm)
        if found:
            return found
        self.asked += 1
        if self.asked <= self._fetches:
            return self._fetch(kid, algorithm)
        if self.keys is None:
            raise Unavailable
        return ()

    async def _fetch(self, kid: str | None, algorithm: str) -> Sequence[Key]:
        await asyncio.sleep(0)
        self.change(self._coming)
        if self.keys is None:
            raise Unavailable
        return self.keys.candidates(kid, algorithm)

    def change(self, keys: KeySet | None) -> None:
        self.keys = keys
        self.generation += 1


def ring(*entries: dict[str, Any], **more: Any) -> Ring:
    return Ring(read_set(set_of(*entries), secrets=True), **more)


class Clock:
    def __init__(self, now: float = NOW) -> None:
        self.now = now

    def __call__(self) -> float:
        return self.now


def verifier(keys: Ring | None = None, clock: Callable[[], float] | None = None, **expected: Any) -> TokenVerifier:
    wanted = Expected(**{"issuer": ISSUER, "audience": (AUDIENCE,), **expected})
    return TokenVerifier("bearer", keys or ring(), wanted, grants(), clock=clock or Clock())


def exchange(value: bytes | None) -> Exchange:
    made = Exchange()
    made.headers = [] if value is None else [(b"host", b"api"), (b"authorization", b"Bearer " + value)]
    return made


def verdict(of: TokenVerifier, value: bytes | None) -> Verdict:
    """What is answered at once."""
    answer = of.verify(exchange(value))
    assert answer is None or isinstance(answer, Identity | Refusal)
    return answer


def waited(of: TokenVerifier, value: bytes) -> Verdict:
    """What is answered after the issuer was asked."""
    answer = of.verify(exchange(value))
    assert isinstance(answer, Awaitable)

    async def play() -> Verdict:
        return await answer

    return asyncio.run(play())


def refusal(of: TokenVerifier, value: bytes) -> Refusal:
    answer = verdict(of, value)
    assert isinstance(answer, Refusal), answer
    return answer


@pytest.mark.parametrize("algorithm", sorted(DEFAULT))
def test_every_algorithm_is_accepted_with_its_own_key(algorithm: str) -> None:
    identity = verdict(verifier(), token(algorithm))
    assert isinstance(identity, Identity)
    assert (identity.scheme, identity.subject, sorted(identity.scopes)) == ("bearer", "ada", ["read", "write"])
    assert identity.claims["iss"] == ISSUER
    assert identity.expires == NOW + 630


def test_eddsa_on_the_larger_curve() -> None:
    assert isinstance(verdict(verifier(), token("EdDSA", header={"kid": "ed448"}, key=ed448_key())), Identity)


@pytest.mark.parametrize("name", ATTACKS)
def test_attacks_are_refused(name: str) -> None:
    keys = ring(*published(), rsa_jwk(rsa_key(1024), kid="weak"))
    refused = verdict(verifier(keys), ATTACKS[name]())
    assert isinstance(refused, Refusal), refused
    assert refused.error in ("invalid_token", "invalid_request")


def test_there_are_many_attacks_and_each_is_another_token() -> None:
    made = [make() for make in ATTACKS.values()]
    assert len(made) >= 80
    assert len(set(made)) == len(made)


@pytest.mark.parametrize("algorithm", ["HS256", "HS384", "HS512"])
def test_secrets_verify_only_where_they_are_configured(algorithm: str) -> None:
    keys = ring(*published(), oct_jwk())
    assert refusal(verifier(keys), token(algorithm)).reason == "the token is signed with an algorithm that is not accepted"
    wanted = Expected(issuer=ISSUER, audience=(AUDIENCE,))
    configured = TokenVerifier("bearer", keys, wanted, grants(), algorithms=frozenset((algorithm,)), clock=Clock())
    assert isinstance(verdict(configured, token(algorithm)), Identity)
    assert isinstance(verdict(configured, token(algorithm, key=SECRET[:-1])), Refusal)
    assert isinstance(verdict(configured, token("RS256")), Refusal)


def test_a_scheme_that_takes_secrets_and_public_keys_confuses_neither() -> None:
    every = DEFAULT | {"HS256", "HS384", "HS512"}
    wanted = Expected(issuer=ISSUER, audience=(AUDIENCE,))
    keys = ring(*published(), oct_jwk(), rsa_jwk(rsa_key(1024), kid="weak"))
    generous = TokenVerifier("bearer", keys, wanted, grants(), algorithms=every, clock=Clock())
    for name, make in ATTACKS.items():
        assert isinstance(verdict(generous, make()), Refusal), name


def test_no_token_is_no_verdict_and_a_malformed_one_a_refusal() -> None:
    assert verdict(verifier(), None) is None
    assert refusal(verifier(), b"").error == "invalid_request"


@pytest.mark.parametrize("typ", [None, "JWT", "jwt", "at+jwt", "application/at+jwt", "AT+JWT"])
def test_types_of_access_tokens(typ: str | None) -> None:
    assert isinstance(verdict(verifier(), token(header={"typ": typ})), Identity)


def test_header_parameters_that_nobody_reads_do_no_harm() -> None:
    header = {"jku": "https://evil.example", "x5u": "https://evil.example", "x5t": "x", "cty": "json", "mine": {"a": 1}}
    assert isinstance(verdict(verifier(), token(header=header)), Identity)


def test_a_token_without_key_id_is_tried_with_the_keys_that_fit() -> None:
    assert isinstance(verdict(verifier(), token("ES384", header={"kid": None})), Identity)
    assert isinstance(verdict(verifier(), token("PS256", header={"kid": None})), Identity)


def test_remembered_until_it_expires_leeway_included() -> None:
    clock = Clock()
    keys = ring()
    of = verifier(keys, clock)
    value = token()
    first = verdict(of, value)
    assert verdict(of, value) is first
    clock.now = NOW + 629.9
    assert verdict(of, value) is first
    clock.now = NOW + 630
    assert refusal(of, value).reason == "the token has expired"


def test_what_its_issuer_signed_is_no_guess() -> None:
    of = verifier()
    assert [refusal(of, made).genuine for made in (token(exp=1), token(aud="other"), token(iss="other"))] == [True] * 3
    assert [refusal(of, made).genuine for made in (token(key=rsa_key(2056)), token() + b"AAAA", b"a.b.c")] == [False] * 3


def test_a_dropped_key_ends_the_tokens_that_were_remembered() -> None:
    keys = ring()
    of = verifier(keys)
    value = token()
    assert isinstance(verdict(of, value), Identity)
    keys.change(KeySet(tuple(key for key in (keys.keys or KeySet()).keys if key.kid != "rsa")))
    assert refusal(of, value).reason == "the token is signed with a key that its issuer does not have"


def test_an_unknown_key_is_asked_for_and_the_token_waits() -> None:
    keys = ring(published()[1], coming=read_set(set_of(), secrets=False), fetches=1)
    of = verifier(keys)
    assert isinstance(waited(of, token()), Identity)
    assert isinstance(verdict(of, token()), Identity), "and it is remembered"
    assert keys.asked == 1


def test_a_key_that_stays_unknown_is_refused_after_the_fetch_and_at_once_when_none_may_be_made() -> None:
    keys = ring(coming=read_set(set_of(), secrets=False), fetches=1)
    of = verifier(keys)
    assert isinstance(waited(of, token(header={"kid": "nobody"})), Refusal)
    assert refusal(of, token(header={"kid": "nobody"})).error == "invalid_token"


def test_without_any_keys_nobody_is_said_to_be_wrong() -> None:
    keys = Ring(None)
    assert refusal(verifier(keys), token()) is NO_KEYS
    assert waited(verifier(Ring(None, fetches=1)), token()) is NO_KEYS
    assert NO_KEYS.error == "unavailable"
    assert refusal(verifier(keys), b"a.b.c").error == "invalid_token", "what is no token needs no keys"


def test_the_issuer_that_discovery_tells_is_the_one_that_is_wanted() -> None:
    of = verifier(ring(issuer=ISSUER), issuer=None)
    assert isinstance(verdict(of, token()), Identity)
    assert refusal(of, token(iss="https://evil.example")).reason == "the token comes from another issuer"


@pytest.mark.parametrize(
    ("changed", "subject"),
    [({"sub": None, "client_id": "app"}, "app"), ({"sub": None, "azp": "spa"}, "spa"), ({"sub": None}, ""), ({"client_id": "app"}, "ada")],
)
def test_the_subject_is_the_user_or_else_the_client(changed: dict[str, Any], subject: str) -> None:
    identity = verdict(verifier(), token(**changed))
    assert isinstance(identity, Identity)
    assert identity.subject == subject


def test_a_refusal_shows_nothing_of_the_token() -> None:
    of = verifier()
    for name, make in ATTACKS.items():
        value = make()
        refused = verdict(of, value)
        assert isinstance(refused, Refusal)
        for piece in (*value.split(b"."), b"evil", b"mallory", b"nobody", b"eve"):
            assert len(piece) < 3 or piece.decode("latin-1") not in refused.reason.split(), name
