"""What the gateway does with the requests of one operation, told from the Plan: so it is what happens, not what was meant."""

from __future__ import annotations

import json
from typing import NamedTuple

from specgw.plan.model import Plan, Route
from specgw.policies.auth.forgery import SAFE
from specgw.portal.text import clipped, visible


class Told(NamedTuple):
    """A heading of a word or two, a sentence, and words of a document that stand below it as they are."""

    heading: str
    sentence: str
    code: str = ""


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
    """What is done with a request and its answer, in the order in which a caller meets it."""
    told: list[Told] = []
    if route.hosts:
        told.append(Told("Host", f"Only under {' or '.join(route.hosts)}."))
    conditions = [*_conditions("header", route.conditions.headers), *_conditions("query parameter", route.conditions.query)]
    if conditions:
        told.append(Told("Only where", f"{'; '.join(conditions)}."))
    told.append(Told("Requests", _REQUEST[route.validate.request]))
    if route.validate.request != "off":
        told.append(Told("Query", _QUERY[route.validate.unknown_query]))
        told.append(Told("Formats", f"Formats such as date-time are {'' if route.validate.formats else 'not '}checked."))
    told.append(Told("Body", f"At most {size(route.max_body)}."))
    if route.body is not None and any(content.kind == "json" for content in route.body.content):
        told[-1] = Told("Body", f"At most {size(route.max_body)}; JSON at most {route.max_depth} levels deep.")
    told.append(Told("Responses", _RESPONSE[route.validate.response]))
    if route.validate.response != "off":
        told.append(Told("Large answers", f"Answers are held for that up to {size(route.max_response)}."))
    waits = route.timeout
    told.append(
        Told(
            "Time",
            f"The service has {seconds(waits.connect)} to take the connection and {seconds(waits.response)} to begin its answer; "
            f"an exchange may last {seconds(waits.total)}, and no side may be silent for {seconds(waits.idle)}.",
        )
    )
    if route.websocket is not None:
        socket = route.websocket
        origins = "pages of this gateway" if socket.origins is None else ", ".join(socket.origins) or "no page"
        limits = f"messages of at most {size(socket.max_message)}; closed after {seconds(socket.idle)} of silence"
        told.append(Told("WebSocket", f"From {origins}; {limits}."))
    mock = plan.sandbox.operations.get(route.id)
    if mock is not None and mock.behaviour.mode in _MOCK:
        told.append(Told("Answers", _MOCK[mock.behaviour.mode]))
    if mock is not None and mock.behaviour.state == "crud":
        told.append(Told("Sandbox", "The sandbox keeps what a caller creates, for that caller, and answers with it."))
    return told


def access(route: Route, plan: Plan) -> list[Told]:
    """What is asked of callers beyond the credentials themselves."""
    told: list[Told] = []
    require = route.require
    if require is not None:
        if require.roles:
            told.append(Told("Roles", f"One of {', '.join(map(clipped, require.roles))}."))
        if require.scopes:
            told.append(Told("Scopes", f"All of {', '.join(map(clipped, require.scopes))}."))
        for name, value in require.claims.items():
            told.append(Told("Claim", f"{clipped(name)} has to be", visible(clipped(json.dumps(value, ensure_ascii=False)))))
        if require.when is not None:
            told.append(Told("Condition", "This has to be true (CEL, over the request and the caller's claims):", visible(require.when)))
    schemes = [plan.schemes.get(required.scheme) for alternative in route.security or () for required in alternative]
    cookie = any(scheme is not None and scheme.kind == "apiKey" and scheme.location == "cookie" for scheme in schemes)
    if cookie and route.csrf != "off" and route.method not in SAFE:
        told.append(Told("Cookies", "Where a cookie says who calls, only pages of this gateway's own origin may ask."))
    if any(scheme is not None and scheme.verify == "upstream" for scheme in schemes):
        told.append(Told("Verified by", "The service itself: the gateway only sees to it that credentials are there."))
    failed = plan.edge.limits.failed_logins
    if failed is not None and any(scheme is not None for scheme in schemes):
        told.append(Told("Failures", f"After {failed.count} wrong credentials within {seconds(failed.window)} an address is answered 429."))
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
