"""A store that does what a test tells it, for what its caller does then."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping

from specgw.state.records import Record, Session, Use
from specgw.state.table import Judge, StoreUnavailable


class Fragile:
    """In memory; `up = False` switches it off."""

    name = "memory"

    def __init__(self) -> None:
        self.up = True
        self.kept: dict[bytes, Record] = {}
        self.number = 0
        self.asked = 0
        self.uses: dict[str, Use] = {}
        self.sessions: dict[bytes, Session] = {}
        self.gate: asyncio.Event | None = None
        """Look-ups wait for it, where there is one."""

    def _check(self) -> None:
        if not self.up:
            raise StoreUnavailable("memory: switched off")

    async def find(self, digest: bytes) -> Record | None:
        self._check()
        self.asked += 1
        found = self.kept.get(digest)
        if self.gate is not None:
            await self.gate.wait()
        return found

    async def version(self) -> str:
        self._check()
        return str(self.number)

    async def add(
        self, digest: bytes, record: Record, *, shorten: tuple[str, int] | None = None, judge: Judge | None = None
    ) -> None:
        self._check()
        assert shorten is None
        assert judge is None
        self.kept[digest] = record
        self.number += 1

    async def records(self) -> list[Record]:
        self._check()
        return list(self.kept.values())

    async def owned(self, owner: str) -> list[Record]:
        self._check()
        return [record for record in self.kept.values() if record.owner == owner]

    async def rename(self, id: str, name: str) -> Record | None:
        raise NotImplementedError

    async def shorten(self, id: str, end: int) -> Record | None:
        raise NotImplementedError

    async def revoke(self, id: str, now: int) -> Record | None:
        raise NotImplementedError

    async def note_uses(self, uses: Mapping[str, Use]) -> None:
        self._check()
        self.uses.update(uses)

    async def session(self, digest: bytes) -> Session | None:
        self._check()
        return self.sessions.get(digest)

    async def keep_session(self, digest: bytes, session: Session) -> None:
        self._check()
        self.sessions[digest] = session

    async def touch_session(self, digest: bytes, session: Session) -> None:
        self._check()
        if digest in self.sessions:
            self.sessions[digest] = session

    async def end_session(self, digest: bytes) -> None:
        self._check()
        self.sessions.pop(digest, None)

    async def close(self) -> None:
        self.up = False
