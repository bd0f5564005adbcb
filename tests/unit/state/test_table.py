"""What every store has to do: the same conversations with SQLite and with Redis."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from msgspec.structs import replace

from specgw.state import redis_keys, sqlite_keys
from specgw.state.records import Record, Session, Use
from specgw.state.redis_keys import RedisKeys
from specgw.state.sqlite_keys import SqliteKeys
from specgw.state.table import Ended, KeyTable, StoreUnavailable
from tests.redis_server import RedisServer

Open = Callable[[], KeyTable]

SHOP = Record(
    id="key_1", consumer="shop", name="till", schemes=("ApiKey",), scopes=("users:read",), roles=("staff",), created=100, expires=900
)
DESK = Record(id="key_2", consumer="desk", created=200)


@pytest.fixture(scope="module")
def redis(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RedisServer]:
    server = RedisServer(tmp_path_factory.mktemp("redis"), keeps=False)
    server.start()
    yield server
    server.kill()


@pytest.fixture(params=["sqlite", "redis"])
def opened(request: pytest.FixtureRequest, tmp_path: Path) -> Open:
    if request.param == "sqlite":
        return lambda: SqliteKeys(tmp_path / "state" / "keys.sqlite")
    server: RedisServer = request.getfixturevalue("redis")
    server.ask("FLUSHALL")
    return lambda: RedisKeys(server.url)


def test_an_empty_store_has_nothing(opened: Open) -> None:
    async def play() -> None:
        table = opened()
        assert await table.find(b"1" * 32) is None
        assert await table.records() == []
        assert await table.revoke("key_1", 5) is None
        await table.note_uses({"key_1": Use(1, 5)})
        assert await table.version() == await table.version()
        await table.close()

    asyncio.run(play())


def test_what_was_added_is_found_by_another_process(opened: Open) -> None:
    async def play() -> None:
        one, other = opened(), opened()
        before = await other.version()
        await one.add(b"1" * 32, SHOP)
        await one.add(b"2" * 32, DESK)
        assert await other.find(b"1" * 32) == SHOP
        assert await other.find(b"3" * 32) is None
        assert await other.records() == [SHOP, DESK]
        assert await other.version() != before
        await one.close()
        await other.close()

    asyncio.run(play())


def test_a_revocation_changes_the_version_and_happens_once(opened: Open) -> None:
    async def play() -> None:
        one, other = opened(), opened()
        await one.add(b"1" * 32, SHOP)
        before = await other.version()
        assert await one.revoke("key_1", 500) == replace(SHOP, revoked=500)
        assert await other.version() != before
        assert await one.revoke("key_1", 700) == replace(SHOP, revoked=500)
        assert await other.find(b"1" * 32) == replace(SHOP, revoked=500)
        await one.close()
        await other.close()

    asyncio.run(play())


@pytest.mark.parametrize(("end", "expires"), [(600, 600), (1000, 900)])
def test_a_rotated_key_ends_earlier_and_never_later(opened: Open, end: int, expires: int) -> None:
    async def play() -> None:
        table = opened()
        await table.add(b"1" * 32, SHOP)
        await table.add(b"2" * 32, replace(DESK, replaces="key_1"), shorten=("key_1", end))
        assert await table.records() == [replace(SHOP, expires=expires), replace(DESK, replaces="key_1")]
        await table.close()

    asyncio.run(play())


def test_a_key_without_end_gets_one_when_it_is_rotated(opened: Open) -> None:
    async def play() -> None:
        table = opened()
        await table.add(b"2" * 32, DESK)
        await table.add(b"1" * 32, SHOP, shorten=("key_2", 300))
        assert await table.find(b"2" * 32) == replace(DESK, expires=300)
        await table.close()

    asyncio.run(play())


@pytest.mark.parametrize("ended", [{"revoked": 150}, {"expires": 200}, None])
def test_what_has_ended_or_is_gone_has_no_successor(opened: Open, ended: dict[str, int] | None) -> None:
    async def play() -> None:
        table = opened()
        if ended is not None:
            await table.add(b"1" * 32, replace(SHOP, expires=ended.get("expires")))
            if "revoked" in ended:
                await table.revoke("key_1", ended["revoked"])
        before = await table.records()
        with pytest.raises(Ended):
            await table.add(b"2" * 32, DESK, shorten=("key_1", 900))
        assert await table.records() == before
        await table.close()

    asyncio.run(play())


def test_whoever_adds_keys_at_once_is_judged_one_after_the_other(opened: Open) -> None:
    class Full(Exception):
        """There are three."""

    def judge(records: list[Record]) -> list[str]:
        if len(records) == 3:
            raise Full
        return []

    async def play() -> None:
        tables = [opened() for _ in range(4)]
        await tables[0].add(b"x" * 32, replace(SHOP, owner="bob"))

        async def add(number: int) -> bool:
            record = Record(id=f"key_1{number}", consumer="ada", owner="ada", created=100)
            try:
                await tables[number % 4].add(bytes([number]) * 32, record, judge=judge)
            except Full:
                return False
            return True

        added = await asyncio.gather(*map(add, range(24)))
        assert sum(added) == 3
        assert len(await tables[1].owned("ada")) == 3
        assert [await tables[2].find(bytes([number]) * 32) is not None for number in range(24)] == added
        for table in tables:
            await table.close()

    asyncio.run(play())


def test_what_ended_long_ago_goes_when_another_one_is_made(opened: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (sqlite_keys, redis_keys):
        monkeypatch.setattr(module, "SWEPT", 2)
        monkeypatch.setattr(module, "KEPT", 1000)

    async def play() -> None:
        table = opened()

        async def ids() -> list[str]:
            return [record.id for record in await table.records()]

        ada = replace(SHOP, owner="ada", expires=None)
        for number in range(3):
            await table.add(bytes([number]) * 32, replace(ada, id=f"key_r{number}"))
            await table.note_uses({f"key_r{number}": Use(1, 120)})
            await table.revoke(f"key_r{number}", 200)
        await table.add(b"3" * 32, replace(ada, id="key_e", expires=400))
        await table.add(b"4" * 32, replace(ada, id="key_s"))
        await table.shorten("key_s", 900)
        await table.add(b"5" * 32, replace(ada, id="key_a", created=1199))
        assert len(await ids()) == 6, "not long enough ago"
        await table.add(b"6" * 32, replace(ada, id="key_b", created=1500))
        assert len(await ids()) == 5, "no more than two at once"
        await table.add(b"7" * 32, replace(ada, id="key_c", created=1500))
        assert await ids() == ["key_s", "key_a", "key_b", "key_c"]
        assert [record.id for record in await table.owned("ada")] == await ids()
        await table.add(b"8" * 32, replace(ada, id="key_d", created=1900))
        assert await ids() == ["key_a", "key_b", "key_c", "key_d"]
        await table.note_uses({"key_r0": Use(1, 1900), "key_a": Use(1, 1900)})
        assert [record.uses for record in await table.records()] == [1, 0, 0, 0]
        assert await table.find(bytes(32)) is None
        await table.close()

    asyncio.run(play())


@pytest.mark.parametrize(("end", "expires"), [(600, 600), (1000, 900)])
def test_a_key_ends_earlier_and_never_later(opened: Open, end: int, expires: int) -> None:
    async def play() -> None:
        one, other = opened(), opened()
        await one.add(b"1" * 32, SHOP)
        before = await other.version()
        assert await one.shorten("key_1", end) == replace(SHOP, expires=expires)
        assert await other.find(b"1" * 32) == replace(SHOP, expires=expires)
        assert await other.version() != before
        assert await one.shorten("key_9", end) is None
        await one.close()
        await other.close()

    asyncio.run(play())


def test_uses_are_noted_and_are_no_change(opened: Open) -> None:
    async def play() -> None:
        table = opened()
        await table.add(b"1" * 32, SHOP)
        before = await table.version()
        await table.note_uses({"key_1": Use(3, 555)})
        await table.note_uses({"key_1": Use(4, 600)})
        assert [(record.uses, record.last_used) for record in await table.records()] == [(7, 600)]
        assert await table.version() == before
        await table.close()

    asyncio.run(play())


def test_an_owner_has_their_own_keys(opened: Open) -> None:
    async def play() -> None:
        table = opened()
        first, second = replace(SHOP, id="key_3", owner="https://id.example ada"), replace(SHOP, id="key_4", owner="https://id.example ada")
        for number, record in enumerate((SHOP, first, replace(DESK, owner="https://id.example bob"), second)):
            await table.add(bytes([number]) * 32, record)
        await table.note_uses({"key_4": Use(2, 555)})
        assert await table.owned("https://id.example ada") == [first, replace(second, uses=2, last_used=555)]
        assert await table.owned("nobody") == []
        await table.close()

    asyncio.run(play())


def test_uses_of_two_processes_are_added_up_and_the_last_one_is_the_latest(opened: Open) -> None:
    async def play() -> None:
        one, other = opened(), opened()
        await one.add(b"1" * 32, SHOP)
        await one.note_uses({"key_1": Use(3, 500)})
        await other.note_uses({"key_1": Use(4, 450), "key_gone": Use(1, 460)})
        assert await one.records() == [replace(SHOP, uses=7, last_used=500)]
        await one.note_uses({})
        await one.close()
        await other.close()

    asyncio.run(play())


def test_a_name_changes_and_nothing_else_does(opened: Open) -> None:
    async def play() -> None:
        table = opened()
        await table.add(b"1" * 32, SHOP)
        await table.revoke("key_1", 600)
        renamed = replace(SHOP, name="desk", revoked=600)
        assert await table.rename("key_1", "desk") == renamed
        assert await table.records() == [renamed]
        assert await table.rename("key_2", "desk") is None
        await table.close()

    asyncio.run(play())


def test_a_session_is_known_to_all_until_it_is_ended(opened: Open) -> None:
    async def play() -> None:
        one, other = opened(), opened()
        session = Session(owner="ada", consumer="ada", name="Ada", created=100, seen=100, expires=900)
        assert await one.session(b"1" * 32) is None
        await one.touch_session(b"1" * 32, session)
        assert await one.session(b"1" * 32) is None, "what is not there is not made by a later look"
        await one.keep_session(b"1" * 32, session)
        assert await other.session(b"1" * 32) == session
        later = replace(session, seen=200)
        await other.touch_session(b"1" * 32, later)
        assert await one.session(b"1" * 32) == later
        await one.end_session(b"1" * 32)
        await other.touch_session(b"1" * 32, later)
        assert await other.session(b"1" * 32) is None, "a look that was under way brings nobody back"
        await one.close()
        await other.close()

    asyncio.run(play())


def test_many_at_once_get_their_own_answers(opened: Open) -> None:
    async def play() -> None:
        table = opened()
        wanted = {bytes([number]) * 32: Record(id=f"key_{number}", consumer="shop", created=number) for number in range(40)}
        await asyncio.gather(*(table.add(digest, record) for digest, record in wanted.items()))
        found = await asyncio.gather(*(table.find(digest) for digest in wanted))
        assert found == list(wanted.values())
        await table.close()

    asyncio.run(play())


def test_who_cannot_be_asked_says_so(tmp_path: Path) -> None:
    async def play() -> None:
        broken = tmp_path / "keys.sqlite"
        broken.write_text("no database at all, but long enough to be taken for one" * 20)
        for table in (SqliteKeys(broken), RedisKeys("redis://:secret@127.0.0.1:1/0")):
            for attempt in (table.find(b"1" * 32), table.version(), table.records(), table.revoke("a", 1), table.add(b"1" * 32, SHOP)):
                with pytest.raises(StoreUnavailable) as refused:
                    await attempt
                assert "secret" not in str(refused.value)
                assert str(refused.value).startswith(f"{table.name}: ")
            await table.close()

    asyncio.run(play())
