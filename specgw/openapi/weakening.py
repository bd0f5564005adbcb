"""Loosens lowered schemas around what is not enforced, so that leaving it out never refuses what the author allowed.

A keyword that is left out accepts more. Below `not` more accepted is more refused; in a branch of `oneOf` a second branch
matches; in `if` another path is taken; `maxContains` counts more; and what `unevaluatedProperties` refuses grows with
every schema that is missing beside it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

_UNEVALUATED = ("unevaluatedProperties", "unevaluatedItems")
_ONE = ("not", "if", "then", "else", "items", "contains", "additionalProperties", "propertyNames", *_UNEVALUATED)
_MANY = ("allOf", "anyOf", "oneOf", "prefixItems")
_NAMED = ("properties", "patternProperties", "dependentSchemas")


def loosen(schema: dict[str, Any], holed: set[int], references: set[str]) -> None:
    """Loosen, in place, around the subschemas of which something was left out and the `$ref`s to such schemas.

    `holed` are identities of lowered schemas, `references` those of schemas elsewhere.
    """
    for inner, hurt in _hurt(schema, holed, references):
        _loosen(inner, hurt)


def open_up(schema: dict[str, Any], gapped: set[int], references: set[str]) -> bool:
    """Remove, in place, what speaks of unevaluated properties and items beside gaps; whether anything was removed."""
    removed = False
    for inner, _ in _tree(schema):
        if any(keyword in inner for keyword in _UNEVALUATED) and gaping(inner, gapped, references):
            for keyword in _UNEVALUATED:
                removed |= inner.pop(keyword, None) is not None
    return removed


def gaping(schema: dict[str, Any], gapped: set[int], references: set[str]) -> bool:
    """Whether a gap applies to the same value as a schema."""
    return any(id(inner) in gapped or inner.get("$ref") in references for inner in together(schema))


def together(schema: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The schema and its subschemas that apply to the same value, so that it sees what they evaluate."""
    stack: list[Any] = [schema]
    while stack:
        current = stack.pop()
        if isinstance(current, dict):
            yield current
            stack.extend(current[keyword] for keyword in ("if", "then", "else") if keyword in current)
            for keyword in ("allOf", "anyOf", "oneOf"):
                stack.extend(current.get(keyword, ()))
            stack.extend(current.get("dependentSchemas", {}).values())


def _hurt(schema: dict[str, Any], holed: set[int], references: set[str]) -> list[tuple[dict[str, Any], set[int]]]:
    """The subschemas that have a hole in them or below, outer ones first, with the identities of all of these."""
    order = _tree(schema)
    hurt: set[int] = set()
    for current, parent in reversed(order):
        if id(current) in hurt or id(current) in holed or current.get("$ref") in references:
            hurt.add(id(current))
            if parent >= 0:
                hurt.add(id(order[parent][0]))
    return [(current, hurt) for current, _ in order if id(current) in hurt]


def _tree(schema: dict[str, Any]) -> list[tuple[dict[str, Any], int]]:
    """The schema and all of its subschemas, outer ones first, each with the index of the one around it."""
    order = [(schema, -1)]
    for index, (current, _) in enumerate(order):
        order.extend((child, index) for child in _children(current))
    return order


def _children(schema: dict[str, Any]) -> list[dict[str, Any]]:
    found = [schema[keyword] for keyword in _ONE if keyword in schema]
    for keyword in _MANY:
        found.extend(schema.get(keyword, ()))
    for keyword in _NAMED:
        found.extend(schema.get(keyword, {}).values())
    return [child for child in found if isinstance(child, dict)]


def _loosen(schema: dict[str, Any], hurt: set[int]) -> None:
    if id(schema.get("not")) in hurt:
        del schema["not"]
    if id(schema.get("if")) in hurt:
        for keyword in ("if", "then", "else"):
            schema.pop(keyword, None)
    if any(id(branch) in hurt for branch in schema.get("oneOf", ())):
        # Beside another `anyOf` it goes altogether: a place for both would nest deeper than the document does.
        schema.setdefault("anyOf", schema.pop("oneOf"))
    if id(schema.get("contains")) in hurt:
        schema.pop("maxContains", None)
