"""A real gateway on loopback between a raw client and a scripted service, in one event loop."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Iterator
from dataclasses import dataclass, field
from typing import Any

import uvloop

from specgw.gateway import Gateway, Options
from specgw.plan.model import (
    Body,
    Content,
    Edge,
    Limits,
    Listen,
    Origin,
    Plan,
    Route,
    Scheme,
    Target,
    Telemetry,
    Tls,
    Upstream,
    UpstreamChoice,
)

Service = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]

OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"
SCHEMAS = {"request:/api.yaml": {"Thing": {"type": "object", "required": ["name"]}}}
ANY = Body(content=(Content(media_range="*/*"),))
"""A body that is streamed."""
JSON = Body(required=True, content=(Content(media_range="application/json", kind="json", schema="request:/api.yaml#/Thing"),))
"""A body that is held."""
PATIENCE = 30.0
"""Seconds after which something that has to happen is given up: more than the gateway's own limits are unless a test says otherwise,
so that it is never chance who gives up first. Nothing takes this long when all is well."""


def route(method: str = "GET", path: str = "/things", **more: Any) -> Route:
    """A route to the upstream `service`; whatever is said more goes to the Route."""
    more.setdefault("upstreams", (UpstreamChoice(upstream="service"),))
    more.setdefault("document_path", path)
    return Route(id=f"{method} {path}", service="service", method=method, path=path, origin=Origin(file="api.yaml", line=1), **more)


@dataclass(frozen=True)
class Secure:
    """HTTPS in the place of HTTP: what the gateway is told, and what its clients connect with."""

    tls: Tls
    client: ssl.SSLContext
    folder: str = ""


DEFAULT: list[Secure] = []
"""While something is in it, every stage is secure with it: so that what is true of HTTP is shown for HTTPS too."""


@dataclass
class Client:
    """A raw connection to the gateway."""

    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter

    def send(self, data: bytes) -> None:
        """Write bytes as they are."""
        self.writer.write(data)

    async def head(self) -> bytes:
        """The head of the next answer."""
        return await asyncio.wait_for(self.reader.readuntil(b"\r\n\r\n"), PATIENCE)

    async def answer(self) -> bytes:
        """The next answer with a Content-Length, head and body."""
        head = await self.head()
        length = int(head.lower().split(b"content-length:")[1].split(b"\r\n")[0])
        return head + await asyncio.wait_for(self.reader.readexactly(length), PATIENCE)

    async def rest(self) -> bytes:
        """Everything until the gateway closes the connection."""
        return await asyncio.wait_for(self.reader.read(), PATIENCE)


@dataclass
class Stage:
    """What a test plays on."""

    gateway: Gateway
    secure: Secure | None = None
    connections: int = 0
    """How many connections the service has accepted."""
    _clients: list[Client] = field(default_factory=list)

    async def client(self, name: str | None = None) -> Client:
        """Connect to the gateway; over TLS by a name, where one is given."""
        tls: dict[str, Any] = {} if self.secure is None else {"ssl": self.secure.client, "server_hostname": name or "127.0.0.1"}
        client = Client(*await asyncio.open_connection(*self.gateway.address, **tls))
        self._clients.append(client)
        return client

    async def until(self, condition: Callable[[], bool]) -> None:
        """Let the loop run until something holds."""
        async with asyncio.timeout(PATIENCE):
            while not condition():  # noqa: ASYNC110 - what is waited for is a state, which tells nobody
                await asyncio.sleep(0.001)


def answering(answer: bytes, requests: list[bytes] | None = None) -> Service:
    """A service that gives one answer to every request without a body, and notes the heads."""

    async def service(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while head := await reader.readuntil(b"\r\n\r\n"):
            if requests is not None:
                requests.append(head)
            writer.write(answer)

    return service


@contextlib.asynccontextmanager
async def stage(
    service: Service,
    *routes: Route,
    limits: Limits | None = None,
    targets: int = 1,
    upstreams: tuple[Upstream, ...] = (),
    schemes: dict[str, Scheme] | None = None,
    host: str = "127.0.0.1",
    secure: Secure | None = None,
    **edge: Any,
) -> AsyncIterator[Stage]:
    """Start the service (`targets` times) and a gateway before it, which may know further upstreams; end both at the exit."""
    play: Stage

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        play.connections += 1
        with contextlib.suppress(asyncio.IncompleteReadError, ConnectionError):
            await service(reader, writer)
        writer.close()

    servers = [await asyncio.start_server(serve, "127.0.0.1", 0) for _ in range(targets)]
    urls = [f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}" for server in servers]
    secure = secure or next(iter(DEFAULT), None)
    plan = Plan(
        edge=Edge(
            listen=Listen(host=host, port=0, tls=None if secure is None else secure.tls),
            admin=Listen(port=0),
            limits=limits or Limits(drain=1.0),
            telemetry=Telemetry(access_log="off"),
            folder="" if secure is None else secure.folder,
            **edge,
        ),
        routes=routes,
        schemas=SCHEMAS,
        schemes=schemes or {},
        upstreams={known.name: known for known in (Upstream(name="service", targets=tuple(Target(url=url) for url in urls)), *upstreams)},
    )
    play = Stage(Gateway(plan, Options(admin_enabled=False)), secure)
    ready = asyncio.Event()

    async def serving() -> None:
        ready.set()

    running = asyncio.create_task(play.gateway.run(serving))
    try:
        await asyncio.wait_for(ready.wait(), PATIENCE)
        yield play
    finally:
        for client in play._clients:
            client.writer.close()
            with contextlib.suppress(ConnectionError):
                await client.writer.wait_closed()
        play.gateway.stop()
        try:
            await asyncio.wait_for(running, PATIENCE)
        finally:  # with a server left open, uvloop would wait for it at its own end
            for server in servers:
                server.close()
                await server.wait_closed()


@contextlib.contextmanager
def full_backlog() -> Iterator[int]:
    """The port of a server that accepts nothing any more: connecting to it neither succeeds nor fails."""
    with socket.socket() as server, contextlib.ExitStack() as clients:
        server.bind(("127.0.0.1", 0))
        server.listen(0)
        for _ in range(4):
            client = clients.enter_context(socket.socket())
            client.setblocking(False)
            client.connect_ex(server.getsockname())
        yield server.getsockname()[1]


LOOPS: dict[str, Callable[[], asyncio.AbstractEventLoop]] = {"uvloop": uvloop.new_event_loop, "asyncio": asyncio.new_event_loop}
"""Their transports differ where one of them closes: what has to do with that is played on both."""


def play(scene: Callable[[], Coroutine[Any, Any, None]], loop: str = "uvloop") -> None:
    """Run one test in a loop of its own, by default of the kind that the gateway runs in."""
    with asyncio.Runner(loop_factory=LOOPS[loop]) as runner:
        runner.run(scene())
