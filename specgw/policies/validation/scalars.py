"""From the text of a parameter to typed JSON values, as its `Shape` admits.

A text may have several readings (`type: [integer, string]`): all are given, the most specific first, and a value is
valid when one of its readings is. Readings follow the JSON grammar: an integer is not `+1`, `007`, `1_0` or `0x1`,
booleans are `true` and `false`, and null is the empty text or `null` where no string is admitted (a service reads an
empty string there). A text without any reading stays a string, which the schema then refuses by its type.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import islice, product
from typing import Any

from specgw.plan.model import Shape
from specgw.policies.validation import strict_json

Readings = Sequence[Any]
"""What a text may mean: one or more JSON values, the most specific first."""

Scalar = Callable[[str], Readings]

# RFC 8259 section 6; group 1 is there when it is not an integer literal.
_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*)(\.[0-9]+(?:[eE][+-]?[0-9]+)?|[eE][+-]?[0-9]+)?").fullmatch
# CPython refuses to read longer integers (sys.set_int_max_str_digits).
_MAX_DIGITS = 4000
# Combinations of readings that are tried for one array or object whose members are ambiguous.
_MAX_COMBINATIONS = 64
# Levels of a JSON document inside of a parameter.
_MAX_NESTING = 32


class Form:
    """A `Shape` made ready: how texts, array items and object members of a value are read."""

    __slots__ = ("additional", "array", "items", "known", "object", "part", "properties", "scalar", "scalars", "text")

    def __init__(self, shape: Shape) -> None:
        types = frozenset(shape.types)
        self.scalar = scalar(types)
        self.part = _or_document(self.scalar) if not types.isdisjoint(("array", "object")) else self.scalar
        """How its text is read where it is an item or a member: no style says how structures nest, so that one is a JSON document."""
        self.known = bool(types)
        """Whether the schema says anything about types."""
        self.scalars = not types or bool(types - {"array", "object"})
        """Whether a text can be a value by itself."""
        self.text = not types or "string" in types
        self.array = not types or "array" in types
        self.object = not types or "object" in types
        self.items: Form = ANY if shape.items is None else Form(shape.items)
        self.properties: Mapping[str, Form] = {name: Form(member) for name, member in shape.properties.items()}
        self.additional: Form = ANY if shape.additional is None else Form(shape.additional)

    def member(self, name: str) -> Form:
        """How the value of an object member is read."""
        return self.properties.get(name, self.additional)


def scalar(types: frozenset[str]) -> Scalar:
    """The reader for a text of these JSON Schema types (none: any), arrays and objects left aside."""
    types = types - {"array", "object"} or frozenset(("boolean", "number", "string"))
    if types == {"string"}:
        return _string
    if types <= {"integer", "number"}:
        return _number
    readers: list[Callable[[str], Readings]] = []
    if "null" in types and "string" not in types:
        readers.append(_null)
    if "boolean" in types:
        readers.append(_boolean)
    if "integer" in types or "number" in types:
        readers.append(_strict_number)

    chain = tuple(readers)
    text_too = "string" in types

    def read(text: str) -> Readings:
        found = [value for reader in chain for value in reader(text)]
        if text_too or not found:
            found.append(text)
        return found

    return read


def _or_document(plain: Scalar) -> Scalar:
    """Reads a text as a JSON document, when it is that of an array or object, before all else."""

    def read(text: str) -> Readings:
        if text[:1] not in ("{", "["):
            return plain(text)
        try:
            return (strict_json.read(text.encode("utf-8"), _MAX_NESTING), *plain(text))
        except strict_json.Unreadable:
            return plain(text)

    return read


def combinations(parts: Sequence[Readings]) -> Iterable[tuple[Any, ...]]:
    """Ways to choose one reading of each part, the most specific first; a bounded number of them."""
    if all(len(readings) == 1 for readings in parts):
        return (tuple([readings[0] for readings in parts]),)
    # All as plain as can be comes last, in case the bound cuts it off.
    return [*islice(product(*parts), _MAX_COMBINATIONS), tuple([readings[-1] for readings in parts])]


def arrays(parts: Sequence[Readings]) -> Readings:
    """The readings of an array, from those of its items."""
    return [list(choice) for choice in combinations(parts)]


def objects(parts: Mapping[str, Readings]) -> Readings:
    """The readings of an object, from those of its members."""
    return [dict(zip(parts, choice, strict=True)) for choice in combinations(list(parts.values()))]


def _string(text: str) -> Readings:
    return (text,)


def _number(text: str) -> Readings:
    return _strict_number(text) or (text,)


def _strict_number(text: str) -> Readings:
    match = _NUMBER(text)
    if match is None:
        return ()
    if match[1] is None:
        return (int(text),) if len(text) <= _MAX_DIGITS else ()
    value = float(text)
    return (value,) if math.isfinite(value) else ()


def _boolean(text: str) -> Readings:
    if text == "true":
        return (True,)
    return (False,) if text == "false" else ()


def _null(text: str) -> Readings:
    return (None,) if text in ("", "null") else ()


def _any() -> Form:
    """The form of a value about which nothing is known; its items and members are such values again."""
    form = Form.__new__(Form)
    form.scalar = form.part = scalar(frozenset())
    form.known = False
    form.scalars = form.text = form.array = form.object = True
    form.items = form.additional = form
    form.properties = {}
    return form


ANY = _any()
