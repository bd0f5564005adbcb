"""Entries kept in memory, numbered from 1: what both services hold instead of a database."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from typing import Any

Entry = dict[str, Any]


class Store:
    """Entries by id. It starts from a seed and goes back to it with `reset`, so that every run sees the same data."""

    def __init__(self, seed: list[Entry]) -> None:
        self._seed = seed
        self.reset()

    def reset(self) -> None:
        """Forget every change."""
        self._entries: dict[int, Entry] = {number: {"id": number, **copy.deepcopy(entry)} for number, entry in enumerate(self._seed, 1)}
        self._next = len(self._entries) + 1

    def __iter__(self) -> Iterator[Entry]:
        return iter(self._entries.values())

    def get(self, number: int) -> Entry | None:
        """The entry with this id, or None."""
        return self._entries.get(number)

    def add(self, entry: Entry) -> Entry:
        """Keep a new entry under the next id; an id is never given twice, not even after a removal."""
        number = self._next
        self._next += 1
        self._entries[number] = {"id": number, **entry}
        return self._entries[number]

    def replace(self, number: int, entry: Entry) -> Entry:
        """Put another entry in the place of this one."""
        self._entries[number] = {"id": number, **entry}
        return self._entries[number]

    def remove(self, number: int) -> bool:
        """Drop an entry; False when there is none."""
        return self._entries.pop(number, None) is not None

    def taken(self, key: str, value: object, *, but: int | None = None) -> bool:
        """Whether an entry, other than `but`, has this value."""
        return any(entry.get(key) == value and entry["id"] != but for entry in self)
