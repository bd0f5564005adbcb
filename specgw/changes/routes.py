"""Who may call which operation.

Where an operation is new or gone (see `pairs`), what matters is who answered, or answers, its path instead: an operation that
goes may leave its path to a template that asks for less.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import msgspec
from msgspec.structs import replace

from specgw.changes import requirements
from specgw.changes.alternatives import PUBLIC, Alternatives, alternatives, beyond, shown
from specgw.changes.change import Change, Grade
from specgw.changes.pairs import key, subject
from specgw.plan.found import Match
from specgw.plan.model import Plan, Route, Scheme
from specgw.plan.table import RouteTable
from specgw.plan.template import parse, witness


def compare(old: Plan, new: Plan) -> Iterator[Change]:
    """Differences of operations that both Plans have, and what becomes of those that only one has."""
    names = _renamed(old, new)
    before, after = ({key(route): route for route in plan.routes} for plan in (old, new))
    for known, route in after.items():
        if known in before:
            yield from _changed(before[known], route, names)
            yield from requirements.compare(subject(route), before[known], route, (old, new))
    table = RouteTable(old.routes)
    for known in after.keys() - before.keys():
        yield from _added(after[known], table, names, (old, new))
    table = RouteTable(new.routes)
    for known in before.keys() - after.keys():
        yield from _removed(before[known], table, names, (old, new))


def _changed(old: Route, new: Route, names: dict[str, str]) -> Iterator[Change]:
    was, now = alternatives(old, names), alternatives(new)
    if was == now:
        return
    grade, message = _verdict(was, now)
    yield _change(new, grade, "security", message, was, now, (old, new))


def _added(route: Route, table: RouteTable, names: dict[str, str], plans: tuple[Plan, Plan]) -> Iterator[Change]:
    now, code = alternatives(route), "operation-added"
    answered = _answering(table, route)
    if answered is not None:
        was = alternatives(answered, names)
        if beyond(now, was):
            message = f"new, and asks for less than {subject(answered)} did, which answered this path before"
            yield _change(route, "weaker", code, message, was, now, (answered, route))
            return
        yield from _weaker(requirements.compare(subject(route), answered, route, plans))
    if frozenset() in now:
        yield _change(route, "weaker", code, "new, and public", frozenset(), now, (None, route))
    else:
        yield _change(route, "neutral", code, "new, and protected", frozenset(), now, (None, route))


def _removed(route: Route, table: RouteTable, names: dict[str, str], plans: tuple[Plan, Plan]) -> Iterator[Change]:
    was, code = alternatives(route, names), "operation-removed"
    answers = _answering(table, route)
    if answers is not None:
        now = alternatives(answers)
        if beyond(now, was):
            message = f"gone, and {subject(answers)} answers its path, which asks for less"
            yield _change(route, "weaker", code, message, was, now, (route, answers))
            return
        yield from _weaker(requirements.compare(subject(route), route, answers, plans))
    elif plans[1].edge.fallback is not None and was != PUBLIC:
        message = "gone, and the fallback answers its path, which asks for nothing"
        yield _change(route, "weaker", code, message, was, PUBLIC, (route, None))
        return
    yield _change(route, "neutral", code, "gone", was, frozenset(), (route, None))


def _weaker(changes: Iterable[Change]) -> Iterator[Change]:
    """Of two operations that share a path for a moment only what lets somebody in is worth a word."""
    return (change for change in changes if change.grade == "weaker")


def _verdict(was: Alternatives, now: Alternatives) -> tuple[Grade, str]:
    opened, closed = beyond(now, was), beyond(was, now)
    if opened:
        return "weaker", f"{shown(opened)} is enough now; before it took {shown(was)}"
    if closed:
        return "stronger", f"it takes {shown(now)} now; before {shown(closed)} was enough"
    return "neutral", f"said in another way: {shown(was)} before, {shown(now)} now"


def _change(
    of: Route, grade: Grade, code: str, message: str, was: Alternatives, now: Alternatives, places: tuple[Route | None, Route | None]
) -> Change:
    old, new = places
    return Change(
        grade=grade,
        code=code,
        subject=subject(of),
        message=message,
        before=shown(was),
        after=shown(now),
        old=None if old is None else old.origin,
        new=None if new is None else new.origin,
    )


def _answering(table: RouteTable, route: Route) -> Route | None:
    """Which route of the table gets a request that is meant for this one."""
    template = parse(route.path)
    path = witness(template, template)
    if path is None:
        return None
    headers = [(name.encode("latin-1"), (value or "x").encode("utf-8")) for name, value in route.conditions.headers.items()]
    query = "&".join(f"{name}={value or 'x'}" for name, value in route.conditions.query.items()).encode("utf-8") or None
    result = table.match(route.method, path, next(iter(route.hosts), None), headers, query)
    return result.route if isinstance(result, Match) else None


def _renamed(old: Plan, new: Plan) -> dict[str, str]:
    """Schemes that have another name and are otherwise as they were, by their old keys: a name lets nobody in."""
    gone = {key: scheme for key, scheme in old.schemes.items() if key not in new.schemes}
    come = {_nameless(scheme): key for key, scheme in new.schemes.items() if key not in old.schemes}
    found = {key: come.get(_nameless(scheme)) for key, scheme in gone.items()}
    return {key: name for key, name in found.items() if name is not None}


def _nameless(scheme: Scheme) -> bytes:
    return msgspec.json.encode(replace(scheme, name="", service=""))
