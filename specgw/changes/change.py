"""One difference between two Plans, and its grade: what it means, and whether somebody has to have looked at it."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Literal

from specgw.plan.model import Origin

Grade = Literal["weaker", "stronger", "neutral"]
"""`weaker`: somebody gets in who did not before, or that cannot be ruled out."""

TITLES: dict[Grade, str] = {"weaker": "weaker protection", "stronger": "stronger protection", "neutral": "neutral"}
"""In the order of reports."""

GRAVE: frozenset[Grade] = frozenset(("weaker",))
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

    @property
    def mark(self) -> str:
        """Twelve digits of a hash over everything but the places and the words."""
        parts = (self.grade, self.code, self.subject, self.before, self.after)
        return hashlib.sha256("\0".join(parts).encode("utf-8", "surrogatepass")).hexdigest()[:12]
