"""What the soaks stand on: two services, documents before them, and clients that count what goes wrong."""

from __future__ import annotations

import asyncio
import contextlib
import os
import re
import shutil
import ssl
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from pathlib import Path

from websockets.asyncio.client import ClientConnection, connect
from websockets.asyncio.server import ServerConnection, serve
from websockets.exceptions import ConnectionClosed

from tests.scenarios.process import Running, running, specgw
from tests.scenarios.test_reload import EXCHANGES, document, services
from tests.unit.dataplane.stage import Client

CHAT = """\
openapi: 3.1.0
info: {title: Chat, version: "1"}
servers: [{url: "SERVER"}]
paths:
  /chat: {get: {x-gateway: {websocket: {}}, responses: {"101": {description: A WebSocket.}}}}
"""
PAUSE = 0.005
"""Seconds between two requests of a client."""


@dataclass
class Count:
    """What came of it."""

    asked: int = 0
    failed: list[str] = field(default_factory=list)

    def note(self, what: object) -> None:
        """Something went wrong."""
        self.failed.append(repr(what))


@dataclass
class Stand:
    """A running gateway, from a folder that a build wrote; `variants` are two plans that may take its place."""

    gateway: Running
    folder: Path
    variants: tuple[bytes, bytes]
    address: tuple[str, int]
    tls: ssl.SSLContext | None = None

    def put(self, number: int) -> None:
        """Exchange the plan in the folder."""
        beside = self.folder / ".plan"
        beside.write_bytes(self.variants[number % 2])
        os.replace(beside, self.folder / "plan.json")

    async def expect(self, pattern: str) -> re.Match[str]:
        """The next line of the gateway in which the pattern is found."""
        return await asyncio.to_thread(self.gateway.expect, pattern)

    async def client(self) -> Client:
        """A connection to the gateway."""
        return Client(*await asyncio.open_connection(*self.address, ssl=self.tls, server_hostname="127.0.0.1" if self.tls else None))

    @contextlib.asynccontextmanager
    async def sockets(self, number: int) -> AsyncIterator[list[ClientConnection]]:
        """Open WebSockets."""
        async with contextlib.AsyncExitStack() as stack:
            url = f"ws://127.0.0.1:{self.address[1]}/chat"
            yield [await stack.enter_async_context(connect(url, proxy=None, ping_interval=None)) for _ in range(number)]


async def ask(client: Client, turn: int, count: Count) -> bytes:
    """One request that has to be answered as the document says; b"" where it was not."""
    request, expected = EXCHANGES[turn % len(EXCHANGES)]
    client.send(request)
    count.asked += 1
    try:
        answer = await client.answer()
    except (asyncio.IncompleteReadError, ConnectionError, TimeoutError) as fault:
        count.note(fault)
        return b""
    if not answer.startswith(expected):
        count.note(answer[:200])
    return answer


async def busy(stand: Stand, count: Count, over: Callable[[], bool]) -> None:
    """Ask again and again on one connection; connect anew where an answer says that it was the last."""
    client = await stand.client()
    turn = 0
    try:
        while not over():
            answer = await ask(client, turn, count)
            turn += 1
            if not answer:
                return
            if b"\r\nConnection: close\r\n" in answer:
                client.writer.close()
                try:
                    client = await stand.client()
                except (ConnectionRefusedError, ConnectionResetError):
                    return  # it has ended; whom the kernel had let in meanwhile, it resets
            await asyncio.sleep(PAUSE)
    finally:
        client.writer.close()


async def echoed(socket: ClientConnection, text: str, count: Count) -> None:
    """One message there and back."""
    count.asked += 1
    try:
        await socket.send(text)
        if await asyncio.wait_for(socket.recv(), 10) != text:
            count.note("another message came back")
    except (ConnectionClosed, TimeoutError) as fault:
        count.note(fault)


@contextlib.asynccontextmanager
async def stand(folder: Path, workers: int = 1, edge: str = "") -> AsyncIterator[Stand]:
    """A gateway with so many workers before its services; `edge` goes into its gateway.yaml."""
    async with starting(folder, workers, edge) as start, start() as made:
        yield made


@contextlib.asynccontextmanager
async def starting(
    folder: Path, workers: int = 1, edge: str = ""
) -> AsyncIterator[Callable[[], contextlib.AbstractAsyncContextManager[Stand]]]:
    """What starts a gateway before the same services, as often as one likes."""

    async def echo(peer: ServerConnection) -> None:
        with contextlib.suppress(ConnectionClosed):
            async for message in peer:
                await peer.send(message)

    async with services(1) as (things,), serve(echo, "127.0.0.1", 0, ping_interval=None) as chats:
        chat = f"http://127.0.0.1:{next(iter(chats.sockets)).getsockname()[1]}"
        specs = folder / "specs"
        specs.mkdir()
        (specs / "chat.yaml").write_text(CHAT.replace("SERVER", chat), encoding="utf-8")
        (specs / "gateway.yaml").write_text(f"gateway: {{telemetry: {{accessLog: 'off'}}{edge}}}\n", encoding="utf-8")
        plans = []
        for number in (0, 1):
            (specs / "things.yaml").write_text(document(number, things), encoding="utf-8")
            done = await asyncio.to_thread(specgw, "build", "specs", "-o", f"built{number}", cwd=folder)
            assert done.returncode == 0, done.stderr
            plans.append((folder / f"built{number}" / "plan.json").read_bytes())
        shutil.copytree(folder / "built0", folder / "live")
        options = ("--workers", str(workers), "--port", "0", "--admin", "off")

        @contextlib.asynccontextmanager
        async def start() -> AsyncIterator[Stand]:
            with running("serve", "live", *options, cwd=folder) as gateway:
                found = await asyncio.to_thread(gateway.expect, r"serves .* on https?://127\.0\.0\.1:(\d+)")
                made = Stand(gateway, folder / "live", (plans[0], plans[1]), ("127.0.0.1", int(found[1])))
                yield made
                if gateway.process.poll() is None:
                    assert await asyncio.to_thread(gateway.stop) == 0
                assert "Traceback" not in "\n".join(gateway.said)

        yield start
