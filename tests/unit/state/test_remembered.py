from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Callable

import pytest

from specgw.policies.auth.base import Key, Unavailable, digest
from specgw.state import redis_keys, remembered
from specgw.state.key_text import generate
from specgw.state.records import Record, Use
from specgw.state.remembered import GRACE, UNKNOWN_TIME, RememberedKeys
from tests.unit.state.tables import Fragile


class Stage:
    """A store with one key, and clocks that stand until they are moved."""

    def __init__(self) -> None:
        self.now = 1_000.0
        self.table = Fragile()
        self.key = a_key()
        self.record = Record(id="key_1", consumer="shop", scopes=("read",), roles=("staff",), schemes=("ApiKey",), expires=2_000)
        self.known = Key("key_1", "shop", frozenset(("read",)), frozenset(("staff",)), 2_000.0, frozenset(("ApiKey",)))
        self.table.kept[digest(self.key)] = self.record
        self.keys = RememberedKeys(self.table, clock=lambda: self.now, monotonic=lambda: self.now)

    async def ask(self, key: bytes | None = None) -> Key | str | None:
        """What is found; in words where nobody can say."""
        try:
            found = self.keys.find(self.key if key is None else key)
            return await found if isinstance(found, Awaitable) else found
        except Unavailable:
            return "unavailable"

    def at_once(self, key: bytes | None = None) -> Key | str | None:
        """The same where nothing has to be asked for."""
        try:
            found = self.keys.find(self.key if key is None else key)
        except Unavailable:
            return "unavailable"
        assert not isinstance(found, Awaitable)
        return found


def a_key() -> bytes:
    return generate().encode()


def play(conversation: Callable[[Stage], Awaitable[None]]) -> None:
    async def all_of_it() -> None:
        stage = Stage()
        await stage.keys.look()
        await conversation(stage)

    asyncio.run(all_of_it())


def test_a_key_is_looked_up_once_and_then_answered_at_once() -> None:
    async def conversation(stage: Stage) -> None:
        assert await stage.ask() == stage.known
        assert stage.at_once() == stage.known
        assert stage.table.asked == 1

    play(conversation)


def test_what_cannot_be_a_key_is_never_looked_up() -> None:
    async def conversation(stage: Stage) -> None:
        wrong = stage.key[:-1] + (b"0" if stage.key[-1:] != b"0" else b"1")
        assert [stage.at_once(text) for text in (b"", b"secret", wrong)] == [None, None, None]
        assert stage.table.asked == 0

    play(conversation)


def test_a_key_ends_when_its_time_is_over_though_it_is_remembered() -> None:
    async def conversation(stage: Stage) -> None:
        await stage.ask()
        stage.now = 2_000.0
        assert stage.at_once() is None

    play(conversation)


def test_a_change_of_the_store_forgets_everything() -> None:
    async def conversation(stage: Stage) -> None:
        unknown = a_key()
        assert await stage.ask() == stage.known
        assert await stage.ask(unknown) is None
        stage.table.kept = {digest(unknown): stage.record}
        stage.table.number += 1
        await stage.keys.look()
        assert await stage.ask() is None
        assert await stage.ask(unknown) == stage.known

    play(conversation)


def test_what_was_asked_before_a_change_is_not_remembered_after_it() -> None:
    async def conversation(stage: Stage) -> None:
        stage.table.gate = asyncio.Event()
        asking = asyncio.ensure_future(stage.ask())
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        assert stage.table.asked == 1
        stage.table.kept.clear()
        stage.table.number += 1
        await stage.keys.look()
        stage.table.gate.set()
        assert await asking == stage.known  # it was so when it asked
        assert await stage.ask() is None

    play(conversation)


def test_an_unknown_key_is_looked_up_again_after_a_while() -> None:
    async def conversation(stage: Stage) -> None:
        unknown = a_key()
        assert await stage.ask(unknown) is None
        assert stage.at_once(unknown) is None
        stage.now += UNKNOWN_TIME
        assert await stage.ask(unknown) is None
        assert stage.table.asked == 2

    play(conversation)


def test_those_who_ask_for_the_same_key_share_one_look_up_and_none_can_cancel_it() -> None:
    async def conversation(stage: Stage) -> None:
        stage.table.gate = asyncio.Event()
        first, second, third = (asyncio.ensure_future(stage.ask()) for _ in range(3))
        await asyncio.sleep(0)
        first.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await first
        stage.table.gate.set()
        assert [await second, await third] == [stage.known, stage.known]
        assert stage.table.asked == 1

    play(conversation)


def test_guesses_fill_no_memory_and_push_no_key_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(remembered, "UNKNOWN", 5)

    async def conversation(stage: Stage) -> None:
        await stage.ask()
        for _ in range(20):
            assert await stage.ask(a_key()) is None
        assert stage.keys.remembered == (1, 5)

    play(conversation)


def test_of_many_keys_the_least_used_is_looked_up_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(remembered, "KNOWN", 2)

    async def conversation(stage: Stage) -> None:
        others = [a_key() for _ in range(2)]
        for number, text in enumerate(others):
            stage.table.kept[digest(text)] = Record(id=f"other_{number}", consumer="desk")
        for text in (stage.key, others[0], stage.key, others[1]):
            await stage.ask(text)
        assert stage.keys.remembered[0] == 2
        assert stage.table.asked == 3
        assert isinstance(stage.at_once(), Key)
        assert isinstance(await stage.ask(others[0]), Key)
        assert stage.table.asked == 4

    play(conversation)


def test_while_the_store_is_down_remembered_keys_go_on_for_a_bounded_time_and_nobody_else_is_told_401() -> None:
    async def conversation(stage: Stage) -> None:
        await stage.ask()
        unknown = a_key()
        stage.table.up = False
        await stage.keys.look()
        assert (stage.keys.up, stage.at_once()) == (False, stage.known)
        assert stage.at_once(unknown) == "unavailable"
        stage.now += GRACE + 1
        assert stage.at_once() == "unavailable"
        stage.table.up = True
        await stage.keys.look()
        assert (stage.keys.up, stage.at_once()) == (True, stage.known)
        assert await stage.ask(unknown) is None

    play(conversation)


def test_a_store_that_fails_between_two_looks_is_noticed_by_the_look_up() -> None:
    async def conversation(stage: Stage) -> None:
        stage.table.up = False
        assert await stage.ask() == "unavailable"
        assert stage.at_once() == "unavailable"
        assert not stage.keys.up

    play(conversation)


def test_too_many_look_ups_at_once_are_not_begun(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(remembered, "PENDING", 1)

    async def conversation(stage: Stage) -> None:
        stage.table.gate = asyncio.Event()
        first = asyncio.ensure_future(stage.ask())
        await asyncio.sleep(0)
        assert await stage.ask(a_key()) == "unavailable"
        stage.table.gate.set()
        assert await first == stage.known

    play(conversation)


def test_uses_are_written_at_the_end_at_the_latest() -> None:
    async def conversation(stage: Stage) -> None:
        await stage.ask()
        stage.now += 7
        await stage.ask()
        await stage.keys.close()
        assert stage.table.uses == {"key_1": Use(2, 1_007)}
        assert not stage.table.up

    play(conversation)


def test_following_looks_again_and_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(remembered, "POLL", 0)
    monkeypatch.setattr(remembered, "USES_TIME", 0)

    async def conversation(stage: Stage) -> None:
        await stage.ask()
        following = asyncio.ensure_future(stage.keys.follow())
        stage.table.kept.clear()
        stage.table.number += 1
        for _ in range(10):
            await asyncio.sleep(0)
        following.cancel()
        assert stage.keys.remembered == (0, 0)
        assert stage.table.uses == {"key_1": Use(1, 1_000)}

    play(conversation)


def test_a_change_arrives_within_two_seconds_or_the_store_counts_as_away() -> None:
    assert remembered.POLL + redis_keys.CONNECT_TIME + redis_keys.COMMAND_TIME <= 2
