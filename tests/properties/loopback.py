"""A gateway between a client and a service that are both in memory: every byte in the hands of the test, no sockets.

What reaches the service is read by two parsers that are not ours, h11 and llhttp, which have to agree.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, cast

import h11
import httptools
import uvicorn
from uvicorn.server import ServerState

from specgw.dataplane import activation
from specgw.dataplane.listener import Listener
from specgw.gateway import Gateway
from specgw.plan.model import Body, Content, Edge, Listen, Origin, Plan, Route, Target, Telemetry, Upstream, UpstreamChoice
from specgw.upstreams.connection import Connection
from specgw.upstreams.endpoint import Endpoint

QUIET = 12
"""Turns of the loop without any byte written after which nothing more is to be expected."""

ANSWERS = (
    b"HTTP/1.1 200 OK\r\nX-Seen: %d\r\nContent-Length: 5\r\n\r\nhello",
    b"HTTP/1.1 404 Not Found\r\nX-Seen: %d\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhe\r\n3;x=y\r\nllo\r\n0\r\nX-Sum: 1\r\n\r\n",
    b"HTTP/1.1 103 Early Hints\r\nA: b\r\n\r\nHTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nX-Seen: %d\r\nContent-Length: 0\r\n\r\n",
    b"HTTP/1.1 204 No Content\r\nX-Seen: %d\r\n\r\n",
    b"HTTP/1.1 200 OK\r\nX-Seen: %d\r\nConnection: close\r\nContent-Length: 2\r\n\r\nok",
    b"HTTP/1.0 200 OK\r\nX-Seen: %d\r\n\r\nuntil the end",
    b"HTTP/1.1 200 OK\r\nX-Seen: %d\r\nContent-Length: 2\r\n\r\nok and more than it should be",
)
EARLY = len(ANSWERS)
"""Number of an answer that does not wait for the request's body."""


@dataclass(frozen=True)
class Message:
    """A request as a parser reads it. Header names are lower-case."""

    method: bytes
    target: bytes
    headers: tuple[tuple[bytes, bytes], ...]
    body: bytes


class Pipe(asyncio.Transport):
    """A transport whose other end is the test."""

    def __init__(self, world: World) -> None:
        super().__init__()
        self.world = world
        self.protocol: Listener | Connection = cast(Connection, None)
        self.paused = False
        self.closing = False
        self.ended = False

    def attach(self, protocol: Listener | Connection) -> None:
        self.protocol = protocol
        protocol.connection_made(self)

    def get_extra_info(self, name: str, default: Any = None) -> Any:
        return {"peername": ("192.0.2.1", 4000), "socket": self}.get(name, default)

    def setsockopt(self, *_: object) -> None:
        """The socket, for what is set before a reset."""

    def write(self, data: Any) -> None:
        assert not self.ended, "nothing is written after the end"
        self.world.activity += 1
        if not self.closing:
            self.written(bytes(data))

    def written(self, data: bytes) -> None:
        raise NotImplementedError

    def pause_reading(self) -> None:
        self.paused = True

    def resume_reading(self) -> None:
        self.paused = False
        self.world.activity += 1

    def is_closing(self) -> bool:
        return self.closing

    def can_write_eof(self) -> bool:
        return True

    def write_eof(self) -> None:
        self.ended = True

    def get_write_buffer_size(self) -> int:
        return 0

    def close(self) -> None:
        if not self.closing:
            self.closing = True
            self.world.activity += 1
            asyncio.get_running_loop().call_soon(self.protocol.connection_lost, None)

    abort = close


class ClientPipe(Pipe):
    """The gateway's end of the client's connection; what it writes is kept."""

    def __init__(self, world: World) -> None:
        super().__init__(world)
        self.output = b""

    def written(self, data: bytes) -> None:
        self.output += data


class Llhttp:
    """One request after another, as llhttp reads them."""

    def __init__(self) -> None:
        self.messages: list[Message] = []
        self.parser = httptools.HttpRequestParser(self)

    def on_message_begin(self) -> None:
        self.target, self.headers, self.body, self.ended = b"", [], b"", False  # type: ignore[var-annotated]

    def on_url(self, url: bytes) -> None:
        self.target += url

    def on_header(self, name: bytes, value: bytes) -> None:
        if not self.body:
            self.headers.append((name.lower(), value.strip(b" \t")))

    def on_body(self, body: bytes) -> None:
        self.body += body

    def on_message_complete(self) -> None:
        self.messages.append(Message(self.parser.get_method(), self.target, tuple(self.headers), self.body))


class ServicePipe(Pipe):
    """The gateway's end of a connection to the service, with the service behind it."""

    def __init__(self, world: World) -> None:
        super().__init__(world)
        self.reader = h11.Connection(h11.SERVER)
        self.other: Llhttp | None = Llhttp()
        self.request: h11.Request | None = None
        self.body = b""
        self.answered = False
        self.read = 0

    def written(self, data: bytes) -> None:
        try:
            self.take(data)
        except Exception as error:
            self.world.failures.append(error)  # not raised: the gateway would answer 500 and go on

    def take(self, data: bytes) -> None:
        world = self.world
        if self.other is not None:
            try:
                self.other.parser.feed_data(data)
            except httptools.HttpParserInvalidMethodError:
                self.other = None  # llhttp reads only the methods of its list
        self.reader.receive_data(data)
        while True:
            event = self.reader.next_event()
            if isinstance(event, h11.Request):
                self.request, self.body, self.answered = event, b"", False
                if world.answer == EARLY:
                    self.respond(b"HTTP/1.1 413 Content Too Large\r\nX-Seen: %d\r\nContent-Length: 2\r\n\r\nno" % -1)
            elif isinstance(event, h11.Data):
                self.body += bytes(event.data)
            elif isinstance(event, h11.EndOfMessage):
                self.complete(event)
            else:
                assert event in (h11.NEED_DATA, h11.PAUSED), event
                return

    def complete(self, event: h11.EndOfMessage) -> None:
        request = self.request
        assert request is not None
        message = Message(request.method, request.target, tuple((bytes(name), bytes(value)) for name, value in request.headers), self.body)
        trailers = tuple((bytes(name), bytes(value)) for name, value in event.headers)
        if self.other is not None:
            seen = self.other.messages[self.read]
            self.read += 1
            assert (seen.method, seen.target, seen.body) == (message.method, message.target, message.body)
            assert seen.headers[: len(message.headers)] == message.headers
            assert seen.headers[len(message.headers) :] in ((), trailers)
        self.world.messages.append(message)
        if not self.answered:
            answer = ANSWERS[self.world.answer % EARLY] % (len(self.world.messages) - 1)
            if message.method == b"HEAD":
                answer = b"HTTP/1.1 200 OK\r\nX-Seen: %d\r\nContent-Length: 5\r\n\r\n" % (len(self.world.messages) - 1)
            self.respond(answer)
        # The service's own answers are no matter of h11: begin anew for the next request.
        self.reader = following(self.reader.trailing_data[0])

    def respond(self, answer: bytes) -> None:
        self.answered = True
        self.world.answer = next(self.world.choices)
        if self.world.script:
            asyncio.get_running_loop().call_soon(self.play, self.world.script.pop(0))
        else:
            asyncio.get_running_loop().call_soon(self.deliver, answer)

    def play(self, pieces: list[bytes]) -> None:
        """Send an answer piece by piece; close where it has not ended by then."""
        self.world.activity += 1
        if self.closing:
            return
        connection = cast(Connection, self.protocol)
        asked = connection.receiver
        if pieces:
            connection.data_received(pieces[0])
        if len(pieces) > 1:
            asyncio.get_running_loop().call_soon(self.play, pieces[1:])
        elif connection.receiver is asked and not self.closing:
            self.closing = True
            connection.connection_lost(None)

    def deliver(self, answer: bytes) -> None:
        self.world.activity += 1
        if self.closing:
            return
        self.protocol.data_received(answer)
        if answer.startswith(b"HTTP/1.0") and not self.closing:
            self.closing = True
            self.protocol.connection_lost(None)


def following(data: bytes) -> h11.Connection:
    """A reader for what stands behind a request; an empty line there is ignored (RFC 9112 section 2.2), which h11 leaves to us."""
    data = data.removeprefix(b"\r\n")
    reader = h11.Connection(h11.SERVER)
    if data:  # an empty piece would mean the end of the connection
        reader.receive_data(data)
    return reader


class PaperEndpoint(Endpoint):
    """An endpoint whose service is in this process."""

    def __init__(self, world: World) -> None:
        super().__init__("http://service")
        self.world = world

    async def connect(self) -> Connection:
        connection = Connection(self)
        ServicePipe(self.world).attach(connection)
        self.connections += 1
        return connection


@dataclass
class World:
    """One gateway, and what happened to it in one conversation."""

    gateway: Gateway
    listening: Callable[..., Listener]
    activity: int = 0
    failures: list[Exception] = field(default_factory=list)
    """What the service could not read."""
    messages: list[Message] = field(default_factory=list)
    """What the service was asked."""
    script: list[list[bytes]] = field(default_factory=list)
    """Answers in pieces that the service gives before its own."""
    choices: Any = None
    answer: int = 0

    async def settle(self) -> None:
        """Let the loop turn until nothing happens any more."""
        quiet = 0
        before = self.activity
        while quiet < QUIET:
            await asyncio.sleep(0)
            quiet = quiet + 1 if self.activity == before else 0
            before = self.activity

    async def converse(self, pieces: Sequence[bytes], answers: Sequence[int] = (0,)) -> tuple[bytes, bool]:
        """Send the pieces one after the other; what the client got, and whether its connection has been closed.

        Nothing may be left hanging: neither here nor when the client goes away at the end.
        """
        self.messages.clear()
        self.failures.clear()
        self.gateway.plane.listeners.clear()
        self.gateway.plane.passages.clear()
        self.gateway.plane.held = 0
        self.choices = iter(list(answers) + [0] * 10000)
        self.answer = next(self.choices)
        endpoint = PaperEndpoint(self)
        self.gateway.plane.active.upstreams["service"].endpoints = (endpoint,)
        listener = self.listening(uvicorn.Config(_application), ServerState(), {})
        pipe = ClientPipe(self)
        pipe.attach(listener)
        for piece in pieces:
            if pipe.paused:
                await self.settle()
            if pipe.closing:
                break
            listener.data_received(piece)
            await asyncio.sleep(0)
        await self.settle()
        if self.failures:
            raise self.failures[0]
        closed = pipe.closing or pipe.ended
        if not closed:
            assert listener.exchange is None or not listener._body_done, "a whole request has no answer"
            assert not pipe.paused, "nobody reads the client any more"
        pipe.close()
        await self.settle()
        plane = self.gateway.plane
        assert not plane.listeners
        assert not plane.passages
        assert plane.held == 0
        assert endpoint.connections == endpoint.idle
        endpoint.close()
        await self.settle()
        if self.failures:
            raise self.failures[0]
        return pipe.output, closed


async def _application(scope: Any, receive: Any, send: Any) -> None:
    raise AssertionError("there are no built-in pages here")


@contextlib.asynccontextmanager
async def world() -> AsyncIterator[World]:
    """A gateway that holds JSON for `/held`, and passes everything else on as it comes."""
    chosen = (UpstreamChoice(upstream="service"),)
    held = Route(
        id="held",
        service="service",
        method="POST",
        path="/held",
        document_path="/held",
        origin=Origin(file="api.yaml", line=1),
        upstreams=chosen,
        body=Body(content=(Content(media_range="*/*", kind="json", schema="request:/api.yaml#/Any"),)),
    )
    plan = Plan(
        edge=Edge(listen=Listen(port=0), admin=Listen(port=0), fallback="service", telemetry=Telemetry(access_log="off")),
        routes=(held,),
        upstreams={"service": Upstream(name="service", targets=(Target(url="http://service"),))},
        schemas={"request:/api.yaml": {"Any": {}}},
    )
    gateway = Gateway(plan)
    gateway.plane.active = await activation.build(gateway.plan, gateway.metrics, generation=1)
    gateway.plane.start()
    try:
        yield World(gateway, Listener.bound_to(gateway.plane))
    finally:
        gateway.plane.stop()


Answer = tuple[int, dict[bytes, bytes], bytes]
"""Status, header fields and body."""


def first_answer(output: bytes, method: bytes | None) -> tuple[Answer, bytes]:
    """The first final answer in what a client got, as h11 reads it, and what stands behind it.

    None for the method: the request could not be read, so that it may have been HEAD.
    """
    reader = h11.Connection(h11.CLIENT)
    reader.send(h11.Request(method=method or b"GET", target="/", headers=[("Host", "x")]))
    reader.send(h11.EndOfMessage())
    reader.receive_data(output)
    status, headers, body = 0, {}, b""
    while True:
        try:
            event = reader.next_event()
        except h11.RemoteProtocolError:
            if method is not None or not status or body:
                raise
            break
        if isinstance(event, h11.Response):
            status, headers = event.status_code, {bytes(name): bytes(value) for name, value in event.headers}
        elif isinstance(event, h11.Data):
            body += bytes(event.data)
        elif isinstance(event, h11.EndOfMessage):
            break
        elif event is h11.NEED_DATA:
            reader.receive_data(b"")  # nothing more comes
        else:
            assert isinstance(event, h11.InformationalResponse), event
    return (status, headers, body), reader.trailing_data[0]


def answers_in(output: bytes, methods: Sequence[bytes]) -> list[Answer]:
    """All answers; `methods` are those of the requests that could be read, the last answer may be to one that could not."""
    found: list[Answer] = []
    while output:
        known = len(found) < len(methods)
        answer, output = first_answer(output, methods[len(found)] if known else None)
        found.append(answer)
        assert known or not output, "something follows the answer to a request that could not be read"
    return found
