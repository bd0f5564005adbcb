"""A document to which values of others were added, every part still knowing where its text stands.

Nothing of the base is changed. Containers on the way to a change are copied, once, and for each of their children it is
noted where that was written; all others are the base's own, or the overlay's own, and ask their document.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from specgw.diagnostics import FilePlace
from specgw.openapi.model import Document
from specgw.openapi.pointers import escape, index_of, tokens_of

Key = str | int


class Origin(NamedTuple):
    """Where a value was written."""

    document: Document
    pointer: str

    def child(self, key: Key) -> Origin:
        """Where a member of it was written, if it stands there as it was written."""
        return Origin(self.document, f"{self.pointer}/{escape(str(key))}")


class Part(NamedTuple):
    """A value on its way from one place to another."""

    value: Any
    origin: Origin


class Conflict(Exception):
    """Values that cannot be merged: what is there, and what should be merged into it."""

    def __init__(self, location: Sequence[Key], there: Any, part: Part) -> None:
        super().__init__("values cannot be merged")
        self.location = tuple(location)
        self.there = there
        self.part = part


class Grafted:
    """The document; implements `model.Document` under the name of its base."""

    def __init__(self, base: Document) -> None:
        self.base = base
        self.file = base.file
        self.version = ""
        self.value = base.value
        self.empty: list[Origin] = []
        """Where something without a value should have been merged into a mapping or list."""
        # By identity; the container itself is kept, so that no other one can get its number.
        # Beside it the origins of its children, in a container of the same kind and with the same keys.
        self._ours: dict[int, tuple[Any, Any]] = {}

    def line(self, number: int) -> str:
        """The text of a line of the base."""
        return self.base.line(number)

    def written(self, pointer: str) -> FilePlace:
        """Where the key at a pointer was written, or that of its nearest ancestor."""
        tokens = tokens_of(pointer)
        origin, value = Origin(self.base, ""), self.value
        for number, token in enumerate(tokens):
            ours = self._ours.get(id(value))
            if ours is None:
                rest = "".join(f"/{escape(token)}" for token in tokens[number:])
                return origin.document.written(origin.pointer + rest)
            key = index_of(token) if isinstance(value, list) else token
            if key is None or (key not in value if isinstance(value, dict) else not 0 <= int(key) < len(value)):
                break
            origin, value = ours[1][key], value[key]
        return origin.document.written(origin.pointer)

    def part(self, location: Sequence[Key]) -> Part:
        """The value at a location, which has to be there."""
        part = Part(self.value, Origin(self.base, ""))
        for key in location:
            part = self._child(part, key)
        return part

    def merge(self, location: Sequence[Key], part: Part) -> None:
        """Merge a value into what stands at a location. Raises Conflict, and may have merged some of it then."""
        there = self.part(location).value
        new = part.value
        if isinstance(there, dict) and isinstance(new, dict):
            self._merge(self._open(location), part, location)
        elif isinstance(there, list):
            self._append(self._open(location), part if isinstance(new, list) else None, part)
        elif not isinstance(there, dict | list) and not isinstance(new, dict | list) and location:
            self._put(self._open(location[:-1]), location[-1], part)
        else:
            raise Conflict(location, there, part)

    def remove(self, location: Sequence[Key]) -> None:
        """Take away what stands at a location; nothing happens where nothing stands there any more."""
        *way, key = location
        holder: Any = self.value
        for step in way:
            if not _has(holder, step):
                return
            holder = holder[step]
        if _has(holder, key):
            holder = self._open(way)
            del holder[key]
            del self._ours[id(holder)][1][key]

    def clone(self, part: Part) -> Part:
        """A value as it is now, apart from this document: later changes here do not reach it."""
        if not isinstance(part.value, dict | list):
            return part
        if isinstance(part.value, dict):
            members = {key: self.clone(self._child(part, key)) for key in part.value}
            copied: Any = {key: member.value for key, member in members.items()}
            self._ours[id(copied)] = (copied, {key: member.origin for key, member in members.items()})
        else:
            elements = [self.clone(self._child(part, index)) for index in range(len(part.value))]
            copied = [element.value for element in elements]
            self._ours[id(copied)] = (copied, [element.origin for element in elements])
        return Part(copied, part.origin)

    def _child(self, part: Part, key: Key) -> Part:
        ours = self._ours.get(id(part.value))
        return Part(part.value[key], part.origin.child(key) if ours is None else ours[1][key])

    def _own(self, part: Part) -> Any:
        """The container as one that may be changed."""
        value = part.value
        if id(value) in self._ours:
            return value
        copied: Any
        if isinstance(value, dict):
            copied = dict(value)
            self._ours[id(copied)] = (copied, {key: part.origin.child(key) for key in value})
        else:
            copied = list(value)
            self._ours[id(copied)] = (copied, [part.origin.child(index) for index in range(len(value))])
        return copied

    def _open(self, location: Sequence[Key]) -> Any:
        """The container at a location, every one on the way to it ours."""
        part = Part(self._own(Part(self.value, Origin(self.base, ""))), Origin(self.base, ""))
        self.value = part.value
        for key in location:
            child = self._child(part, key)
            part.value[key] = owned = self._own(child)
            part = Part(owned, child.origin)
        return part.value

    def _put(self, holder: Any, key: Key, part: Part) -> None:
        holder[key] = part.value
        self._ours[id(holder)][1][key] = part.origin

    def _append(self, holder: list[Any], several: Part | None, one: Part) -> None:
        parts = [one] if several is None else [self._child(several, index) for index in range(len(several.value))]
        origins: list[Origin] = self._ours[id(holder)][1]
        holder.extend(part.value for part in parts)
        origins.extend(part.origin for part in parts)

    def _merge(self, holder: dict[str, Any], part: Part, location: Sequence[Key]) -> None:
        for key in part.value:
            child = self._child(part, key)
            there, new = holder.get(key), child.value
            if key not in holder or there is None or (not isinstance(there, dict | list) and not isinstance(new, dict | list)):
                self._put(holder, key, child)
            elif new is None:
                self.empty.append(child.origin)
            elif isinstance(there, dict) and isinstance(new, dict):
                holder[key] = owned = self._own(self._child(Part(holder, part.origin), key))
                self._merge(owned, child, (*location, key))
            elif isinstance(there, list) and isinstance(new, list):
                holder[key] = owned = self._own(self._child(Part(holder, part.origin), key))
                self._append(owned, child, child)
            else:
                raise Conflict((*location, key), there, child)


def _has(holder: Any, key: Key) -> bool:
    if isinstance(holder, dict):
        return key in holder
    return isinstance(holder, list) and isinstance(key, int) and -len(holder) <= key < len(holder)
