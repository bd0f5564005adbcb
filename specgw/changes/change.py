"""One difference between two states of the documents, and its grade: what it means, and whether somebody has to have looked at it."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Literal

from specgw.plan.model import Origin

Grade = Literal["weaker", "breaking", "risky", "deprecated", "added", "stronger", "neutral", "fixed"]
"""`weaker`: somebody gets in who did not before, or that cannot be ruled out. `breaking`: a client that keeps to the old document fails."""

TITLES: dict[Grade, str] = {
    "weaker": "weaker protection",
    "breaking": "breaking",
    "risky": "risky",
    "deprecated": "deprecated",
    "added": "added",
    "stronger": "stronger protection",
    "neutral": "neutral",
    "fixed": "fixed",
}
"""In the order of reports."""

GATEWAY = "gateway"
"""The subject of what counts for every request."""

GRAVE: frozenset[Grade] = frozenset(("weaker", "breaking"))
"""Those that have to be accepted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One difference. Equal ones have the same `mark`, in every comparison, so that it can be accepted by that."""

    grade: Grade
    code: str
    """What kind of difference it is: stable, for programs."""
    subject: str
    """What changed: `GET /api/users`, `scheme users/oauth`, `gateway`."""
    message: str
    before: str = ""
    after: str = ""
    old: Origin | None = None
    """Where the state before was written; None where there was none, or no line tells it (gateway.yaml)."""
    new: Origin | None = None
    """Where the state after was written."""
    operation: str = ""
    """The operation that clients notice it of, `GET /api/users`; empty where it is of none, or of who gets in."""
    service: str = ""
    """The service, where it is of several of its operations at once."""
    operations: tuple[str, ...] = ()
    """These operations."""

    @property
    def mark(self) -> str:
        """Twelve digits of a hash over everything but the places and the words."""
        parts = (self.grade, self.code, self.subject, self.before, self.after)
        return hashlib.sha256("\0".join(parts).encode("utf-8", "surrogatepass")).hexdigest()[:12]
