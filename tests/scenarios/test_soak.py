"""A short form of the soaks (`nox -s soak`): the same plots, a few times instead of hundreds."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from tests.soak import changes

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]


@pytest.mark.parametrize("workers", [1, 2])
def test_nobody_notices_activations(tmp_path: Path, workers: int) -> None:
    count = asyncio.run(changes.activations(tmp_path, 30, workers))
    assert count.failed == []
    assert count.asked > 3 * (changes.IDLE + changes.SOCKETS)


@pytest.mark.parametrize("workers", [1, 2])
def test_nobody_who_asks_loses_a_request_to_a_drain(tmp_path: Path, workers: int) -> None:
    count = asyncio.run(changes.drains(tmp_path, 2, workers))
    assert count.failed == []
    assert count.asked > 2 * changes.BUSY * 20
