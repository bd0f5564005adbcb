"""Which endpoint takes the next request."""

from __future__ import annotations

import asyncio
from collections import Counter

import pytest

from specgw.plan.model import Target
from specgw.plan.model import Upstream as Definition
from specgw.upstreams.upstream import Upstream, spread
from tests.unit.dataplane.stage import OK, answering, play, route, stage

GET = b"GET /things HTTP/1.1\r\nHost: x\r\n\r\n"


def upstream(*weights: int) -> Upstream:
    targets = tuple(Target(url=f"http://e{index}", weight=weight) for index, weight in enumerate(weights))
    return Upstream(Definition(name="u", targets=targets))


@pytest.mark.parametrize(
    ("weights", "turns"),
    [([1], (0,)), ([1, 1, 1], (0, 1, 2)), ([5, 1, 1], (0, 0, 1, 0, 2, 0, 0)), ([1, 0], (0,)), ([2, 4], (1, 0, 1))],
)
def test_turns_are_spread_by_weight(weights: list[int], turns: tuple[int, ...]) -> None:
    assert spread(weights) == turns


def test_endpoints_take_turns() -> None:
    chosen = upstream(3, 1)
    names = Counter(endpoint.url for _ in range(40) if (endpoint := chosen.choose()))
    assert names == {"http://e0": 30, "http://e1": 10}


def test_an_endpoint_that_failed_this_request_is_passed_over() -> None:
    chosen = upstream(1, 1)
    first, second = chosen.endpoints
    assert [chosen.choose([first]), chosen.choose([first])] == [second, second]
    assert chosen.choose([first, second]) is None


def test_the_only_endpoint_is_not_tried_twice() -> None:
    chosen = upstream(1)
    assert chosen.choose() is chosen.endpoints[0]
    assert chosen.choose(chosen.endpoints) is None


def test_a_kept_connection_that_the_service_closed_meanwhile_is_replaced() -> None:
    async def scene() -> None:
        second = asyncio.Event()

        async def service(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            await reader.readuntil(b"\r\n\r\n")
            writer.write(OK)
            if not second.is_set():
                # Takes the next request on this connection and closes without an answer, as a restart would.
                await reader.readuntil(b"\r\n\r\n")
                second.set()

        async with stage(service, route()) as on:
            client = await on.client()
            for number in (1, 2):
                client.send(GET)
                assert (await client.answer()).startswith(b"HTTP/1.1 200 ")
                assert on.connections == number

    play(scene)


def test_a_post_is_not_sent_twice() -> None:
    async def scene() -> None:
        heads: list[bytes] = []

        async def service(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            heads.append(await reader.readuntil(b"\r\n\r\n"))
            writer.write(OK)
            heads.append(await reader.readuntil(b"\r\n\r\n"))

        async with stage(service, route("POST")) as on:
            client = await on.client()
            post = b"POST /things HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n"
            client.send(post)
            await client.answer()
            client.send(post)
            assert (await client.answer()).startswith(b"HTTP/1.1 502 ")
            assert len(heads) == 2

    play(scene)


def test_another_endpoint_takes_over_where_one_cannot_be_reached() -> None:
    async def scene() -> None:
        async with stage(answering(OK), route(), targets=2) as on:
            endpoints = on.gateway.plane.active.upstreams["service"].endpoints
            endpoints[0].port = 1  # nothing listens there
            client = await on.client()
            for _ in range(4):
                client.send(GET)
                assert (await client.answer()).startswith(b"HTTP/1.1 200 ")

    play(scene)


def test_no_endpoint_that_can_be_reached_is_502_and_none_at_all_503() -> None:
    async def scene() -> None:
        async with stage(answering(OK), route(), route(path="/lost", upstreams=())) as on:
            on.gateway.plane.active.upstreams["service"].endpoints[0].port = 1
            client = await on.client()
            client.send(GET)
            assert b"upstream-unreachable" in await client.answer()
            client.send(b"GET /lost HTTP/1.1\r\nHost: x\r\n\r\n")
            assert b"no-upstream" in await client.answer()

    play(scene)
