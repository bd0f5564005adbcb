"""What callers of a sandbox have created: kept for a while, within bounds, each caller's own.

Nothing is shared between processes, and nothing outlives them: this is a sandbox. Where a bound is reached, what was written
longest ago makes room, first the caller's own, then anybody's.
"""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import count
from typing import Any

import msgspec

TIME_TO_LIVE = 3600.0
"""Seconds after the last write for which an object is kept."""
OF_A_CALLER = 1_000
"""Objects that one caller may have."""
BYTES_OF_A_CALLER = 1 << 20
"""And how large they may be as JSON, all together."""
OBJECTS = 10_000
"""Objects of all callers."""
BYTES = 16 << 20
"""And their size."""

Place = tuple[str, ...]
"""A collection: its name in the plan, and the values of the path parameters in front of it."""
_Key = tuple[Place, str]


@dataclass(frozen=True, slots=True)
class Kept:
    """One object, never changed in place; when it ends, and its size."""

    value: dict[str, Any]
    ends: float
    size: int


@dataclass(slots=True)
class _Owned:
    """What one caller has, the oldest write first."""

    objects: OrderedDict[_Key, Kept] = field(default_factory=OrderedDict)
    size: int = 0


class Objects:
    """All objects of a sandbox. For one thread only."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._callers: dict[str, _Owned] = {}
        self._order: OrderedDict[tuple[str, _Key], None] = OrderedDict()
        self._size = 0
        self._numbers = count(1)

    def __len__(self) -> int:
        return len(self._order)

    @property
    def size(self) -> int:
        """Bytes of all objects as JSON."""
        return self._size

    def number(self) -> int:
        """A number that no object had before."""
        return next(self._numbers)

    def find(self, caller: str, place: Place, name: str) -> dict[str, Any] | None:
        """An object of a caller's."""
        self._expire()
        owned = self._callers.get(caller)
        kept = None if owned is None else owned.objects.get((place, name))
        return None if kept is None else kept.value

    def all(self, caller: str, place: Place) -> list[dict[str, Any]]:
        """The objects that a caller has in a collection, the oldest write first."""
        self._expire()
        owned = self._callers.get(caller)
        return [] if owned is None else [kept.value for (where, _), kept in owned.objects.items() if where == place]

    def put(self, caller: str, place: Place, name: str, value: dict[str, Any]) -> None:
        """Keep an object. One that is larger than everything a caller may have is not kept at all."""
        self._expire()
        self.remove(caller, place, name)
        size = len(msgspec.json.encode(value))
        if size > BYTES_OF_A_CALLER:
            return
        owned = self._callers.setdefault(caller, _Owned())
        owned.objects[place, name] = Kept(value, self._clock() + TIME_TO_LIVE, size)
        owned.size += size
        self._size += size
        self._order[caller, (place, name)] = None
        while len(owned.objects) > OF_A_CALLER or owned.size > BYTES_OF_A_CALLER:
            self.remove(caller, *next(iter(owned.objects)))
        while len(self._order) > OBJECTS or self._size > BYTES:
            oldest, key = next(iter(self._order))
            self.remove(oldest, *key)

    def remove(self, caller: str, place: Place, name: str) -> bool:
        """Forget an object; whether there was one."""
        owned = self._callers.get(caller)
        kept = None if owned is None else owned.objects.pop((place, name), None)
        if owned is None or kept is None:
            return False
        owned.size -= kept.size
        self._size -= kept.size
        del self._order[caller, (place, name)]
        if not owned.objects:
            del self._callers[caller]
        return True

    def _expire(self) -> None:
        """Forget what has ended. All live equally long, so the oldest writes end first."""
        for caller, key in self._ended():
            self.remove(caller, *key)

    def _ended(self) -> Iterator[tuple[str, _Key]]:
        now = self._clock()
        while self._order:
            caller, key = next(iter(self._order))
            if self._callers[caller].objects[key].ends > now:
                return
            yield caller, key
