"""`specgw serve --watch` under load: twenty changes of the documents, and nobody who asks notices."""

from __future__ import annotations

import asyncio
import contextlib
import os
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest

from tests.scenarios.process import running
from tests.unit.dataplane.stage import Client

BUSY, IDLE = 10, 40
CHANGES = 20
PAUSE = 0.01
"""Seconds between two requests of a busy client: so that the compiler gets its share of a small machine."""
OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"
GET = b"GET /things/7?page=2 HTTP/1.1\r\nHost: x\r\n\r\n"
GOOD, BAD = b'{"name":"Ada","age":36}', b'{"name":""}'
POST = b"POST /things HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%b"
# What a client sends, and how the answer begins, whichever good plan is in effect.
EXCHANGES = (
    (GET, b"HTTP/1.1 200 "),
    (POST % (len(GOOD), GOOD), b"HTTP/1.1 200 "),
    (POST % (len(BAD), BAD), b"HTTP/1.1 400 "),
)
WRONG = (
    ("openapi: 3.1.0\npaths:\n  /things: [\n", r"^error\[syntax\]"),
    ("openapi: 3.1.0\ninfo: {title: T, version: '1'}\nx-gateway: {timeot: 1s}\npaths: {}\n", r"^error\[unknown-key\]"),
    ("openapi: 3.1.0\ninfo: {title: T, version: '1'}\npaths: {/a: {$ref: '#/nowhere'}}\n", r"^error\[broken-reference\]"),
)


def document(number: int, server: str) -> str:
    """The same promise to clients each time; limits, further paths and the service's address change."""
    further = "".join(f"  /further{index}: {{get: {{responses: {{'200': {{description: OK}}}}}}}}\n" for index in range(number % 3))
    return f"""\
openapi: 3.1.0
info: {{title: Things, version: "{number}"}}
servers: [{{url: "{server}"}}]
paths:
  /things/{{id}}:
    get:
      operationId: getThing
      parameters:
        - {{name: id, in: path, required: true, schema: {{type: integer, maximum: {100 + number}}}}}
        - {{name: page, in: query, schema: {{type: integer}}}}
      responses: {{"200": {{description: OK}}}}
  /things:
    post:
      operationId: addThing
      requestBody:
        required: true
        content:
          application/json: {{schema: {{$ref: "#/components/schemas/Thing"}}}}
      responses: {{"200": {{description: OK}}}}
{further}
components:
  schemas:
    Thing:
      type: object
      required: [name]
      properties:
        name: {{type: string, minLength: 1, maxLength: {100 + number}}}
        age: {{type: integer}}
"""


def replace(path: Path, text: str) -> None:
    """As editors save: the new file takes the old one's name."""
    beside = path.with_name(".saving")
    beside.write_text(text, encoding="utf-8")
    os.replace(beside, path)


class Load:
    """Clients that keep their connections: busy ones ask all the time, idle ones once after each change."""

    def __init__(self, address: tuple[str, int]) -> None:
        self.answered = 0
        self._address = address
        self._clients: list[Client] = []
        self._over = False
        self._tasks: list[asyncio.Task[None]] = []

    async def begin(self) -> None:
        self._clients = [Client(*await asyncio.open_connection(*self._address)) for _ in range(BUSY + IDLE)]
        self._tasks = [asyncio.create_task(self._busy(index)) for index in range(BUSY)]
        await self.all_ask()

    async def all_ask(self) -> None:
        """Every idle connection is used once; what has gone wrong with the busy ones is raised."""
        await asyncio.gather(*(self._ask(client, index) for index, client in enumerate(self._clients[BUSY:])))
        for task in self._tasks:
            if task.done():
                task.result()

    async def end(self) -> None:
        self._over = True
        await asyncio.gather(*self._tasks)

    async def close(self) -> None:
        for task in self._tasks:
            task.cancel()
        for client in self._clients:
            client.writer.close()
            with contextlib.suppress(ConnectionError):
                await client.writer.wait_closed()

    async def _busy(self, index: int) -> None:
        turn = index
        while not self._over:
            await self._ask(self._clients[index], turn)
            turn += 1
            await asyncio.sleep(PAUSE)

    async def _ask(self, client: Client, index: int) -> None:
        request, expected = EXCHANGES[index % len(EXCHANGES)]
        client.send(request)
        answer = await client.answer()
        assert answer.startswith(expected), (request, answer)
        assert b"\r\nConnection: close\r\n" not in answer
        self.answered += 1


@contextlib.asynccontextmanager
async def services(count: int) -> AsyncIterator[list[str]]:
    """The URLs of services that answer everything with 200."""
    writers: list[asyncio.StreamWriter] = []

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writers.append(writer)
        with contextlib.suppress(asyncio.IncompleteReadError, ConnectionError):
            while head := await reader.readuntil(b"\r\n\r\n"):
                if b"\r\nContent-Length: " in head:
                    await reader.readexactly(int(head.split(b"\r\nContent-Length: ")[1].split(b"\r\n")[0]))
                writer.write(OK)
        writer.close()

    servers = [await asyncio.start_server(serve, "127.0.0.1", 0) for _ in range(count)]
    try:
        yield [f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}" for server in servers]
    finally:
        for server in servers:
            server.close()
        for writer in writers:
            writer.close()
        for server in servers:
            await server.wait_closed()


@pytest.mark.slow
@pytest.mark.timeout(300)  # two dozen compiles, on a machine that may have other things to do
def test_nobody_notices_that_documents_change(tmp_path: Path, record_property: Callable[[str, object], None]) -> None:
    async def scene() -> None:
        async with services(2) as urls:
            path = tmp_path / "things.yaml"
            replace(path, document(0, urls[0]))
            (tmp_path / "gateway.yaml").write_text("gateway: {telemetry: {accessLog: 'off'}}\n", encoding="utf-8")
            with running("serve", ".", "--watch", "--port", "0", "--admin", "off", cwd=tmp_path) as gateway:

                async def expect(pattern: str) -> None:
                    await asyncio.to_thread(gateway.expect, pattern)

                port = (await asyncio.to_thread(gateway.address)).rpartition(":")[2]
                await expect("^watching for changes$")
                load = Load(("127.0.0.1", int(port)))
                try:
                    await load.begin()
                    before = load.answered
                    for number in range(1, CHANGES + 1):
                        if number % 5 == 0:
                            text, finding = WRONG[number // 5 % len(WRONG)]
                            replace(path, text)
                            await expect(finding)
                            await expect("^the last good plan goes on$")
                            await load.all_ask()
                        replace(path, document(number, urls[number // 4 % 2]))
                        await expect(f"^generation {number + 1}: .* routes in all$")
                        await load.all_ask()
                    await load.end()
                finally:
                    await load.close()
                record_property("answered while documents changed", load.answered - before)
                assert load.answered - before > CHANGES * IDLE
                assert gateway.stop() == 0
                assert "Traceback" not in "\n".join(gateway.said)

    asyncio.run(scene())
