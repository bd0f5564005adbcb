"""Nobody is read from faster than the other side takes it, and nothing stands still for ever because of that."""

from __future__ import annotations

import asyncio
from typing import cast

import pytest

from specgw.dataplane.chain import routed
from specgw.plan.model import Limits
from specgw.policies.base import Exchange
from specgw.upstreams.connection import Connection
from tests.unit.dataplane.stage import ANY, LOOPS, OK, answering, play, route, stage

GET = b"GET /things HTTP/1.1\r\nHost: x\r\n\r\n"
NONE = b"GET /none HTTP/1.1\r\nHost: x\r\n\r\n"
MIB = 1 << 20


@pytest.mark.parametrize("loop", LOOPS)
def test_a_slow_service_holds_the_upload_back(loop: str) -> None:
    async def scene() -> None:
        size = 64 << 20
        read = asyncio.Event()

        async def service(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            await reader.readuntil(b"\r\n\r\n")
            await read.wait()
            left = size
            while left:
                left -= len(await reader.read(1 << 20))
            writer.write(OK)

        async with stage(service, route("POST", max_body=size, body=ANY)) as on:
            client = await on.client()
            client.send(b"POST /things HTTP/1.1\r\nHost: x\r\nContent-Type: a/b\r\nContent-Length: %d\r\n\r\n" % size)
            sending = asyncio.create_task(send_all(client.writer, size))
            connections = on.gateway.plane.passages
            await on.until(lambda: any(listener._paused for listener in on.gateway.plane.listeners))
            (passage,) = connections
            assert passage.bytes_in < 32 << 20
            read.set()
            await sending
            assert (await client.answer()).startswith(b"HTTP/1.1 200 ")

    play(scene, loop)


async def send_all(writer: asyncio.StreamWriter, size: int) -> None:
    piece = b"x" * (1 << 16)
    for _ in range(size >> 16):
        writer.write(piece)
        await writer.drain()


@pytest.mark.parametrize("loop", LOOPS)
def test_a_slow_client_holds_the_download_back(loop: str) -> None:
    async def scene() -> None:
        size = 64 << 20
        sent = 0

        async def service(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            nonlocal sent
            await reader.readuntil(b"\r\n\r\n")
            writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % size)
            for _ in range(size >> 16):
                writer.write(b"x" * (1 << 16))
                await writer.drain()
                sent += 1 << 16

        async with stage(service, route()) as on:
            client = await on.client()
            cast(asyncio.Transport, client.writer.transport).pause_reading()
            client.send(GET)
            await on.until(lambda: any(listener._writing_paused for listener in on.gateway.plane.listeners))
            await asyncio.sleep(0.05)
            assert sent < 32 << 20
            cast(asyncio.Transport, client.writer.transport).resume_reading()
            await client.head()
            left = size
            while left:
                left -= len(await client.reader.read(1 << 20))

    play(scene, loop)


@pytest.mark.parametrize("loop", LOOPS)
@pytest.mark.parametrize("framing", ["length", "chunked"])
def test_a_service_may_answer_while_it_reads(framing: str, loop: str) -> None:
    """An echo: the answer begins with the first piece of the request, and ends with its last."""
    pieces = [b"%07d\n" % number * 1000 for number in range(20)]
    length = sum(map(len, pieces))

    async def scene() -> None:
        async def service(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            await reader.readuntil(b"\r\n\r\n")
            writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % length)
            left = length
            while left:
                if framing == "length":
                    data = await reader.read(65536)
                else:
                    size = int(await reader.readuntil(b"\r\n"), 16)
                    data = (await reader.readexactly(size + 2))[:-2]
                left -= len(data)
                writer.write(data)
                await writer.drain()
            if framing == "chunked":
                await reader.readuntil(b"0\r\n\r\n")

        async with stage(service, route("POST", body=ANY, max_body=length)) as on:
            client = await on.client()
            head = b"POST /things HTTP/1.1\r\nHost: x\r\nContent-Type: a/b\r\n"
            client.send(head + (b"Content-Length: %d\r\n\r\n" % length if framing == "length" else b"Transfer-Encoding: chunked\r\n\r\n"))
            client.send(pieces[0] if framing == "length" else b"%x\r\n%b\r\n" % (len(pieces[0]), pieces[0]))
            await client.head()
            got = bytearray(await client.reader.readexactly(len(pieces[0])))
            for piece in pieces[1:]:
                client.send(piece if framing == "length" else b"%x\r\n%b\r\n" % (len(piece), piece))
                got += await client.reader.readexactly(len(piece))
            if framing == "chunked":
                client.send(b"0\r\n\r\n")
            assert bytes(got) == b"".join(pieces)
            client.send(NONE)
            assert (await client.answer()).startswith(b"HTTP/1.1 404 ")

    play(scene, loop)


@pytest.mark.parametrize("loop", LOOPS)
def test_an_early_answer_to_an_upload_that_was_held_back_leaves_the_connection_in_step(loop: str) -> None:
    async def scene() -> None:
        answer, end = asyncio.Event(), asyncio.Event()

        async def service(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            cast(asyncio.Transport, writer.transport).pause_reading()
            await answer.wait()
            writer.write(b"HTTP/1.1 403 Forbidden\r\nContent-Length: 2\r\n\r\nno")
            await end.wait()

        size = 32 * MIB
        async with stage(service, route("POST", body=ANY, max_body=size)) as on:
            client = await on.client()
            client.send(b"POST /things HTTP/1.1\r\nHost: x\r\nContent-Type: a/b\r\nTransfer-Encoding: chunked\r\n\r\n")
            sent = 0
            (listener,) = on.gateway.plane.listeners
            while "upload" not in listener._paused:
                client.send(b"10000\r\n" + b"x" * 65536 + b"\r\n")
                sent += 65536
                await asyncio.sleep(0.001)
            answer.set()
            assert (await client.answer()).startswith(b"HTTP/1.1 403 ")
            client.send(b"0\r\n\r\n" + NONE)
            assert (await client.answer()).startswith(b"HTTP/1.1 404 ")
            end.set()

    play(scene, loop)


def test_a_service_that_takes_nothing_of_what_waited_for_its_connection_stops_the_upload_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    begin = Connection.begin

    def stalled(self: Connection, receiver: object, data: bytes, *, to_head: bool, whole: bool, last: bool) -> None:
        begin(self, receiver, data, to_head=to_head, whole=whole, last=last)  # type: ignore[arg-type]
        self.pause_writing()

    monkeypatch.setattr(Connection, "begin", stalled)

    async def scene() -> None:
        async with stage(answering(b""), route("POST", body=ANY)) as on:
            client = await on.client()
            client.send(b"POST /things HTTP/1.1\r\nHost: x\r\nContent-Type: a/b\r\nContent-Length: 100\r\n\r\n")
            await on.until(lambda: on.connections == 1)
            (listener,) = on.gateway.plane.listeners
            await on.until(lambda: listener._paused == {"upload"})
            (passage,) = on.gateway.plane.passages
            passage.deadline = 1.0
            assert b"took nothing of the request" in await client.answer()

    play(scene)


@pytest.mark.parametrize("loop", LOOPS)
def test_a_client_that_takes_no_answers_gets_no_further_ones(loop: str) -> None:
    async def scene() -> None:
        asked = 0

        async def service(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            nonlocal asked
            while await reader.readuntil(b"\r\n\r\n"):
                asked += 1
                writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % MIB + bytes(MIB))
                await writer.drain()

        async with stage(service, route()) as on:
            client = await on.client()
            cast(asyncio.Transport, client.writer.transport).pause_reading()
            client.send(GET * 100)
            (listener,) = on.gateway.plane.listeners
            await on.until(lambda: listener._writing_paused)
            before = asked
            await asyncio.sleep(0.05)
            assert asked == before < 50
            assert listener.transport.get_write_buffer_size() < 4 * MIB
            cast(asyncio.Transport, client.writer.transport).resume_reading()
            for _ in range(100):
                assert len(await client.answer()) > MIB

    play(scene, loop)


@pytest.mark.parametrize("loop", LOOPS)
def test_refusals_do_not_pile_up_for_a_client_that_does_not_read_them(loop: str) -> None:
    async def scene() -> None:
        async with stage(answering(OK), route()) as on:
            client = await on.client()
            cast(asyncio.Transport, client.writer.transport).pause_reading()
            count = 100_000
            client.send(NONE * count)
            (listener,) = on.gateway.plane.listeners
            await on.until(lambda: listener._writing_paused and bool(listener._paused))
            assert listener.transport.get_write_buffer_size() < MIB
            cast(asyncio.Transport, client.writer.transport).resume_reading()
            answers = 0
            while answers < count:
                answers += (await client.reader.readuntil(b"HTTP/1.1 404 ")).count(b"404")

    play(scene, loop)


@pytest.mark.parametrize("loop", LOOPS)
@pytest.mark.parametrize("request_line", [b"GET /things HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", b"GET /things HTTP/1.0\r\n\r\n"])
def test_a_slow_client_gets_the_whole_of_the_last_answer(request_line: bytes, loop: str) -> None:
    async def scene() -> None:
        size = 8 * MIB
        async with stage(answering(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % size + bytes(size)), route()) as on:
            client = await on.client()
            cast(asyncio.Transport, client.writer.transport).pause_reading()
            client.send(request_line)
            ticks: list[None] = []
            on.gateway.plane.on_tick(lambda: ticks.append(None))
            (listener,) = on.gateway.plane.listeners
            await on.until(lambda: len(ticks) > 2)
            cast(asyncio.Transport, client.writer.transport).resume_reading()
            await client.head()
            left = size - MIB
            await client.reader.readexactly(left)
            cast(asyncio.Transport, client.writer.transport).pause_reading()
            await on.until(lambda: listener.closing)
            ticks.clear()
            await on.until(lambda: len(ticks) > 2)
            cast(asyncio.Transport, client.writer.transport).resume_reading()
            assert len(await client.rest()) == MIB

    play(scene, loop)


@pytest.mark.parametrize("loop", LOOPS)
def test_a_download_is_idle_only_when_the_client_takes_nothing(loop: str) -> None:
    async def scene() -> None:
        size = 32 * MIB
        async with stage(answering(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % size + bytes(size)), route()) as on:
            client = await on.client()
            cast(asyncio.Transport, client.writer.transport).pause_reading()
            client.send(GET)
            (listener,) = on.gateway.plane.listeners
            await on.until(lambda: listener._writing_paused)
            (passage,) = on.gateway.plane.passages
            passage._unsent += 1  # as if a byte had left since then
            for _ in range(2):
                passage.deadline = 1.0
                await on.until(lambda: passage.deadline > 1.0 or passage.ended)
            assert passage.ended
            assert passage.problem is not None
            assert "the client took nothing of the answer" in passage.problem.detail

    play(scene, loop)


@pytest.mark.parametrize("loop", LOOPS)
def test_a_client_that_never_takes_its_last_answer_is_let_go(loop: str) -> None:
    async def scene() -> None:
        answer = b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % (32 * MIB) + bytes(32 * MIB)
        async with stage(answering(answer), route(), limits=Limits(idle=0.2, drain=1.0)) as on:
            client = await on.client()
            cast(asyncio.Transport, client.writer.transport).pause_reading()
            client.send(GET)
            (listener,) = on.gateway.plane.listeners
            await on.until(lambda: listener._writing_paused)
            (passage,) = on.gateway.plane.passages
            passage.deadline = 1.0
            await on.until(lambda: not on.gateway.plane.listeners)
            client = await on.client()
            cast(asyncio.Transport, client.writer.transport).pause_reading()
            client.send(NONE * 50_000)
            await on.until(lambda: bool(on.gateway.plane.listeners))
            await on.until(lambda: not on.gateway.plane.listeners)

    play(scene, loop)


@pytest.mark.parametrize("loop", LOOPS)
def test_an_answer_waits_at_the_service_while_a_stage_does(loop: str) -> None:
    async def scene() -> None:
        size = 16 * MIB
        release = asyncio.Event()

        class Waiting:
            async def response(self, exchange: Exchange) -> None:
                await release.wait()

        answer = b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % size + bytes(size)
        async with stage(answering(answer), route()) as on:
            active = on.gateway.plane.active
            chain = routed(active.plan.routes[0], [Waiting()], active.upstreams, on.gateway.metrics)
            active.table = type(active.table)(active.plan.routes, [chain])
            client = await on.client()
            client.send(GET)
            await on.until(lambda: on.gateway.plane.held > 0)
            await asyncio.sleep(0.05)
            assert on.gateway.plane.held < MIB
            release.set()
            await client.head()
            assert await client.reader.readexactly(size) == bytes(size)
            assert on.gateway.plane.held == 0

    play(scene, loop)
