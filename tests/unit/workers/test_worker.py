"""One worker, told by a leader in the same loop."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
from collections.abc import Awaitable, Callable

import pytest

from specgw.dataplane.sockets import Sockets, bound
from specgw.gateway import Gateway, Options
from specgw.plan.codec import encode
from specgw.workers import messages
from specgw.workers.messages import TO_LEADER, Channel
from specgw.workers.worker import Worker, main
from tests.unit.dataplane.stage import PATIENCE, play, route
from tests.unit.test_gateway import ask, plan

Leader = Channel[messages.ToLeader, messages.ToWorker]
FIRST, SECOND = plan(route(path="/first")), plan(route(path="/second"))
BAD = plan(url="${SPECGW_TEST_IS_NOT_SET}")


def scene(plot: Callable[[Leader, Gateway], Awaitable[None]]) -> None:
    """A worker that serves FIRST; the plot has it end."""

    async def act() -> None:
        ours, theirs = socket.socketpair()
        gateway = Gateway(FIRST, Options(admin_enabled=False, dev=True))
        gateway.sockets = Sockets(bound("127.0.0.1", 0))
        with theirs:
            running = asyncio.create_task(gateway.run(Worker(gateway, theirs).serving))
            leader: Leader = await Channel.over(ours, TO_LEADER)
            assert await leader.receive() == messages.Serving()
            await plot(leader, gateway)
            await asyncio.wait_for(running, PATIENCE)
            await leader.close()

    play(act)


async def statuses(gateway: Gateway) -> tuple[int, int]:
    """How the routes of both plans are answered; nobody listens behind them."""
    return (await ask(gateway.address, "/first"))[0], (await ask(gateway.address, "/second"))[0]


def test_what_is_ready_is_not_at_work_before_it_is_committed() -> None:
    async def plot(leader: Leader, gateway: Gateway) -> None:
        leader.send(messages.Ping())
        assert await leader.receive() == messages.Pong()
        leader.send(messages.Prepare(encode(SECOND)))
        assert await leader.receive() == messages.Prepared()
        assert await statuses(gateway) == (502, 404)
        leader.send(messages.Commit())
        assert await leader.receive() == messages.Committed()
        assert await statuses(gateway) == (404, 502)
        leader.send(messages.Stop())

    scene(plot)


def test_what_is_discarded_or_cannot_be_built_changes_nothing() -> None:
    async def plot(leader: Leader, gateway: Gateway) -> None:
        leader.send(messages.Prepare(encode(BAD)))
        assert await leader.receive() == messages.Prepared("not set in the environment: SPECGW_TEST_IS_NOT_SET")
        leader.send(messages.Prepare(encode(SECOND)))
        assert await leader.receive() == messages.Prepared()
        leader.send(messages.Discard())
        leader.send(messages.Commit())  # nothing is ready any more
        leader.send(messages.Scrape())
        scraped = await leader.receive()
        assert isinstance(scraped, messages.Scraped)
        assert b"\nspecgw_plan_generation 1.0\n" in scraped.text
        assert await statuses(gateway) == (502, 404)
        leader.send(messages.Stop())

    scene(plot)


def test_the_metrics_that_it_shows_are_those_that_the_leader_tells() -> None:
    async def plot(leader: Leader, gateway: Gateway) -> None:
        asked = asyncio.create_task(ask(gateway.address, "/metrics"))
        assert await leader.receive() == messages.Scrape()
        leader.send(messages.Scraped(b"of_all 1\n"))
        assert await asked == (200, b"of_all 1\n")
        leader.send(messages.Refresh())
        leader.send(messages.Reopen())
        leader.send(messages.Stop())
        leader.send(messages.Stop())  # gives up; there is nothing to give up

    scene(plot)


def test_it_ends_when_the_leader_has_gone() -> None:
    async def plot(leader: Leader, gateway: Gateway) -> None:
        await leader.close()

    scene(plot)


def test_it_drains_on_a_signal_and_the_leaders_word_after_it_is_no_second_one() -> None:
    async def plot(leader: Leader, gateway: Gateway) -> None:
        os.kill(os.getpid(), signal.SIGTERM)
        leader.send(messages.Stop())
        assert await leader.receive() is None
        assert gateway.plane.draining

    scene(plot)


@pytest.mark.parametrize(
    ("first", "said"),
    [
        (None, None),
        (messages.Start(encode(BAD), 1, None, False, False), messages.Failed("not set in the environment: SPECGW_TEST_IS_NOT_SET")),
    ],
)
def test_without_a_plan_that_can_be_served_it_says_why_and_ends(
    first: messages.Start | None, said: messages.Failed | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SPECGW_TEST_IS_NOT_SET", raising=False)
    ours, theirs = socket.socketpair()
    with ours:
        if first is not None:
            ours.sendall(messages.framed(first))
        ours.shutdown(socket.SHUT_WR)
        assert main(theirs.detach(), -1) == 1
        told = ours.recv(1 << 16)
    assert (TO_LEADER.decode(told[4:]) if told else None) == said
