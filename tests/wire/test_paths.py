"""docs/paths.md, row by row, against a gateway that listens: one verdict for each spelling, whatever asks for it.

The routes need a key and take little: so a spelling that reached another route, or none, on the way of only one of route,
credentials or limits would be seen.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import re
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote, unquote

import pytest
import uvloop
import yaml

from specgw.compiler.compile import compile_documents
from specgw.compiler.inputs import Inputs
from specgw.gateway import Gateway, Options
from specgw.settings import DEV_PROFILE
from tests.wire.test_wire import PATIENCE, read_message

PAGE = Path(__file__).parents[2] / "docs" / "paths.md"
DECLARED = ("GET", "POST", "PUT", "DELETE", "PATCH", "HEAD", "OPTIONS")
UNDECLARED = ("TRACE", "PURGE")
KEY = b"X-API-Key: DEV_KEY_12345\r\n"


@dataclass(frozen=True)
class Row:
    """A spelling and its verdict: `404`, `400`, or the path of a route."""

    spelling: str
    verdict: str

    @property
    def target(self) -> bytes:
        """The bytes that the spelling stands for."""
        return re.sub(rb"\\x([0-9a-f]{2})", lambda it: bytes.fromhex(it[1].decode()), self.spelling.encode("ascii"))


def rows() -> list[Row]:
    found = re.findall(r"^\| `([^`]+)` \| `?([^`|]+?)`? \| .+ \|$", PAGE.read_text(), re.MULTILINE)
    return [Row(*pair) for pair in found]


def document(upstream: str) -> str:
    """The routes of the page as a document; each tells the service its name."""
    page = re.search(r"```yaml\n(paths:\n.*?)```", PAGE.read_text(), re.DOTALL)
    assert page is not None
    paths = yaml.safe_load(page[1])["paths"]
    for number, (path, item) in enumerate(paths.items()):
        item.setdefault("x-gateway", {})["headers"] = {"request": {"set": {"X-Route": quote(path, safe="/{}")}}}
        names = re.findall(r"\{(\w+)\}", path)
        item["parameters"] = [{"name": name, "in": "path", "required": True, "schema": {"type": "string"}} for name in names]
        for method in DECLARED:
            item[method.lower()] = {"operationId": f"{method}{number}", "responses": {"200": {"description": "ok"}}}
    scheme = {"type": "apiKey", "in": "header", "name": "X-API-Key"}
    return json.dumps(
        {
            "openapi": "3.1.0",
            "info": {"title": "Paths", "version": "1"},
            "servers": [{"url": f"http://{upstream}"}],
            "security": [{"key": []}],
            "x-gateway": {"maxBody": 16},
            "components": {"securitySchemes": {"key": scheme}},
            "paths": paths,
        }
    )


@dataclass
class Service:
    """Notes the target of each request, and the route that it came by."""

    asked: list[tuple[bytes, str]] = field(default_factory=list)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while head := await read_message(reader, ""):
            route = re.search(rb"\r\nX-Route: (.*)\r\n", head)
            assert route is not None
            self.asked.append((head.split(b" ")[1], unquote(route[1].decode())))
            writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
        writer.close()


@dataclass
class Running:
    """A gateway with the page's routes."""

    runner: asyncio.Runner
    port: int
    service: Service

    def ask(self, method: str, target: bytes, fields: bytes = b"", body: bytes = b"") -> tuple[int, bytes]:
        """Status and message of the answer to a request on a connection of its own."""
        return self.runner.run(asyncio.wait_for(self._ask(method, target, fields, body), PATIENCE))

    async def _ask(self, method: str, target: bytes, fields: bytes, body: bytes) -> tuple[int, bytes]:
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        length = b"Content-Length: %d\r\n" % len(body) if body else b""
        writer.write(b"%b %b HTTP/1.1\r\nHost: api.example\r\n%b%b\r\n%b" % (method.encode(), target, fields, length, body))
        message = await read_message(reader, method)
        writer.close()
        return int(message[9:12]), message


@contextlib.asynccontextmanager
async def started(folder: Path, service: Service) -> AsyncIterator[int]:
    """The service, and before it a gateway with the page's routes; its port."""
    server = await asyncio.start_server(service.serve, "127.0.0.1", 0)
    async with server:
        (folder / "openapi.yaml").write_text(document(f"127.0.0.1:{server.sockets[0].getsockname()[1]}"))
        build = compile_documents(Inputs((folder,), profiles=(DEV_PROFILE,), base=folder))
        assert build.plan is not None, [str(finding) for finding in build.findings]
        gateway = Gateway(build.plan, Options(host="127.0.0.1", port=0, admin_enabled=False, dev=True))
        gateway.plane.access_log.close()
        gateway.bind()
        serving = asyncio.Event()

        async def ready() -> None:
            serving.set()

        task = asyncio.create_task(gateway.run(ready))
        try:
            await asyncio.wait_for(serving.wait(), PATIENCE)
            yield gateway.address[1]
        finally:
            gateway.stop()
            gateway.stop()
            await asyncio.wait_for(task, PATIENCE)


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    service = Service()
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        context = started(tmp_path_factory.mktemp("paths"), service)
        yield Running(runner, runner.run(context.__aenter__()), service)
        runner.run(context.__aexit__(None, None, None))


def test_the_page_has_a_row_for_every_kind_of_spelling() -> None:
    table = rows()
    assert len(table) == PAGE.read_text().count("\n| `")
    assert len({row.spelling for row in table}) == len(table) >= 60
    assert {row.verdict for row in table} == {"400", "404", *re.findall(r"^  (/[^:]*): \{", PAGE.read_text(), re.MULTILINE)}


@pytest.mark.parametrize("row", rows(), ids=lambda row: row.spelling)
def test_one_verdict_whatever_asks(row: Row, running: Running) -> None:
    target, asked = row.target, running.service.asked
    for method in DECLARED:
        asked.clear()
        plain = running.ask(method, target)[0]
        keyed, message = running.ask(method, target, KEY)
        large = running.ask(method, target, KEY, b"x" * 17)[0]
        if row.verdict in ("400", "404"):
            assert [str(status) for status in (plain, keyed, large)] == [row.verdict] * 3, (method, message)
            assert asked == []
        else:
            assert (plain, keyed, large) == (401, 200, 413), (method, message)
            assert asked == [(target.removeprefix(b"http://api.example"), row.verdict)]
    asked.clear()
    for method in UNDECLARED:
        status, message = running.ask(method, target, KEY)
        assert str(status) == (row.verdict if row.verdict in ("400", "404") else "405"), (method, message)
    assert asked == []
