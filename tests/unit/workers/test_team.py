"""The leader: what it decides. What several processes do for clients is shown in tests/scenarios/test_workers.py."""

from __future__ import annotations

import asyncio
import json
import os
import signal
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from specgw.dataplane.activation import ActivationError
from specgw.gateway import Options
from specgw.workers import messages
from specgw.workers import team as leading
from specgw.workers.member import Lost
from specgw.workers.team import Team, run
from tests.unit.dataplane.stage import route
from tests.unit.test_gateway import ask, plan

FIRST = plan(route(path="/first"))


def lead(plot: Callable[[Team], Awaitable[None]]) -> None:
    """Two workers that serve FIRST."""
    team = Team(FIRST, Options(host="127.0.0.1", port=0, admin=("127.0.0.1", 0)), 2)
    done: list[BaseException | None] = []

    async def serving() -> None:
        try:
            async with asyncio.timeout(60):
                await plot(team)
        except BaseException as fault:
            done.append(fault)
        else:
            done.append(None)
        team.stop()

    run(team, serving)
    (fault,) = done
    if fault is not None:
        raise fault


def test_a_plan_is_activated_by_all_and_one_that_nobody_can_build_by_none() -> None:
    async def plot(team: Team) -> None:
        done = await team.activate(plan(route(path="/second")))
        assert (done.generation, done.added, done.removed, done.routes) == (2, ("GET /second",), ("GET /first",), 1)
        with pytest.raises(ActivationError, match="SPECGW_TEST_IS_NOT_SET"):
            await team.activate(plan(url="${SPECGW_TEST_IS_NOT_SET}"))
        status, body = await ask(team.admin_address, "/readyz")
        assert (status, json.loads(body)) == (
            200,
            {"status": "ready", "generation": 2, "routes": 1, "workers": {"serving": 2, "of": 2}, "activating": False},
        )
        status, text = await ask(team.admin_address, "/metrics")
        lines = text.decode().splitlines()
        assert 'specgw_reloads_total{outcome="activated"} 1' in lines
        assert 'specgw_reloads_total{outcome="refused"} 1' in lines
        assert "specgw_plan_generation 2" in lines
        assert "specgw_workers 2" in lines
        assert (await ask(team.admin_address, "/healthz"))[0] == 200

    lead(plot)


def test_a_worker_that_hangs_is_replaced_and_holds_up_no_change_for_long(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(leading, "SILENCE", 2.0)

    async def plot(team: Team) -> None:
        hanging, _ = before = [member for member in team._members if member is not None]
        os.kill(hanging.process.pid, signal.SIGSTOP)
        with pytest.raises(ActivationError, match="a worker has ended"):
            await team.activate(plan(route(path="/second")))
        assert await hanging.ended() == -signal.SIGKILL
        while len(team._serving()) < 2 or team._members[0] in before:  # noqa: ASYNC110 - other processes do it, which tell nobody
            await asyncio.sleep(0.01)
        assert (await team.activate(plan(route(path="/second")))).added == ("GET /second",)

    lead(plot)


def test_who_cannot_begin_says_why() -> None:
    with pytest.raises(ActivationError, match=r"^not set in the environment: SPECGW_TEST_IS_NOT_SET$"):
        Team(plan(url="${SPECGW_TEST_IS_NOT_SET}"), Options(host="127.0.0.1", port=0), 2)


def test_who_prepares_for_too_long_is_replaced_so_that_its_answer_counts_for_no_other_plan(monkeypatch: pytest.MonkeyPatch) -> None:
    async def plot(team: Team) -> None:
        slow = team._members[0]
        assert slow is not None
        asking = slow.ask

        async def ask_in_vain(message: Any, answer: Any, within: float = 1.0) -> Any:
            if isinstance(message, messages.Prepare):
                slow.send(message)
                raise Lost("a worker did not answer within 1 s")
            return await asking(message, answer, within)

        monkeypatch.setattr(slow, "ask", ask_in_vain)
        with pytest.raises(ActivationError, match="did not answer"):
            await team.activate(plan(route(path="/second")))
        assert await slow.ended() == -signal.SIGKILL
        assert (await team.activate(plan(route(path="/third")))).added == ("GET /third",)

    lead(plot)


def test_addresses_are_known_once_bound() -> None:
    team = Team(FIRST, Options(host="127.0.0.1", port=0, admin_enabled=False), 2)
    with pytest.raises(RuntimeError, match="no socket"):
        _ = team.address
    team.bind()
    assert team.address[0] == "127.0.0.1"
    assert team.admin_address is None
    assert (team.secure, team.secure_admin, team.moved_admin, team.files) == (False, False, False, ())
    assert team.sockets is not None
    team.sockets.close()
