"""The Problem that lists violations."""

from __future__ import annotations

from collections.abc import Sequence

from specgw.policies.validation.explain import MAX_VIOLATIONS
from specgw.problems import Kind, Problem, Violation


def refuse(kind: Kind, message: str, found: Sequence[Violation]) -> Problem:
    """The Problem that lists violations of a request or response, no more of them than an answer should hold."""
    count = f"{len(found)} violation{'s' if len(found) > 1 else ''} found"
    if len(found) > MAX_VIOLATIONS:
        count = f"more than {MAX_VIOLATIONS} violations found, of which the first are listed"
    return Problem(kind, f"The {message} breaks its contract: {count}.", tuple(found[:MAX_VIOLATIONS]))
