"""Limits of a real process: connections beyond its descriptors, and clients that are slow on purpose."""

from __future__ import annotations

import asyncio
import contextlib
import os
import resource
from pathlib import Path

import pytest

from tests.scenarios.process import Running, running, service
from tests.scenarios.test_reload import services
from tests.unit.dataplane.stage import Client

DOCUMENT = """\
openapi: 3.1.0
info: {title: Things, version: "1"}
paths:
  /things:
    get: {responses: {"200": {description: OK}}}
    post:
      requestBody: {content: {"*/*": {}}}
      responses: {"200": {description: OK}}
"""
GET = b"GET /things HTTP/1.1\r\nHost: x\r\n\r\n"
DESCRIPTORS = 200


def started(folder: Path, gateway: str) -> None:
    (folder / "things.yaml").write_text(DOCUMENT, encoding="utf-8")
    (folder / "gateway.yaml").write_text(f"gateway: {{telemetry: {{accessLog: 'off'}}, {gateway}}}", encoding="utf-8")


def processor_seconds(gateway: Running) -> float:
    """What the process has used so far (proc(5): utime and stime)."""
    fields = Path(f"/proc/{gateway.process.pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


async def connected(port: int) -> Client | None:
    """A connection that gets an answer; None where it is refused."""
    client = Client(*await asyncio.open_connection("127.0.0.1", port))
    with contextlib.suppress(ConnectionError, asyncio.IncompleteReadError):
        client.send(GET)
        if (await client.answer()).startswith(b"HTTP/1.1 200 "):
            return client
    client.writer.close()
    return None


def test_connections_stay_below_the_descriptors_of_the_process(tmp_path: Path) -> None:
    """And when descriptors end all the same, the process does not spin, and who is connected is served."""

    async def scene(gateway: Running, port: int) -> None:
        clients = [await connected(port) for _ in range(DESCRIPTORS)]
        admitted = [client for client in clients if client is not None]
        assert len(admitted) == (DESCRIPTORS - 64) // 2
        # Fewer than are open already: nobody can be accepted any more.
        resource.prlimit(gateway.process.pid, resource.RLIMIT_NOFILE, (16, DESCRIPTORS))
        waiting = [await asyncio.open_connection("127.0.0.1", port) for _ in range(20)]
        before = processor_seconds(gateway)
        for _ in range(20):
            for client in admitted:
                client.send(GET)
                assert (await client.answer()).startswith(b"HTTP/1.1 200 ")
        served = processor_seconds(gateway) - before
        before = processor_seconds(gateway)
        await asyncio.sleep(1.0)  # what is looked at is what happens when nothing does
        assert processor_seconds(gateway) - before < 0.5
        assert served < 10
        resource.prlimit(gateway.process.pid, resource.RLIMIT_NOFILE, (DESCRIPTORS, DESCRIPTORS))
        for client in admitted:
            client.writer.close()
        for _, writer in waiting:
            writer.close()
        async with asyncio.timeout(30):
            while (again := await connected(port)) is None:  # noqa: ASYNC110 - another process does it, which tells nobody
                await asyncio.sleep(0.01)
        again.writer.close()

    with service({"ok": True}) as url:
        started(tmp_path, "limits: {connections: 100, connectionsPerIp: 1000}")
        with running("serve", ".", "--port", "0", "--admin", "off", "--upstream", url, cwd=tmp_path, preexec=lowered) as gateway:
            gateway.expect("limits.connections: 68 instead of 100, for want of file descriptors")
            port = int(gateway.address().rpartition(":")[2])
            asyncio.run(scene(gateway, port))
            assert gateway.stop() == 0
            assert "Traceback" not in "\n".join(gateway.said)


def lowered() -> None:
    resource.setrlimit(resource.RLIMIT_NOFILE, (64, DESCRIPTORS))


@pytest.mark.slow
def test_who_is_slow_on_purpose_costs_nobody_else_anything(tmp_path: Path) -> None:
    """Heads, bodies and answers that trickle: they end one after the other, while everybody else is served."""

    async def scene(port: int) -> None:
        kinds = (b"GET /thi", b"POST /things HTTP/1.1\r\nHost: x\r\nContent-Type: text/plain\r\nContent-Length: 1000\r\n\r\n", GET * 3000)
        slow = [Client(*await asyncio.open_connection("127.0.0.1", port)) for _ in range(90)]
        for index, client in enumerate(slow):
            cast_transport(client).pause_reading()
            client.send(kinds[index % 3])
        other = Client(*await asyncio.open_connection("127.0.0.1", port))
        served = 0
        ended = [asyncio.create_task(end(client, index % 3)) for index, client in enumerate(slow)]
        while not all(task.done() for task in ended):
            other.send(GET)
            assert (await other.answer()).startswith(b"HTTP/1.1 200 ")
            served += 1
        assert served > 10
        for task in ended:
            task.result()
        other.writer.close()

    async def end(client: Client, kind: int) -> None:
        if kind < 2:
            cast_transport(client).resume_reading()
            answer = await client.rest()
            assert answer.startswith(b"HTTP/1.1 408 "), (kind, answer)
        client.writer.close()

    async def act() -> None:
        async with services(1) as (url,):
            with running("serve", ".", "--port", "0", "--admin", "off", "--upstream", url, cwd=tmp_path) as gateway:
                await scene(int((await asyncio.to_thread(gateway.address)).rpartition(":")[2]))
                assert await asyncio.to_thread(gateway.stop) == 0

    started(tmp_path, "limits: {headerTime: 500ms, rateGrace: 500ms, connectionsPerIp: 200}")
    asyncio.run(act())


def cast_transport(client: Client) -> asyncio.Transport:
    transport = client.writer.transport
    assert isinstance(transport, asyncio.Transport)
    return transport
