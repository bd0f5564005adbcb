"""How a parameter is written: every style and explode of OpenAPI ("Style Values", after RFC 6570).

Delimiters are looked for before percent-decoding, so that `%2C` inside an item is data; only `spaceDelimited` and
`pipeDelimited` have their delimiter percent-encoded as well (`%20`, `+`, `%7C`). Nothing is dropped in silence:
what cannot be read raises `Malformed`. Readers are built once per Plan.

Choices where the specifications are silent: an empty text of a delimited array is the empty array, and `ids=` of an
exploded one is one empty item. `deepObject` nests (`a[b][c]=1`) and holds arrays as repeated names (`a[b]=1&a[b]=2`),
with empty brackets (`a[b][]=1`) or with numbers from 0 (`a[b][0]=1`). Arrays and objects inside of others are JSON documents,
as `deepObject` may have them, too.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from specgw.plan.model import Style
from specgw.policies.validation.escapes import Malformed, escaped, percent
from specgw.policies.validation.scalars import Form, Readings, arrays, objects

Fields = Mapping[str, str | list[str]]
"""Named values of a query, cookie or form: names decoded, values still raw; a list where a name is repeated."""

Decode = Callable[[str], str]
Split = Callable[[str], list[str]]
TextReader = Callable[[str], Readings]

_MAX_NESTING = 32


def _comma(text: str) -> list[str]:
    return text.split(",")


def _dot(text: str) -> list[str]:
    return text.split(".")


def _semicolon(text: str) -> list[str]:
    return text.split(";")


_DELIMITED: dict[Style, Split] = {
    "form": _comma,
    "cookie": _comma,
    "simple": _comma,
    "spaceDelimited": re.compile(r"%20|\+").split,
    "pipeDelimited": re.compile(r"\||%7[Cc]").split,
}


def one_of(ways: list[TextReader]) -> TextReader:
    """Reads a text in every way that works; raises what the first way raised when none does."""
    if len(ways) == 1:
        return ways[0]

    def read(text: str) -> Readings:
        found: list[Any] = []
        refused: Malformed | None = None
        for way in ways:
            try:
                found.extend(way(text))
            except Malformed as malformed:
                refused = refused or malformed
        if not found and refused is not None:
            raise refused
        return found

    return read


def delimited(form: Form, decode: Decode, split: Split, *, assigned: bool) -> TextReader:
    """A whole value in one text: array items and object members stand between delimiters.

    `assigned`: members are written `name=value`, otherwise names and values stand in turn.
    """
    ways: list[TextReader] = []
    if not form.known or not (form.array or form.object):
        # Nothing says that there is a structure: the text is the value.
        return _plain_text(form, decode)
    if form.array:
        item = form.items.part

        def read_array(text: str) -> Readings:
            return arrays([item(decode(piece)) for piece in split(text)]) if text else ([],)

        ways.append(read_array)
    if form.object:

        def read_object(text: str) -> Readings:
            pieces = split(text) if text else []
            return _object(form, decode, _assigned(pieces) if assigned else _in_turn(pieces))

        ways.append(read_object)
    if form.scalars:
        ways.append(_plain_text(form, decode))
    return one_of(ways)


def simple(form: Form, decode: Decode, *, explode: bool) -> TextReader:
    """`style: simple`, of path and header parameters."""
    return delimited(form, decode, _comma, assigned=explode)


def label(form: Form, *, explode: bool) -> TextReader:
    """`style: label`: `.red.green` exploded, `.red,green` otherwise (RFC 6570 section 3.2.5)."""
    inner = delimited(form, percent, _dot if explode else _comma, assigned=explode)

    def read(text: str) -> Readings:
        if not text.startswith("."):
            raise Malformed("style", "must begin with a dot (style: label)")
        return inner(text[1:])

    return read


def matrix(form: Form, name: str, *, explode: bool) -> TextReader:
    """`style: matrix`: `;color=red;color=green` exploded, `;color=red,green` otherwise (RFC 6570 section 3.2.7)."""
    inner = delimited(form, percent, _comma, assigned=False)

    def values(text: str) -> list[str]:
        found = []
        for piece in _semicolon(text[1:]):
            key, _, value = piece.partition("=")
            if percent(key) != name:
                raise Malformed("style", f"must be written ;{name}=value (style: matrix)")
            found.append(value)
        return found

    def read_once(text: str) -> Readings:
        found = values(text)
        if len(found) > 1:
            raise Malformed("style", "must be given only once")
        return inner(found[0])

    def read_many(text: str) -> Readings:
        item = form.items.part
        return arrays([item(percent(value)) for value in values(text)])

    def read_members(text: str) -> Readings:
        return _object(form, percent, _assigned(_semicolon(text[1:])))

    def read_scalar(text: str) -> Readings:
        found = values(text)
        if len(found) > 1:
            raise Malformed("style", "must be given only once")
        return form.scalar(percent(found[0]))

    if not explode or not form.known:
        way: TextReader = read_once
    else:
        ways: list[TextReader] = [read_many] if form.array else []
        if form.object:
            ways.append(read_members)
        if form.scalars:
            ways.append(read_scalar)
        way = one_of(ways)

    def read(text: str) -> Readings:
        if not text.startswith(";"):
            raise Malformed("style", f"must be written ;{name}=value (style: matrix)")
        return way(text)

    return read


def named(form: Form, decode: Decode, style: Style, *, explode: bool, split: Split | None = None) -> Callable[[str | list[str]], Readings]:
    """One named field of a query, cookie or form, whose value is a list where the name is repeated.

    `split` is for where delimiters are written otherwise than in a query. Exploded objects and `deepObject` have no single
    name: see `Exploded` and `Deep`.
    """
    split = split or _DELIMITED[style]
    item = form.items.part

    def many(values: list[str]) -> Readings:
        return arrays([item(decode(value)) for value in values])

    if not explode:
        single = delimited(form, decode, split, assigned=False)
    elif not form.known or not form.array:
        single = _plain_text(form, decode)
    else:
        ways: list[TextReader] = [lambda text: many([text])]
        if form.scalars:
            ways.append(_plain_text(form, decode))
        single = one_of(ways)
    repeatable = explode and form.array

    def read(raw: str | list[str]) -> Readings:
        if type(raw) is str:
            return single(raw)
        if not repeatable:
            raise Malformed("style", "must be given only once")
        return many(raw)  # type: ignore[arg-type]  # mypy does not narrow on type()

    return read


class Exploded:
    """An object of `style: form, explode: true`: each property is a field of its own.

    `open` says that undeclared properties are taken too: every field that nothing else claims. Where the schema admits
    more than an object, a field with the parameter's own name gives the other value.
    """

    __slots__ = ("_members", "_name", "_other", "_whole", "names", "open")

    def __init__(self, name: str, form: Form, decode: Decode, *, open_: bool) -> None:
        self._name = name
        self._members = {key: _member(member, decode) for key, member in form.properties.items()}
        self._other = _member(form.additional, decode)
        alternatives = name not in self._members and (form.array or form.scalars)
        self._whole = named(form, decode, "form", explode=True) if alternatives else None
        self.names = frozenset(self._members) | ({name} if alternatives else set())
        self.open = open_

    def take(self, fields: Fields, claimed: frozenset[str]) -> Readings | None:
        """Readings of the value, None when no field of it is there; `claimed` are names that belong to others."""
        if self._whole is not None:
            raw = fields.get(self._name)
            if raw is not None:
                return self._whole(raw)
        parts: dict[str, Readings] = {}
        for name, read in self._members.items():
            raw = fields.get(name)
            if raw is not None:
                parts[name] = _at(name, read, raw)
        if self.open:
            for name, raw in fields.items():
                if name not in claimed and name not in self._members:
                    parts[name] = _at(name, self._other, raw)
        return objects(parts) if parts else None


class Deep:
    """An object of `style: deepObject`: `name[property]=value`.

    A field with the bare name is the value where the schema admits a scalar; otherwise it is refused, because many
    services would take it for the value. With `bare` false it belongs to somebody else.
    """

    __slots__ = ("_decode", "_form", "_name", "_prefix")

    def __init__(self, name: str, form: Form, decode: Decode, *, bare: bool = True) -> None:
        self._name = name if bare else None
        self._prefix = name + "["
        self._form = form
        self._decode = decode

    def claims(self, name: str) -> bool:
        """Whether a field belongs to this object."""
        return name.startswith(self._prefix) or name == self._name

    def take(self, fields: Fields, claimed: frozenset[str]) -> Readings | None:
        """Readings of the object, None when no field of it is there. Brackets say what is its own, whatever is claimed."""
        root: dict[str, Any] = {}
        for name, raw in fields.items():
            if name.startswith(self._prefix):
                self._place(root, name, raw)
        bare = None if self._name is None else fields.get(self._name)
        if bare is not None:
            if root or not (self._form.known and self._form.scalars) or type(bare) is not str:
                raise Malformed("style", f"must be written {self._name}[property]=value (style: deepObject)")
            return self._form.scalar(self._decode(bare))
        return self._convert(root, self._form, "") if root else None

    def _place(self, root: dict[str, Any], name: str, raw: str | list[str]) -> None:
        parts = name[len(self._prefix) : -1].split("][")
        if not name.endswith("]") or any("[" in part or "]" in part for part in parts):
            raise Malformed("style", "must have its property names in brackets (style: deepObject)")
        if len(parts) > _MAX_NESTING or "" in parts[:-1]:
            raise Malformed("style", "is nested in a way that cannot be read (style: deepObject)")
        node: Any = root
        for part in parts[:-1]:
            node = node.setdefault(part, {})
            if type(node) is not dict:
                raise Malformed("style", "gives the same property as a value and as an object (style: deepObject)")
        if parts[-1] in node:
            raise Malformed("style", "gives the same property as a value and as an object (style: deepObject)")
        node[parts[-1]] = raw if type(raw) is list else [raw]

    def _convert(self, node: Any, form: Form, pointer: str) -> Readings:
        if type(node) is list:
            return self._leaf(node, form, pointer)
        if node.keys() == {""}:
            item = form.items.part
            return arrays([item(self._decode(value)) for value in node[""]])
        found: list[Any] = []
        if form.array and form.known and node.keys() == {str(index) for index in range(len(node))}:
            found += arrays([self._convert(node[str(index)], form.items, f"{pointer}/{index}") for index in range(len(node))])
        if form.object or not found:
            members = {name: self._convert(member, form.member(name), f"{pointer}/{escaped(name)}") for name, member in node.items()}
            found += objects(members)
        return found

    def _leaf(self, values: list[str], form: Form, pointer: str) -> Readings:
        found: list[Any] = []
        if form.array and (form.known or len(values) > 1):
            item = form.items.part
            found += arrays([item(self._decode(value)) for value in values])
        if len(values) == 1 and (form.scalars or not found):
            found += form.part(self._decode(values[0]))
        if not found:
            raise Malformed("style", "must be given only once", pointer)
        return found


def _member(form: Form, decode: Decode) -> Callable[[str | list[str]], Readings]:
    """How the field of a property is read: like a parameter of its own, and an object is a JSON document."""
    if form.array or not form.known or not form.object:
        return named(form, decode, "form", explode=True)

    def read(raw: str | list[str]) -> Readings:
        if type(raw) is not str:
            raise Malformed("style", "must be given only once")
        return form.part(decode(raw))

    return read


def _plain_text(form: Form, decode: Decode) -> TextReader:
    scalar = form.scalar

    def read(text: str) -> Readings:
        return scalar(decode(text))

    return read


def _at(name: str, read: Callable[[str | list[str]], Readings], raw: str | list[str]) -> Readings:
    try:
        return read(raw)
    except Malformed as malformed:
        pointer = f"/{escaped(name)}{malformed.pointer}"
        raise Malformed(malformed.keyword, malformed.message, pointer) from None


def _object(form: Form, decode: Decode, pairs: Iterable[tuple[str, str]]) -> Readings:
    parts: dict[str, Readings] = {}
    for key, value in pairs:
        name = decode(key)
        if name in parts:
            raise Malformed("style", "has a property more than once")
        parts[name] = form.member(name).part(decode(value))
    return objects(parts)


def _assigned(pieces: list[str]) -> Iterable[tuple[str, str]]:
    for piece in pieces:
        key, equals, value = piece.partition("=")
        if not equals:
            raise Malformed("style", "must be written as property=value")
        yield key, value


def _in_turn(pieces: list[str]) -> Iterable[tuple[str, str]]:
    if len(pieces) % 2:
        raise Malformed("style", "must have property names and values in turn")
    return zip(pieces[::2], pieces[1::2], strict=True)
