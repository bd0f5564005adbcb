"""Shapes of schemas: which JSON types a value may have that arrives as text, in a parameter or a form field.

A shape is what a schema admits, computed on its values of `type`, `enum` and `const`, through `$ref`, `allOf` (both),
`anyOf` and `oneOf` (either). It may admit more than the schema does: the schema itself decides afterwards.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from specgw.openapi.dialects import TYPES, Dialect, dialect_of, read_type
from specgw.openapi.keywords import type_of
from specgw.openapi.model import Node
from specgw.openapi.targets import Targets
from specgw.plan.model import Shape

# How far into arrays and objects a shape goes: a form field nests a few levels at most.
_MAX_DEPTH = 6
# How many schemas one shape looks at; beyond it everything is admitted.
_MAX_SCHEMAS = 4000
# How many `$ref`, `allOf`, `anyOf`, `oneOf` may stand in each other for the same value.
_MAX_IN_PLACE = 48

ANY = Shape()


class Shapes:
    """Computes shapes for a compile."""

    def __init__(self, targets: Targets) -> None:
        self._targets = targets

    def of(self, node: Node, version: str) -> Shape:
        """The shape of a schema of a document of an OpenAPI version."""
        return _Walk(self._targets, version).shape(node, 0, ()) or ANY


class _Walk:
    """One computation; `None` is the shape of a schema that admits nothing."""

    def __init__(self, targets: Targets, version: str) -> None:
        self._targets = targets
        self._version = version
        self._left = _MAX_SCHEMAS

    def shape(self, node: Node, depth: int, around: tuple[int, ...]) -> Shape | None:
        """The shape of a schema; `around` are the schemas for the same value that led to it."""
        value = node.value
        if value is False:
            return None
        self._left -= 1
        if not isinstance(value, dict) or id(value) in around or len(around) > _MAX_IN_PLACE or self._left < 0:
            return ANY
        around = (*around, id(value))
        dialect = dialect_of(node.document.version or self._version)
        found: Shape | None = ANY
        if isinstance(value.get("$ref"), str):
            target = self._targets.follow(node, dialect)
            found = ANY if target is None else self.shape(target, depth, around)
            if not dialect.reference_siblings:
                return found
        found = _both(found, self._own(node, dialect, depth))
        for branch in _branches(node, "allOf"):
            found = _both(found, self.shape(branch, depth, around))
        for keyword in ("anyOf", "oneOf"):
            branches = _branches(node, keyword)
            if branches:
                admitted: Shape | None = None
                for branch in branches:
                    admitted = _either(admitted, self.shape(branch, depth, around))
                found = _both(found, admitted)
        if found is not None and value.get("nullable") is True and dialect.reference_siblings and found.types:
            found = _typed(found, {*found.types, "null"})
        return found

    def _own(self, node: Node, dialect: Dialect, depth: int) -> Shape | None:
        """The shape by the schema's own keywords."""
        value = node.value
        types: set[str] | None = None
        named = read_type(value["type"], alone=dialect.identifiers and len(value) == 1).types if "type" in value else None
        if named is not None:
            types = set(named)
            if value.get("nullable") is True:
                types.add("null")
        if isinstance(value.get("enum"), list) and value["enum"]:
            types = _common(types, {type_of(entry) for entry in value["enum"]}, lenient=True)
        if "const" in value:
            types = _common(types, {type_of(value["const"])}, lenient=False)
        if types is not None and not types:
            return None
        items = self._items(node, depth) if types is None or "array" in types else None
        properties: dict[str, Shape] = {}
        additional: Shape | None = None
        if depth < _MAX_DEPTH and (types is None or "object" in types):
            for name, child in (self._targets.properties(node, dialect) or {}).items():
                properties[name] = self.shape(child, depth + 1, ()) or ANY
            rest = node.get("additionalProperties")
            if rest is not None and isinstance(rest.value, dict):
                additional = self.shape(rest, depth + 1, ())
        return Shape(types=_ordered(types), items=items, properties=properties, additional=_unless_any(additional))

    def _items(self, node: Node, depth: int) -> Shape | None:
        if depth >= _MAX_DEPTH:
            return None
        children: list[Node] = []
        for keyword in ("prefixItems", "items"):
            child = node.get(keyword)
            if child is not None:
                children.extend(child.elements() if isinstance(child.value, list) else (child,))
        admitted: Shape | None = None
        for child in children:
            admitted = _either(admitted, self.shape(child, depth + 1, ()))
        return _unless_any(admitted)


def _branches(node: Node, keyword: str) -> list[Node]:
    child = node.get(keyword)
    if child is None:
        return []
    return list(child.elements()) if isinstance(child.value, list) else [child]


def _unless_any(shape: Shape | None) -> Shape | None:
    return None if shape is None or shape == ANY else shape


def _ordered(types: Iterable[str] | None) -> tuple[str, ...]:
    if types is None:
        return ()
    named = set(types)
    return tuple(name for name in TYPES if name in named)


def _typed(shape: Shape, types: Iterable[str]) -> Shape:
    return Shape(types=_ordered(types), items=shape.items, properties=shape.properties, additional=shape.additional)


def _common(types: set[str] | None, others: set[str], *, lenient: bool) -> set[str]:
    """Types in both; an integer is a number. `lenient`: where they have none in common, the former, for what YAML retyped."""
    if types is None:
        return others
    common = types & others
    if "number" in types and "integer" in others:
        common.add("integer")
    if "integer" in types and "number" in others:
        common.add("integer")
    return types if lenient and not common - {"null"} else common


def _both(one: Shape | None, other: Shape | None) -> Shape | None:
    """What both admit."""
    if one is None or other is None:
        return None
    if one == ANY:
        return other
    if other == ANY:
        return one
    types: set[str] | None = set(one.types) or None
    if other.types:
        types = _common(types, set(other.types), lenient=False)
        if not types:
            return None
    properties = dict(one.properties)
    for name, shape in other.properties.items():
        properties[name] = (_both(properties[name], shape) or ANY) if name in properties else shape
    return Shape(
        types=_ordered(types),
        items=_merged(one.items, other.items, _both),
        properties=properties,
        additional=_merged(one.additional, other.additional, _both),
    )


def _either(one: Shape | None, other: Shape | None) -> Shape | None:
    """What one of them admits."""
    if one is None or other is None:
        return other if one is None else one
    types = {*one.types, *other.types} if one.types and other.types else None
    properties = dict(one.properties)
    for name, shape in other.properties.items():
        properties[name] = (_either(properties[name], shape) or ANY) if name in properties else shape
    return Shape(
        types=_ordered(types),
        items=_alternative(one, other, "array", one.items, other.items),
        properties=properties,
        additional=_alternative(one, other, "object", one.additional, other.additional),
    )


def _merged(one: Shape | None, other: Shape | None, merge: Any) -> Shape | None:
    if one is None or other is None:
        return one if other is None else other
    merged: Shape | None = merge(one, other)
    return _unless_any(merged)


def _alternative(one: Shape, other: Shape, kind: str, of_one: Shape | None, of_other: Shape | None) -> Shape | None:
    """Parts of either: those of the only one that admits the kind, both together, or any where one says nothing of them."""
    if one.types and kind not in one.types:
        return of_other
    if other.types and kind not in other.types:
        return of_one
    return None if of_one is None or of_other is None else _unless_any(_either(of_one, of_other))
