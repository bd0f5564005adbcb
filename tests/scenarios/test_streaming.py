"""Large bodies pass through `specgw serve` in pieces: its memory does not grow with them, whoever is the slower side."""

from __future__ import annotations

import asyncio
import contextlib
import re
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests.scenarios.process import PATIENCE, Running, running
from tests.unit.dataplane.stage import Client

pytestmark = pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="the memory of a process is read from /proc")

DOCUMENT = """\
openapi: 3.1.0
info: {title: Files, version: "1"}
servers: [{url: "SERVER"}]
x-gateway: {maxBody: 1GiB, timeout: {total: 10m}}
paths:
  /files:
    get:
      responses: {"200": {description: A file., content: {application/octet-stream: {}}}}
    post:
      requestBody: {required: true, content: {application/octet-stream: {}}}
      responses: {"200": {description: Taken.}}
"""
MIB = 1 << 20
SIZE = 256 * MIB
PIECE = bytes(range(256)) * 1024
GROWTH = 20 * MIB
GET = b"GET /files HTTP/1.1\r\nHost: x\r\n\r\n"


@dataclass
class Play:
    """A gateway process before a service that sends and takes files; the client may hold either one back."""

    gateway: Running
    address: tuple[str, int]
    sent: int = 0
    """Bytes that the service has given away of the present file."""
    taken: int = 0
    """Bytes that the service has got of the present body."""
    taking: asyncio.Event = field(default_factory=asyncio.Event)
    """Cleared: the service reads nothing of a body."""
    gone: asyncio.Event = field(default_factory=asyncio.Event)
    """The service's connection broke while it sent."""
    _writers: list[asyncio.StreamWriter] = field(default_factory=list)

    async def client(self) -> Client:
        client = Client(*await asyncio.open_connection(*self.address))
        self._writers.append(client.writer)
        return client

    def memory(self, name: str) -> int:
        """Bytes: `VmRSS` now, `VmHWM` at most so far."""
        status = Path(f"/proc/{self.gateway.process.pid}/status").read_text(encoding="ascii")
        found = re.search(rf"^{name}:\s+(\d+) kB$", status, re.MULTILINE)
        assert found is not None
        return int(found[1]) * 1024

    async def still(self, counter: Callable[[], int]) -> int:
        """Wait until a counter has begun and then rests; its value."""
        async with asyncio.timeout(PATIENCE):
            before = -1
            while counter() == 0 or counter() != before:
                before = counter()
                await asyncio.sleep(0.1)
        return before

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._writers.append(writer)
        try:
            while head := await reader.readuntil(b"\r\n\r\n"):
                if head.startswith(b"GET "):
                    self.sent = 0
                    writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: application/octet-stream\r\nContent-Length: %d\r\n\r\n" % SIZE)
                    while self.sent < SIZE:
                        writer.write(PIECE)
                        await writer.drain()
                        self.sent += len(PIECE)
                else:
                    await self._take(reader, head)
                    writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")
        except asyncio.IncompleteReadError:
            pass
        except ConnectionError:
            self.gone.set()
        writer.close()

    async def _take(self, reader: asyncio.StreamReader, head: bytes) -> None:
        self.taken = 0
        length = int(head.lower().split(b"content-length: ")[1].split(b"\r\n")[0])
        while self.taken < length:
            await self.taking.wait()
            self.taken += len(await reader.read(min(MIB, length - self.taken)))

    async def close(self) -> None:
        for writer in self._writers:
            writer.close()
        for writer in self._writers:
            with contextlib.suppress(ConnectionError):
                await writer.wait_closed()


@contextlib.asynccontextmanager
async def before_files(folder: Path) -> AsyncIterator[Play]:
    plays: list[Play] = []

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await plays[0].serve(reader, writer)

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    (folder / "files.yaml").write_text(
        DOCUMENT.replace("SERVER", f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"), encoding="utf-8"
    )
    with running("serve", "files.yaml", "--port", "0", "--admin", "off", cwd=folder) as gateway:
        port = (await asyncio.to_thread(gateway.address)).rpartition(":")[2]
        play = Play(gateway, ("127.0.0.1", int(port)))
        play.taking.set()
        plays.append(play)
        try:
            yield play
        finally:
            play.taking.set()
            await play.close()
            server.close()
            await server.wait_closed()


def scene(folder: Path, plot: Callable[[Play], Awaitable[None]]) -> None:
    async def act() -> None:
        async with before_files(folder) as play:
            await plot(play)

    asyncio.run(act())


async def download(client: Client) -> None:
    head = await client.head()
    assert head.startswith(b"HTTP/1.1 200 ")
    assert b"\r\nContent-Length: %d\r\n" % SIZE in head
    left = SIZE
    while left:
        data = await client.reader.read(MIB)
        assert data, f"{left} bytes are missing"
        left -= len(data)


@pytest.mark.slow
def test_a_download_takes_no_memory(tmp_path: Path, record_property: Callable[[str, object], None]) -> None:
    async def plot(play: Play) -> None:
        client = await play.client()
        before = play.memory("VmRSS")
        client.send(GET)
        await download(client)
        # Now a client that does not read at first: what is on the way rests, with the service.
        client.send(GET)
        assert await play.still(lambda: play.sent) < SIZE
        await download(client)
        record_property("MiB grown", (play.memory("VmHWM") - before) / MIB)
        assert play.memory("VmHWM") - before <= GROWTH

    scene(tmp_path, plot)


@pytest.mark.slow
def test_an_upload_takes_no_memory(tmp_path: Path, record_property: Callable[[str, object], None]) -> None:
    async def plot(play: Play) -> None:
        client = await play.client()
        sent = 0

        async def upload() -> None:
            nonlocal sent
            sent = 0
            client.send(b"POST /files HTTP/1.1\r\nHost: x\r\nContent-Type: application/octet-stream\r\nContent-Length: %d\r\n\r\n" % SIZE)
            while sent < SIZE:
                client.send(PIECE)
                await client.writer.drain()
                sent += len(PIECE)
            assert (await client.answer()).endswith(b"\r\n\r\nok")
            assert play.taken == SIZE

        before = play.memory("VmRSS")
        await upload()
        # Now a service that does not read at first: what is on the way rests, with the client.
        play.taking.clear()
        uploading = asyncio.create_task(upload())
        assert await play.still(lambda: sent) < SIZE
        play.taking.set()
        await uploading
        record_property("MiB grown", (play.memory("VmHWM") - before) / MIB)
        assert play.memory("VmHWM") - before <= GROWTH

    scene(tmp_path, plot)


def test_a_client_that_leaves_releases_the_service(tmp_path: Path, record_property: Callable[[str, object], None]) -> None:
    """Whether it was reading or not; the route's own limits would do so after minutes."""

    async def plot(play: Play) -> None:
        seconds = []
        for reads in (True, True, False):
            client = await play.client()
            client.send(GET)
            await client.head()
            if reads:
                await client.reader.readexactly(4 * MIB)
            else:
                await play.still(lambda: play.sent)
            play.gone.clear()
            begun = time.monotonic()
            client.writer.transport.abort()
            await asyncio.wait_for(play.gone.wait(), PATIENCE)
            seconds.append(time.monotonic() - begun)
        record_property("seconds", max(seconds))
        # The least of them: what else runs on the machine may hold up one.
        assert min(seconds) < 1
        other = await play.client()
        other.send(b"POST /files HTTP/1.1\r\nHost: x\r\nContent-Type: application/octet-stream\r\nContent-Length: 1\r\n\r\nx")
        assert (await other.answer()).endswith(b"\r\n\r\nok")

    scene(tmp_path, plot)
