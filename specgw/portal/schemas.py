"""Schemas for people: type, constraints and allowed values in a few words."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from specgw.portal.references import resolved
from specgw.portal.text import clipped, mapping, sequence, visible

Document = Mapping[str, Any]

_DEEPEST = 4
"""Combinations inside each other that are looked through."""
_MOST_VALUES = 24

_BOUNDS = (
    ("minimum", "≥ {}"),
    ("exclusiveMinimum", "> {}"),
    ("maximum", "≤ {}"),
    ("exclusiveMaximum", "< {}"),
    ("multipleOf", "multiple of {}"),
    ("minLength", "at least {} characters"),
    ("maxLength", "at most {} characters"),
    ("pattern", "pattern {}"),
    ("minItems", "at least {} items"),
    ("maxItems", "at most {} items"),
    ("minProperties", "at least {} members"),
    ("maxProperties", "at most {} members"),
)
_COUNTED = ("Length", "Items", "Properties")


def plain(value: Any) -> str:
    """A value as it stands in a table: text without quotes, everything else as JSON."""
    return visible(clipped(value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)))


def kind(schema: Any, document: Document, depth: int = 0) -> str:
    """The type in words: `integer (int32)`, `array of string`, `string or null`, `any`."""
    found = resolved(schema, document)
    types = found.get("type")
    names = [types] if isinstance(types, str) else [name for name in sequence(types) if isinstance(name, str)]
    if not names and depth < _DEEPEST:
        for combination in ("allOf", "anyOf", "oneOf"):
            parts = [kind(part, document, depth + 1) for part in sequence(found.get(combination))]
            told = [part for part in dict.fromkeys(parts) if part != "any" or combination != "allOf"]
            if told:
                return " or ".join(told[:1] if combination == "allOf" else told[:_DEEPEST])
    words = [_array(found, document, depth) if name == "array" else name for name in names]
    form = found.get("format")
    return " or ".join(words or ["any"]) + (f" ({clipped(form, 40)})" if isinstance(form, str) else "")


def constraints(schema: Any, document: Document) -> list[str]:
    """What else a value has to be, each in a few words; of arrays also what each item has to be. Not which values are allowed."""
    told = list(_constraints(schema, document, 0))
    items = resolved(schema, document).get("items")
    told += [f"each item {words}" for words in _constraints(items, document, 0)]
    return list(dict.fromkeys(told))


@dataclass(frozen=True, slots=True)
class Choice:
    """The values that `enum` allows: of the value itself, or of each item."""

    values: list[str]
    each: bool = False
    more: int = 0
    """How many there are besides."""


def choice(schema: Any, document: Document) -> Choice | None:
    """The allowed values; None where nothing lists them."""
    found = resolved(schema, document)
    for each, part in ((False, found), (True, resolved(found.get("items"), document))):
        values = _enumerated(part, document, 0)
        if values:
            return Choice([plain(value) for value in values[:_MOST_VALUES]], each, max(0, len(values) - _MOST_VALUES))
    return None


def _enumerated(found: Mapping[str, Any], document: Document, depth: int) -> Sequence[Any]:
    values = sequence(found.get("enum"))
    for part in sequence(found.get("allOf")) if not values and depth < _DEEPEST else ():
        values = values or _enumerated(resolved(part, document), document, depth + 1)
    return values


def _array(schema: Mapping[str, Any], document: Document, depth: int) -> str:
    if "items" not in schema or depth >= _DEEPEST:
        return "array"
    return f"array of {kind(schema['items'], document, depth + 1)}"


def _constraints(schema: Any, document: Document, depth: int) -> Iterator[str]:
    found = resolved(schema, document)
    if depth < _DEEPEST:
        for part in sequence(found.get("allOf")):
            yield from _constraints(part, document, depth + 1)
    if "const" in found:
        yield f"always {plain(found['const'])}"
    for keyword, words in _BOUNDS:
        if keyword in found and not isinstance(found[keyword], bool):
            told = words.format(plain(found[keyword]))
            yield told.removesuffix("s") if found[keyword] == 1 and keyword[3:] in _COUNTED else told
    if found.get("uniqueItems") is True:
        yield "no item twice"
    if "default" in found:
        yield f"default {plain(found['default'])}"


def properties(schema: Any, document: Document, depth: int = 0) -> dict[str, tuple[Any, bool]]:
    """The properties of an object schema, those of `allOf` included: the schema of each, and whether it is required."""
    found = resolved(schema, document)
    required = [name for name in sequence(found.get("required")) if isinstance(name, str)]
    told: dict[str, tuple[Any, bool]] = {}
    if depth < _DEEPEST:
        for part in sequence(found.get("allOf")):
            told |= properties(part, document, depth + 1)
    told |= {name: (child, False) for name, child in mapping(found.get("properties")).items()}
    return {name: (child, needed or name in required) for name, (child, needed) in told.items()}
