"""What the gateway does with the requests of one operation, told from the Plan: so it is what happens, not what was meant."""

from __future__ import annotations

import json

from specgw.plan.model import Plan, Route
from specgw.policies.auth.forgery import SAFE
from specgw.portal.text import clipped

Told = tuple[str, str]
"""A heading of a word or two, and a sentence."""

_REQUEST = {
    "enforce": "Parameters and body are checked against the contract; what breaks it is refused and never reaches the service.",
    "report": "Parameters and body are checked against the contract; what breaks it is noted and passed on all the same.",
    "off": "Parameters and body are passed on unchecked.",
}
_RESPONSE = {
    "enforce": "An answer of the service that breaks the contract is replaced by a problem with status 502.",
    "report": "An answer of the service that breaks the contract is noted and passed on all the same.",
    "off": "Answers of the service are passed on unchecked.",
}
_QUERY = {
    "ignore": "Query parameters that are not declared are passed on.",
    "report": "Query parameters that are not declared are noted and passed on.",
    "reject": "Query parameters that are not declared are refused.",
}
_MOCK = {
    "always": "The gateway answers by itself, as the sandbox does: no service is asked.",
    "fallback": "Where the service cannot be reached, the gateway answers by itself, as the sandbox does.",
}


def enforced(route: Route, plan: Plan) -> list[Told]:
    """What is done, in the order in which a caller meets it."""
    told: list[Told] = []
    if route.hosts:
        told.append(("Host", f"Only under {' or '.join(route.hosts)}."))
    conditions = [*_conditions("header", route.conditions.headers), *_conditions("query parameter", route.conditions.query)]
    if conditions:
        told.append(("Only where", f"{'; '.join(conditions)}."))
    told += _callers(route, plan)
    told.append(("Requests", _REQUEST[route.validate.request]))
    if route.validate.request != "off":
        told.append(("Query", _QUERY[route.validate.unknown_query]))
        told.append(("Formats", f"Formats such as date-time are {'' if route.validate.formats else 'not '}checked."))
    told.append(("Body", f"At most {size(route.max_body)}."))
    if route.body is not None and any(content.kind == "json" for content in route.body.content):
        told[-1] = ("Body", f"At most {size(route.max_body)}; JSON at most {route.max_depth} levels deep.")
    told.append(("Responses", _RESPONSE[route.validate.response]))
    waits = route.timeout
    told.append(("Time", f"The service has {seconds(waits.response)} to begin its answer; an exchange may last {seconds(waits.total)}."))
    if route.websocket is not None:
        socket = route.websocket
        origins = "pages of this gateway" if socket.origins is None else ", ".join(socket.origins) or "no page"
        limits = f"messages of at most {size(socket.max_message)}; closed after {seconds(socket.idle)} of silence"
        told.append(("WebSocket", f"From {origins}; {limits}."))
    mock = plan.sandbox.operations.get(route.id)
    if mock is not None and mock.behaviour.mode in _MOCK:
        told.append(("Answers", _MOCK[mock.behaviour.mode]))
    return told


def _callers(route: Route, plan: Plan) -> list[Told]:
    told: list[Told] = []
    require = route.require
    if require is not None:
        parts = [f"one of the roles {', '.join(require.roles)}"] if require.roles else []
        parts += [f"all of the scopes {', '.join(require.scopes)}"] if require.scopes else []
        parts += [f"the claim {name} = {clipped(json.dumps(value, ensure_ascii=False))}" for name, value in require.claims.items()]
        parts += [f"that {clipped(require.when)}"] if require.when is not None else []
        told.append(("Callers need", f"{'; '.join(parts)}."))
    schemes = [plan.schemes.get(required.scheme) for alternative in route.security or () for required in alternative]
    cookie = any(scheme is not None and scheme.kind == "apiKey" and scheme.location == "cookie" for scheme in schemes)
    if cookie and route.csrf != "off" and route.method not in SAFE:
        told.append(("Cookies", "Where a cookie says who calls, only pages of this gateway's own origin may ask."))
    return told


def _conditions(kind: str, values: dict[str, str | None]) -> list[str]:
    return [f"the {kind} {name} is {'there' if value is None else clipped(value)}" for name, value in values.items()]


def size(count: int) -> str:
    """Bytes as people say them: exactly."""
    for unit, factor in (("GiB", 1 << 30), ("MiB", 1 << 20), ("KiB", 1 << 10)):
        if count >= factor and count % factor == 0:
            return f"{count // factor} {unit}"
    return f"{count} bytes"


def seconds(count: float) -> str:
    """A duration as people say it."""
    return f"{round(count * 1000)} ms" if count < 1 else f"{count:g} s"
