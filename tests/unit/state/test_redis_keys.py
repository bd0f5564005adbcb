from __future__ import annotations

import asyncio
import contextlib
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from msgspec.structs import replace

from specgw.state import redis_keys
from specgw.state.records import Record, Session, Use
from specgw.state.redis_keys import RedisKeys, without_password
from specgw.state.table import KEPT, StoreUnavailable
from tests.redis_server import RedisServer


@pytest.fixture
def server(tmp_path: Path) -> Iterator[RedisServer]:
    redis = RedisServer(tmp_path)
    redis.start()
    yield redis
    redis.kill()


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("redis://localhost:6379/0", "redis://localhost:6379/0"),
        ("rediss://ada:secret@cache:6380/2?password=secret", "rediss://cache:6380/2"),
        ("redis://:p%40ss@[::1]:6379", "redis://[::1]:6379"),
        ("redis://[::1", "redis"),
    ],
)
def test_a_url_is_shown_without_its_password(url: str, shown: str) -> None:
    assert without_password(url) == shown


def test_what_is_no_url_of_a_redis_is_refused() -> None:
    with pytest.raises(ValueError, match="redis://"):
        RedisKeys("http://localhost:6379")


def test_a_restart_is_got_over_and_keeps_what_redis_keeps(server: RedisServer) -> None:
    async def play() -> None:
        table = RedisKeys(server.url)
        await table.add(b"1" * 32, Record(id="key_1", consumer="shop"))
        before = await table.version()
        server.kill()
        with pytest.raises(StoreUnavailable):
            await table.find(b"1" * 32)
        server.start()
        assert await table.find(b"1" * 32) == Record(id="key_1", consumer="shop")
        assert await table.version() == before
        server.ask("FLUSHALL")
        assert await table.version() == "none"
        await table.close()

    asyncio.run(play())


def test_the_answer_to_a_cancelled_question_is_never_given_to_the_next(server: RedisServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(redis_keys, "CONNECTIONS", 1)  # all questions take the same connection

    async def play() -> None:
        table = RedisKeys(server.url)
        wanted = {bytes([number]) * 32: Record(id=f"key_{number}", consumer="shop") for number in (1, 2)}
        for digest, record in wanted.items():
            await table.add(digest, record)
        one, other = wanted
        cancelled = 0
        for turns in range(30):
            asking = asyncio.ensure_future(table.find(one))
            for _ in range(turns % 6):
                await asyncio.sleep(0)
            cancelled += asking.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await asking
            assert await table.find(other) == wanted[other]
        assert cancelled > 10
        await table.close()

    asyncio.run(play())


def test_one_question_notices_that_the_server_was_away_and_no_other_one_does(server: RedisServer) -> None:
    async def play() -> None:
        table = RedisKeys(server.url)
        await asyncio.gather(*(table.find(bytes([number]) * 32) for number in range(8)))  # several connections
        server.kill()
        with pytest.raises(StoreUnavailable):
            await table.version()
        server.start()
        ada = Record(id="key_1", consumer="ada", owner="ada")
        await table.add(b"1" * 32, ada, judge=lambda records: [])
        assert await asyncio.gather(*(table.find(b"1" * 32) for _ in range(8))) == [ada] * 8
        await table.close()

    asyncio.run(play())


def test_nothing_is_left_of_a_key_that_went(server: RedisServer) -> None:
    async def play() -> None:
        table = RedisKeys(server.url)
        old = Record(id="key_1", consumer="ada", owner="ada", created=100)
        await table.add(b"1" * 32, old)
        await table.note_uses({"key_1": Use(1, 120)})
        await table.revoke("key_1", 200)
        await table.add(b"2" * 32, Record(id="key_2", consumer="shop", created=200 + KEPT))
        assert await table.owned("ada") == []
        left = sorted(await table._redis.keys("*"))
        record = b"specgw:{keys}:record:" + (b"2" * 32).hex().encode()
        assert left == [b"specgw:{keys}:digests", record, b"specgw:{keys}:version"]
        await table.close()

    asyncio.run(play())


def test_an_account_may_do_no_more_than_the_page_says(server: RedisServer) -> None:
    page = (Path(__file__).parents[3] / "docs" / "keys.md").read_text(encoding="utf-8")
    told = re.search(r"An account for it needs `([A-Z ]+)`", page)
    assert told is not None
    commands = [f"+{name.lower()}" for name in told[1].split()]
    assert server.ask("ACL", "SETUSER", "gateway", "on", ">secret", "~specgw:{keys}:*", *commands) == b"+OK"

    async def play() -> None:
        table = RedisKeys(server.url.replace("redis://", "redis://gateway:secret@"))
        ada = Record(id="key_1", consumer="ada", owner="ada", created=100)
        await table.add(b"1" * 32, ada, judge=lambda records: [])
        await table.add(b"2" * 32, replace(ada, id="key_2"), shorten=("key_1", 150), judge=lambda records: [])
        await table.note_uses({"key_1": Use(1, 120)})
        assert [record.uses for record in await table.records()] == [1, 0]
        await table.rename("key_2", "till")
        await table.shorten("key_2", 900)
        await table.revoke("key_2", 200)
        session = Session(owner="ada", consumer="ada", name="Ada", created=100, seen=100, expires=900)
        await table.keep_session(b"3" * 32, session)
        await table.touch_session(b"3" * 32, session)
        assert await table.session(b"3" * 32) == session
        await table.end_session(b"3" * 32)
        assert await table.version() != "none"
        await table.add(b"4" * 32, replace(ada, id="key_4", created=200 + KEPT), judge=lambda records: [])
        assert [record.id for record in await table.owned("ada")] == ["key_4"]
        assert await table.find(b"1" * 32) is None
        await table.close()

    asyncio.run(play())


def test_a_redis_that_is_silent_is_given_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(redis_keys, "COMMAND_TIME", 0.05)

    async def play() -> None:
        def take(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            taken.append(writer)

        taken: list[asyncio.StreamWriter] = []
        silent = await asyncio.start_server(take, "127.0.0.1", 0)
        port = silent.sockets[0].getsockname()[1]
        table = RedisKeys(f"redis://127.0.0.1:{port}/0")
        with pytest.raises(StoreUnavailable, match="no answer in time"):
            await table.version()
        await table.close()
        for writer in taken:
            writer.transport.abort()
        silent.close()

    asyncio.run(play())


def test_a_record_that_cannot_be_read_is_no_unknown_key(server: RedisServer) -> None:
    async def play() -> None:
        table = RedisKeys(server.url)
        await table.add(b"1" * 32, Record(id="key_1", consumer="shop"))
        server.ask("HSET", "specgw:{keys}:record:" + (b"1" * 32).hex(), "record", "{}")
        with pytest.raises(StoreUnavailable, match="a record cannot be read"):
            await table.find(b"1" * 32)
        await table.close()

    asyncio.run(play())
