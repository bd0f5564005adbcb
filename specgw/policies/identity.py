"""Who calls: what verified credentials prove, for every policy that asks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Identity:
    """Who a credential proves the caller to be. Never holds the credential itself."""

    scheme: str
    """Name of the security scheme that was verified; several, with a blank between, where an alternative has several."""
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
