"""Two states in, their differences out: one list of comparisons, each of which looks at one thing.

What the documents tell clients is compared on the merged documents instead: see `clients.operations`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace

from specgw.changes import edge, routes, schemes
from specgw.changes.change import TITLES, Change
from specgw.changes.enforced import gateway, portal
from specgw.changes.enforced import routes as enforced
from specgw.changes.enforced.side import Enforced
from specgw.changes.pairs import subject
from specgw.plan.model import Plan

PROTECTION: tuple[Callable[[Plan, Plan], Iterator[Change]], ...] = (
    routes.compare,  # who may call which operation
    schemes.compare,  # what counts as proof of who somebody is
)
ENFORCED: tuple[Callable[[Enforced, Enforced], Iterator[Change]], ...] = (
    edge.compare,  # what the gateway as a whole believes and passes on
    enforced.compare,  # what each operation takes, and how it is answered
    gateway.compare,  # what the gateway as a whole takes
    portal.compare,  # what people can do in the portal
)


_SETTINGS = {
    **{f"require-{what}": f"require.{what}" for what in ("roles", "scopes", "claims", "when")},
    **{"csrf": "csrf", "websocket-origins": "websocket.origins"},
}
"""What of x-gateway a change of protection is about, by its code."""


def compare(old: Enforced, new: Enforced) -> list[Change]:
    """Everything that differs in protection and in what is enforced, in order."""
    protection = _placed((change for step in PROTECTION for change in step(old.plan, new.plan)), old, new)
    return ordered([*protection, *(change for step in ENFORCED for change in step(old, new))])


def _placed(changes: Iterable[Change], old: Enforced, new: Enforced) -> Iterator[Change]:
    """With the line of the setting, where a change is about one of a route and somebody has given it."""
    known = [{subject(route): route for route in side.plan.routes} for side in (old, new)]
    for change in changes:
        setting, routes = _SETTINGS.get(change.code), [side.get(change.subject) for side in known]
        if setting is not None:
            was, now = (place if route is None else side.place(route, setting)
                        for side, route, place in zip((old, new), routes, (change.old, change.new), strict=True))  # fmt: skip
            change = replace(change, old=was, new=now)
        yield change


def ordered(changes: Iterable[Change]) -> list[Change]:
    """Each change once, the gravest first, then by subject."""
    grades = list(TITLES)
    found = {change.mark: change for change in changes}
    return sorted(found.values(), key=lambda change: (grades.index(change.grade), change.subject, change.code, change.mark))
