"""What the gateway itself can answer at an operation, for the merged document: problems of RFC 9457."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from specgw.compiler.merge.split import Published
from specgw.compiler.overlap import overlapping, preferred
from specgw.plan.model import Route
from specgw.plan.sandbox import Behaviour
from specgw.plan.template import Template
from specgw.policies.auth.forgery import SAFE

OFF = Behaviour()
PROBLEM_TYPE = "application/problem+json"
EMPTY_OR_PROBLEM = "Where the gateway itself answers so, it is with a problem (RFC 9457)."
UNDESCRIBED = "The document does not say what the service answers."
"""Where no final response is declared: without it, every answer of the service would be one that the merged document does not have."""

RESPONSES: dict[int, tuple[str, str]] = {
    400: ("GatewayBadRequest", "The request does not match the contract of the operation; `violations` lists all that is wrong."),
    401: ("GatewayUnauthorized", "Credentials are missing or were not accepted."),
    403: ("GatewayForbidden", "The credentials are good, but not enough for this operation; or a page of this origin may not ask for it."),
    404: ("GatewayNotFound", "Nothing is served at this path."),
    405: ("GatewayMethodNotAllowed", "The path belongs to a more concrete one that does not have this method; `Allow` lists those it has."),
    406: ("GatewayNotAcceptable", "The sandbox, which answers here, has none of the media types that `Accept` asks for."),
    413: ("GatewayPayloadTooLarge", "The body is larger than the operation accepts."),
    415: ("GatewayUnsupportedMediaType", "The operation does not accept this media type or content coding."),
    426: ("GatewayUpgradeRequired", "A WebSocket was asked for in another version than 13."),
    429: ("GatewayTooManyFailures", "Credentials from this address were wrong too often; `Retry-After` says how long to wait."),
    501: ("GatewayNotImplemented", "The sandbox, which answers here, finds no value that the response's schema accepts."),
    502: ("GatewayBadGateway", "The service could not be reached, or what it answered cannot be passed on."),
    503: ("GatewayServiceUnavailable", "The service is not available at present."),
    504: ("GatewayTimeout", "The service did not answer in time."),
}
"""The component and the description of each answer."""

HEADERS: dict[int, dict[str, Any]] = {
    401: {"WWW-Authenticate": {"description": "Credentials that would do, one challenge each.", "schema": {"type": "string"}}},
    429: {"Retry-After": {"description": "Seconds to wait.", "schema": {"type": "integer"}}},
}
"""The fields that an answer has beside those of every answer."""

SCHEMAS: dict[str, dict[str, Any]] = {
    "Problem": {
        "type": "object",
        "description": "What went wrong, as RFC 9457 says it.",
        "required": ["type", "title", "status", "detail"],
        "properties": {
            "type": {"type": "string", "format": "uri", "description": "Identifies the kind of problem; stable."},
            "title": {"type": "string", "description": "The kind of problem in words."},
            "status": {"type": "integer", "description": "The HTTP status of this answer."},
            "detail": {"type": "string", "description": "What happened this time."},
            "requestId": {"type": "string", "description": "Finds this request in the logs."},
            "violations": {"type": "array", "items": {"$ref": ""}, "description": "Each way in which the request breaks the contract."},
        },
    },
    "Violation": {
        "type": "object",
        "required": ["in", "message", "keyword"],
        "properties": {
            "in": {"type": "string", "enum": ["path", "query", "header", "cookie", "body", "status"]},
            "name": {"type": "string", "description": "The parameter's name."},
            "pointer": {"type": "string", "description": "JSON pointer inside the parameter's value or the body."},
            "keyword": {"type": "string", "description": "What of the schema or of the encoding was broken."},
            "message": {"type": "string", "description": "What was expected."},
        },
    },
}


def statuses(route: Route, overshadowed: bool, by_cookie: bool = False, behaviour: Behaviour = OFF) -> list[int]:
    """The statuses that the gateway itself can answer with at a route. `by_cookie`: a cookie may say who calls.

    `overshadowed`: a more concrete path takes some of its requests and does not have its method. `behaviour`: what `mock` says.
    """
    mocked = behaviour.mode != "off"
    faults = behaviour.faults if mocked else None
    templated = "{" in route.path
    body = route.body is not None
    # A body may come where none is declared: it is refused, and before that it may be too large.
    checks = route.validate.request == "enforce"
    secured = bool(route.security) and () not in (route.security or ())
    listed = secured and any(required.scopes for alternative in route.security or () for required in alternative)
    websocket = route.websocket
    forgeable = by_cookie and route.csrf != "off" and route.method not in SAFE
    possible = {
        400: checks or templated or websocket is not None,
        401: secured,
        403: listed or forgeable or route.require is not None or (websocket is not None and "*" not in (websocket.origins or ())),
        404: templated or bool(route.conditions.weight or route.hosts) or mocked,  # Prefer may ask for what is not declared
        405: overshadowed,
        406: mocked,
        413: True,
        415: body and checks,
        426: websocket is not None,
        429: any(route.security or ()),
        501: mocked,
        502: bool(route.upstreams) and behaviour.mode != "always",
        503: True,
        504: bool(route.upstreams) and behaviour.mode != "always",
    }
    if faults is not None and faults.kind == "status" and faults.rate > 0:
        possible[faults.status] = True
    return sorted(status for status, happens in possible.items() if happens)


def named(status: int) -> tuple[str, str]:
    """The component and the description of an answer; a status that is not listed is one that `mock.faults` asks for."""
    return RESPONSES.get(status) or (f"GatewayFault{status}", "The sandbox, which answers here, fails on purpose now and then.")


def overshadowing(published: Iterable[Published]) -> Callable[[Published], bool]:
    """Whether a more concrete path takes some requests of an entry and does not have its method, so that they get 405."""
    methods: dict[object, set[str]] = {}
    templates: dict[object, Template] = {}
    for entry in published:
        methods.setdefault(entry.template.key, set()).add(entry.route.method)
        templates.setdefault(entry.template.key, entry.template)
    lacking: dict[object, list[set[str]]] = {}
    for first, second, _ in overlapping(templates.values()):
        winner = preferred(first, second)
        loser = second if winner is first else first
        lacking.setdefault(loser.key, []).append(methods[winner.key])
    return lambda entry: any(entry.route.method not in others for others in lacking.get(entry.template.key, ()))


def extended(response: dict[str, Any], problem: dict[str, Any]) -> dict[str, Any]:
    """A declared response that the gateway's own answer may take the place of: its content, and a problem.

    One without `content` stays without: the service's answer is empty, the gateway's is not, and no document can say "or nothing".
    Then the description says it.
    """
    content = response.get("content")
    if not isinstance(content, dict) or not content:
        return {**response, "description": f"{response.get('description', '')}\n\n{EMPTY_OR_PROBLEM}".lstrip()}
    content = dict(content)
    declared = content.get(PROBLEM_TYPE)
    if declared is None:
        content[PROBLEM_TYPE] = {"schema": problem}
    elif isinstance(declared, dict) and declared.get("schema", True) not in (True, {}):
        content[PROBLEM_TYPE] = {**declared, "schema": {"anyOf": [declared["schema"], problem]}}
    return {**response, "content": content}


def covering(responses: dict[str, Any], status: int) -> str | None:
    """The key of `responses` that speaks of a status: itself, its range, or `default`."""
    for key in (str(status), f"{status // 100}XX", "default"):
        if key in responses:
            return key
    return None
