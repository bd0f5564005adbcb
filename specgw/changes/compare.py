"""Two Plans in, their differences out: one list of comparisons, each of which looks at one thing.

What clients notice is compared on the merged documents instead: see `clients.operations`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from specgw.changes import edge, routes, schemes
from specgw.changes.change import TITLES, Change
from specgw.plan.model import Plan

COMPARISONS: tuple[Callable[[Plan, Plan], Iterator[Change]], ...] = (
    routes.compare,  # who may call which operation
    schemes.compare,  # what counts as proof of who somebody is
    edge.compare,  # what the gateway as a whole believes and passes on
)


def compare(old: Plan, new: Plan) -> list[Change]:
    """Everything that differs in protection, in order."""
    return ordered(change for step in COMPARISONS for change in step(old, new))


def ordered(changes: Iterable[Change]) -> list[Change]:
    """Each change once, the gravest first, then by subject."""
    grades = list(TITLES)
    found = {change.mark: change for change in changes}
    return sorted(found.values(), key=lambda change: (grades.index(change.grade), change.subject, change.code, change.mark))
