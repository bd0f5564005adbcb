"""Which fields of an OpenAPI object come into the merged document: those that exist, in the type that they have to have.

What real documents have beyond that was found while reading and has no effect; a valid document cannot hold it.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from specgw.openapi.fields import FIELDS, SINCE, Type

_TYPES: dict[Type, type | tuple[type, ...]] = {
    "text": str,
    "string": str,
    "flag": bool,
    "mapping": dict,
    "list": list,
    "schema": (dict, bool),
    "any": object,
}

_NAMES = {
    "info": "Info",
    "pathItem": "Path Item",
    "operation": "Operation",
    "parameter": "Parameter",
    "header": "Header",
    "requestBody": "Request Body",
    "mediaType": "Media Type",
    "encoding": "Encoding",
    "response": "Response",
    "securityScheme": "Security Scheme",
}

# Fields by kind of object. Addresses of services (`servers`, a link's `server`) are left out: the only server of the
# merged document is the gateway.
_FIELDS: Mapping[str, Mapping[str, Type]] = {
    **{kind: {key: expected for key, expected in FIELDS[name].items() if key != "servers"} for kind, name in _NAMES.items()},
    "example": {
        "summary": "text",
        "description": "text",
        "value": "any",
        "dataValue": "any",
        "serializedValue": "string",
        "externalValue": "string",
    },
    "link": {"parameters": "mapping", "requestBody": "any", "description": "text"},
    "tag": {"name": "text", "summary": "text", "description": "text", "externalDocs": "mapping", "parent": "string", "kind": "string"},
}

# What came with OpenAPI 3.2, which a document of 3.1 carries under another name: as an extension.
_LATER = frozenset(
    (
        *((kind, key) for (name, key), since in SINCE.items() if since == "3.2" for kind, known in _NAMES.items() if known == name),
        *(("tag", key) for key in ("summary", "parent", "kind")),
        ("example", "serializedValue"),
    )
)

# What an object lacks that OpenAPI 3.1 requires, and the gateway can do without.
_REQUIRED: Mapping[str, Mapping[str, Any]] = {
    "info": {"title": "", "version": ""},
    "response": {"description": ""},
    "requestBody": {"content": {}},
}


def fitting(kind: str, value: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """The fields that come along, in the author's order, and extensions other than x-gateway."""
    fields = _FIELDS[kind]
    lacking = dict(_REQUIRED.get(kind, {}))
    for key, child in value.items():
        if key.startswith("x-"):
            if portable(key, child):
                yield key, child
            continue
        expected = fields.get(key)
        kept = _text(child) if expected == "text" else child
        if expected is not None and isinstance(kept, _TYPES[expected]):
            lacking.pop(key, None)
            if (kind, key) in _LATER:
                yield carried(key), kept
            elif (kind, key) != ("example", "dataValue"):
                yield key, kept
            elif "value" not in value:
                yield "value", kept
    yield from lacking.items()
    if kind in ("parameter", "header") and not ("schema" in value or "content" in value):
        yield "schema", {}


def carried(key: str) -> str:
    """What a field of OpenAPI 3.2 is called in a document of 3.1."""
    return f"x-specgw-{key}"


def portable(key: str, value: Any) -> bool:
    """Whether an extension goes along: not x-gateway, and nothing with references, since these would lead nowhere."""
    return key != "x-gateway" and not _refers(value)


def _refers(value: Any) -> bool:
    if isinstance(value, dict):
        return isinstance(value.get("$ref"), str) or any(_refers(child) for child in value.values())
    return isinstance(value, list) and any(_refers(child) for child in value)


def _text(value: Any) -> str | None:
    """Prose, also where YAML read it as a number for want of quotes."""
    if isinstance(value, str):
        return value
    return json.dumps(value) if isinstance(value, int | float | bool) else None
