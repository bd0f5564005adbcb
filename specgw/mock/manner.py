"""How a whole sandbox answers where a request does not say otherwise: the options of `specgw mock`."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Manner:
    """What holds for every operation."""

    dynamic: bool = False
    """Values are made from the schemas, as with `Prefer: dynamic=true`."""
    seed: str = ""
    """Another text leads to other values."""
    examples: bool = True
    """Whether documented examples of responses are used."""
    shared: bool = False
    """Whether pages of every origin may read the answers (CORS)."""


USUAL = Manner()
"""The sandbox of a gateway."""
