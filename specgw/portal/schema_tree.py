"""The schemas of a document as rows: every member with its type, what it has to be, and what stands below it.

What a named schema has below it is worked out once, when somebody first asks, however many operations use it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Literal

from specgw.portal.references import name_of, resolved, target
from specgw.portal.schemas import Choice, choice, constraints, kind, plain, properties
from specgw.portal.text import clipped, mapping, paragraphs, sequence, visible

Document = Mapping[str, Any]
Direction = Literal["request", "response", "both"]

MOST = 150
"""Rows of one level; others are counted."""
LONGEST_PROSE = 1_200
_COMBINED = 4
"""Levels of allOf that are looked through."""
_ALIASES = 8
"""Schemas that say nothing but another one, one behind the other, that are looked through."""
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
_HIDDEN = {"request": "readOnly", "response": "writeOnly", "both": ""}
_STRUCTURED = frozenset(
    (
        *("properties", "allOf", "oneOf", "anyOf", "items", "prefixItems", "additionalProperties", "patternProperties", "if", "not"),
        *("then", "else", "contains", "propertyNames", "unevaluatedProperties", "unevaluatedItems", "dependentSchemas"),
    )
)
_COMBINATIONS = ("allOf", "oneOf", "anyOf")


@dataclass(slots=True, eq=False)
class Row:
    """A member, an item, a variant or a condition."""

    name: str
    kind: str
    said: bool
    """Whether `name` is a word of the document; otherwise it is one of ours."""
    required: bool
    marks: list[str]
    constraints: list[str]
    choice: Choice | None
    description: list[str]
    members: Members | None
    """What stands below."""
    drawn: tuple[str, str] | None = field(default=None, repr=False)
    """The row as HTML, once somebody has drawn it: the line with its name, and what is said below that."""
    written: str | None = field(default=None, repr=False)
    """The same as Markdown."""


class Members:
    """What stands below a schema. Rows with the same named schema share one of these, also when that leads to itself."""

    def __init__(self, schemas: Schemas, schema: Any, reference: str, direction: Direction) -> None:
        self.name = name_of({"$ref": reference}) or "" if reference else ""
        """The component's name; empty for what stands where it is used."""
        self.direction = direction
        self._schemas = schemas
        self._schema = schema

    @cached_property
    def all(self) -> list[Row]:
        """Every row, the first `MOST` of them."""
        return [row for row, _ in zip(self._schemas.rows(self._schema, self.direction), range(MOST), strict=False)]

    @cached_property
    def more(self) -> int:
        """How many rows are left out."""
        return sum(1 for _ in self._schemas.rows(self._schema, self.direction)) - MOST if len(self.all) == MOST else 0


class Schemas:
    """The schemas of a document."""

    def __init__(self, document: Document) -> None:
        self._document = document
        self._named: dict[tuple[str, Direction], Members] = {}

    def row(self, name: str, schema: Any, direction: Direction, *, said: bool = False, required: bool = False) -> Row:
        """One row. In requests what is readOnly is left out below it, in responses what is writeOnly."""
        document = self._document
        found = resolved(schema, document)
        inner = self._lone(found, alternatives=True)
        told = list(constraints(schema, document))
        if inner is not None:
            told += [words for words in constraints(inner, document) if words not in told]
        return Row(
            name=visible(clipped(name)),
            kind="nothing" if target(schema, document) is False else kind(schema, document),
            said=said,
            required=required,
            marks=[word for key, word in _MARKS if found.get(key) is True],
            constraints=[*told, *_notes(found)],
            choice=choice(schema, document) or choice(inner, document),
            description=paragraphs(found.get("description") or resolved(inner, document).get("description"), LONGEST_PROSE),
            members=self.members(schema, direction),
        )

    def members(self, schema: Any, direction: Direction) -> Members | None:
        """What stands below a schema; None where its row has said it all. Of an array of objects: the members of one."""
        reference: Any = None
        for _ in range(_ALIASES):
            found = resolved(schema, self._document)
            if not found.keys() & _STRUCTURED:
                return None
            reference = mapping(schema).get("$ref")
            inner = self._lone(found)
            if inner is None:
                break
            schema = inner
        if not isinstance(reference, str) or mapping(schema).keys() & _STRUCTURED:
            return Members(self, schema, "", direction)
        key = (reference, direction)
        if key not in self._named:
            self._named[key] = Members(self, schema, reference, direction)
        return self._named[key]

    def _lone(self, found: Mapping[str, Any], *, alternatives: bool = False) -> Any:
        """The one schema that another one stands for: of all items, or the only one of a combination besides null.

        None where it says more than that. `alternatives`: of oneOf and anyOf only.
        """
        keys = found.keys() & _STRUCTURED
        if len(keys) != 1 or "required" in found or "discriminator" in found:
            return None
        [key] = keys
        if key in _COMBINATIONS:
            if alternatives and key == "allOf":
                return None
            branches = [part for part in sequence(found[key]) if resolved(part, self._document).get("type") != "null"]
            return branches[0] if len(branches) == 1 and isinstance(branches[0], dict) else None
        return found[key] if key == "items" and isinstance(found[key], dict) and not alternatives else None

    def rows(self, schema: Any, direction: Direction) -> Iterator[Row]:
        """What stands below a schema, row by row."""
        found = resolved(schema, self._document)
        every = list(self._all(found, 0))
        required = {name for each in every for name in sequence(each.get("required")) if isinstance(name, str)}
        hidden = _HIDDEN[direction]
        for name, (child, _) in properties(schema, self._document).items():
            if resolved(child, self._document).get(hidden) is not True:
                yield self.row(name, child, direction, said=True, required=name in required)
        for each in every:
            for label, part in self._beyond(each):
                yield self.row(label, part, direction)

    def _all(self, found: Mapping[str, Any], depth: int) -> Iterator[Mapping[str, Any]]:
        """A schema and those of its allOf."""
        yield found
        for part in sequence(found.get("allOf")) if depth < _COMBINED else ():
            yield from self._all(resolved(part, self._document), depth + 1)

    def _beyond(self, found: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
        for pattern, child in mapping(found.get("patternProperties")).items():
            yield f"Names like {pattern}", child
        if isinstance(found.get("additionalProperties"), dict):
            yield "Any other name", found["additionalProperties"]
        for number, child in enumerate(sequence(found.get("prefixItems")), 1):
            yield f"Item {number}", child
        if isinstance(found.get("items"), dict) and resolved(found["items"], self._document).keys() & _STRUCTURED:
            yield "Each item", found["items"]
        for keyword, label in _PARTS:
            if isinstance(found.get(keyword), dict):
                yield label, found[keyword]
        for keyword, label in _CHOICES:
            variants = sequence(found.get(keyword))
            for number, child in enumerate(variants, 1):
                yield f"{label} {len(variants)}: {name_of(child) or f'variant {number}'}", child
        for keyword, label in _CONDITIONS:
            if isinstance(found.get(keyword), dict):
                yield label, found[keyword]
        for name, child in mapping(found.get("dependentSchemas")).items():
            yield f"With {name} also", child


def _notes(found: Mapping[str, Any]) -> list[str]:
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
