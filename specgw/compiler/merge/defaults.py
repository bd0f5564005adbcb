"""Leaves out defaults that their schema refuses.

OpenAPI asks that a default conforms to its schema, and validators of documents insist. Real documents have `default:
null` where nothing is meant; what the gateway does never depends on it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from specgw.openapi.keywords import type_of

_PREFIX = "#/components/schemas/"
_MAX_DEPTH = 16


def drop_refused(holders: Iterable[dict[str, Any]], schemas: Mapping[str, Any]) -> None:
    """Remove `default` from each schema that plainly does not admit it; `schemas` are the components by name."""
    for holder in holders:
        if not _admits(holder, holder["default"], schemas, 0):
            del holder["default"]


def _admits(schema: Any, value: Any, schemas: Mapping[str, Any], depth: int) -> bool:
    """Whether a value passes `type`, `enum` and `const`, also through references and combinations; others are not asked."""
    if not isinstance(schema, dict) or depth > _MAX_DEPTH:
        return schema is not False
    types = schema.get("type")
    if types is not None:
        kind = type_of(value)
        admitted = types if isinstance(types, list) else [types]
        if kind not in admitted and not (kind == "integer" and "number" in admitted):
            return False
    if "enum" in schema and not _among(value, schema["enum"]):
        return False
    if "const" in schema and not _among(value, [schema["const"]]):
        return False
    reference = schema.get("$ref")
    together = list(schema.get("allOf", ()))
    if isinstance(reference, str):
        together.append(schemas.get(reference.removeprefix(_PREFIX)))
    if not all(_admits(part, value, schemas, depth + 1) for part in together):
        return False
    return all(any(_admits(part, value, schemas, depth + 1) for part in schema[one]) for one in ("anyOf", "oneOf") if schema.get(one))


def _among(value: Any, values: Iterable[Any]) -> bool:
    """Equality as JSON has it: true is not 1."""
    return any(type_of(value) == type_of(other) and value == other for other in values)
