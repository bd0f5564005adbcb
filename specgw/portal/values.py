"""Values for samples: what the document gives as an example, and otherwise something that shows what belongs there."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from specgw.portal.references import resolved
from specgw.portal.schemas import properties
from specgw.portal.text import mapping, sequence

_DEEPEST = 5
_FOREIGN = re.compile(r"[^A-Z0-9]+")

# Values by `format`, of names and addresses that are reserved for documentation (RFC 2606, RFC 5737, RFC 3849).
_FORMATS = {
    "date": "2030-01-31",
    "date-time": "2030-01-31T12:00:00Z",
    "time": "12:00:00Z",
    "duration": "PT1H",
    "email": "name@example.com",
    "hostname": "www.example.com",
    "ipv4": "192.0.2.1",
    "ipv6": "2001:db8::1",
    "uri": "https://example.com/",
    "url": "https://example.com/",
    "uuid": "123e4567-e89b-42d3-a456-426614174000",
}


def documented(holder: Mapping[str, Any], document: Mapping[str, Any]) -> tuple[Any, ...]:
    """The first example of a parameter or a media type: a tuple of one value, empty where there is none.

    `example`, else the first of `examples` that has a value, else what its schema gives.
    """
    if "example" in holder:
        return (holder["example"],)
    for named in mapping(holder.get("examples")).values():
        example = resolved(named, document)
        if "value" in example:
            return (example["value"],)
    schema = resolved(holder.get("schema"), document)
    if "example" in schema:
        return (schema["example"],)
    return tuple(sequence(schema.get("examples"))[:1])


def sample(schema: Any, name: str, document: Mapping[str, Any], depth: int = 0) -> Any:
    """A value of a schema: its example, its default, its first allowed value; otherwise the least that belongs there.

    Text of which nothing is known becomes `name` in capitals. `pattern` and lengths are not looked at.
    """
    found = resolved(schema, document)
    for key in ("example", "const", "default"):
        if key in found:
            return found[key]
    for key in ("examples", "enum"):
        if sequence(found.get(key)):
            return found[key][0]
    if depth > _DEEPEST:
        return None
    for key in ("anyOf", "oneOf"):
        parts = sequence(found.get(key))
        if parts and "type" not in found:
            return sample(parts[0], name, document, depth + 1)
    members = properties(found, document)
    types = found.get("type")
    first = next((one for one in sequence(types) if one != "null"), "null") if isinstance(types, list) else types
    if first == "object" or members:
        return {
            key: sample(child, key, document, depth + 1)
            for key, (child, required) in members.items()
            if required and resolved(child, document).get("readOnly") is not True
        }
    parts = sequence(found.get("allOf"))
    if parts and first is None:
        return sample(parts[0], name, document, depth + 1)
    return _scalar(found, first, name, document, depth)


def _scalar(schema: Mapping[str, Any], kind: Any, name: str, document: Mapping[str, Any], depth: int) -> Any:
    if kind == "array":
        return [sample(schema.get("items"), name, document, depth + 1)]
    if kind in ("integer", "number"):
        least, above = schema.get("minimum"), schema.get("exclusiveMinimum")
        if isinstance(above, int | float) and not isinstance(above, bool):
            return above + 1
        return least if isinstance(least, int | float) and not isinstance(least, bool) else 1
    if kind == "boolean":
        return True
    if kind == "null":
        return None
    form = schema.get("format")
    placeholder = _FOREIGN.sub("_", name.upper()).strip("_") or "VALUE"
    return _FORMATS.get(form, placeholder) if isinstance(form, str) else placeholder
