"""The routes that a request could have had, and why each of them is not the one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from specgw.cli.explaining.asked import Asked
from specgw.diagnostics import closest
from specgw.plan.conditions import predicate
from specgw.plan.found import Match, NotAllowed, Result
from specgw.plan.model import Conditions, Plan, Route
from specgw.plan.paths import examine
from specgw.plan.table import RouteTable, normal_host
from specgw.plan.template import Segment, Template, parse


@dataclass(frozen=True, slots=True)
class Rejected:
    """A route whose path the request has, and the reason why another one, or none, is taken."""

    route: Route
    reason: str


def rejected(plan: Plan, asked: Asked, result: Result) -> Iterator[Rejected]:
    """Every other route whose path template matches, in the order of the Plan."""
    winner = _winner(plan, asked, result)
    for route in plan.routes:
        if matches(route, asked.path) and not (type(result) is Match and route is result.route):
            yield Rejected(route, _reason(route, asked, winner, result))


def matches(route: Route, path: str) -> bool:
    """Whether the path of a route, all else left aside, has a place for a path."""
    template = parse(route.path)
    if route.path_match == "exact":
        return template.match(path) is not None
    parts, segments = path.split("/")[1:], template.segments
    if segments[-1].literals == ("",):
        segments = segments[:-1]
        return len(parts) > len(segments) and _fits(segments, parts)
    return len(parts) >= len(segments) and _fits(segments, parts)


def hints(plan: Plan, asked: Asked, table: RouteTable) -> list[str]:
    """What a request that nothing answers may have meant."""
    found = []

    def known(path: str) -> bool:
        return table.allowed(path, asked.host) is not None

    other = asked.path.removesuffix("/") or "/"
    other = other if asked.path != other else f"{asked.path}/"
    if known(other):
        found.append(f"'{other}' is declared; a slash at the end makes another path")
    for route in plan.routes:
        if parse(route.document_path).match(asked.path) is not None and route.path != route.document_path:
            public = route.path.removesuffix(route.document_path)
            found.append(f"{route.document_path} of the document is served under '{public}': '{public}{asked.path}'")
            break
    if not found:
        lower = {route.path.lower(): route.path for route in plan.routes}
        near = lower.get(asked.path.lower()) or closest(asked.path, (route.path for route in plan.routes), likeness=0.7)
        if near is not None:
            found.append(f"did you mean '{near}'?")
    return found


def _winner(plan: Plan, asked: Asked, result: Result) -> Route | None:
    """The route that is taken, or one at the path that is taken and lacks the method."""
    if type(result) is Match:
        return result.route
    if type(result) is NotAllowed:
        here = [route for route in plan.routes if route.method in result.allow and matches(route, asked.path) and _hosted(route, asked)]
        # The table tells them apart; its order of decisions is not repeated here.
        for route in here:
            one = RouteTable([other for other in plan.routes if other.method == route.method])
            if type(one.match(route.method, asked.path, asked.host, asked.headers, None)) is Match:
                allowed = RouteTable([other for other in here if _key(other) == _key(route)]).allowed(asked.path, asked.host)
                if allowed == result.allow:
                    return route
    return None


def _key(route: Route) -> tuple[object, ...]:
    return parse(route.path).key, route.path_match, bool(route.hosts)


def _hosted(route: Route, asked: Asked) -> bool:
    return not route.hosts or (asked.host is not None and normal_host(asked.host) in map(normal_host, route.hosts))


def _reason(route: Route, asked: Asked, winner: Route | None, result: Result) -> str:
    if not _hosted(route, asked):
        said = f"the request is for '{asked.host}'" if asked.host is not None else "the request names none"
        return f"host: it is served for {' and '.join(route.hosts)}, and {said}"
    if winner is not None and _key(route) != _key(winner):
        return _less_concrete(route, winner)
    if route.method != asked.method:
        return f"method: it answers {route.method}"
    test = predicate(route.conditions)
    if test is not None and not test.holds(asked.headers, (asked.query or "").encode() if asked.query is not None else None):
        return f"conditions: {' and '.join(told(route.conditions))} does not hold"
    if winner is not None and winner.conditions.weight > route.conditions.weight:
        return f"conditions: {winner.id} asks for more of them, and they hold"
    if type(result) is Match:
        return f"name: {result.route.id} has the lesser id, which decides where all else is equal"
    reason, _ = examine(asked.path)
    return f"path: {reason}" if reason is not None else "path: an encoded slash is refused unless `encodedSlash: allow`"


def _less_concrete(route: Route, winner: Route) -> str:
    if winner.hosts and not route.hosts:
        return f"host: the routes of '{winner.hosts[0]}' come before those of any host"
    if route.path_match == "prefix":
        kind = "an exact path comes" if winner.path_match == "exact" else "a longer prefix comes"
        return f"prefix: {kind} first, which is {winner.path}"
    for number, (own, taken) in enumerate(zip(_segments(route), _segments(winner), strict=False), 1):
        if own.literals != taken.literals:
            return f"path: '{_text(taken)}' of {winner.path} is more concrete than '{_text(own)}' (segment {number})"
    return f"path: {winner.path} is more concrete"


def _segments(route: Route) -> Sequence[Segment]:
    template: Template = parse(route.path)
    return template.segments


def _text(segment: Segment) -> str:
    names = [f"{{{name}}}" for name in segment.names]
    return "".join(part for pair in zip(segment.literals, [*names, ""], strict=True) for part in pair)


def told(conditions: Conditions) -> list[str]:
    """Conditions in words."""
    return [*_words("header", conditions.headers), *_words("query parameter", conditions.query)]


def _words(kind: str, asked: Mapping[str, str | None]) -> Iterator[str]:
    for name, value in asked.items():
        yield f"{kind} {name}" + ("" if value is None else f" = '{value}'")


def _fits(segments: Iterable[Segment], parts: Sequence[str]) -> bool:
    return all(segment.values(part) is not None for segment, part in zip(segments, parts, strict=False))
