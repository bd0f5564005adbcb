"""A schema as a tree that one can unfold: every member with its type, what it has to be, and what is inside.

Of bounded size: what there is no room for is counted, and the whole schema is in the merged document.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from specgw.portal.references import name_of, resolved, target
from specgw.portal.schemas import constraints, kind, plain, properties
from specgw.portal.text import Names, clipped, mapping, paragraphs, sequence

Document = Mapping[str, Any]
Direction = Literal["request", "response"]

MOST = 120
"""Rows of one tree."""
DEEPEST = 8
LONGEST_PROSE = 600
_COMBINED = 4
"""Levels of allOf that are looked through."""
_CHOICES = (("oneOf", "Exactly one of"), ("anyOf", "At least one of"))
_CONDITIONS = (("if", "If it matches"), ("then", "then also"), ("else", "otherwise also"), ("not", "Must not match"))
_PARTS = (
    ("contains", "Some item"),
    ("propertyNames", "Every name"),
    ("unevaluatedProperties", "Any other name"),
    ("unevaluatedItems", "Further items"),
)
_MOST_VALUES = 24
_MARKS = (("deprecated", "deprecated"), ("readOnly", "read only"), ("writeOnly", "write only"))
_HIDDEN = {"request": "readOnly", "response": "writeOnly"}


@dataclass(slots=True)
class Row:
    """A member, an item, a variant or a condition."""

    name: str
    kind: str
    said: bool = False
    """Whether `name` is a word of the document; otherwise it is one of ours."""
    required: bool = False
    marks: list[str] = field(default_factory=list)
    constraints: list[str] = field(default_factory=list)
    description: list[str] = field(default_factory=list)
    anchor: str = ""
    """Where a row further down leads to: it has the same schema again."""
    link: str = ""
    """The anchor of the row with the same schema, in which this one stands."""
    rows: list[Row] = field(default_factory=list)
    more: int = 0
    """Rows that are left out."""

    @property
    def count(self) -> int:
        """How many rows there are, this one and all below it."""
        return 1 + sum(row.count for row in self.rows)


def tree(schema: Any, document: Document, direction: Direction, anchors: Names, anchor: str, most: int = MOST) -> Row:
    """The tree of a body's schema. In requests what is readOnly is left out, in responses what is writeOnly.

    `anchor`: where the tree itself stands.
    """
    return _Grower(document, direction, anchors, most).row("", schema, {}, 0, anchor=anchor)


class _Grower:
    def __init__(self, document: Document, direction: Direction, anchors: Names, most: int) -> None:
        self._document = document
        self._hidden = _HIDDEN[direction]
        self._anchors = anchors
        self._left = most

    def row(
        self, name: str, schema: Any, inside: Mapping[str, Row], level: int, *, said: bool = False, required: bool = False, anchor: str = ""
    ) -> Row:
        """A row with what is below it."""
        self._left -= 1
        found = resolved(schema, self._document)
        nothing = target(schema, self._document) is False
        row = Row(clipped(name), "nothing" if nothing else kind(schema, self._document), said, required, anchor=anchor)
        row.marks = [word for key, word in _MARKS if found.get(key) is True]
        row.constraints = [*constraints(schema, self._document), *self._notes(found)]
        row.description = paragraphs(found.get("description"), LONGEST_PROSE)
        entered = dict(inside)
        if not self._enter(schema, row, entered):
            return row
        parts = list(self._parts(schema, found, entered, row, 0))
        for number, (label, part, own, needed) in enumerate(parts):
            if self._left <= 0 or level >= DEEPEST:
                row.more = len(parts) - number
                break
            row.rows.append(self.row(label, part, entered, level + 1, said=own, required=needed))
        return row

    def _enter(self, schema: Any, row: Row, entered: dict[str, Row]) -> bool:
        """Note the reference that a row stands for. False: a row around it has it already, and is linked to."""
        reference = mapping(schema).get("$ref")
        if isinstance(reference, str):
            around = entered.get(reference)
            if around is not None:
                around.anchor = around.anchor or self._anchors.unique(f"schema-{name_of(schema)}", "schema")
                row.link = around.anchor
                return False
            entered[reference] = row
        return True

    def _parts(
        self, schema: Any, found: Mapping[str, Any], entered: dict[str, Row], row: Row, depth: int
    ) -> Iterator[tuple[str, Any, bool, bool]]:
        """What stands below: label, schema, whether the label is the document's, whether it is required."""
        every = list(self._all(found, 0))
        required = {name for each in every for name in sequence(each.get("required")) if isinstance(name, str)}
        for name, (child, _) in properties(schema, self._document).items():
            if resolved(child, self._document).get(self._hidden) is not True:
                yield name, child, True, name in required
        for each in every:
            yield from self._beyond(each, entered, row, depth)

    def _all(self, found: Mapping[str, Any], depth: int) -> Iterator[Mapping[str, Any]]:
        """A schema and those of its allOf."""
        yield found
        for part in sequence(found.get("allOf")) if depth < _COMBINED else ():
            yield from self._all(resolved(part, self._document), depth + 1)

    def _beyond(self, found: Mapping[str, Any], entered: dict[str, Row], row: Row, depth: int) -> Iterator[tuple[str, Any, bool, bool]]:
        for pattern, child in mapping(found.get("patternProperties")).items():
            yield f"Names like {pattern}", child, False, False
        if isinstance(found.get("additionalProperties"), dict):
            yield "Any other name", found["additionalProperties"], False, False
        for number, child in enumerate(sequence(found.get("prefixItems")), 1):
            yield f"Item {number}", child, False, False
        if isinstance(found.get("items"), dict):
            yield from self._items(found["items"], entered, row, depth)
        for keyword, label in _PARTS:
            if isinstance(found.get(keyword), dict):
                yield label, found[keyword], False, False
        for keyword, label in _CHOICES:
            variants = sequence(found.get(keyword))
            for number, child in enumerate(variants, 1):
                yield f"{label} {len(variants)}: {name_of(child) or f'variant {number}'}", child, False, False
        for keyword, label in _CONDITIONS:
            if isinstance(found.get(keyword), dict):
                yield label, found[keyword], False, False
        for name, child in mapping(found.get("dependentSchemas")).items():
            yield f"With {name} also", child, False, False

    def _items(self, items: Any, entered: dict[str, Row], row: Row, depth: int) -> Iterator[tuple[str, Any, bool, bool]]:
        """Of an array of objects the members of one; nothing where the type has said it all."""
        inner = resolved(items, self._document)
        if not inner.keys() & _STRUCTURED:
            return
        reference = mapping(items).get("$ref")
        if depth < DEEPEST and not row.link and reference not in entered:
            if isinstance(reference, str):
                entered[reference] = row
            yield from self._parts(items, inner, entered, row, depth + 1)
        else:
            yield "Each item", items, False, False

    def _notes(self, found: Mapping[str, Any]) -> list[str]:
        """What no row says."""
        notes = ["no other members"] if found.get("additionalProperties") is False or found.get("unevaluatedProperties") is False else []
        for name, needed in mapping(found.get("dependentRequired")).items():
            notes.append(f"with {plain(name)} also {', '.join(map(plain, sequence(needed)))}")
        chooser = mapping(found.get("discriminator"))
        if isinstance(chooser.get("propertyName"), str):
            chosen = list(mapping(chooser.get("mapping")).items())[:_MOST_VALUES]
            values = [f"{plain(value)} for {plain(place).rpartition('/')[2]}" for value, place in chosen]
            notes.append(f"{plain(chooser['propertyName'])} says which variant" + (f": {', '.join(values)}" if values else ""))
        return notes


_STRUCTURED = frozenset(
    ("properties", "allOf", "oneOf", "anyOf", "items", "prefixItems", "additionalProperties", "patternProperties", "if", "not", "contains")
)
