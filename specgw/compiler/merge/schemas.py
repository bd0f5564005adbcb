"""Schema Objects of a merged document: 3.0 words said in 3.1, nothing else changed.

Unlike the lowering for the Plan, annotations and order stay as the author wrote them: people read this. Values that
break the rules of their keyword are read as the lowering reads them, so that the merged document is valid and says what
is enforced.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from specgw.openapi.dialects import NARROWING, known_dialect, read_type
from specgw.openapi.keywords import NOTHING, READERS, KeywordReading, read_enum, read_names, read_number
from specgw.plan.formats import RANGES

# JSON Schema 2020-12 keywords by what they hold; values of all other keywords are data and copied as they are.
SCHEMA = frozenset(
    (
        "additionalItems",
        "additionalProperties",
        "contains",
        "contentSchema",
        "else",
        "if",
        "items",
        "not",
        "propertyNames",
        "then",
        "unevaluatedItems",
        "unevaluatedProperties",
    )
)
SCHEMA_LIST = frozenset(("allOf", "anyOf", "oneOf", "prefixItems"))
SCHEMA_MAP = frozenset(("$defs", "definitions", "dependentSchemas", "patternProperties", "properties"))

_READERS: dict[str, Callable[[Any], KeywordReading]] = {
    **{keyword: reader for keyword, reader in READERS.items() if keyword != "const"},
    "minimum": read_number,
    "maximum": read_number,
    "required": read_names,
}
_ANNOTATIONS: dict[str, type] = {
    "title": str,
    "description": str,
    "format": str,
    "pattern": str,
    "examples": list,
    "deprecated": bool,
    "readOnly": bool,
    "writeOnly": bool,
}
_WELL_KNOWN = frozenset(("int32", "int64", "double"))
_EXCLUSIVE = (("exclusiveMinimum", "minimum"), ("exclusiveMaximum", "maximum"))


def upgrade(schema: dict[str, Any], version: str) -> dict[str, Any]:
    """A copied schema of a document of `version` as 3.1 says it. Changes the schema it is given.

    `nullable` widens the `type` beside it, in 3.0 (OpenAPI 3.0.3 section "Schema Object") and nothing else. In 3.1, which
    does not have it, it is read as "or null".
    """
    nullable = schema.pop("nullable", None) is True
    for keyword in list(schema):
        reader = _READERS.get(keyword)
        if reader is not None:
            _replace(schema, keyword, reader(schema[keyword]))
        elif not isinstance(schema[keyword], _ANNOTATIONS.get(keyword, object)):
            del schema[keyword]
    for exclusive, bound in _EXCLUSIVE:
        flag = schema.get(exclusive)
        if flag is True and bound in schema:
            schema[exclusive] = schema.pop(bound)
        elif isinstance(flag, bool):
            del schema[exclusive]
        elif exclusive in schema:
            _replace(schema, exclusive, read_number(flag))
    if "type" in schema:
        types = read_type(schema["type"], alone=False).types
        if types is None:
            del schema["type"]
        else:
            if nullable and "null" not in types:
                types = (*types, "null")
            schema["type"] = types[0] if len(types) == 1 else list(types)
    if "enum" in schema:
        types = schema.get("type", ())
        _replace(schema, "enum", read_enum(schema["enum"], (types,) if isinstance(types, str) else tuple(types)))
    _bounded(schema)
    if "$schema" in schema and not known_dialect(schema["$schema"]):
        del schema["$schema"]  # it is read as 2020-12, and marked as not enforced exactly
    if nullable and version != "3.0" and any(keyword in schema for keyword in NARROWING):
        return {"anyOf": [{"type": "null"}, schema]}
    return schema


def _bounded(schema: dict[str, Any]) -> None:
    """Say the range of a numeric format beside it, since it is enforced, and few readers know what `uint8` or `float` means.

    Where the type says already that it is a number; not for the formats that every reader knows, nor for what JSON can hold anyway.
    """
    name, types = schema.get("format"), schema.get("type")
    if name not in RANGES or name in _WELL_KNOWN or not set(types if isinstance(types, list) else [types]) <= {"integer", "number", "null"}:
        return
    limits = RANGES[name]
    for keyword, stricter in (("minimum", max), ("maximum", min)):
        said = schema.get(keyword)
        schema[keyword] = limits[keyword] if said is None else stricter(said, limits[keyword])


def _replace(schema: dict[str, Any], keyword: str, reading: KeywordReading) -> None:
    if reading.value is NOTHING:
        del schema[keyword]
    else:
        schema[keyword] = reading.value
