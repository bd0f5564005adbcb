"""Who let the time pass: what a client is told, and that 408 is the last that it is told on a connection."""

from __future__ import annotations

import asyncio
from typing import cast

import pytest

from specgw.plan.model import Limits, Timeout
from tests.unit.dataplane.stage import ANY, JSON, OK, answering, play, route, stage

HEAD = b"POST /things HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n"
CHUNKED = HEAD.replace(b"Content-Length: 1000", b"Transfer-Encoding: chunked")


def streamed(sent: bytes) -> bytes:
    """The same with a body that is not JSON, which would be held to be read."""
    return sent.replace(b"application/json", b"application/octet-stream")


@pytest.mark.parametrize("body", [ANY, JSON], ids=["streamed", "held"])
@pytest.mark.parametrize("sent", [HEAD, HEAD + b"{", CHUNKED, CHUNKED + b"1\r\n{\r\n"])
def test_a_body_below_the_rate_is_408_and_the_end(body: object, sent: bytes) -> None:
    async def service(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read()

    async def scene() -> None:
        async with stage(service, route("POST", body=body), limits=Limits(body_rate=1000, rate_grace=0.1, drain=1.0)) as on:
            client = await on.client()
            client.send(streamed(sent) if body is ANY else sent)
            answer = await client.rest()
            assert answer.startswith(b"HTTP/1.1 408 ")
            assert b"\r\nConnection: close\r\n" in answer
            assert b"slower than 1000 bytes a second" in answer
            await on.until(lambda: not on.gateway.plane.passages)

    play(scene)


@pytest.mark.parametrize("rate", [100_000, 0])
def test_a_body_that_is_fast_enough_takes_longer_than_the_grace(rate: int) -> None:
    """The grace is far shorter than the exchange: only what comes keeps it going."""

    async def scene() -> None:
        limits = Limits(body_rate=rate, rate_grace=0.05, drain=1.0)
        async with stage(answering(OK), route("POST", body=JSON), limits=limits) as on:
            client = await on.client()
            client.send(HEAD.replace(b"1000", b"900014") + b'{"name":"')
            for _ in range(9):
                client.send(b"x" * 100_000)
                await asyncio.sleep(0.03)
            client.send(b'xxx"}')
            assert (await client.answer()).startswith(b"HTTP/1.1 200 ")

    play(scene)


def test_who_waits_to_be_asked_for_the_body_is_not_slow() -> None:
    """And a service that does not read is no slowness of the client's: it is the service that is late."""

    async def service(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        cast(asyncio.Transport, writer.transport).pause_reading()
        await over.wait()

    async def scene() -> None:
        limits = Limits(body_rate=1 << 30, rate_grace=0.05, drain=1.0)
        long = route("POST", body=ANY, max_body=1 << 40, timeout=Timeout(idle=0.5))
        async with stage(service, long, limits=limits) as on:
            client = await on.client()
            client.send(streamed(HEAD).replace(b"1000", b"%d" % (1 << 30)))
            await on.until(lambda: len(on.gateway.plane.passages) == 1)
            (passage,) = on.gateway.plane.passages
            while not (passage.connection is not None and passage.connection.stalled):
                client.send(b"x" * 1_000_000)
                await asyncio.sleep(0)
            answer = await client.rest()
            over.set()
            assert b"the service took nothing of the request's body" in answer

    over = asyncio.Event()
    play(scene)
