"""Which route of one Plan is which of another.

Operations are known by method, path (names of parameters count for nothing), hosts, version and conditions.
"""

from __future__ import annotations

from collections.abc import Iterator

from specgw.plan.model import Plan, Route
from specgw.plan.template import parse

Key = tuple[object, ...]


def key(route: Route) -> Key:
    """The same for the same operation."""
    conditions = tuple(sorted(route.conditions.headers.items())), tuple(sorted(route.conditions.query.items()))
    return route.method, parse(route.path).key, route.path_match, tuple(sorted(route.hosts)), route.version, conditions


def subject(route: Route) -> str:
    """What it is called in a change."""
    hosts = f" ({', '.join(route.hosts)})" if route.hosts else ""
    return f"{route.method} {route.path}{hosts}"


def pairs(old: Plan, new: Plan) -> Iterator[tuple[Route, Route]]:
    """The routes that both have. One that only hosts, conditions or what follows its path tell from what it was is still the same."""
    before, after = ({key(route): route for route in plan.routes} for plan in (old, new))
    # In their own order: which of several a change names must not be chance.
    for known, route in before.items():
        if known in after:
            yield route, after[known]
    left, come = (_by_place(one[each] for each in one if each not in other) for one, other in ((before, after), (after, before)))
    for place in left:
        # Of several nobody could say which has become which.
        if len(left[place]) == len(come.get(place, ())) == 1:
            yield left[place][0], come[place][0]


def _by_place(routes: Iterator[Route]) -> dict[Key, list[Route]]:
    found: dict[Key, list[Route]] = {}
    for route in routes:
        found.setdefault((route.service, route.method, parse(route.path).key, route.version), []).append(route)
    return found
