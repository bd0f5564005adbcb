"""Bearer tokens that only their issuer can read: it is asked about each of them (RFC 7662), and its answer remembered."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from time import time

from specgw.policies.auth.base import Identity, Introspection, Refusal, Unavailable, Verdict
from specgw.policies.auth.bearer import token_of
from specgw.policies.auth.claims import Expected
from specgw.policies.auth.compact import LONGEST, Unacceptable
from specgw.policies.auth.grants import Grants
from specgw.policies.auth.remembered import Remembered, digest_of
from specgw.policies.base import Exchange

KNOWN = 300.0
"""Seconds that an active token is believed to be so, unless it expires before: a revoked one works no longer than this."""
REFUSED = 5.0
"""Seconds that an answer against a token is remembered."""

NOBODY = Refusal("the token's issuer could not be asked about it", "unavailable")
TOO_LONG = Refusal(f"the token is longer than {LONGEST} bytes")
INACTIVE = Refusal("the token is not active: it is unknown, expired or revoked")


class OpaqueVerifier:
    """Verifies the tokens of one security scheme by introspection."""

    def __init__(
        self, scheme: str, introspection: Introspection, expected: Expected, grants: Grants, *, clock: Callable[[], float] = time
    ) -> None:
        self._scheme = scheme
        self._introspection = introspection
        self._expected = expected
        self._grants = grants
        self._clock = clock
        self._active: Remembered[Identity] = Remembered()
        # Apart, so that a flood of invented tokens drives out nothing that is worth keeping.
        self._refused: Remembered[Refusal] = Remembered(1024)

    def verify(self, exchange: Exchange) -> Verdict | Awaitable[Verdict]:
        """At once where the token is remembered."""
        token = token_of(exchange.headers)
        if token is None or isinstance(token, Refusal):
            return token
        if len(token) > LONGEST:
            return TOO_LONG
        digest, now = digest_of(token), self._clock()
        return self._active.get(digest, now) or self._refused.get(digest, now) or self._ask(token, digest)

    async def _ask(self, token: bytes, digest: bytes) -> Verdict:
        try:
            answer = await self._introspection.ask(token)
        except Unavailable:
            return NOBODY
        now = self._clock()
        try:
            # RFC 7662 section 2.2: a boolean. Anything else is an answer that means nothing.
            if answer.get("active") is not True:
                return self._against(digest, now, INACTIVE)
            end = self._expected.check_introspected(answer, now)
        except Unacceptable as reason:
            return self._against(digest, now, Refusal(str(reason)))
        identity = self._grants.identity(self._scheme, answer, end)
        self._active.put(digest, now + KNOWN if end is None else min(end, now + KNOWN), identity)
        return identity

    def _against(self, digest: bytes, now: float, refusal: Refusal) -> Refusal:
        self._refused.put(digest, now + REFUSED, refusal)
        return refusal
