"""Where every key and value of a parsed file stands, kept small: one number for each.

A mark is an offset in the text, counted in characters. Containers are known by identity, so that values have to stay
as they were parsed; a value that an alias shares stands where its anchor is.
"""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

# Deeper than any contract that a person reads; later passes walk values recursively, within Python's own limit.
MAX_DEPTH = 128

# The largest published contracts have a tenth of this.
MAX_BYTES = 64 << 20

# What aliases may add: passes walk a value as often as it is shared, and a dozen lines can share 10^9 times.
MAX_SHARED = 1_000_000


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong with a file's notation. `offset` in characters, `pointer` of the value it concerns.

    `first` is the offset of what the fault refers back to; `{line}` in the message stands for its line.
    """

    code: str
    offset: int
    message: str
    hint: str | None = None
    pointer: str = ""
    first: int | None = None


class Unreadable(Exception):
    """Raised by a parser where it cannot go on; carries the reason. Never leaves `source.parse`."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(fault.message)
        self.fault = fault


class Marks:
    """The marks of all containers of one file.

    A mapping has two marks for each member, in order: of its key and of its value. A sequence has one for each element.
    """

    __slots__ = ("_first", "_offsets", "root")

    def __init__(self) -> None:
        self._offsets = array("I")
        self._first: dict[int, int] = {}
        self.root = 0

    def add(self, container: Any, offsets: Sequence[int]) -> None:
        """Note the marks of a container that is complete."""
        self._first[id(container)] = len(self._offsets)
        self._offsets.extend(offsets)

    def of(self, container: Any) -> Sequence[int]:
        """The marks of a container of this file, as they were added."""
        first = self._first[id(container)]
        return self._offsets[first : first + len(container) * (2 if isinstance(container, dict) else 1)]

    def find(self, root: Any, tokens: Sequence[str], *, key: bool) -> int:
        """The offset of the key (or the value) that pointer tokens lead to; of the nearest ancestor's key if absent."""
        found, value = self.root, root
        for number, token in enumerate(tokens, 1):
            if isinstance(value, dict):
                if token not in value:
                    break
                first = self._first[id(value)] + 2 * list(value).index(token)
                found = self._offsets[first if key or number < len(tokens) else first + 1]
                value = value[token]
            elif isinstance(value, list):
                if not (token.isascii() and token.isdigit() and len(token) < 10 and int(token) < len(value)):
                    break
                found = self._offsets[self._first[id(value)] + int(token)]
                value = value[int(token)]
            else:
                break
        return found


@dataclass(slots=True)
class Parsed:
    """What a parser makes of a text: the value, its marks, and faults that did not keep it from going on."""

    value: Any
    marks: Marks
    faults: list[Fault] = field(default_factory=list)
