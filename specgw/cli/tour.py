"""What `specgw up` shows to whoever tries it: requests that can be pasted, and the access log in words."""

from __future__ import annotations

import shlex
from collections.abc import Iterator

import msgspec

from specgw.plan.model import Plan, Route


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
    """Commands to paste: an answer of each service, a refusal that lists what is wrong, and the gateway's own pages."""
    shown: set[str] = set()
    for route in plan.routes:
        if route.service not in shown and route.method == "GET" and _plain(route):
            shown.add(route.service)
            yield _curl(base + route.path)
    refusing = next((route for route in plan.routes if route.body is not None and route.body.required and _plain(route)), None)
    if refusing is not None:
        yield _curl("-i", "-X", refusing.method, base + refusing.path, "-H", "Content-Type: application/json", "-d", "{}")
    yield _curl("-i", base + "/not-declared")
    if dev:
        yield _curl(base + "/metrics")


def _plain(route: Route) -> bool:
    """Whether a path alone makes a valid request: no template, no required parameter, no credentials, any host."""
    return (
        "{" not in route.path
        and route.path_match == "exact"
        and not route.security
        and not route.hosts
        and not route.conditions.weight
        and not any(parameter.required for parameter in route.parameters)
        and route.visibility == "public"
    )


def _curl(*arguments: str) -> str:
    return shlex.join(("curl", *arguments))
