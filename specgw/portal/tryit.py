"""What the panel that calls an operation is made from: its path, parameters, bodies and credentials, as data for a script."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from specgw.http import parse_media_type
from specgw.mock import credentials
from specgw.plan.model import Plan
from specgw.portal.catalogue import Document, Entry
from specgw.portal.references import resolved
from specgw.portal.samples.call import LONGEST_BODY
from specgw.portal.security import Scheme, alternatives
from specgw.portal.text import clipped, mapping, sequence
from specgw.portal.values import documented, sample

_STYLES = {"query": "form", "cookie": "form"}
LONGEST = 100_000
"""Characters of the data of a panel."""
_MOST_OPTIONS = 100
_MOST_EXAMPLES = 20


def sandbox_token(plan: Plan) -> str:
    """A bearer token that the sandbox of a plan takes."""
    return credentials.token(0, credentials.granted(plan)) if any(scheme.kind == "token" for scheme in plan.schemes.values()) else ""


def form(entry: Entry, document: Document, token: str = "") -> dict[str, Any]:
    """The data of one operation. `token` is what the sandbox takes as a bearer token; without it the panel asks for one."""
    operation = entry.operation
    declared = [resolved(value, document) for value in sequence(operation.get("parameters"))]
    body = resolved(operation.get("requestBody"), document)
    return {
        "method": entry.method,
        "path": entry.path,
        "parameters": [_parameter(value, document) for value in declared if isinstance(value.get("name"), str)],
        "body": _body(body, document) if mapping(body.get("content")) else None,
        "security": [
            [_scheme(scheme, token) for scheme in alternative.schemes] for alternative in alternatives(operation.get("security"), document)
        ],
        "responses": [clipped(status) for status in mapping(operation.get("responses")) if not status.startswith("x-")],
    }


def embedded(data: Any) -> str:
    """Data as JSON that can stand inside of a `script` element: nothing in it ends that element (HTML section "script").

    "" for what is longer than a page should be: then there is no panel.
    """
    text = json.dumps(data, ensure_ascii=True, separators=(",", ":"))
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026") if len(text) <= LONGEST else ""


def _parameter(said: Mapping[str, Any], document: Document) -> dict[str, Any]:
    location = str(said.get("in", ""))
    style = said.get("style")
    style = style if isinstance(style, str) else _STYLES.get(location, "simple")
    explode = said.get("explode")
    media_type, holder = "", said
    for name, media in mapping(said.get("content")).items():
        media_type, holder = name, mapping(media)
    schema = resolved(holder.get("schema"), document)
    kind = _type(schema)
    items = resolved(schema.get("items"), document) if kind == "array" else schema
    required = said.get("required") is True
    found = documented(holder, document)
    value: Any = found[0] if found else None
    if value is None and required:
        value = sample(schema, str(said["name"]), document)
    return {
        "name": said["name"],
        "in": location,
        "style": style,
        "explode": explode if isinstance(explode, bool) else style in ("form", "deepObject"),
        "allowReserved": said.get("allowReserved") is True,
        "required": required,
        "type": kind,
        "media": media_type,
        "options": _options(items, document),
        "default": clipped(_written(schema["default"], kind)) if "default" in schema else "",
        "value": "" if value is None else clipped(_written(value, "object" if media_type else kind), LONGEST_BODY),
    }


def _type(schema: Mapping[str, Any]) -> str:
    types = schema.get("type")
    names = [types] if isinstance(types, str) else [name for name in sequence(types) if isinstance(name, str)]
    return next((name for name in names if name != "null"), "object" if "properties" in schema else "")


def _options(schema: Mapping[str, Any], document: Document) -> list[str]:
    if _type(schema) == "boolean":
        return ["true", "false"]
    values = sequence(schema.get("enum"))
    return [_written(value, "") for value in values if value is not None] if len(values) <= _MOST_OPTIONS else []


def _written(value: Any, kind: str) -> str:
    """A value as people type it: of an array one item a line."""
    if kind == "array" and isinstance(value, list):
        return "\n".join(_written(item, "") for item in value)
    return value if isinstance(value, str) and kind != "object" else json.dumps(value, ensure_ascii=False)


def _body(said: Mapping[str, Any], document: Document) -> dict[str, Any]:
    content = [_media(name, mapping(media), document) for name, media in mapping(said.get("content")).items()]
    # What people write most stands first.
    content.sort(key=lambda media: media["kind"] != "json")
    return {"required": said.get("required") is True, "content": content}


def _media(name: str, said: Mapping[str, Any], document: Document) -> dict[str, Any]:
    kind = _kind(name)
    return {"name": name, "kind": kind, "examples": [] if kind == "binary" else list(_examples(said, kind, document))[:_MOST_EXAMPLES]}


def _kind(name: str) -> str:
    media = parse_media_type(name)
    if media is None:
        return "binary"
    if media.json or media.essence == "*/*":
        return "json"
    kinds = {"application/x-www-form-urlencoded": "form", "multipart/form-data": "multipart"}
    textual = media.essence.startswith("text/") or media.essence.endswith(("xml", "yaml"))
    return kinds.get(media.essence, "text" if textual else "binary")


def _examples(said: Mapping[str, Any], kind: str, document: Document) -> Iterator[Sequence[str]]:
    """Names and texts: all that are documented, else one that is made."""
    named = mapping(said.get("examples"))
    if "example" not in said and named:
        for name, value in named.items():
            example = resolved(value, document)
            if "value" in example:
                yield clipped(str(example.get("summary") or name)), _text(example["value"], kind)
        return
    found = documented(said, document)
    yield "Example", _text(found[0] if found else sample(said.get("schema"), "body", document), kind)


def _text(value: Any, kind: str) -> str:
    return value if isinstance(value, str) and kind == "text" else json.dumps(value, ensure_ascii=False, indent=2)


def _scheme(scheme: Scheme, token: str) -> dict[str, Any]:
    declared = scheme.declared
    kind, opens = "other", ""
    if declared.get("type") == "apiKey":
        kind, opens = "apiKey", credentials.KEYS[0]
    elif declared.get("type") in ("oauth2", "openIdConnect") or str(declared.get("scheme", "")).lower() == "bearer":
        kind, opens = "bearer", token
    elif str(declared.get("scheme", "")).lower() == "basic":
        kind, opens = "basic", f"{credentials.NAMES[0]}:{credentials.PASSWORDS[0]}"
    return {
        "name": scheme.name,
        "kind": kind,
        "in": str(declared.get("in", "")),
        "field": str(declared.get("name", "")),
        "sandbox": opens,
    }
