"""Schemas without what only structures them: `$ref` and `allOf` are put together, null and constants are said in one way."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from specgw.changes.clients.side import resolve

Schema = dict[str, Any]
TYPES = frozenset(("null", "boolean", "object", "array", "number", "string"))
_LEAST = frozenset(("maximum", "exclusiveMaximum", "maxLength", "maxItems", "maxProperties"))
_GREATEST = frozenset(("minimum", "exclusiveMinimum", "minLength", "minItems", "minProperties"))
_WORDS = frozenset(("title", "description", "examples", "example", "externalDocs", "$comment", "default", "xml", "deprecated"))


def flatten(document: Mapping[str, Any], value: Any, depth: int = 0) -> Schema:
    """A schema of a merged document as one mapping, `allOf` and `$ref` of its own level put together."""
    if value is True or depth > 30:
        return {}
    if not isinstance(value, dict):
        return {"not": {}} if value is False else {}
    made = {key: each for key, each in value.items() if key not in ("$ref", "allOf")}
    if "const" in made:
        made["enum"] = [made.pop("const")]
    members = list(value["allOf"]) if isinstance(value.get("allOf"), list) else []
    if isinstance(value.get("$ref"), str):
        members.insert(0, resolve(document, {"$ref": value["$ref"]}))
    whole: Schema = {}
    for member in members:
        whole = _both(whole, flatten(document, member, depth + 1))
    return _possible(_nullable(document, _both(whole, made), depth))


def types_of(schema: Schema) -> frozenset[str]:
    """The types that values may have; `integer` beside `number` is said by the latter."""
    said = schema.get("type")
    if said is not None:
        found = frozenset([said] if isinstance(said, str) else said)
    elif isinstance(schema.get("enum"), list):
        found = frozenset(_type(value) for value in schema["enum"])
    else:
        found = TYPES
    return found - {"integer"} if "number" in found else found


def same(one: Any, other: Any) -> bool:
    """Whether two JSON values are equal; true is not 1."""
    return key_of(one) == key_of(other)


def key_of(value: Any) -> str:
    """The same text for equal JSON values."""
    return json.dumps(value, sort_keys=True, ensure_ascii=False)


def _type(value: Any) -> str:
    kinds = {bool: "boolean", int: "integer", float: "number", str: "string", list: "array", dict: "object"}
    return kinds.get(type(value), "null")


def _nullable(document: Mapping[str, Any], schema: Schema, depth: int) -> Schema:
    """`anyOf: [X, {type: null}]` is X that may be null, also where X is a component."""
    for keyword in ("anyOf", "oneOf"):
        members = schema.get(keyword)
        if isinstance(members, list) and len(members) == 2 and {"type": "null"} in members:
            other = flatten(document, next((member for member in members if member != {"type": "null"}), True), depth + 1)
            if "type" in other and "type" not in schema:
                said = [other["type"]] if isinstance(other["type"], str) else list(other["type"])
                left = {key: value for key, value in schema.items() if key != keyword}
                made = {**_both(other, left), "type": sorted({*said, "null"})}
                if isinstance(other.get("enum"), list) and None not in other["enum"]:
                    made["enum"] = [*other["enum"], None]
                return made
    return schema


def _shared(first: Any, second: Any) -> frozenset[str]:
    """The types that two `type`s allow."""
    one, other = (_types(said) for said in (first, second))
    both = one & other
    return both - {"integer"} if "number" in both else both


def _types(said: Any) -> frozenset[str]:
    """Those of a `type`; every integer is a number."""
    types = frozenset([said] if isinstance(said, str) else said)
    return types | {"integer"} if "number" in types else types


def _possible(schema: Schema) -> Schema:
    """The same without listed values of other types than it allows; what no value fits is `{"not": {}}`."""
    if "type" not in schema:
        return schema
    if not schema["type"]:
        return {"not": {}}
    if isinstance(schema.get("enum"), list):
        types = _types(schema["type"])
        left = [value for value in schema["enum"] if _type(value) in types or (isinstance(value, float) and _integral(value, types))]
        return {**schema, "enum": left} if left else {"not": {}}
    return schema


def _integral(value: float, types: frozenset[str]) -> bool:
    return "integer" in types and value.is_integer()


def _both(one: Schema, other: Schema) -> Schema:
    """What both say; words are those of the second."""
    made = {**one, **other}
    for key in one.keys() & other.keys():
        first, second = one[key], other[key]
        if key in _WORDS or same(first, second):
            continue
        if key == "properties":
            made[key] = {**first, **second, **{name: {"allOf": [first[name], second[name]]} for name in first.keys() & second.keys()}}
        elif key == "required":
            made[key] = [*first, *(name for name in second if name not in first)]
        elif key == "enum":
            made[key] = [value for value in first if any(same(value, each) for each in second)]
        elif key == "type":
            made[key] = sorted(_shared(first, second))
        elif key in _LEAST:
            made[key] = min(first, second)
        elif key in _GREATEST:
            made[key] = max(first, second)
        elif key in ("readOnly", "writeOnly", "uniqueItems"):
            made[key] = first is True or second is True
        elif key == "additionalProperties" and False in (first, second):
            made[key] = False
        elif key == "items":
            made[key] = {"allOf": [first, second]}
        else:
            made.setdefault("x-all", []).append({key: first})
    return made
