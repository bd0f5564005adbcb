"""What the panel that calls an operation is made from: its path, parameters, bodies and credentials, as data for a script."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from specgw.plan.model import Plan, Route
from specgw.portal import bodies
from specgw.portal.bodies import manner, options, typed, written
from specgw.portal.catalogue import Document, Entry
from specgw.portal.references import resolved
from specgw.portal.samples.call import LONGEST_BODY
from specgw.portal.security import alternatives
from specgw.portal.text import clipped, mapping, sequence
from specgw.portal.values import documented, sample

LONGEST = 100_000
"""Characters of the data of a panel."""
_LONGEST_NAME = 100
_MOST = 20
_KINDS = {"apiKey": "apiKey", "token": "bearer", "basic": "basic", "mutualTLS": "certificate"}
_QUERYSTRING = "x-specgw-querystring"
"""How the merged document, which is of OpenAPI 3.1, carries a parameter that is the whole query."""

Scheme = dict[str, str]
"""How a scheme's credentials are sent, and its key in `session.json`, where the sandbox's own stand."""


def form(entry: Entry, document: Document, plan: Plan, route: Route | None) -> dict[str, Any]:
    """The data of one operation. `route` is the one that serves it; None where nobody can say which."""
    operation = entry.operation
    declared = [resolved(value, document) for value in (*sequence(operation.get("parameters")), operation.get(_QUERYSTRING))]
    body = resolved(operation.get("requestBody"), document)
    responses = {status: resolved(said, document) for status, said in mapping(operation.get("responses")).items() if status[:2] != "x-"}
    return {
        "method": entry.method,
        "path": entry.path,
        "parameters": [_parameter(value, document) for value in declared if isinstance(value.get("name"), str)],
        "body": bodies.body(body, document, route) if mapping(body.get("content")) else None,
        "security": _security(entry, document, plan, route),
        "responses": [{"status": clipped(status), "examples": _examples(said)} for status, said in responses.items()],
        "accepts": list(dict.fromkeys(_accepts(responses)))[:_MOST],
    }


def embedded(data: Any) -> str:
    """Data as JSON that can stand inside of a `script` element: nothing in it ends that element (HTML section "script").

    "" for what is longer than a page should be: then there is no panel.
    """
    text = json.dumps(data, ensure_ascii=True, separators=(",", ":"))
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026") if len(text) <= LONGEST else ""


def _parameter(said: Mapping[str, Any], document: Document) -> dict[str, Any]:
    location = str(said.get("in", ""))
    media_type, holder = "", said
    for name, media in mapping(said.get("content")).items():
        media_type, holder = name, mapping(media)
    # A whole query is a form; its fields are typed as an object.
    whole = location == "querystring" and bodies.kind(media_type) == "form"
    schema = resolved(holder.get("schema"), document)
    kind = "object" if whole else typed(schema)
    items = resolved(schema.get("items"), document) if kind == "array" else schema
    required = said.get("required") is True
    found = documented(holder, document)
    value: Any = found[0] if found else None
    if value is None and required:
        value = sample(schema, str(said["name"]), document)
    return {
        "name": said["name"],
        "in": location,
        **manner(said, location),
        "required": required,
        "type": kind,
        "media": "" if whole else media_type,
        "options": options(items, document),
        "default": clipped(written(schema["default"], kind)) if "default" in schema else "",
        "value": "" if value is None else clipped(written(value, "object" if media_type else kind), LONGEST_BODY),
    }


def _security(entry: Entry, document: Document, plan: Plan, route: Route | None) -> list[list[Scheme]]:
    """What is asked for, one list an alternative: as the gateway asks, and as the document says where the route is not known."""
    if route is not None:
        return [[_planned(required.scheme, required.name, plan) for required in listed] for listed in route.security or ()]
    told = alternatives(entry.operation.get("security"), document)
    return [[_declared(scheme.name, scheme.declared) for scheme in alternative.schemes] for alternative in told]


def _planned(key: str, name: str, plan: Plan) -> Scheme:
    scheme = plan.schemes.get(key)
    if scheme is None:
        return {"key": key, "name": clipped(name), "kind": "other", "in": "", "field": ""}
    return {
        "key": key,
        "name": clipped(name),
        "kind": _KINDS.get(scheme.kind) or _other(scheme.http_scheme, scheme.verify == "upstream"),
        "in": scheme.location,
        "field": scheme.field,
    }


def _other(authentication: str | None, taken: bool) -> str:
    """An authentication that the gateway does not verify: `whole` is typed as it is sent, where somebody takes it."""
    return "digest" if authentication == "digest" else "whole" if taken else "other"


def _declared(name: str, said: Mapping[str, Any]) -> Scheme:
    authentication = str(said.get("scheme", "")).lower()
    kind = _other(authentication, bool(authentication))
    if said.get("type") == "mutualTLS":
        kind = "certificate"
    elif said.get("type") == "apiKey":
        kind = "apiKey"
    elif said.get("type") in ("oauth2", "openIdConnect") or authentication == "bearer":
        kind = "bearer"
    elif authentication == "basic":
        kind = "basic"
    place = (str(said.get("in", "")), str(said.get("name", ""))) if kind == "apiKey" else ("header", "Authorization")
    return {"key": "", "name": name, "kind": kind, "in": place[0], "field": place[1]}


def _examples(response: Mapping[str, Any]) -> list[str]:
    """Names that `Prefer: example=NAME` can have: what the sandbox calls the examples, where a header field can hold that."""
    names: dict[str, None] = {}
    for media in mapping(response.get("content")).values():
        said = mapping(media)
        if "example" in said:
            names["default"] = None
        names |= dict.fromkeys(mapping(said.get("examples")))
    return [name for name in names if len(name) <= _LONGEST_NAME and name.isprintable() and all(mark < "\u0100" for mark in name)][:_MOST]


def _accepts(responses: Mapping[str, Mapping[str, Any]]) -> Iterator[str]:
    """What a client can ask for: the types of success, where success is declared."""
    good = [response for status, response in responses.items() if status.startswith("2")]
    for response in good or responses.values():
        for name in mapping(response.get("content")):
            if bodies.kind(name) and "*" not in name and len(name) <= _LONGEST_NAME:
                yield name
