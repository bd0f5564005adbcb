"""What `specgw up` shows to whoever tries it: requests that can be pasted, and the access log in words."""

from __future__ import annotations

import shlex
from collections.abc import Iterator

import msgspec

from specgw.plan.model import Plan, Route
from specgw.policies.auth.development import DEVELOPMENT_KEY


class _Exchange(msgspec.Struct, rename="camel"):
    """The members of an access log line that a person looks at."""

    method: str
    path: str
    status: int
    duration_ms: float
    operation_id: str | None = None
    problem: str | None = None


_line = msgspec.json.Decoder(_Exchange)


def readable(line: str) -> str:
    """A line of the access log as a short sentence; any other line as it is."""
    if not line.startswith("{"):
        return line
    try:
        exchange = _line.decode(line)
    except msgspec.DecodeError:
        return line
    said = exchange.problem or exchange.operation_id or ""
    return f"{exchange.method:<6} {exchange.path} → {exchange.status}  {exchange.duration_ms:.1f} ms  {said}".rstrip()


def requests(plan: Plan, base: str, *, dev: bool) -> Iterator[str]:
    """Commands to paste: an answer of each service, the refusals that a client meets, and the gateway's own pages."""
    shown: set[str] = set()
    locked: Route | None = None
    for route in plan.routes:
        key = _key(route, plan, dev=dev)
        if route.service not in shown and route.method == "GET" and key is not None and _plain(route):
            shown.add(route.service)
            locked = locked or (route if key else None)
            yield _curl(*key, base + route.path)
    if locked is not None:
        yield _curl("-i", base + locked.path)
    for route in plan.routes:
        key = _key(route, plan, dev=dev)
        if route.body is not None and route.body.required and key is not None and _plain(route):
            yield _curl("-i", "-X", route.method, base + route.path, *key, "-H", "Content-Type: application/json", "-d", "{}")
            break
    yield _curl("-i", base + "/not-declared")
    if dev:
        yield _curl(base + "/metrics")


def _key(route: Route, plan: Plan, *, dev: bool) -> tuple[str, ...] | None:
    """What of a command carries the credentials that a route needs: nothing, or the development key. None: neither will do."""
    if not route.security or () in route.security:
        return ()
    for alternative in route.security if dev else ():
        schemes = [plan.schemes[required.scheme] for required in alternative if not required.scopes]
        if len(schemes) == len(alternative) == 1 and schemes[0].kind == "apiKey" and schemes[0].location == "header":
            return "-H", f"{schemes[0].field}: {DEVELOPMENT_KEY}"
    return None


def _plain(route: Route) -> bool:
    """Whether a path alone, perhaps with a key, makes a valid request: no template, no required parameter, any host."""
    return (
        "{" not in route.path
        and route.path_match == "exact"
        and not route.hosts
        and not route.conditions.weight
        and not any(parameter.required for parameter in route.parameters)
        and route.visibility == "public"
    )


def _curl(*arguments: str) -> str:
    return shlex.join(("curl", *arguments))
