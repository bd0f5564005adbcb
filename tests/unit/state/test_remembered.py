from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Callable

import pytest

from specgw.state import remembered
from specgw.state.key_text import digest, generate
from specgw.state.records import Record
from specgw.state.remembered import GRACE, UNDECIDED, UNKNOWN_TIME, Found, RememberedKeys
from tests.unit.state.tables import Fragile


class Stage:
    """A store with one key, and clocks that stand until they are moved."""

    def __init__(self) -> None:
        self.now = 1_000.0
        self.table = Fragile()
        self.key = generate()
        self.record = Record(id="key_1", consumer="shop", expires=2_000)
        self.table.kept[digest(self.key)] = self.record
        self.keys = RememberedKeys(self.table, clock=lambda: self.now, monotonic=lambda: self.now)

    async def ask(self, text: str | None = None) -> Found:
        found = self.keys.find(self.key if text is None else text)
        return await found if isinstance(found, Awaitable) else found


def play(conversation: Callable[[Stage], Awaitable[None]]) -> None:
    async def all_of_it() -> None:
        stage = Stage()
        await stage.keys.look()
        await conversation(stage)

    asyncio.run(all_of_it())


def test_a_key_is_looked_up_once_and_then_answered_at_once() -> None:
    async def conversation(stage: Stage) -> None:
        assert await stage.ask() == stage.record
        assert stage.keys.find(stage.key) == stage.record
        assert stage.table.asked == 1

    play(conversation)


def test_what_cannot_be_a_key_is_never_looked_up() -> None:
    async def conversation(stage: Stage) -> None:
        wrong = stage.key[:-1] + ("0" if stage.key[-1] != "0" else "1")
        assert [stage.keys.find(text) for text in ("", "secret", wrong)] == [None, None, None]
        assert stage.table.asked == 0

    play(conversation)


def test_a_key_ends_when_its_time_is_over_though_it_is_remembered() -> None:
    async def conversation(stage: Stage) -> None:
        await stage.ask()
        stage.now = 2_000.0
        assert stage.keys.find(stage.key) is None

    play(conversation)


def test_a_change_of_the_store_forgets_everything() -> None:
    async def conversation(stage: Stage) -> None:
        unknown = generate()
        assert await stage.ask() == stage.record
        assert await stage.ask(unknown) is None
        stage.table.kept = {digest(unknown): stage.record}
        stage.table.number += 1
        await stage.keys.look()
        assert await stage.ask() is None
        assert await stage.ask(unknown) == stage.record

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
        assert await asking == stage.record  # it was so when it asked
        assert await stage.ask() is None

    play(conversation)


def test_an_unknown_key_is_looked_up_again_after_a_while() -> None:
    async def conversation(stage: Stage) -> None:
        unknown = generate()
        assert await stage.ask(unknown) is None
        assert stage.keys.find(unknown) is None
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
        assert [await second, await third] == [stage.record, stage.record]
        assert stage.table.asked == 1

    play(conversation)


def test_guesses_fill_no_memory_and_push_no_key_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(remembered, "UNKNOWN", 5)

    async def conversation(stage: Stage) -> None:
        await stage.ask()
        for _ in range(20):
            assert await stage.ask(generate()) is None
        assert stage.keys.remembered == (1, 5)

    play(conversation)


def test_of_many_keys_the_least_used_is_looked_up_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(remembered, "KNOWN", 2)

    async def conversation(stage: Stage) -> None:
        others = [generate() for _ in range(2)]
        for number, text in enumerate(others):
            stage.table.kept[digest(text)] = Record(id=f"other_{number}", consumer="desk")
        for text in (stage.key, others[0], stage.key, others[1]):
            await stage.ask(text)
        assert stage.keys.remembered[0] == 2
        assert stage.table.asked == 3
        assert isinstance(stage.keys.find(stage.key), Record)
        assert isinstance(await stage.ask(others[0]), Record)
        assert stage.table.asked == 4

    play(conversation)


def test_while_the_store_is_down_remembered_keys_go_on_for_a_bounded_time_and_nobody_else_is_told_401() -> None:
    async def conversation(stage: Stage) -> None:
        await stage.ask()
        unknown = generate()
        stage.table.up = False
        await stage.keys.look()
        assert (stage.keys.up, stage.keys.find(stage.key)) == (False, stage.record)
        assert stage.keys.find(unknown) is UNDECIDED
        stage.now += GRACE + 1
        assert stage.keys.find(stage.key) is UNDECIDED
        stage.table.up = True
        await stage.keys.look()
        assert (stage.keys.up, stage.keys.find(stage.key)) == (True, stage.record)
        assert await stage.ask(unknown) is None

    play(conversation)


def test_a_store_that_fails_between_two_looks_is_noticed_by_the_look_up() -> None:
    async def conversation(stage: Stage) -> None:
        stage.table.up = False
        assert await stage.ask() is UNDECIDED
        assert repr(stage.keys.find(stage.key)) == "UNDECIDED"
        assert not stage.keys.up

    play(conversation)


def test_too_many_look_ups_at_once_are_not_begun(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(remembered, "PENDING", 1)

    async def conversation(stage: Stage) -> None:
        stage.table.gate = asyncio.Event()
        first = asyncio.ensure_future(stage.ask())
        await asyncio.sleep(0)
        assert await stage.ask(generate()) is UNDECIDED
        stage.table.gate.set()
        assert await first == stage.record

    play(conversation)


def test_uses_are_written_at_the_end_at_the_latest() -> None:
    async def conversation(stage: Stage) -> None:
        await stage.ask()
        stage.now += 7
        await stage.ask()
        await stage.keys.close()
        assert stage.table.uses == {"key_1": 1_007}
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
        assert stage.table.uses == {"key_1": 1_000}

    play(conversation)
