"""The page of keys: how keys are sent, told from the Plan. What is somebody's own comes from the gateway, by its script."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from specgw.plan.model import Plan, Route, Scheme

PAGE = "keys.html"


@dataclass(frozen=True, slots=True)
class Way:
    """One way of sending a key."""

    words: str
    code: str
    schemes: tuple[str, ...]
    """Security schemes of documents that take it."""


@dataclass(frozen=True, slots=True)
class Example:
    """A call that needs nothing but a key."""

    path: str
    option: str
    """What curl sends the key with; `$KEY` stands for it."""
    query: str = ""


def ways(plan: Plan) -> list[Way]:
    """How operations that are served take keys; none: keys are for nothing."""
    found: dict[tuple[int, str, str], list[str]] = {}
    for scheme in plan.schemes.values():
        if _takes_keys(scheme):
            found.setdefault(_sent(scheme), []).append(scheme.name)
    return [Way(words, code, tuple(dict.fromkeys(names))) for (_, words, code), names in sorted(found.items())]


def example(plan: Plan) -> Example | None:
    """The first public operation that is read without parameters and takes a key alone."""
    for route in plan.routes:
        if route.method == "GET" and route.visibility == "public" and "{" not in route.path and not _asks(route) and not route.hosts:
            for scheme in _alone(route, plan):
                if scheme.kind == "basic":
                    return Example(route.path, '--user "anybody:$KEY"')
                if scheme.location == "header":
                    return Example(route.path, f'--header "{scheme.field}: $KEY"')
                if scheme.location == "query":
                    return Example(route.path, "", f"?{scheme.field}=$KEY")
    return None


def schemes(plan: Plan) -> list[str]:
    """The schemes that take a key as it is, by their keys in the Plan, for the script: where "Try it" fills one in."""
    return [name for name, scheme in plan.schemes.items() if _takes_keys(scheme) and scheme.kind == "apiKey"]


def _takes_keys(scheme: Scheme) -> bool:
    return scheme.verify == "gateway" and (scheme.kind == "apiKey" or (scheme.kind == "basic" and not scheme.users))


def _sent(scheme: Scheme) -> tuple[int, str, str]:
    """The best one first: a query ends in logs."""
    if scheme.kind == "basic":
        return 1, "as the password of Basic, with any user name", "Authorization: Basic …"
    if scheme.location == "header":
        return 0, "in the header field", f"{scheme.field}: KEY"
    if scheme.location == "cookie":
        return 2, "in a cookie", f"Cookie: {scheme.field}=KEY"
    return 3, "in the query, which ends in logs: avoid it where there is another way", f"?{scheme.field}=KEY"


def _asks(route: Route) -> bool:
    return any(parameter.required for parameter in route.parameters) or route.conditions.weight > 0 or route.require is not None


def _alone(route: Route, plan: Plan) -> Iterator[Scheme]:
    for alternative in route.security or ():
        if len(alternative) == 1 and not alternative[0].scopes:
            scheme = plan.schemes[alternative[0].scheme]
            if _takes_keys(scheme):
                yield scheme
