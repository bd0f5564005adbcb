"""Schemas for people: type and constraints in a few words, and the schema itself as JSON of bounded length."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Any

from specgw.portal.json_text import json_text
from specgw.portal.references import name_of, resolved, target
from specgw.portal.text import clipped, mapping, sequence

Document = Mapping[str, Any]

LONGEST = 5000
"""Characters of a schema on a page. What does not fit is in the merged document."""
_DEEPEST = 4
"""References inside each other that are written out, and combinations that are looked through."""
_NESTING = 40
"""Levels of JSON: nobody reads further."""
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


@dataclass(frozen=True, slots=True)
class Shown:
    """A schema as a page shows it."""

    name: str
    """The component's name; what kind of value it is where it has none."""
    text: str
    whole: bool
    """Whether nothing was left out."""


def plain(value: Any) -> str:
    """A value as it stands in a table: text without quotes, everything else as JSON."""
    return clipped(value if isinstance(value, str) else json.dumps(value, ensure_ascii=False))


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
    """What else a value has to be, each in a few words; of arrays also what each item has to be."""
    told = list(_constraints(schema, document, 0))
    items = resolved(schema, document).get("items")
    told += [f"each item {words}" for words in _constraints(items, document, 0)]
    return list(dict.fromkeys(told))


def shown(schema: Any, document: Document) -> Shown:
    """A schema with what it refers to written out: as deeply as there is room for, and not twice inside itself."""
    name = name_of(schema) or kind(schema, document)
    for depth in range(_DEEPEST, 0, -1):
        writer = _Writer(document, depth)
        text = json_text(writer.expanded(schema, (), 0))
        if writer.whole and len(text) <= LONGEST:
            return Shown(name, text, True)
    if len(text) > LONGEST:
        end = text.rfind("\n", 0, LONGEST)
        text = text[: end if end > 0 else LONGEST] + "\n…"
    return Shown(name, text, False)


class _Writer:
    def __init__(self, document: Document, depth: int) -> None:
        self.whole = True
        """Whether nothing had to be left out so far."""
        self._document = document
        self._depth = depth
        self._left = LONGEST // 8

    def expanded(self, value: Any, inside: tuple[str, ...], level: int) -> Any:
        """A copy with references replaced by what they lead to, and an ellipsis for what there is no room for."""
        self._left -= 1
        if self._left < 0 or level > _NESTING:
            self.whole = False
            return "…"
        if isinstance(value, list):
            return [self.expanded(child, inside, level + 1) for child in value[: self._left + 1]]
        if not isinstance(value, dict):
            return value
        reference = value.get("$ref")
        if isinstance(reference, str) and reference not in inside and len(inside) < self._depth:
            found = target({"$ref": reference}, self._document)
            if isinstance(found, bool):
                return found
            inside = (*inside, reference)
            value = resolved(value, self._document)
        return {key: self.expanded(child, inside, level + 1) for key, child in islice(value.items(), self._left + 1)}


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
    values = sequence(found.get("enum"))
    if values:
        more = len(values) - _MOST_VALUES
        yield "one of " + ", ".join(plain(value) for value in values[:_MOST_VALUES]) + (f" and {more} more" if more > 0 else "")
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
