"""Long work beside requests."""

from __future__ import annotations

import asyncio
import gc
from time import perf_counter

import pytest

from specgw.dataplane.slices import SLICE, Steps, at_once, sliced, uncollected


def working(steps: int, taken: list[float]) -> Steps[str]:
    """Each step takes as long as a slice."""
    for _ in range(steps):
        end = perf_counter() + SLICE
        while perf_counter() < end:
            pass
        taken.append(end)
        yield
    return "made"


def test_others_have_their_turn_between_steps() -> None:
    async def scene() -> None:
        taken: list[float] = []
        turns = 0
        work = asyncio.create_task(sliced(working(5, taken)))
        while not work.done():
            turns += 1
            await asyncio.sleep(0)
        assert turns >= 5
        assert work.result() == "made"

    asyncio.run(scene())


def test_where_nobody_waits_it_is_done_at_once_and_a_fault_is_handed_on() -> None:
    taken: list[float] = []
    assert at_once(working(3, taken)) == "made"
    assert len(taken) == 3

    def failing() -> Steps[None]:
        yield
        raise ValueError("no")

    with pytest.raises(ValueError, match="no"):
        at_once(failing())
    with pytest.raises(ValueError, match="no"):
        asyncio.run(sliced(failing()))


def test_the_collector_is_kept_away_until_the_last_one_lets_it() -> None:
    try:
        with uncollected():
            with uncollected():
                assert not gc.isenabled()
            assert not gc.isenabled()
        assert gc.isenabled()
        with pytest.raises(ValueError, match="no"), uncollected():
            raise ValueError("no")
        assert gc.isenabled()
    finally:
        gc.unfreeze()
