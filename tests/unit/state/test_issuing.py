from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from msgspec.structs import replace

from specgw.policies.auth.base import digest
from specgw.state.issuing import Issued, NoSuchKey, NotValid, expire, issue, revoke, rotate
from specgw.state.key_text import well_formed
from specgw.state.records import Record
from specgw.state.sqlite_keys import SqliteKeys

WANTED = Record(id="", consumer="shop", name="till", schemes=("ApiKey",), scopes=("users:read",), roles=("staff",))


def test_a_key_is_kept_as_it_was_wanted_and_shown_once(tmp_path: Path) -> None:
    async def play() -> None:
        table = SqliteKeys(tmp_path / "keys.sqlite")
        issued = await issue(table, WANTED, lambda: 1_000.7, lasts=60)
        assert well_formed(issued.text.encode())
        assert issued.text not in repr(issued)
        assert issued.record == replace(WANTED, id=issued.record.id, created=1_000, expires=1_060)
        assert await table.find(digest(issued.text.encode())) == issued.record
        assert issued.text.encode() not in (tmp_path / "keys.sqlite").read_bytes() + (tmp_path / "keys.sqlite-wal").read_bytes()
        await table.close()

    asyncio.run(play())


def test_a_rotated_key_has_the_rights_of_the_old_one_which_ends_after_the_overlap(tmp_path: Path) -> None:
    async def play() -> None:
        table = SqliteKeys(tmp_path / "keys.sqlite")
        old = await issue(table, WANTED, lambda: 1_000.0, lasts=600)
        new = await rotate(table, old.record.id, lambda: 1_100.0, overlap=30)
        assert new.text != old.text
        expected = replace(old.record, id=new.record.id, created=1_100, expires=1_700, replaces=old.record.id)
        assert await table.records() == [replace(old.record, expires=1_130), expected]
        await table.close()

    asyncio.run(play())


def test_a_key_without_end_stays_one_unless_it_is_said(tmp_path: Path) -> None:
    async def play() -> None:
        table = SqliteKeys(tmp_path / "keys.sqlite")
        old = await issue(table, WANTED, lambda: 1_000.0)
        second = await rotate(table, old.record.id, lambda: 1_100.0, overlap=30)
        assert second.record.expires is None
        third = await rotate(table, second.record.id, lambda: 1_200.0, overlap=30, lasts=50)
        assert third.record.expires == 1_250
        await table.close()

    asyncio.run(play())


def test_what_has_ended_cannot_be_rotated_back(tmp_path: Path) -> None:
    async def play() -> None:
        table = SqliteKeys(tmp_path / "keys.sqlite")
        one: Issued = await issue(table, WANTED, lambda: 1_000.0, lasts=60)
        two = await issue(table, WANTED, lambda: 1_000.0)
        assert (await revoke(table, two.record.id, lambda: 1_010.0)).revoked == 1_010
        for issued, word in ((one, "expired"), (two, "revoked")):
            with pytest.raises(NotValid, match=word):
                await rotate(table, issued.record.id, lambda: 1_100.0, overlap=30)
        await table.close()

    asyncio.run(play())


def test_an_id_that_nobody_has_is_told(tmp_path: Path) -> None:
    async def play() -> None:
        table = SqliteKeys(tmp_path / "keys.sqlite")
        for attempt in (revoke(table, "key_9", lambda: 1.0), rotate(table, "key_9", lambda: 1.0, overlap=0)):
            with pytest.raises(NoSuchKey, match="key_9"):
                await attempt
        await table.close()

    asyncio.run(play())


def test_a_key_gets_an_end(tmp_path: Path) -> None:
    async def play() -> None:
        table = SqliteKeys(tmp_path / "keys.sqlite")
        key = await issue(table, WANTED, lambda: 1_000.0)
        assert await expire(table, key.record.id, lambda: 1_100.5, after=50) == replace(key.record, expires=1_150)
        assert (await expire(table, key.record.id, lambda: 1_100.5, after=500)).expires == 1_150
        with pytest.raises(NotValid, match="is expired"):
            await expire(table, key.record.id, lambda: 1_150.0, after=50)
        with pytest.raises(NoSuchKey):
            await expire(table, "key_0", lambda: 1_150.0, after=50)
        await table.close()

    asyncio.run(play())
