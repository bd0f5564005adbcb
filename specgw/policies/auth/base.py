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
from specgw.policies.auth.attempts import Attempts
from specgw.policies.base import Exchange
from specgw.policies.identity import Identity as Identity


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why credentials that were sent are not accepted: in words that show nothing of what was sent."""

    reason: str
    error: Literal["invalid_request", "invalid_token", "insufficient_scope", "unavailable"] = "invalid_token"
    """RFC 6750 section 3.1; `unavailable`: nobody could be asked, the answer is 503 and not 401."""
    genuine: bool = False
    """Whether it is the issuer's own, and only not good here or now: nobody can have guessed it."""


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
    schemes: frozenset[str] = frozenset()
    """Names of the security schemes that it is good for; empty: every one that takes keys."""


def digest(key: bytes) -> bytes:
    """What a key is looked up by: SHA-256. Enough for keys, which are long and random; passwords need more (`passwords`)."""
    return hashlib.sha256(key).digest()


class KeyStore(Protocol):
    """Where API keys are looked up; implemented in `specgw.state`."""

    def find(self, key: bytes) -> Key | Awaitable[Key | None] | None:
        """What is known of a key, as it was sent; None where it is none that is good now (unknown, expired, revoked).

        What is remembered answers at once. Raises Unavailable, at once or when awaited, where the store cannot be asked
        and nothing is remembered.
        """


class SignatureKey(Protocol):
    """A key that signatures are verified with."""

    def verifies(self, algorithm: str, signed: bytes, signature: bytes) -> bool:
        """Whether the signature is this key's, over these bytes."""


class Keys(Protocol):
    """The keys of one issuer, kept fresh by whoever made them; implemented in `specgw.identity`."""

    @property
    def issuer(self) -> str | None:
        """Whose they are, where discovery told; None where nothing says it, or nothing has yet."""

    @property
    def generation(self) -> int:
        """Changes with the keys: what was verified with those of another generation has to be verified again."""

    def find(self, kid: str | None, algorithm: str) -> Sequence[SignatureKey] | Awaitable[Sequence[SignatureKey]]:
        """The keys that may have made a signature with an algorithm; none where there is no such key.

        An unknown `kid` may be worth a fetch, then the answer is awaited. Raises Unavailable, at once or when awaited, where no
        keys were ever had.
        """


class Introspection(Protocol):
    """Asks one issuer about tokens (RFC 7662); implemented in `specgw.identity`."""

    def ask(self, token: bytes) -> Awaitable[Mapping[str, Any]]:
        """What it says, of an active token or another one. Raises Unavailable when awaited."""


class Issuers(Protocol):
    """Whom the schemes of a Plan ask; implemented in `specgw.identity`."""

    def keys_of(self, scheme: Scheme) -> Keys:
        """The keys that a scheme's tokens are verified with."""

    def introspection_of(self, scheme: Scheme) -> Introspection:
        """Who is asked about a scheme's tokens."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Services:
    """What verifiers of one Plan are built with; the composition root fills it in. None: there is no such thing here."""

    clock: Callable[[], float] = time.time
    """Unix seconds."""
    keys: KeyStore | None = None
    issuers: Issuers | None = None
    consumers: Mapping[str, Consumer] = field(default_factory=dict)
    attempts: Attempts | None = None
    """Where failed logins are counted."""
    authorities: Mapping[str, Sequence[bytes]] = field(default_factory=dict)
    """Certificates of authorities, in DER, by the `ca` of a scheme."""
    client_authorities: bool = False
    """Whether the listener itself wants a certificate of its own authorities (`clientCa`) from every client."""
