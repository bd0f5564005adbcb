"""The half of a connection that speaks; what it says in whole conversations is in test_listener.py."""

from __future__ import annotations

import asyncio

from specgw.dataplane.listener import Listener
from specgw.dataplane.speaker import Speaker
from tests.unit.dataplane.stage import OK, answering, play, route, stage


def test_a_connection_has_no_dictionary_of_its_own() -> None:
    async def scene() -> None:
        async with stage(answering(OK), route()) as on:
            await on.client()
            await on.until(lambda: bool(on.gateway.plane.listeners))
            (listener,) = on.gateway.plane.listeners
            assert isinstance(listener, Listener)
            assert isinstance(listener, Speaker)
            assert not hasattr(listener, "__dict__")  # a thousand idle clients cost a thousand of them

    play(scene)


def test_an_answer_ends_the_connection_once_that_is_said() -> None:
    async def service(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        asked.set()
        await goes_on.wait()
        writer.write(OK)

    async def scene() -> None:
        async with stage(service, route()) as on:
            client = await on.client()
            client.send(b"GET /things HTTP/1.1\r\nHost: x\r\n\r\n")
            await asked.wait()
            (listener,) = on.gateway.plane.listeners
            listener.last()
            goes_on.set()
            assert b"\r\nConnection: close\r\n" in await client.rest()

    asked, goes_on = asyncio.Event(), asyncio.Event()
    play(scene)
