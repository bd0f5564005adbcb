"""`require` and `csrf` of a route: what a caller needs beyond `security`."""

from __future__ import annotations

import json
from collections.abc import Iterator

from specgw.changes.change import Change, Grade
from specgw.changes.measure import Places, accepted
from specgw.plan.model import Plan, Require, Route


def compare(subject: str, old: Route, new: Route, plans: tuple[Plan, Plan]) -> Iterator[Change]:
    """Differences between a route and what it was."""
    before, after = old.require or Require(), new.require or Require()
    places = old.origin, new.origin
    yield from accepted(
        before.roles,
        after.roles,
        subject=subject,
        code="require-roles",
        what="roles of which one is needed",
        empty_is_all=True,
        places=places,
    )
    scopes = {scope: scope for scope in before.scopes}, {scope: scope for scope in after.scopes}
    yield from _needed(subject, "require-scopes", "scopes beyond security", scopes, places)
    yield from _needed(subject, "require-claims", "claims", (_claims(before), _claims(after)), places)
    if before.when != after.when:
        grade: Grade = "stronger" if before.when is None else "weaker"
        # Two conditions cannot be compared in general: that a changed one lets nobody else in is for people to say.
        message = {"stronger": "a condition is asked for"}.get(grade) or (
            "the condition is not asked for any more" if after.when is None else "the condition is another one, and may let others in"
        )
        yield Change(
            grade=grade,
            code="require-when",
            subject=subject,
            message=message,
            before=before.when or "none",
            after=after.when or "none",
            old=places[0],
            new=places[1],
        )
    yield from _origins(subject, old, new)
    off, now_off = old.csrf == "off", new.csrf == "off"
    if off != now_off and (by_cookie(old, plans[0]) or by_cookie(new, plans[1])):
        yield Change(
            grade="weaker" if now_off else "stronger",
            code="csrf",
            subject=subject,
            message="protection against forged cross-site requests is " + ("off" if now_off else "on"),
            before="off" if off else "on",
            after="off" if now_off else "on",
            old=places[0],
            new=places[1],
        )


def _origins(subject: str, old: Route, new: Route) -> Iterator[Change]:
    """From which pages a WebSocket may be opened: with the cookies, and so as the user, of whoever looks at them."""
    if old.websocket is None or new.websocket is None:
        return
    own = ("the gateway's own",)
    before, after = (sockets.origins if sockets.origins is not None else own for sockets in (old.websocket, new.websocket))
    everything = tuple("*" in origins for origins in (before, after))
    yield from accepted(
        () if everything[0] else before or ("none",),
        () if everything[1] else after or ("none",),
        subject=subject,
        code="websocket-origins",
        what="origins of pages that may open a WebSocket",
        empty_is_all=True,
        places=(old.origin, new.origin),
    )


def _needed(subject: str, code: str, what: str, wanted: tuple[dict[str, str], dict[str, str]], places: Places) -> Iterator[Change]:
    """All of these are needed, each with its value: one that is gone or another one lets others in."""
    old, new = wanted
    if old == new:
        return
    grade: Grade = "stronger" if old.items() <= new.items() else "weaker"
    before, after = (", ".join(sorted(values.values())) or "none" for values in wanted)
    message = f"{what} that are needed: {before} before, {after} now"
    yield Change(grade=grade, code=code, subject=subject, message=message, before=before, after=after, old=places[0], new=places[1])


def _claims(require: Require) -> dict[str, str]:
    return {name: f"{name}={json.dumps(value, sort_keys=True)}" for name, value in require.claims.items()}


def by_cookie(route: Route, plan: Plan) -> bool:
    """Whether a cookie may say who calls."""
    keys = {required.scheme for alternative in route.security or () for required in alternative}
    return any(key in plan.schemes and plan.schemes[key].location == "cookie" for key in keys)
