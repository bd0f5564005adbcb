"""A provider's web server for tests: answers what a test says, and can keep clients waiting."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any


@dataclass
class Endpoint:
    """Listens on a free port. `answers` are by path; what is not there gets 404."""

    answers: dict[str, bytes] = field(default_factory=dict)
    requests: list[tuple[str, str, dict[str, str], bytes]] = field(default_factory=list)
    """Method, path, fields and body of each request."""
    gate: asyncio.Event = field(default_factory=asyncio.Event)
    """Answers wait until it is set; it is, unless a test clears it."""
    arrived: asyncio.Event = field(default_factory=asyncio.Event)
    port: int = 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def says(self, path: str, body: object, status: str = "200 OK", *fields: str) -> None:
        """What a path answers: an object as JSON, or bytes as they are."""
        text = body if isinstance(body, bytes) else json.dumps(body).encode()
        lines = (f"HTTP/1.1 {status}", "Content-Type: application/json", f"Content-Length: {len(text)}", *fields, "Connection: close")
        self.answers[path] = "\r\n".join(lines).encode() + b"\r\n\r\n" + text

    def publishes(self, *keys: dict[str, Any]) -> None:
        """An issuer's metadata and keys."""
        self.says("/.well-known/openid-configuration", {"issuer": self.url, "jwks_uri": f"{self.url}/keys"})
        self.says("/keys", {"keys": list(keys)})

    @property
    def paths(self) -> list[str]:
        return [path for _, path, _, _ in self.requests]

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
            line, *lines = head.removesuffix("\r\n\r\n").split("\r\n")
            fields = {name.lower(): value for name, _, value in (text.partition(": ") for text in lines)}
            body = await reader.readexactly(int(fields.get("content-length", 0)))
            method, path, _ = line.split(" ")
            self.requests.append((method, path, fields, body))
            self.arrived.set()
            await self.gate.wait()
            writer.write(self.answers.get(path, b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"))
            await writer.drain()
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()


@asynccontextmanager
async def endpoint() -> AsyncIterator[Endpoint]:
    made = Endpoint()
    made.gate.set()
    server = await asyncio.start_server(made._serve, "127.0.0.1", 0)
    made.port = server.sockets[0].getsockname()[1]
    try:
        yield made
    finally:
        server.close()
        made.gate.set()
