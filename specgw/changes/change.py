"""One difference between two Plans, and its grade."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Literal

from specgw.plan.model import Origin

Grade = Literal["weaker", "stronger", "neutral"]
"""`weaker`: somebody gets in who did not before, or that cannot be ruled out."""

TITLES: dict[Grade, str] = {"weaker": "weaker protection", "stronger": "stronger protection", "neutral": "neutral"}
"""In the order of reports."""


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
    origin: Origin | None = None
    """Where the new state was written, or else the old one."""

    @property
    def mark(self) -> str:
        """Twelve digits of a hash over everything but the place."""
        parts = (self.grade, self.code, self.subject, self.before, self.after)
        return hashlib.sha256("\0".join(parts).encode("utf-8", "surrogatepass")).hexdigest()[:12]
