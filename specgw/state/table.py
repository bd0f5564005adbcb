"""Where keys and sessions are kept: what every store can do. Digests go in, records come out; no store ever sees a secret."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from typing import Protocol

from specgw.state.records import Record, Session, Use


class StoreUnavailable(Exception):
    """The store cannot be asked just now; the message names it, without its password."""


class Ended(Exception):
    """The key that another one was to take the place of is not valid any more."""


Judge = Callable[[list[Record]], Collection[str]]
"""Looks at all keys of an owner, and names those that go since they ended long ago; what it raises, `add` raises."""

KEPT = 90 * 86400
"""Seconds for which a key that has ended is still kept and shown; then the next key that is made takes its place."""
SWEPT = 100
"""How many of those go at once with a new one."""


class KeyTable(Protocol):
    """One store of keys. Every method but `close` raises StoreUnavailable where the store cannot be reached."""

    @property
    def name(self) -> str:
        """What it is called in messages: a file, or a URL without its password."""

    async def find(self, digest: bytes) -> Record | None:
        """The record of a key."""

    async def version(self) -> str:
        """A text that differs as soon as a key was added or changed. Writing down a use is no change."""

    async def add(
        self, digest: bytes, record: Record, *, shorten: tuple[str, int] | None = None, judge: Judge | None = None
    ) -> None:
        """Keep a new key, and let go some of those that ended more than `KEPT` seconds before it was created.

        With `shorten` (an id and a time) another one ends then; raises Ended where that is gone or is not valid any more. `judge`
        looks at the owner's keys as they are in the same step, whoever else adds one to them.
        """

    async def records(self) -> list[Record]:
        """All of them, the oldest first."""

    async def owned(self, owner: str) -> list[Record]:
        """Those of one owner, the oldest first."""

    async def rename(self, id: str, name: str) -> Record | None:
        """Call a key otherwise; gives its record as it is then, None where there is no such id."""

    async def revoke(self, id: str, now: int) -> Record | None:
        """Refuse a key from now on; gives its record as it is then, None where there is no such id. Twice is as once."""

    async def shorten(self, id: str, end: int) -> Record | None:
        """Let a key end at a time, unless it ends earlier; gives its record as it is then, None where there is no such id."""

    async def note_uses(self, uses: Mapping[str, Use]) -> None:
        """Add to how often keys, by id, were used, and write down when last."""

    async def session(self, digest: bytes) -> Session | None:
        """Who is signed in with a secret; also one that is over, as long as the store has it."""

    async def keep_session(self, digest: bytes, session: Session) -> None:
        """Keep a new session. Others that are over may go."""

    async def touch_session(self, digest: bytes, session: Session) -> None:
        """Keep the same session with a later `seen`, unless it was ended meanwhile."""

    async def end_session(self, digest: bytes) -> None:
        """Forget a session: nobody is signed in with it any more."""

    async def close(self) -> None:
        """Give back connections and descriptors."""
