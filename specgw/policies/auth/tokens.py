"""Bearer tokens that are signed: JSON Web Tokens (RFC 7519), verified with the keys of their issuer by RFC 8725.

What was verified once is remembered until it expires or the issuer's keys change.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from hashlib import sha256
from time import time
from typing import Any, Protocol

from specgw.policies.auth import compact
from specgw.policies.auth.algorithms import DEFAULT
from specgw.policies.auth.base import Identity, Refusal, Verdict
from specgw.policies.auth.bearer import token_of
from specgw.policies.auth.claims import Expected
from specgw.policies.auth.compact import Compact, Unacceptable
from specgw.policies.auth.grants import Grants
from specgw.policies.auth.jwk import KeySet
from specgw.policies.auth.remembered import Remembered
from specgw.policies.base import Exchange

NO_KEYS = Refusal("the keys of the token's issuer are not available", "unavailable")


class Keys(Protocol):
    """The keys of an issuer, as they are at the moment."""

    keys: KeySet | None
    """None: there are none yet."""
    issuer: str | None
    """Whose they are, where discovery told."""
    generation: int
    """Another one: what was verified before has to be verified again."""

    def ask(self) -> Awaitable[None] | None:
        """A fetch because of an unknown key, or None where one was made too short a time ago."""


class TokenVerifier:
    """Verifies the signed tokens of one security scheme."""

    def __init__(
        self,
        scheme: str,
        keys: Keys,
        expected: Expected,
        grants: Grants,
        *,
        algorithms: frozenset[str] = DEFAULT,
        clock: Callable[[], float] = time,
    ) -> None:
        self._scheme = scheme
        self._keys = keys
        self._given = self._expected = expected
        self._grants = grants
        self._algorithms = algorithms
        self._clock = clock
        self._generation = -1
        self._remembered: Remembered[Identity] = Remembered()

    def verify(self, exchange: Exchange) -> Verdict | Awaitable[Verdict]:
        """At once, unless the issuer has to be asked for a key that is not known."""
        token = token_of(exchange.headers)
        if token is None or isinstance(token, Refusal):
            return token
        if self._keys.generation != self._generation:
            self._renew()
        now = self._clock()
        digest = sha256(token).digest()
        return self._remembered.get(digest, now) or self._examine(token, digest, now)

    def _renew(self) -> None:
        """Other keys, or another issuer: nothing of before holds any longer."""
        self._generation = self._keys.generation
        self._remembered.forget()
        issuer = self._given.issuer if self._given.issuer is not None else self._keys.issuer
        self._expected = replace(self._given, issuer=issuer)

    def _examine(self, token: bytes, digest: bytes, now: float) -> Verdict | Awaitable[Verdict]:
        try:
            read = compact.read(token)
            # RFC 8725 section 3.1: the scheme decides which algorithms there are, never the token.
            if read.algorithm not in self._algorithms:
                raise Unacceptable("the token is signed with an algorithm that is not accepted")
        except Unacceptable as reason:
            return Refusal(str(reason))
        keys = self._keys.keys
        if keys is None or not keys.candidates(read.kid, read.algorithm):
            fetch = self._keys.ask()
            if fetch is not None:
                return self._after(fetch, read, digest)
        return self._judge(read, digest, now)

    async def _after(self, fetch: Awaitable[None], read: Compact, digest: bytes) -> Verdict:
        await fetch
        if self._keys.generation != self._generation:
            self._renew()
        return self._judge(read, digest, self._clock())

    def _judge(self, read: Compact, digest: bytes, now: float) -> Verdict:
        keys = self._keys.keys
        if keys is None:
            return NO_KEYS
        candidates = keys.candidates(read.kid, read.algorithm)
        if not candidates:
            return Refusal("the token is signed with a key that its issuer does not have")
        if not any(key.verifies(read.algorithm, read.signed, read.signature) for key in candidates):
            return Refusal("the token's signature is not valid")
        try:
            claims = compact.json_object(read.payload, "claims")
            end = self._expected.check_token(claims, now)
        except Unacceptable as reason:
            return Refusal(str(reason))
        identity = identified(self._scheme, claims, self._grants, end)
        self._remembered.put(digest, end, identity)
        return identity


def identified(scheme: str, claims: Mapping[str, Any], grants: Grants, end: float | None) -> Identity:
    """Who verified claims speak of: `sub`, or the client where they speak of no user (RFC 9068 section 2.2)."""
    named = (claims.get(name) for name in ("sub", "client_id", "azp"))
    subject = next((value for value in named if isinstance(value, str) and value), "")
    scopes, roles = grants.read(claims)
    return Identity(scheme, subject, scopes=scopes, roles=roles, claims=claims, expires=end)
