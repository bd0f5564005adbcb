"""One worker as its leader sees it."""

from __future__ import annotations

import asyncio
import signal

import pytest

from specgw.dataplane.sockets import bound
from specgw.plan.codec import encode
from specgw.workers import messages
from specgw.workers.member import Lost, Member
from tests.unit.test_gateway import plan


def start(url: str = "http://127.0.0.1:9") -> messages.Start:
    return messages.Start(encode(plan(url=url)), 1, None, False, False)


def test_a_worker_that_cannot_serve_says_why() -> None:
    async def scene() -> None:
        with bound("127.0.0.1", 0) as listener:
            member = await Member.started(listener, start("${SPECGW_TEST_IS_NOT_SET}"))
            with pytest.raises(Lost, match=r"^not set in the environment: SPECGW_TEST_IS_NOT_SET$"):
                await member.begun()
            assert await member.ended() == 1
            assert not member.serving

    asyncio.run(scene())


def test_who_waits_for_a_worker_that_is_killed_learns_it() -> None:
    async def scene() -> None:
        with bound("127.0.0.1", 0) as listener:
            member = await Member.started(listener, start())
            await member.begun()
            assert member.serving
            assert b"specgw_plan_generation" in (await member.ask(messages.Scrape(), messages.Scraped)).text
            member.process.send_signal(signal.SIGSTOP)
            waiting = asyncio.create_task(member.ask(messages.Scrape(), messages.Scraped))
            member.kill()
            with pytest.raises(Lost, match="has ended"):
                await waiting
            assert await member.ended() == -signal.SIGKILL
            assert member.gone
            with pytest.raises(Lost):
                await member.ask(messages.Scrape(), messages.Scraped)

    asyncio.run(scene())
