"""What verifying credentials gives: an Identity, a Refusal, or nothing where none were sent; and who is asked for it.

One `Verifier` stands for one security scheme of a document (OpenAPI section "Security Scheme Object"). It is built once
at activation, and opens nothing: clocks, key stores and key sets are handed to it (`Services`).
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol

from specgw.plan.model import Consumer, Scheme
from specgw.policies.base import Exchange
from specgw.policies.identity import Identity as Identity


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why credentials that were sent are not accepted: in words that show nothing of what was sent."""

    reason: str
    error: Literal["invalid_request", "invalid_token", "insufficient_scope", "unavailable"] = "invalid_token"
    """RFC 6750 section 3.1; `unavailable`: nobody could be asked, the answer is 503 and not 401."""


Verdict = Identity | Refusal | None
"""None: the request carries no credentials of this scheme."""


class Verifier(Protocol):
    """Verifies the credentials of one scheme. What is remembered answers at once, what has to be asked for is awaited."""

    def verify(self, exchange: Exchange) -> Verdict | Awaitable[Verdict]:
        """Look at the request's credentials; never raises for what a client sent."""


class Unavailable(Exception):
    """Nobody who knows can be asked now; the text is for the log, and shows nothing of what was sent."""


class Unbuildable(Exception):
    """A verifier cannot be built in this environment; the text names the scheme, says why, and shows no secret."""


@dataclass(frozen=True, slots=True)
class Key:
    """What a key store says about a key that is good now. Never holds the key itself, nor its digest."""

    id: str
    consumer: str | None = None
    scopes: frozenset[str] = frozenset()
    roles: frozenset[str] = frozenset()
    expires: float | None = None
    """Unix seconds from which on it is not accepted; None: never."""


def digest(key: bytes) -> bytes:
    """What a key is looked up by: SHA-256. Enough for keys, which are long and random; passwords need more (`passwords`)."""
    return hashlib.sha256(key).digest()


class KeyStore(Protocol):
    """Where API keys are looked up; implemented in `specgw.state`."""

    def find(self, digest: bytes) -> Key | Awaitable[Key | None] | None:
        """The key with this digest; None where there is none that is good now (unknown, expired, revoked).

        What is remembered answers at once. Raises Unavailable, at once or when awaited, where the store cannot be asked
        and nothing is remembered.
        """


class KeySet(Protocol):
    """The public keys of one issuer, kept fresh by whoever made it; implemented in `specgw.identity`."""

    @property
    def issuer(self) -> str | None:
        """What `iss` has to be; None while discovery has not said it, or where nothing says it."""

    @property
    def generation(self) -> int:
        """Changes when a key was dropped or replaced: what was verified with an older generation has to be verified again."""

    def find(self, kid: str | None, algorithm: str) -> Sequence[Any] | Awaitable[Sequence[Any]]:
        """The keys (of `cryptography`) that may have signed with an algorithm; none where there is no such key.

        An unknown `kid` may be worth a fetch, then the answer is awaited. Raises Unavailable where no key set was ever had.
        """


class KeySets(Protocol):
    """Where key sets come from; implemented in `specgw.identity`."""

    def of(self, scheme: Scheme) -> KeySet:
        """The key set of a scheme's issuer, discovery URL or `jwks`. Opens nothing yet."""


class Introspection(Protocol):
    """Asks about opaque tokens (RFC 7662); implemented in `specgw.identity`."""

    async def ask(self, scheme: Scheme, token: str) -> Mapping[str, Any] | None:
        """What the authorisation server says of an active token; None where it is not active. Raises Unavailable."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Services:
    """What verifiers of one Plan are built with; the composition root fills it in. None: there is no such thing here."""

    clock: Callable[[], float] = time.time
    """Unix seconds."""
    keys: KeyStore | None = None
    key_sets: KeySets | None = None
    introspection: Introspection | None = None
    consumers: Mapping[str, Consumer] = field(default_factory=dict)
