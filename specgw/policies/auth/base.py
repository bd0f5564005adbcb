"""What verifying credentials gives: an Identity, a Refusal, or nothing where none were sent.

One `Verifier` stands for one security scheme of a document (OpenAPI section "Security Scheme Object"). It is built once
at activation, and opens nothing: clocks, key stores and key sets are handed to it.
"""

from __future__ import annotations

from collections.abc import Awaitable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol

from specgw.policies.base import Exchange


@dataclass(frozen=True, slots=True)
class Identity:
    """Who a credential proves the caller to be. Never holds the credential itself."""

    scheme: str
    """Name of the security scheme that was verified."""
    subject: str
    """The `sub` of a token, the id of a key, the name of a user, the subject of a certificate."""
    consumer: str | None = None
    """The consumer that the subject belongs to, where one is known."""
    scopes: frozenset[str] = frozenset()
    roles: frozenset[str] = frozenset()
    claims: Mapping[str, Any] = field(default_factory=dict)
    """Verified claims; for a key, what its consumer says."""
    expires: float | None = None
    """Unix seconds from which on the credential is not accepted; None: never."""


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
