"""Tokens that were verified, by their digest, until they expire: bounded, and never the tokens themselves."""

from __future__ import annotations

from hashlib import sha256
from typing import Generic, TypeVar

MOST = 8192
"""Entries of one memory; the oldest one goes for the next."""

_Kept = TypeVar("_Kept")


class Remembered(Generic[_Kept]):
    """A bounded memory of what tokens came to, each until its own end (Unix seconds)."""

    __slots__ = ("_entries", "_most")

    def __init__(self, most: int = MOST) -> None:
        self._entries: dict[bytes, tuple[float, _Kept]] = {}
        self._most = most

    def __len__(self) -> int:
        return len(self._entries)

    def get(self, digest: bytes, now: float) -> _Kept | None:
        """What is remembered of a token, unless its time is over."""
        entry = self._entries.get(digest)
        if entry is None:
            return None
        if now >= entry[0]:
            del self._entries[digest]
            return None
        return entry[1]

    def put(self, digest: bytes, until: float, kept: _Kept) -> None:
        """Remember until then."""
        entries = self._entries
        if digest not in entries and len(entries) >= self._most:
            del entries[next(iter(entries))]
        entries[digest] = (until, kept)

    def forget(self) -> None:
        """Remember nothing any more."""
        self._entries.clear()


def digest_of(token: bytes) -> bytes:
    """Stands for a token: nobody can make it from the digest, or find another with the same."""
    return sha256(token).digest()
