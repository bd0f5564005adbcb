"""What an overlay has really changed: the document before held against the document after.

Found without looking at the actions, so that it is a second opinion on them, and it costs next to nothing: parts that no
action touched are the same object.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal

from specgw.openapi.pointers import escape, tokens_of

Kind = Literal["added", "changed", "removed"]


@dataclass(frozen=True, slots=True)
class Change:
    """One value of a document that is another one than before."""

    kind: Kind
    pointer: str

    @property
    def policy(self) -> bool:
        """Whether it is inside of an `x-gateway`, which is no part of the contract."""
        return "x-gateway" in tokens_of(self.pointer)


def changes(before: Any, after: Any, pointer: str = "") -> Iterator[Change]:
    """Every difference, at the outermost value that is new or gone, and at the innermost that is another."""
    if before is after:
        return
    if isinstance(before, dict) and isinstance(after, dict):
        for key in before:
            at = f"{pointer}/{escape(key)}"
            if key in after:
                yield from changes(before[key], after[key], at)
            else:
                yield Change("removed", at)
        yield from (Change("added", f"{pointer}/{escape(key)}") for key in after if key not in before)
    elif isinstance(before, list) and isinstance(after, list):
        yield from _of_lists(before, after, pointer)
    elif type(before) is not type(after) or before != after:
        yield Change("changed", pointer)


def _of_lists(before: list[Any], after: list[Any], pointer: str) -> Iterator[Change]:
    """Elements that were taken out are told by their place before, all others by their place after."""
    kept = 0
    for index, element in enumerate(before):
        rest = after[kept:]
        if rest and (rest[0] is element or rest[0] == element):
            kept += 1
        elif len(before) <= len(after) and rest:
            yield from changes(element, rest[0], f"{pointer}/{kept}")
            kept += 1
        else:
            yield Change("removed", f"{pointer}/{index}")
    yield from (Change("added", f"{pointer}/{index}") for index in range(kept, len(after)))
