"""The end of `specgw serve`: nothing new, what is in flight is finished within `limits.drain`, and a second Ctrl-C ends at once."""

from __future__ import annotations

import asyncio
import contextlib
import json
import signal
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests.scenarios.process import PATIENCE, Running, running
from tests.unit.dataplane.stage import Client

DOCUMENT = """\
openapi: 3.1.0
info: {title: Slow, version: "1"}
servers: [{url: "SERVER"}]
paths:
  /slow:
    get:
      operationId: slow
      responses: {"200": {description: OK}}
  /long:
    get:
      operationId: long
      responses: {"200": {description: OK}}
"""
SLOW = b"GET /slow HTTP/1.1\r\nHost: x\r\n\r\n"
LONG = b"GET /long HTTP/1.1\r\nHost: x\r\n\r\n"
READY = b"GET /readyz HTTP/1.1\r\nHost: x\r\n\r\n"
OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"
IN_FLIGHT = 50


@dataclass
class Play:
    """A gateway process before a service that answers when it is told to."""

    gateway: Running
    public: tuple[str, int]
    admin: tuple[str, int]
    release: asyncio.Event = field(default_factory=asyncio.Event)
    """Set: the service answers what it has got."""
    asked: int = 0
    """How many requests the service has got."""
    left: int = 0
    """How many of its connections have ended."""
    _writers: list[asyncio.StreamWriter] = field(default_factory=list)

    async def client(self, address: tuple[str, int] | None = None) -> Client:
        client = Client(*await asyncio.open_connection(*(address or self.public)))
        self._writers.append(client.writer)
        return client

    async def in_flight(self, count: int, request: bytes = SLOW) -> list[Client]:
        """So many requests, each on its own connection, all of them with the service."""
        clients = [await self.client() for _ in range(count)]
        before = self.asked
        for client in clients:
            client.send(request)
        await until(lambda: self.asked == before + count)
        return clients

    async def refused(self) -> None:
        """New connections are refused from now on."""
        async with asyncio.timeout(PATIENCE):
            while True:
                try:
                    _, writer = await asyncio.open_connection(*self.public)
                except ConnectionRefusedError:
                    return
                except ConnectionResetError:
                    continue  # accepted by the system a moment before the listener closed
                writer.close()
                with contextlib.suppress(ConnectionError):
                    await writer.wait_closed()

    def signal(self, number: signal.Signals) -> None:
        self.gateway.process.send_signal(number)

    async def close(self) -> None:
        """Leave no connection open, whatever happened."""
        for writer in self._writers:
            writer.close()
        for writer in self._writers:
            with contextlib.suppress(ConnectionError):
                await writer.wait_closed()

    async def end(self) -> int:
        """The exit code of the gateway, which ends by itself."""
        return await asyncio.to_thread(self.gateway.end)


async def until(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(PATIENCE):
        while not condition():  # noqa: ASYNC110 - another process does it, which tells nobody
            await asyncio.sleep(0.002)


@contextlib.asynccontextmanager
async def before_a_slow_service(folder: Path, drain: str) -> AsyncIterator[Play]:
    """`/slow` is answered once it is released; `/long` is begun at once, and never ended."""
    play: Play

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        play._writers.append(writer)
        with contextlib.suppress(asyncio.IncompleteReadError, ConnectionError):
            while head := await reader.readuntil(b"\r\n\r\n"):
                play.asked += 1
                if head.startswith(b"GET /long "):
                    writer.write(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nbegun\r\n")
                    await reader.read()
                    break
                await play.release.wait()
                writer.write(OK)
        play.left += 1
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    (folder / "slow.yaml").write_text(DOCUMENT.replace("SERVER", url), encoding="utf-8")
    # Far more than a test waits for: only the gateway's own end can end a request.
    (folder / "gateway.yaml").write_text(
        f"gateway: {{limits: {{drain: {drain}}}, defaults: {{timeout: {{response: 10m, total: 10m}}}}}}", encoding="utf-8"
    )
    with running("serve", ".", "--port", "0", "--admin", "127.0.0.1:0", cwd=folder) as gateway:
        said = await asyncio.to_thread(gateway.expect, r"serves .* on http://127.0.0.1:(\d+), admin on http://127.0.0.1:(\d+)")
        play = Play(gateway, ("127.0.0.1", int(said[1])), ("127.0.0.1", int(said[2])))
        try:
            yield play
        finally:
            play.release.set()
            await play.close()
            server.close()
            await server.wait_closed()


def scene(folder: Path, drain: str, plot: Callable[[Play], Awaitable[None]]) -> None:
    async def act() -> None:
        async with before_a_slow_service(folder, drain) as play:
            await plot(play)

    asyncio.run(act())


@pytest.mark.parametrize(("number", "code"), [(signal.SIGTERM, 0), (signal.SIGINT, 130)])
def test_what_is_in_flight_is_finished(tmp_path: Path, number: signal.Signals, code: int) -> None:
    async def plot(play: Play) -> None:
        operator = await play.client(play.admin)
        operator.send(READY)
        assert (await operator.answer()).startswith(b"HTTP/1.1 200 ")
        clients = await play.in_flight(IN_FLIGHT)
        play.signal(number)
        await play.refused()
        operator.send(READY)
        answer = await operator.answer()
        assert answer.startswith(b"HTTP/1.1 503 ")
        assert json.loads(answer.partition(b"\r\n\r\n")[2])["status"] == "draining"
        assert play.gateway.process.poll() is None
        play.release.set()
        for client in clients:
            answer = await client.rest()
            assert answer.startswith(b"HTTP/1.1 200 ")
            assert b"\r\nConnection: close\r\n" in answer
            assert answer.endswith(b"\r\n\r\nok")
        assert await play.end() == code

    scene(tmp_path, "10m", plot)


def test_clients_that_go_on_asking_on_their_connections_lose_no_request(tmp_path: Path) -> None:
    """They learn of the end from an answer, not from a connection that was closed under a request."""

    async def plot(play: Play) -> None:
        play.release.set()
        answered = 0

        async def ask() -> None:
            nonlocal answered
            client = await play.client()
            answer = b""
            while b"\r\nConnection: close\r\n" not in answer:
                client.send(SLOW)
                answer = await client.answer()
                assert answer.startswith(b"HTTP/1.1 200 ")
                answered += 1
                await asyncio.sleep(0.002)  # the moment in which a connection is idle, as it is between two real requests
            assert await client.rest() == b""

        asking = asyncio.gather(*(ask() for _ in range(IN_FLIGHT)))
        await until(lambda: answered > 4 * IN_FLIGHT or asking.done())
        play.signal(signal.SIGTERM)
        await asking
        assert await play.end() == 0

    scene(tmp_path, "10m", plot)


def test_beyond_the_limit_requests_are_cut(tmp_path: Path) -> None:
    async def plot(play: Play) -> None:
        slow = await play.in_flight(3)
        (long,) = await play.in_flight(1, LONG)
        assert (await long.head()).startswith(b"HTTP/1.1 200 ")
        play.signal(signal.SIGTERM)
        for client in slow:
            answer = await client.rest()
            assert answer.startswith(b"HTTP/1.1 503 ")
            assert b"\r\nConnection: close\r\n" in answer
            assert json.loads(answer.partition(b"\r\n\r\n")[2])["type"] == "urn:specgw:problem:overloaded"
        # What has begun cannot be ended honestly: there is no last chunk.
        with pytest.raises((asyncio.IncompleteReadError, ConnectionResetError)):
            await long.reader.readuntil(b"0\r\n\r\n")
        assert await play.end() == 0
        play.release.set()
        await until(lambda: play.left == 4)
        assert "requests that were not finished when the gateway ended: 4" in play.gateway.said
        logged = [json.loads(line) for line in play.gateway.said if line.startswith("{")]
        assert sorted((line["operationId"], line["status"]) for line in logged) == [("long", 200), *[("slow", 503)] * 3]

    scene(tmp_path, "300ms", plot)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_second_signal_ends_at_once(tmp_path: Path, number: signal.Signals) -> None:
    async def plot(play: Play) -> None:
        clients = await play.in_flight(3)
        play.signal(number)
        await play.refused()
        assert play.gateway.process.poll() is None
        play.signal(number)
        for client in clients:
            with contextlib.suppress(ConnectionError):
                assert b" 200 " not in await client.rest()
        # Were it to wait for the service, or for the limit, this would fail for want of patience.
        assert await play.end() == (130 if number is signal.SIGINT else 0)
        assert "Traceback" not in "\n".join(play.gateway.said)

    scene(tmp_path, "10m", plot)
