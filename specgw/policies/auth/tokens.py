"""Bearer tokens that are signed: JSON Web Tokens (RFC 7519), verified with the keys of their issuer by RFC 8725.

What was verified once is remembered until it expires or the issuer's keys change.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from hashlib import sha256
from inspect import isawaitable
from time import time

from specgw.plan.model import Scheme
from specgw.policies.auth import compact, presence
from specgw.policies.auth.algorithms import DEFAULT, SECRET
from specgw.policies.auth.base import Identity, Keys, Refusal, Services, SignatureKey, Unavailable, Verdict, Verifier
from specgw.policies.auth.bearer import field_of, token_in
from specgw.policies.auth.claims import Expected
from specgw.policies.auth.compact import Compact, Unacceptable
from specgw.policies.auth.grants import Grants, grants
from specgw.policies.auth.opaque import OpaqueVerifier
from specgw.policies.auth.remembered import Remembered
from specgw.policies.base import Exchange

NO_KEYS = Refusal("the keys of the token's issuer are not available", "unavailable")


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
        value = field_of(exchange.headers)
        if value is None or isinstance(value, Refusal):
            return value
        if self._keys.generation != self._generation:
            self._renew()
        now = self._clock()
        # Of the whole field: what is remembered need not even be taken apart again.
        digest = sha256(value).digest()
        identity = self._remembered.get(digest, now)
        if identity is not None:
            return identity
        token = token_in(value)
        return token if token is None or isinstance(token, Refusal) else self._examine(token, digest, now)

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
        try:
            keys = self._keys.find(read.kid, read.algorithm)
        except Unavailable:
            return NO_KEYS
        return self._after(keys, read, digest) if isawaitable(keys) else self._judge(keys, read, digest, now)

    async def _after(self, fetch: Awaitable[Sequence[SignatureKey]], read: Compact, digest: bytes) -> Verdict:
        try:
            keys = await fetch
        except Unavailable:
            return NO_KEYS
        if self._keys.generation != self._generation:
            self._renew()
        return self._judge(keys, read, digest, self._clock())

    def _judge(self, keys: Sequence[SignatureKey], read: Compact, digest: bytes, now: float) -> Verdict:
        if not keys:
            return Refusal("the token is signed with a key that its issuer does not have")
        if not any(key.verifies(read.algorithm, read.signed, read.signature) for key in keys):
            return Refusal("the token's signature is not valid")
        try:
            claims = compact.json_object(read.payload, "claims")
            end = self._expected.check_token(claims, now)
        except Unacceptable as reason:
            return Refusal(str(reason), genuine=True)
        identity = self._grants.identity(self._scheme, claims, end)
        self._remembered.put(digest, end, identity)
        return identity


def build(scheme: Scheme, services: Services) -> Verifier:
    """The verifier of a scheme with bearer tokens: the issuer is asked about each of them, or its keys verify them."""
    if services.issuers is None:
        return presence.build_nothing(scheme, services)
    # Keycloak's access tokens call themselves `Bearer`, its ID tokens `ID`.
    kind = "Bearer" if scheme.preset == "keycloak" else None
    expected = Expected(scheme.issuer, scheme.audience, scheme.leeway, kind)
    granted = grants(scheme.preset, scopes_from=scheme.scopes_from, roles_from=scheme.roles_from, audience=scheme.audience)
    if scheme.introspection is not None:
        return OpaqueVerifier(scheme.name, services.issuers.introspection_of(scheme), expected, granted, clock=services.clock)
    algorithms: frozenset[str] = frozenset(scheme.algorithms)
    if not algorithms:
        algorithms = DEFAULT if scheme.secret is None else frozenset(SECRET)
    return TokenVerifier(scheme.name, services.issuers.keys_of(scheme), expected, granted, algorithms=algorithms, clock=services.clock)
