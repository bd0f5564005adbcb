"""Keys as a running gateway sees them: what was looked up is remembered, and forgotten as soon as the store has changed.

Nobody pushes a change: every POLL seconds the store's version is read, and a version that differs forgets everything. So a
revocation arrives within POLL and the time that a command may take, together less than 2 s, or the store counts as
down. Then what is remembered goes on for GRACE; everything else cannot be decided, and says so (503, never 401).
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable

from specgw.policies.auth.base import Key, Unavailable, digest
from specgw.state.key_text import well_formed
from specgw.state.records import Record, Use
from specgw.state.table import KeyTable, StoreUnavailable

log = logging.getLogger("specgw.state")

POLL = 0.5
"""Seconds between two looks at the store's version."""
GRACE = 300.0
"""Seconds for which remembered keys are accepted while the store cannot be asked."""
KNOWN = 10_000
"""Keys that are remembered; beyond it the one that was not used for longest is looked up again."""
UNKNOWN = 4_096
"""Digests that no key has: apart from the others, so that guesses push nothing out."""
UNKNOWN_TIME = 5.0
USES_TIME = 60.0
"""Seconds between two notes of when keys were last used."""
PENDING = 1_024
"""Look-ups under way; beyond it the answer is that the store cannot be asked."""


class RememberedKeys:
    """The keys of one table, as `KeyStore`. `find` is for the loop's thread only; `follow` has to run beside it."""

    def __init__(self, table: KeyTable, *, clock: Callable[[], float] = time.time, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._table = table
        self._clock = clock
        self._monotonic = monotonic
        self._known: OrderedDict[bytes, Key] = OrderedDict()
        self._unknown: OrderedDict[bytes, float] = OrderedDict()
        self._pending: dict[bytes, asyncio.Task[Key | None]] = {}
        self._uses: dict[str, int] = {}
        self._counts: dict[str, int] = {}
        self._version: str | None = None
        self._turn = 0
        """Counts how often everything was forgotten: what was asked before is not remembered after."""
        self._heard = monotonic()
        self._up = True

    @property
    def table(self) -> KeyTable:
        """Where they are kept."""
        return self._table

    @property
    def up(self) -> bool:
        """Whether the store answered when it was asked last."""
        return self._up

    @property
    def remembered(self) -> tuple[int, int]:
        """How many keys are remembered, and how many digests that no key has."""
        return len(self._known), len(self._unknown)

    def find(self, key: bytes) -> Key | Awaitable[Key | None] | None:
        """A key that is valid now. What is remembered, or cannot be a key, is answered at once. Raises Unavailable."""
        if not well_formed(key):
            return None
        hashed = digest(key)
        known = self._known.get(hashed)
        if known is not None:
            if not self._up and self._monotonic() - self._heard > GRACE:
                raise Unavailable(f"{self._table.name} has not answered for {GRACE:g} s")
            self._known.move_to_end(hashed)
            return self._valid(known)
        until = self._unknown.get(hashed)
        if until is not None and self._monotonic() < until:
            return None
        if not self._up:
            raise Unavailable(f"{self._table.name} does not answer")
        return self._look_up(hashed)

    def _valid(self, key: Key) -> Key | None:
        now = self._clock()
        if key.expires is not None and now >= key.expires:
            return None
        id = key.id
        self._uses[id] = int(now)
        counts = self._counts
        counts[id] = counts.get(id, 0) + 1
        return key

    async def _look_up(self, hashed: bytes) -> Key | None:
        # One look-up for all who wait for the same key, in a task that no client can cancel.
        task = self._pending.get(hashed)
        if task is None:
            if len(self._pending) >= PENDING:
                raise Unavailable(f"too many keys are looked up in {self._table.name} at once")
            task = self._pending[hashed] = asyncio.get_running_loop().create_task(self._ask(hashed))
            task.add_done_callback(lambda _: self._pending.pop(hashed, None))
        found = await asyncio.shield(task)
        return None if found is None else self._valid(found)

    async def _ask(self, hashed: bytes) -> Key | None:
        turn = self._turn
        try:
            record = await self._table.find(hashed)
        except StoreUnavailable as error:
            self._lost(error)
            raise Unavailable(str(error)) from None
        key = None if record is None or record.standing(self._clock()) != "valid" else _key(record)
        if turn == self._turn:
            self._remember(hashed, key)
        return key

    def _remember(self, hashed: bytes, key: Key | None) -> None:
        if key is None:
            self._unknown[hashed] = self._monotonic() + UNKNOWN_TIME
            self._unknown.move_to_end(hashed)
            if len(self._unknown) > UNKNOWN:
                self._unknown.popitem(last=False)
            return
        self._known[hashed] = key
        if len(self._known) > KNOWN:
            self._known.popitem(last=False)

    async def follow(self) -> None:
        """Look for changes, until cancelled; notes of uses are written on the way."""
        noted = self._monotonic()
        while True:
            await self.look()
            if self._monotonic() - noted >= USES_TIME:
                noted = self._monotonic()
                await self.note_uses()
            await asyncio.sleep(POLL)

    async def look(self) -> None:
        """Look once whether the store has changed."""
        try:
            version = await self._table.version()
        except StoreUnavailable as error:
            self._lost(error)
            return
        if not self._up:
            log.warning("%s answers again", self._table.name)
            self._up = True
        self._heard = self._monotonic()
        if version != self._version:
            self._version = version
            self._turn += 1
            self._known.clear()
            self._unknown.clear()

    def _lost(self, error: StoreUnavailable) -> None:
        if self._up:
            self._up = False
            log.warning("keys cannot be looked up: %s; those in use are accepted for %d s more, others get 503", error, GRACE)

    async def note_uses(self) -> None:
        """Write down what was counted since the last time."""
        uses, self._uses = self._uses, {}
        counts, self._counts = self._counts, {}
        if not uses:
            return
        try:
            await self._table.note_uses({id: Use(counts[id], last) for id, last in uses.items()})
        except StoreUnavailable as error:
            # The next time: what has come in meanwhile is newer.
            self._uses = {**uses, **self._uses}
            for id, count in counts.items():
                self._counts[id] = self._counts.get(id, 0) + count
            self._lost(error)

    async def close(self) -> None:
        """Write down what is still to be written, end what is under way, and close the table."""
        for task in list(self._pending.values()):
            task.cancel()
        await asyncio.gather(*self._pending.values(), return_exceptions=True)
        await self.note_uses()
        await self._table.close()


def _key(record: Record) -> Key:
    return Key(
        record.id,
        record.consumer,
        frozenset(record.scopes),
        frozenset(record.roles),
        None if record.expires is None else float(record.expires),
        frozenset(record.schemes),
    )
