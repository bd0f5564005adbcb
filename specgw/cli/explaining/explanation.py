"""Everything that is known about one request, as a document: what `specgw explain --format json` prints."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote_plus, urlsplit

from specgw.cli.explaining.asked import Asked
from specgw.cli.explaining.candidates import hints, matches, rejected, told
from specgw.dataplane.chain import upstream_path
from specgw.plan.conditions import predicate
from specgw.plan.found import InvalidPath, Match, NotAllowed
from specgw.plan.model import Content, Parameter, Plan, Route, UpstreamChoice
from specgw.plan.table import RouteTable
from specgw.plan.template import TemplateError, parse
from specgw.policies.auth.resource import WELL_KNOWN

BUILT_IN = ("/healthz", "/readyz", "/metrics", "/portal/", "/sandbox/", "/openapi.json", WELL_KNOWN)
"""What the gateway answers itself where no document declares the path."""


@dataclass(frozen=True, slots=True)
class _Asked:
    path: bytes
    path_values: dict[str, str]
    remainder: str | None


@dataclass(frozen=True, slots=True)
class _Based:
    base_path: bytes


def explain(plan: Plan, origins: Mapping[str, Any], matrix: Mapping[str, Any], asked: Asked) -> dict[str, Any]:
    """What the gateway would do with the request, and why. `origins` and `matrix` are the build's."""
    table = RouteTable(plan.routes)
    query = None if asked.query is None else asked.query.encode()
    result = table.match(asked.method, asked.path, asked.host, asked.headers, query)
    explanation: dict[str, Any] = {
        "request": {"method": asked.method, "path": asked.path, "query": asked.query, "host": asked.host},
        "answer": _answer(plan, asked, table, result),
        "route": None,
        "rejected": [{**_route(other.route), "reason": other.reason} for other in rejected(plan, asked, result)],
        "notServed": [entry for entry in origins["unserved"] if entry["method"] == asked.method and _same(entry["path"], asked.path)],
    }
    if type(result) is not Match:
        return explanation
    route = result.route
    known = origins["routes"].get(route.id, {"settings": {}, "security": None})
    return {
        **explanation,
        "route": {**_route(route), "operationId": route.operation_id, "service": route.service, "pathParameters": result.values},
        "settings": _settings(known["settings"], origins["defaults"]),
        "security": _security(route, matrix, known["security"]),
        "validation": _validation(route, asked),
        "upstream": _upstream(plan, asked, result),
    }


def _answer(plan: Plan, asked: Asked, table: RouteTable, result: object) -> dict[str, Any]:
    if isinstance(result, Match):
        return {"by": "route", "status": None, "reason": f"the route {result.route.id}"}
    if isinstance(result, NotAllowed):
        allow = ", ".join(result.allow)
        if asked.method == "OPTIONS":
            reason = f"no document declares OPTIONS here: the gateway answers with 'Allow: {allow}'"
            return {"by": "gateway", "status": 204, "reason": reason}
        return {"by": "gateway", "status": 405, "reason": f"the path is declared for {allow} only"}
    if any(asked.path == path or (path.endswith(("/", WELL_KNOWN)) and asked.path.startswith(path)) for path in BUILT_IN):
        return {"by": "gateway", "status": None, "reason": "the gateway answers this path itself, where that page is served"}
    if isinstance(result, InvalidPath):
        return {"by": "gateway", "status": 400, "reason": f"the path is refused: {result.reason}"}
    if plan.edge.fallback is not None:
        return {"by": "fallback", "status": None, "reason": f"no route has it; `fallback` sends it to the upstream '{plan.edge.fallback}'"}
    said = {"by": "gateway", "status": 404, "reason": "no route has this path, host and conditions together"}
    near = [] if any(matches(route, asked.path) for route in plan.routes) else hints(plan, asked, table)
    return {**said, "hints": near}


def _route(route: Route) -> dict[str, Any]:
    return {"id": route.id, "method": route.method, "path": route.path, "file": route.origin.file, "line": route.origin.line}


def _same(template: str, path: str) -> bool:
    try:
        return parse(template).match(path) is not None
    except TemplateError:
        return False


def _settings(given: Mapping[str, Any], defaults: Mapping[str, str]) -> list[dict[str, Any]]:
    """Each effective setting with its place; those that nobody gave with their default."""
    settings = [{"name": name, **said} for name, said in given.items()]
    heads = {name.partition(".")[0] for name in given}
    for name, text in defaults.items():
        # A key with parts is a default part by part, any other as a whole.
        if name not in given and ("." in name or name not in heads):
            settings.append({"name": name, "value": text, "from": "default", "file": None, "line": None})
    order = {name.partition(".")[0]: number for number, name in enumerate(defaults)}
    return sorted(settings, key=lambda setting: (order.get(setting["name"].partition(".")[0], len(order)), setting["name"]))


def _security(route: Route, matrix: Mapping[str, Any], place: Mapping[str, Any] | None) -> dict[str, Any]:
    shown = next((entry for entry in matrix["operations"] if entry["route"] == route.id), None)
    return {
        "public": not route.security or () in route.security,
        "alternatives": [] if shown is None else shown["alternatives"],
        **({"from": "default", "file": None, "line": None} if place is None else place),
    }


def _validation(route: Route, asked: Asked) -> dict[str, Any]:
    declared = [parameter for parameter in route.parameters if parameter.location == "query"]
    # An object may spread its members over the query, so that any name can belong to it.
    spread = any("object" in one.shape.types or not one.shape.types or one.style == "deepObject" for one in declared if one.explode)
    names = {one.name for one in declared} | set(route.conditions.query)
    sent = [unquote_plus(pair.partition("=")[0]) for pair in (asked.query or "").split("&") if pair]
    checked = route.validate.request != "off"
    body = route.body
    return {
        "request": route.validate.request,
        "response": route.validate.response,
        "unknownQuery": route.validate.unknown_query,
        "undeclaredQuery": [] if spread else sorted({name for name in sent if name not in names}),
        "parameters": [_parameter(parameter, checked=checked) for parameter in route.parameters],
        "body": None if body is None else {"required": body.required, "content": [_content(one) for one in body.content]},
        "responses": [{"status": one.status, "content": [_content(entry) for entry in one.content]} for one in route.responses],
        "notEnforced": list(route.unenforced),
    }


def _parameter(parameter: Parameter, *, checked: bool) -> dict[str, Any]:
    return {
        "in": parameter.location,
        "name": parameter.name,
        "required": parameter.required,
        "style": None if parameter.media_type is not None else parameter.style,
        "explode": parameter.explode,
        "mediaType": parameter.media_type,
        "types": list(parameter.shape.types),
        "checked": checked and parameter.schema is not None,
    }


def _content(content: Content) -> dict[str, Any]:
    return {"mediaType": content.media_range, "readAs": content.kind, "checked": content.schema is not None and content.kind != "opaque"}


def _upstream(plan: Plan, asked: Asked, match: Match) -> dict[str, Any] | None:
    """The upstream that this request would go to, with the URL for each of its targets; None where it answers 503."""
    route = match.route
    choice = next((choice for choice in route.upstreams if _holds(choice, asked)), None)
    if choice is None:
        return None
    path = upstream_path(route)
    targets = []
    for target in plan.upstreams[choice.upstream].targets:
        base = "" if "${" in target.url else urlsplit(target.url).path
        # A reference to the environment is not resolved: what it stands for may hold a path as well.
        sent = path(_Asked(asked.path.encode("latin-1"), match.values, match.remainder), _Based(base.rstrip("/").encode("ascii")))
        origin = target.url if "${" in target.url else target.url[: len(target.url) - len(base)] if base else target.url
        targets.append({"url": target.url, "origin": origin, "path": sent.decode("ascii"), "weight": target.weight})
    return {
        "name": choice.upstream,
        "because": told(choice.conditions) if choice.conditions is not None else [],
        "targets": targets,
        "query": asked.query,
    }


def _holds(choice: UpstreamChoice, asked: Asked) -> bool:
    test = predicate(choice.conditions) if choice.conditions is not None else None
    return test is None or test.holds(asked.headers, None if asked.query is None else asked.query.encode())
