"""`specgw serve --workers`: several processes on one socket, which change together, end together, and are replaced."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import pytest

from tests.scenarios.process import PATIENCE, Running, running
from tests.unit.dataplane.stage import Client

DOCUMENT = """\
openapi: 3.1.0
info: {title: Things, version: "1"}
servers: [{url: "SERVER"}]
paths:
  /NAME: {get: {responses: {"200": {description: OK}}}}
  /slow: {get: {responses: {"200": {description: OK}}}}
"""
OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"
CONNECTIONS = 40


@dataclass
class Play:
    """Two workers before a service that answers `/slow` when it is told to."""

    gateway: Running
    folder: Path
    server: str
    public: tuple[str, int]
    admin: str
    release: asyncio.Event = field(default_factory=asyncio.Event)
    asked: int = 0
    clients: list[Client] = field(default_factory=list)

    async def connect(self, count: int) -> list[Client]:
        clients = [Client(*await asyncio.open_connection(*self.public)) for _ in range(count)]
        self.clients += clients
        return clients

    def document(self, name: str) -> None:
        (self.folder / "things.yaml").write_text(DOCUMENT.replace("SERVER", self.server).replace("NAME", name), encoding="utf-8")

    async def expect(self, pattern: str) -> None:
        await asyncio.to_thread(self.gateway.expect, pattern)

    async def figures(self) -> dict[str, float]:
        """The sums of all workers, by series."""
        async with httpx.AsyncClient() as client:
            text = (await client.get(f"{self.admin}/metrics")).text
        return {line.rpartition(" ")[0]: float(line.rpartition(" ")[2]) for line in text.splitlines() if not line.startswith("#")}

    async def until_serving(self, count: int) -> None:
        async with asyncio.timeout(PATIENCE):
            while (await self.figures())["specgw_workers"] != count:  # noqa: ASYNC110 - other processes do it, which tell nobody
                await asyncio.sleep(0.02)

    async def until_activating(self) -> None:
        async with asyncio.timeout(PATIENCE), httpx.AsyncClient() as client:
            while not (await client.get(f"{self.admin}/readyz")).json()["activating"]:  # noqa: ASYNC110 - likewise
                await asyncio.sleep(0.01)

    def workers(self) -> list[int]:
        listings = Path(f"/proc/{self.gateway.process.pid}/task").glob("*/children")
        found = [int(pid) for listing in listings for pid in listing.read_text().split()]
        return [pid for pid in found if b"specgw.workers.worker" in Path(f"/proc/{pid}/cmdline").read_bytes()]


async def ask(client: Client, path: str) -> int:
    client.send(f"GET {path} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
    return int((await client.answer()).split()[1])


async def all_ask(clients: list[Client], path: str) -> set[int]:
    return set(await asyncio.gather(*(ask(client, path) for client in clients)))


@contextlib.asynccontextmanager
async def two_workers(folder: Path) -> AsyncIterator[Play]:
    play: Play
    writers: list[asyncio.StreamWriter] = []

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writers.append(writer)
        with contextlib.suppress(asyncio.IncompleteReadError, ConnectionError):
            while head := await reader.readuntil(b"\r\n\r\n"):
                play.asked += 1
                if head.startswith(b"GET /slow "):
                    await play.release.wait()
                writer.write(OK)
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    (folder / "things.yaml").write_text(DOCUMENT.replace("SERVER", url).replace("NAME", "first"), encoding="utf-8")
    (folder / "gateway.yaml").write_text("gateway: {limits: {drain: 10m}, telemetry: {accessLog: access.log}}", encoding="utf-8")
    arguments = ("serve", ".", "--workers", "2", "--port", "0", "--admin", "127.0.0.1:0")
    with running(*arguments, cwd=folder) as gateway:
        said = await asyncio.to_thread(gateway.expect, r"serves .* on http://127.0.0.1:(\d+), admin on (http://127.0.0.1:\d+)")
        play = Play(gateway, folder, url, ("127.0.0.1", int(said[1])), said[2])
        try:
            yield play
        finally:
            play.release.set()
            for writer in (*writers, *(client.writer for client in play.clients)):
                writer.close()
                with contextlib.suppress(ConnectionError):
                    await writer.wait_closed()
            server.close()
            await server.wait_closed()


def running_still(pids: list[int]) -> bool:
    return any(Path(f"/proc/{pid}").exists() for pid in pids)


def scene(folder: Path, plot: Callable[[Play], Awaitable[None]]) -> None:
    async def act() -> None:
        async with two_workers(folder) as play:
            await plot(play)

    asyncio.run(act())


def test_both_serve_and_a_killed_one_is_replaced_while_the_other_goes_on(tmp_path: Path) -> None:
    async def plot(play: Play) -> None:
        clients = await play.connect(CONNECTIONS)
        for _ in range(5):
            assert await all_ask(clients, "/first") == {200}
        before = await play.figures()
        (requests,) = (series for series in before if series.startswith("specgw_requests_total"))
        assert before[requests] == 5 * CONNECTIONS, "the figures of both"
        assert before["specgw_connections"] == CONNECTIONS
        killed, spared = play.workers()
        os.kill(killed, signal.SIGKILL)
        await play.expect("^a worker ended with -9; it is replaced$")
        # Whoever was connected to the other one notices nothing, and new connections are served meanwhile.
        alive = []
        for client in clients:
            with contextlib.suppress(asyncio.IncompleteReadError, ConnectionError):
                assert await ask(client, "/first") == 200
                alive.append(client)
        assert await all_ask(await play.connect(10), "/first") == {200}
        await play.until_serving(2)
        assert spared in play.workers()
        assert len(play.workers()) == 2
        after = await play.figures()
        assert after[requests] == before[requests] + len(alive) + 10, "nothing that was counted is forgotten"
        assert after["specgw_workers_replaced_total"] == 1
        assert play.gateway.stop() == 0
        assert "Traceback" not in "\n".join(play.gateway.said)

    scene(tmp_path, plot)


def test_all_change_to_new_documents_or_none(tmp_path: Path) -> None:
    async def plot(play: Play) -> None:
        clients = await play.connect(CONNECTIONS)
        assert await all_ask(clients, "/first") == {200}
        play.document("second")
        play.gateway.process.send_signal(signal.SIGHUP)
        await play.expect("^generation 2: .*, 2 routes in all$")
        assert await all_ask(clients, "/second") == {200}
        assert await all_ask(clients, "/first") == {404}
        (play.folder / "things.yaml").write_text("openapi: 3.1.0\npaths: [\n", encoding="utf-8")
        play.gateway.process.send_signal(signal.SIGHUP)
        await play.expect("^the last good plan goes on$")
        # One worker does not answer any more, and ends before it has built the plan: then no other changes either.
        play.document("third")
        stuck, _ = play.workers()
        os.kill(stuck, signal.SIGSTOP)
        play.gateway.process.send_signal(signal.SIGHUP)
        await play.until_activating()
        os.kill(stuck, signal.SIGKILL)
        await play.expect("^specgw: a worker has ended; the last good plan goes on$")
        await play.until_serving(2)
        fresh = await play.connect(CONNECTIONS)
        assert await all_ask(fresh, "/second") == {200}
        assert await all_ask(fresh, "/third") == {404}
        figures = await play.figures()
        assert figures["specgw_plan_generation"] == 2
        assert figures['specgw_reloads_total{outcome="activated"}'] == 1
        assert figures['specgw_reloads_total{outcome="refused"}'] == 1
        play.gateway.process.send_signal(signal.SIGHUP)
        await play.expect("^generation 3: ")
        assert await all_ask(fresh, "/third") == {200}
        assert play.gateway.stop() == 0

    scene(tmp_path, plot)


def test_the_end_waits_for_what_is_in_flight_in_every_worker(tmp_path: Path) -> None:
    async def plot(play: Play) -> None:
        clients = await play.connect(CONNECTIONS)
        answers = [asyncio.create_task(ask(client, "/slow")) for client in clients]
        async with asyncio.timeout(PATIENCE):
            while play.asked < CONNECTIONS:  # noqa: ASYNC110 - other processes do it, which tell nobody
                await asyncio.sleep(0.01)
        # As a service manager does it, to all at once: the workers' own signal and the leader's word are one drain.
        for pid in (*play.workers(), play.gateway.process.pid):
            os.kill(pid, signal.SIGTERM)
        async with asyncio.timeout(PATIENCE):
            while True:
                try:
                    (late,) = await play.connect(1)
                except ConnectionRefusedError:
                    break
                except ConnectionResetError:  # it stood in the queue of the socket that was closed meanwhile
                    continue
                late.writer.close()
        async with httpx.AsyncClient() as operator:
            state = await operator.get(f"{play.admin}/readyz")
        assert (state.status_code, state.json()["status"]) == (503, "draining")
        play.release.set()
        assert set(await asyncio.gather(*answers)) == {200}
        assert await asyncio.to_thread(play.gateway.end) == 0
        assert "Traceback" not in "\n".join(play.gateway.said)

    scene(tmp_path, plot)


def test_workers_do_not_outlive_their_leader(tmp_path: Path) -> None:
    async def plot(play: Play) -> None:
        workers = play.workers()
        assert len(workers) == 2
        play.gateway.process.kill()
        async with asyncio.timeout(PATIENCE):
            while running_still(workers):  # noqa: ASYNC110 - likewise
                await asyncio.sleep(0.01)

    scene(tmp_path, plot)


@pytest.mark.parametrize("number", ["0", "many"])
def test_a_number_that_is_none_is_refused(tmp_path: Path, number: str) -> None:
    with running("serve", ".", "--workers", number, cwd=tmp_path) as gateway:
        gateway.expect("Invalid value for '--workers'")
        assert gateway.end() == 2
