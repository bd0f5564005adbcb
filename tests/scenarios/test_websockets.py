"""WebSockets through `specgw serve`, with the `websockets` library as the peer on both sides."""

from __future__ import annotations

import asyncio
import contextlib
import os
import re
import signal
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from websockets.asyncio.client import ClientConnection, connect
from websockets.asyncio.server import Server, ServerConnection, serve
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.frames import Frame, Opcode
from websockets.typing import Origin, Subprotocol

from tests.scenarios.process import PATIENCE, Running, running

MIB = 1 << 20
LIMIT = 5 * MIB
OPEN = 200
CHANGES = 20
DOCUMENT = """\
openapi: 3.1.0
info: {title: Chat, version: "NUMBER"}
servers: [{url: "SERVER"}]
paths:
  /chat/{room}:
    get:
      operationId: chat
      x-gateway: {websocket: {idle: IDLE, maxMessage: 5MiB}}
      parameters:
        - {name: room, in: path, required: true, schema: {type: integer, maximum: 1NUMBER}}
      responses: {"101": {description: Open.}}
  /listed:
    get:
      operationId: listed
      x-gateway: {websocket: {origins: ["https://app.example", "https://*.example.com"]}}
      responses: {"101": {description: Open.}}
"""


@dataclass
class Play:
    """A gateway process before a service that sends everything back, unless a test has another plan for it."""

    gateway: Running
    url: str
    folder: Path
    service: str
    peers: asyncio.Queue[ServerConnection] = field(default_factory=asyncio.Queue)
    """The service's side of each WebSocket, in the order of their opening."""

    def connect(self, path: str = "/chat/1", **more: Any) -> connect:
        """A client; messages of any size, and pings only where a test sends them."""
        return connect(self.url + path, **{"max_size": None, "ping_interval": None, "proxy": None, **more})

    async def peer(self) -> ServerConnection:
        """The service's side of the next WebSocket."""
        return await asyncio.wait_for(self.peers.get(), PATIENCE)

    def write(self, number: int, idle: str) -> None:
        """The documents, at once, as editors save them."""
        text = DOCUMENT.replace("NUMBER", str(number)).replace("SERVER", self.service).replace("IDLE", idle)
        beside = self.folder / ".saving"
        beside.write_text(text, encoding="utf-8")
        os.replace(beside, self.folder / "chat.yaml")


async def echo(peer: ServerConnection) -> None:
    """Send every message back as what it was."""
    async for message in peer:
        await peer.send(message)


async def silent(peer: ServerConnection) -> None:
    """Leave all to the test."""
    await peer.wait_closed()


@contextlib.asynccontextmanager
async def before(
    folder: Path, service: Callable[[ServerConnection], Awaitable[None]], *, idle: str = "60s", drain: str = "30s", **more: Any
) -> AsyncIterator[Play]:
    plays: list[Play] = []

    async def handler(peer: ServerConnection) -> None:
        await plays[0].peers.put(peer)
        with contextlib.suppress(ConnectionClosed):
            await service(peer)

    settings = {"max_size": None, "ping_interval": None, "compression": None, **more}
    # As many may come at once as are opened here: what a full backlog drops comes again after a second.
    async with serve(handler, "127.0.0.1", 0, backlog=2 * OPEN, **settings) as server:
        play = Play(Running.__new__(Running), "", folder, _url(server))
        play.write(0, idle)
        (folder / "gateway.yaml").write_text(f"gateway: {{limits: {{drain: {drain}}}}}\n", encoding="utf-8")
        with running("serve", ".", "--watch", "--port", "0", "--admin", "off", cwd=folder) as gateway:
            play.gateway = gateway
            play.url = (await asyncio.to_thread(gateway.address)).replace("http", "ws")
            await asyncio.to_thread(gateway.expect, "^watching for changes$")
            plays.append(play)
            yield play
            if gateway.process.poll() is None:
                assert await asyncio.to_thread(gateway.stop) == 0
            assert "Traceback" not in "\n".join(gateway.said)


def _url(server: Server) -> str:
    return f"http://127.0.0.1:{next(iter(server.sockets)).getsockname()[1]}"


def scene(plot: Callable[[], Awaitable[None]]) -> None:
    """Play it, within the patience of a test."""

    async def act() -> None:
        async with asyncio.timeout(PATIENCE):
            await plot()

    asyncio.run(act())


def test_messages_of_every_kind_come_back_as_they_went(tmp_path: Path) -> None:
    async def plot() -> None:
        async with before(tmp_path, echo) as play, play.connect(compression=None) as client:
            for message in ("text", "", "ü€😀" * 1000, b"binary", b"", bytes(range(256)) * 512, b"x" * (4 * MIB), "y" * (4 * MIB)):
                await client.send(message)
                assert await client.recv() == message
            # Fragments, with a ping between them, which the service answers before the message is whole.
            waiter: list[Awaitable[float]] = []

            async def pieces() -> AsyncIterator[str]:
                yield "one "
                waiter.append(await client.ping(b"between"))
                yield ""
                await waiter[0]
                yield "two"

            await client.send(pieces())
            assert await client.recv() == "one two"
            # The other way round.
            peer = await play.peer()
            await peer.send([b"a", b"", b"b"])
            got = [piece async for piece in client.recv_streaming()]
            assert got == [b"a", b"", b"b", b""]  # the library ends with an empty fragment
            await (await peer.ping())
            await client.pong(b"nobody asked")
            # As many as go in at once, in their order.
            for number in range(2000):
                await client.send(str(number))
            assert [await client.recv() for _ in range(2000)] == [str(number) for number in range(2000)]

    scene(plot)


def test_compression_passes_through(tmp_path: Path) -> None:
    async def plot() -> None:
        async with before(tmp_path, echo, compression="deflate") as play, play.connect(compression="deflate") as client:
            assert client.response is not None
            assert "permessage-deflate" in client.response.headers["Sec-WebSocket-Extensions"]
            # The limit speaks of bytes on the wire: 16 MiB of the same letter are few.
            for message in ("text", "", "a" * (16 * MIB), os.urandom(MIB)):
                await client.send(message)
                assert await client.recv() == message
            with contextlib.suppress(ConnectionClosed):
                await client.send(os.urandom(LIMIT + MIB))
            assert await _verdict(client) == 1009

    scene(plot)


def test_close_codes_go_both_ways(tmp_path: Path) -> None:
    async def plot() -> None:
        async with before(tmp_path, silent) as play:
            for code, reason in ((1000, ""), (1001, "gone"), (1008, "no"), (3000, "x" * 100), (4999, "mine")):
                for by_client in (True, False):
                    client = await play.connect()
                    peer = await play.peer()
                    closing, other = (client, peer) if by_client else (peer, client)
                    await closing.close(code, reason)
                    await other.wait_closed()
                    assert other.protocol.close_rcvd == closing.protocol.close_rcvd
                    assert (other.close_code, other.close_reason) == (code, reason)

    scene(plot)


def test_who_breaks_a_limit_or_a_rule_is_told_and_so_is_the_other(tmp_path: Path) -> None:
    async def plot() -> None:
        async with before(tmp_path, silent) as play:
            for from_client, break_it, code in (
                (True, _oversize, 1009),
                (False, _oversize, 1009),
                (True, _oversize_in_fragments, 1009),
                (False, _oversize_in_fragments, 1009),
                (True, _wrong_mask, 1002),
                (False, _wrong_mask, 1002),
                (True, _reserved_opcode, 1002),
                (False, _reserved_bit, 1002),
                (True, _long_ping, 1002),
                (False, _fragmented_ping, 1002),
            ):
                async with play.connect(compression=None) as client:
                    peer = await play.peer()
                    client_side, service_side = asyncio.create_task(_verdict(client)), asyncio.create_task(_verdict(peer))
                    with contextlib.suppress(ConnectionClosed, ConnectionError):
                        await break_it(client if from_client else peer)
                    assert (await client_side, await service_side) == (code, code), break_it.__name__

    scene(plot)


def _peak(gateway: Running) -> int:
    """The most memory that the process had, in bytes; 0 where /proc does not tell."""
    status = Path(f"/proc/{gateway.process.pid}/status")
    found = re.search(r"VmHWM:\s+(\d+)", status.read_text(encoding="ascii")) if status.exists() else None
    return int(found[1]) * 1024 if found else 0


Either = ClientConnection | ServerConnection


async def _verdict(side: Either) -> int | None:
    """The status code of the Close frame that ends it."""
    with contextlib.suppress(ConnectionClosed):
        await side.recv()
    await side.wait_closed()
    received = side.protocol.close_rcvd
    return None if received is None else received.code


async def _oversize(side: Either) -> None:
    await side.send(bytes(LIMIT + 1))


async def _oversize_in_fragments(side: Either) -> None:
    await side.send([bytes(2 * MIB)] * 3)


async def _raw(side: Either, data: bytes) -> None:
    side.transport.write(data)


async def _wrong_mask(side: Either) -> None:
    await _raw(side, Frame(Opcode.TEXT, b"x").serialize(mask=side.protocol.side.name != "CLIENT"))


async def _reserved_opcode(side: Either) -> None:
    await _raw(side, b"\x83\x80\0\0\0\0")


async def _reserved_bit(side: Either) -> None:
    await _raw(side, b"\xc1\x00")


async def _long_ping(side: Either) -> None:
    await _raw(side, b"\x89\xfe\x00\x80" + bytes(4 + 128))


async def _fragmented_ping(side: Either) -> None:
    await _raw(side, b"\x09\x00")


def test_handshakes(tmp_path: Path) -> None:
    async def plot() -> None:
        subprotocols = [Subprotocol("chat.v2"), Subprotocol("chat.v1")]
        async with before(tmp_path, echo, subprotocols=subprotocols) as play:
            async with play.connect(subprotocols=[Subprotocol("chat.v1"), Subprotocol("other")]) as client:
                assert client.subprotocol == "chat.v1"
            own = Origin(play.url.replace("ws", "http"))
            async with play.connect(origin=own, subprotocols=subprotocols) as client:
                assert client.subprotocol == "chat.v2"
            for path, origin, status in (
                ("/chat/1", "https://evil.example", 403),
                ("/listed", "https://evil.example", 403),
                ("/listed", str(own), 403),
                ("/listed", "https://example.com.evil.example", 403),
                ("/chat/abc", None, 400),
                ("/chat/99", None, 400),
                ("/nothing", None, 404),
            ):
                with pytest.raises(InvalidStatus) as refused:
                    await play.connect(path, origin=None if origin is None else Origin(origin))
                assert refused.value.response.status_code == status, (path, origin)
            for origin in ("https://app.example", "https://eu.app.example.com"):
                async with play.connect("/listed", origin=Origin(origin), subprotocols=subprotocols) as client:
                    await client.send("in")
                    assert await client.recv() == "in"

    scene(plot)


@pytest.mark.parametrize("first", ["client", "service"])
@pytest.mark.parametrize("how", ["abort", "eof"])
def test_when_one_side_vanishes_the_other_is_released_within_a_second(tmp_path: Path, first: str, how: str) -> None:
    async def plot() -> None:
        async with before(tmp_path, silent) as play:
            client = await play.connect()
            peer = await play.peer()
            gone, left = (client, peer) if first == "client" else (peer, client)
            gone.transport.abort() if how == "abort" else gone.transport.write_eof()
            async with asyncio.timeout(1.0):
                await left.wait_closed()
            assert left.protocol.close_rcvd is None
            client.transport.abort()

    scene(plot)


def test_silence_ends_it_and_pings_keep_it(tmp_path: Path) -> None:
    async def plot() -> None:
        async with before(tmp_path, silent, idle="400ms") as play, play.connect(ping_interval=0.1) as lively:
            await play.peer()
            async with play.connect() as quiet:
                peer = await play.peer()
                assert (await _verdict(quiet), await _verdict(peer)) == (1001, 1001)
            await (await lively.ping())

    scene(plot)


def test_who_does_not_read_holds_the_other_back_and_loses_nothing(tmp_path: Path) -> None:
    async def plot() -> None:
        async with before(tmp_path, silent) as play, play.connect(compression=None, max_queue=1) as client:
            peer = await play.peer()
            piece, sent = os.urandom(MIB), 0

            async def send() -> None:
                nonlocal sent
                for _ in range(64):
                    await peer.send(piece)
                    sent += 1

            sending = asyncio.create_task(send())
            was = -1
            while sent != was or not sent:
                was = sent
                await asyncio.sleep(0.3)
            assert sent < 32
            assert _peak(play.gateway) < 200 * MIB
            for _ in range(64):
                assert await client.recv() == piece
            await sending

    scene(plot)


@pytest.mark.slow
def test_open_websockets_do_not_notice_that_documents_change(tmp_path: Path) -> None:
    async def plot() -> None:
        async with before(tmp_path, echo) as play:
            clients = await asyncio.gather(*(play.connect(open_timeout=PATIENCE) for _ in range(OPEN)))

            async def ask(client: ClientConnection, message: str) -> None:
                await client.send(message)
                assert await client.recv() == message

            for number in range(1, CHANGES + 1):
                # Its limits change too: those of an open WebSocket are the ones that it was opened with.
                play.write(number, f"{number}ms" if number % 2 else "60s")
                await asyncio.to_thread(play.gateway.expect, f"^generation {number + 1}: ")
                await asyncio.gather(*(ask(client, f"{number}") for client in clients))
            async with play.connect("/chat/119") as client:
                await ask(client, "new")
            await asyncio.gather(*(client.close() for client in clients))
            assert {client.close_code for client in clients} == {1000}

    scene(plot)


def test_a_gateway_that_stops_tells_everybody_and_waits_for_nobody(tmp_path: Path) -> None:
    async def plot() -> None:
        async with before(tmp_path, silent, drain="10m") as play:
            clients = [await play.connect() for _ in range(5)]
            peers = [await play.peer() for _ in clients]
            play.gateway.process.send_signal(signal.SIGTERM)
            sides: list[Either] = [*clients, *peers]
            verdicts = await asyncio.gather(*map(_verdict, sides))
            assert set(verdicts) == {1001}
            assert await asyncio.to_thread(play.gateway.end) == 0

    scene(plot)
