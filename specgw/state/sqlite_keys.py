"""Keys and sessions in an SQLite file: the store where there is no Redis. Safe with several processes on one machine.

All work is done by one thread of its own, so that a slow disk never stops the loop. A file that does not exist yet holds
no keys; a gateway makes none, only issuing a key does.
"""

from __future__ import annotations

import asyncio
import os
import sqlite3
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TypeVar

import msgspec

from specgw.state.records import Record, Session, Use
from specgw.state.table import KEPT, SWEPT, Ended, Judge, StoreUnavailable

FORMAT = 1
"""In the file's `user_version`."""
PATIENCE = 2.0
"""Seconds that a writer waits for another one."""

_SCHEMA = f"""
BEGIN IMMEDIATE;
CREATE TABLE IF NOT EXISTS keys (
    digest BLOB PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    record TEXT NOT NULL,
    expires INTEGER,
    revoked INTEGER,
    last_used INTEGER
) STRICT;
CREATE TABLE IF NOT EXISTS changes (number INTEGER NOT NULL) STRICT;
INSERT INTO changes SELECT 0 WHERE NOT EXISTS (SELECT 1 FROM changes);
PRAGMA user_version = {FORMAT};
COMMIT;
"""
# What the portal needs beside it. Who does not know of it reads and writes such a file all the same.
_PORTAL = (
    "ALTER TABLE keys ADD COLUMN uses INTEGER NOT NULL DEFAULT 0",
    "CREATE INDEX owners ON keys (json_extract(record, '$.owner'))",
    "CREATE TABLE sessions (digest BLOB PRIMARY KEY, record TEXT NOT NULL, expires INTEGER NOT NULL) STRICT",
)
_COLUMNS = "record, expires, revoked, last_used, uses"
_SHORTEN = "UPDATE keys SET expires = min(ifnull(expires, ?), ?) WHERE id = ?"
_LASTS = "(expires IS NULL OR expires > ?)"
_SWEEP = "DELETE FROM keys WHERE rowid IN (SELECT rowid FROM keys WHERE revoked <= ? OR expires <= ? LIMIT ?)"

Result = TypeVar("Result")


class SqliteKeys:
    """The keys of one file; see `KeyTable`."""

    def __init__(self, path: Path) -> None:
        self.name = str(path)
        self._path = path
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="specgw-keys")
        self._connection: sqlite3.Connection | None = None
        self._file: tuple[int, int] | None = None

    async def find(self, digest: bytes) -> Record | None:
        """The record of a key."""

        def work(connection: sqlite3.Connection) -> Record | None:
            row = connection.execute(f"SELECT {_COLUMNS} FROM keys WHERE digest = ?", (digest,)).fetchone()
            return None if row is None else _record(row)

        return await self._run(work, None)

    async def version(self) -> str:
        """The number of changes so far, of this file and no other that may have taken its place."""

        def work(connection: sqlite3.Connection) -> str:
            (number,) = connection.execute("SELECT number FROM changes").fetchone()
            return f"{self._file}:{number}"

        return await self._run(work, "none")

    async def add(
        self, digest: bytes, record: Record, *, shorten: tuple[str, int] | None = None, judge: Judge | None = None
    ) -> None:
        """Keep a new key. The file is made where there is none, for its owner alone."""

        def work(connection: sqlite3.Connection) -> None:
            connection.execute(_SWEEP, (record.created - KEPT, record.created - KEPT, SWEPT))
            if judge is not None and record.owner is not None:
                gone = [(id,) for id in judge(_owned(connection, record.owner))]
                connection.executemany("DELETE FROM keys WHERE id = ?", gone)
            values = (digest, record.id, msgspec.json.encode(record).decode(), record.expires, record.revoked)
            connection.execute("INSERT INTO keys (digest, id, record, expires, revoked) VALUES (?, ?, ?, ?, ?)", values)
            if shorten is not None:
                id, end = shorten
                if connection.execute(f"{_SHORTEN} AND revoked IS NULL AND {_LASTS}", (end, end, id, record.created)).rowcount == 0:
                    raise Ended(id)
            connection.execute("UPDATE changes SET number = number + 1")

        await self._run(_transaction(work), None, create=True)

    async def records(self) -> list[Record]:
        """All of them, the oldest first."""

        def work(connection: sqlite3.Connection) -> list[Record]:
            return [_record(row) for row in connection.execute(f"SELECT {_COLUMNS} FROM keys ORDER BY rowid")]

        return await self._run(work, [])

    async def owned(self, owner: str) -> list[Record]:
        """Those of one owner, the oldest first."""
        return await self._run(lambda connection: _owned(connection, owner), [])

    async def rename(self, id: str, name: str) -> Record | None:
        """Call a key otherwise."""

        def work(connection: sqlite3.Connection) -> Record | None:
            row = connection.execute(f"SELECT {_COLUMNS} FROM keys WHERE id = ?", (id,)).fetchone()
            if row is None:
                return None
            kept = msgspec.structs.replace(msgspec.json.decode(row[0], type=Record), name=name)
            connection.execute("UPDATE keys SET record = ? WHERE id = ?", (msgspec.json.encode(kept).decode(), id))
            return msgspec.structs.replace(_record(row), name=name)

        return await self._run(_transaction(work), None)

    async def revoke(self, id: str, now: int) -> Record | None:
        """Refuse a key from now on."""

        def work(connection: sqlite3.Connection) -> Record | None:
            connection.execute("UPDATE keys SET revoked = ? WHERE id = ? AND revoked IS NULL", (now, id))
            connection.execute("UPDATE changes SET number = number + 1")
            row = connection.execute(f"SELECT {_COLUMNS} FROM keys WHERE id = ?", (id,)).fetchone()
            return None if row is None else _record(row)

        return await self._run(_transaction(work), None)

    async def shorten(self, id: str, end: int) -> Record | None:
        """Let a key end at a time, unless it ends earlier."""

        def work(connection: sqlite3.Connection) -> Record | None:
            connection.execute(_SHORTEN, (end, end, id))
            connection.execute("UPDATE changes SET number = number + 1")
            row = connection.execute(f"SELECT {_COLUMNS} FROM keys WHERE id = ?", (id,)).fetchone()
            return None if row is None else _record(row)

        return await self._run(_transaction(work), None)

    async def note_uses(self, uses: Mapping[str, Use]) -> None:
        """Write down how often keys were used, and when last."""

        def work(connection: sqlite3.Connection) -> None:
            rows = [(use.last, use.times, id) for id, use in uses.items()]
            connection.executemany("UPDATE keys SET last_used = max(ifnull(last_used, 0), ?), uses = uses + ? WHERE id = ?", rows)

        await self._run(_transaction(work), None)

    async def session(self, digest: bytes) -> Session | None:
        """Who is signed in with a secret."""

        def work(connection: sqlite3.Connection) -> Session | None:
            row = connection.execute("SELECT record FROM sessions WHERE digest = ?", (digest,)).fetchone()
            return None if row is None else msgspec.json.decode(row[0], type=Session)

        return await self._run(work, None)

    async def keep_session(self, digest: bytes, session: Session) -> None:
        """Keep a new session; those that are over go."""

        def work(connection: sqlite3.Connection) -> None:
            connection.execute("DELETE FROM sessions WHERE expires <= ?", (session.seen,))
            row = digest, msgspec.json.encode(session).decode(), session.expires
            connection.execute("INSERT OR REPLACE INTO sessions (digest, record, expires) VALUES (?, ?, ?)", row)

        await self._run(_transaction(work), None, create=True)

    async def touch_session(self, digest: bytes, session: Session) -> None:
        """Keep the same session with a later `seen`."""

        def work(connection: sqlite3.Connection) -> None:
            connection.execute("UPDATE sessions SET record = ? WHERE digest = ?", (msgspec.json.encode(session).decode(), digest))

        await self._run(_transaction(work), None)

    async def end_session(self, digest: bytes) -> None:
        """Forget a session."""

        def work(connection: sqlite3.Connection) -> None:
            connection.execute("DELETE FROM sessions WHERE digest = ?", (digest,))

        await self._run(_transaction(work), None)

    async def close(self) -> None:
        """Close the file; what is under way is finished."""
        await asyncio.get_running_loop().run_in_executor(self._thread, self._let_go)
        self._thread.shutdown()

    async def _run(self, work: Callable[[sqlite3.Connection], Result], otherwise: Result, *, create: bool = False) -> Result:
        """Do something with the file in its thread; `otherwise` is what comes out where there is no file."""

        def step() -> Result:
            try:
                connection = self._open(create)
                return otherwise if connection is None else work(connection)
            except (sqlite3.Error, OSError, msgspec.MsgspecError) as error:
                self._let_go()
                raise StoreUnavailable(f"{self.name}: {_reason(error)}") from error

        return await asyncio.get_running_loop().run_in_executor(self._thread, step)

    def _open(self, create: bool) -> sqlite3.Connection | None:
        """The connection to the file that lies there now; None where there is none."""
        try:
            found = os.stat(self._path)
        except FileNotFoundError:
            self._let_go()
            if not create:
                return None
            self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            # SQLite gives its companions (-wal, -shm) the rights of the file itself.
            os.close(os.open(self._path, os.O_CREAT | os.O_RDWR, 0o600))
            found = os.stat(self._path)
        file = found.st_dev, found.st_ino
        if self._connection is not None and file == self._file:
            return self._connection
        self._let_go()
        connection = sqlite3.connect(self._path, timeout=PATIENCE, isolation_level=None, check_same_thread=False)
        try:
            (format,) = connection.execute("PRAGMA user_version").fetchone()
            if format == 0 and create:
                connection.execute("PRAGMA journal_mode = WAL")
                connection.executescript(_SCHEMA)
            elif format == 0:
                connection.close()
                return None  # somebody is just making it
            elif format != FORMAT:
                raise sqlite3.DatabaseError(f"its format is {format}, and this version reads {FORMAT}")
            connection.execute("PRAGMA synchronous = FULL")
            _equip(connection)
        except BaseException:
            connection.close()
            raise
        self._connection, self._file = connection, file
        return connection

    def _let_go(self) -> None:
        if self._connection is not None:
            self._connection.close()
        self._connection = self._file = None


def _owned(connection: sqlite3.Connection, owner: str) -> list[Record]:
    mine = "json_extract(record, '$.owner') = ?"
    return [_record(row) for row in connection.execute(f"SELECT {_COLUMNS} FROM keys WHERE {mine} ORDER BY rowid", (owner,))]


def _transaction(work: Callable[[sqlite3.Connection], Result]) -> Callable[[sqlite3.Connection], Result]:
    """The same in a transaction: whole, or not at all."""

    def whole(connection: sqlite3.Connection) -> Result:
        connection.execute("BEGIN IMMEDIATE")
        try:
            result = work(connection)
            connection.execute("COMMIT")
            return result
        except BaseException:
            connection.execute("ROLLBACK")
            raise

    return whole


def _equip(connection: sqlite3.Connection) -> None:
    """Add what a file of an earlier version does not have yet; of several processes one does it."""
    have = "SELECT 1 FROM sqlite_master WHERE name = 'sessions'"
    if connection.execute(have).fetchone() is None:

        def work(connection: sqlite3.Connection) -> None:
            for step in _PORTAL if connection.execute(have).fetchone() is None else ():
                connection.execute(step)

        _transaction(work)(connection)


def _record(row: tuple[str, int | None, int | None, int | None, int]) -> Record:
    text, expires, revoked, last_used, uses = row
    record = msgspec.json.decode(text, type=Record)
    return msgspec.structs.replace(record, expires=expires, revoked=revoked, last_used=last_used, uses=uses)


def _reason(error: Exception) -> str:
    return error.strerror or str(error) if isinstance(error, OSError) else str(error)
