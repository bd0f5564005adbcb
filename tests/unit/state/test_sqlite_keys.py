from __future__ import annotations

import asyncio
import multiprocessing
import sqlite3
import stat
from pathlib import Path

import pytest

from specgw.state.records import Record, Session, Use
from specgw.state.sqlite_keys import FORMAT, SqliteKeys
from specgw.state.table import StoreUnavailable


def test_reading_makes_no_file(tmp_path: Path) -> None:
    async def play() -> None:
        table = SqliteKeys(tmp_path / "state" / "keys.sqlite")
        assert await table.find(b"1" * 32) is None
        await table.note_uses({"key_1": Use(1, 5)})
        await table.close()

    asyncio.run(play())
    assert list(tmp_path.iterdir()) == []


def test_the_file_is_for_its_owner_alone(tmp_path: Path) -> None:
    async def play() -> None:
        table = SqliteKeys(tmp_path / "state" / "keys.sqlite")
        await table.add(b"1" * 32, Record(id="key_1", consumer="shop"))
        files = list((tmp_path / "state").iterdir())
        assert {stat.S_IMODE(file.stat().st_mode) for file in files} == {0o600}
        assert stat.S_IMODE((tmp_path / "state").stat().st_mode) == 0o700
        await table.close()

    asyncio.run(play())


def test_a_file_that_took_the_place_of_another_is_read(tmp_path: Path) -> None:
    path = tmp_path / "keys.sqlite"

    async def play() -> None:
        reader, writer = SqliteKeys(path), SqliteKeys(path)
        assert await reader.version() == "none"
        await writer.add(b"1" * 32, Record(id="key_1", consumer="shop"))
        first = await reader.version()
        assert await reader.find(b"1" * 32) is not None
        await writer.close()
        path.rename(tmp_path / "old.sqlite")
        assert await reader.find(b"1" * 32) is None
        writer = SqliteKeys(path)
        await writer.add(b"2" * 32, Record(id="key_2", consumer="shop"))
        assert await reader.version() != first
        assert await reader.find(b"1" * 32) is None
        assert await reader.find(b"2" * 32) == Record(id="key_2", consumer="shop")
        await writer.close()
        await reader.close()

    asyncio.run(play())


def test_a_file_of_another_format_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "keys.sqlite"
    connection = sqlite3.connect(path)
    connection.execute(f"PRAGMA user_version = {FORMAT + 1}")
    connection.close()

    async def play() -> None:
        table = SqliteKeys(path)
        with pytest.raises(StoreUnavailable, match=f"its format is {FORMAT + 1}"):
            await table.version()
        await table.close()

    asyncio.run(play())


def test_a_file_of_an_earlier_version_gets_what_it_lacks(tmp_path: Path) -> None:
    path = tmp_path / "keys.sqlite"

    async def play() -> None:
        table = SqliteKeys(path)
        await table.add(b"1" * 32, Record(id="key_1", consumer="shop"))
        await table.close()
        connection = sqlite3.connect(path)
        connection.executescript("DROP TABLE sessions; DROP INDEX owners; ALTER TABLE keys DROP COLUMN uses")
        connection.close()
        one, other = SqliteKeys(path), SqliteKeys(path)
        await asyncio.gather(one.note_uses({"key_1": Use(1, 5)}), other.note_uses({"key_1": Use(1, 5)}))
        assert [record.uses for record in await one.records()] == [2]
        await one.close()
        await other.close()

    asyncio.run(play())


def test_sessions_that_are_over_go_with_the_next_one(tmp_path: Path) -> None:
    async def play() -> None:
        table = SqliteKeys(tmp_path / "keys.sqlite")
        await table.keep_session(b"1" * 32, Session(owner="ada", consumer="ada", name="Ada", created=100, seen=100, expires=200))
        await table.keep_session(b"2" * 32, Session(owner="bob", consumer="bob", name="Bob", created=150, seen=150, expires=250))
        assert await table.session(b"1" * 32) is not None
        await table.keep_session(b"3" * 32, Session(owner="bob", consumer="bob", name="Bob", created=200, seen=200, expires=300))
        assert await table.session(b"1" * 32) is None
        assert await table.session(b"2" * 32) is not None
        await table.close()

    asyncio.run(play())


def issue_some(path: Path, first: int) -> None:
    async def play() -> None:
        table = SqliteKeys(path)
        for number in range(first, first + 25):
            await table.add(number.to_bytes(32, "big"), Record(id=f"key_{number}", consumer="shop"))
        await table.close()

    asyncio.run(play())


def test_two_processes_write_at_once_and_nothing_is_lost(tmp_path: Path) -> None:
    path = tmp_path / "keys.sqlite"
    spawn = multiprocessing.get_context("spawn")
    writers = [spawn.Process(target=issue_some, args=(path, first)) for first in (0, 100)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    assert [writer.exitcode for writer in writers] == [0, 0]

    async def play() -> None:
        table = SqliteKeys(path)
        assert len(await table.records()) == 50
        assert (await table.version()).endswith(":50")
        await table.close()

    asyncio.run(play())
