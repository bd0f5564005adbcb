"""Where keys are kept: what every store can do. Digests go in, records come out; no store ever sees a key."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from specgw.state.records import Record


class StoreUnavailable(Exception):
    """The store cannot be asked just now; the message names it, without its password."""


class KeyTable(Protocol):
    """One store of keys. Every method but `close` raises StoreUnavailable where the store cannot be reached."""

    @property
    def name(self) -> str:
        """What it is called in messages: a file, or a URL without its password."""

    async def find(self, digest: bytes) -> Record | None:
        """The record of a key."""

    async def version(self) -> str:
        """A text that differs as soon as a key was added or changed. Writing down a use is no change."""

    async def add(self, digest: bytes, record: Record, *, shorten: tuple[str, int] | None = None) -> None:
        """Keep a new key; with `shorten` (an id and a time) another one ends then, in the same step."""

    async def records(self) -> list[Record]:
        """All of them, the oldest first."""

    async def revoke(self, id: str, now: int) -> Record | None:
        """Refuse a key from now on; gives its record as it is then, None where there is no such id. Twice is as once."""

    async def shorten(self, id: str, end: int) -> Record | None:
        """Let a key end at a time, unless it ends earlier; gives its record as it is then, None where there is no such id."""

    async def note_uses(self, uses: Mapping[str, int]) -> None:
        """Write down when keys, by id, were last used."""

    async def close(self) -> None:
        """Give back connections and descriptors."""
