"""The changes that somebody has looked at and wants: a file with the mark of one on each line.

    3fa91c204b7d  GET /api/status is public on purpose, for the load balancer

What follows the mark is for people; `#` begins a comment. A mark speaks of one change only: the next one of the same
operation has another.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable

from specgw.changes.change import GRAVE, Change

_MARK = re.compile(r"[0-9a-f]{12}")


class Unreadable(ValueError):
    """A line that holds no mark; the text names it."""


def read_accepted(text: str) -> frozenset[str]:
    """The marks in the text of a file. Raises Unreadable."""
    marks = set()
    for number, line in enumerate(text.splitlines(), 1):
        words = line.partition("#")[0].split()
        if not words:
            continue
        if _MARK.fullmatch(words[0]) is None:
            raise Unreadable(f"line {number} does not begin with the mark of a change, which is 12 digits such as 3fa91c204b7d")
        marks.add(words[0])
    return frozenset(marks)


def unaccepted(changes: Iterable[Change], accepted: Collection[str]) -> list[Change]:
    """The grave ones that nobody has accepted."""
    return [change for change in changes if change.grade in GRAVE and change.mark not in accepted]


def unused(changes: Iterable[Change], accepted: Collection[str]) -> list[str]:
    """Marks of changes that are not there (any more)."""
    return sorted(set(accepted) - {change.mark for change in changes})
