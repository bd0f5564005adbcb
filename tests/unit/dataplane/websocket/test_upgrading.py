"""From a request to a tunnel, between a raw client and a scripted service."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest

from specgw.dataplane.websocket.frames import close_frame
from specgw.dataplane.websocket.handshake import accept
from specgw.plan.model import Edits, Limits, Response, Scheme, SecurityScheme, Timeout, Validate, WebSocket
from specgw.telemetry.access import AccessLog
from tests.unit.dataplane.stage import OK, PATIENCE, Client, Stage, answering, play, route, stage
from tests.unit.dataplane.websocket.test_frames import frame

KEY = b"dGhlIHNhbXBsZSBub25jZQ=="
ASK = (
    b"GET /things HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    b"Sec-WebSocket-Key: " + KEY + b"\r\nSec-WebSocket-Version: 13\r\n\r\n"
)
SWITCH = (
    b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: " + accept(KEY) + b"\r\n\r\n"
)
ON: dict[str, Any] = {"websocket": WebSocket()}


class Service:
    """Answers 101 and then lets the test speak for it."""

    def __init__(self, answer: bytes = SWITCH) -> None:
        self.heads: list[bytes] = []
        self.peers: asyncio.Queue[Client] = asyncio.Queue()
        self.ended = asyncio.Event()
        self._answer = answer

    async def __call__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.heads.append(await reader.readuntil(b"\r\n\r\n"))
        writer.write(self._answer)
        await self.peers.put(Client(reader, writer))
        await self.ended.wait()

    async def peer(self) -> Client:
        return await asyncio.wait_for(self.peers.get(), PATIENCE)


async def opened(on: Stage, service: Service, ask: bytes = ASK) -> tuple[Client, Client]:
    client = await on.client()
    client.send(ask)
    assert (await client.head()).startswith(b"HTTP/1.1 101 ")
    return client, await service.peer()


async def read(peer: Client, size: int) -> bytes:
    return await asyncio.wait_for(peer.reader.readexactly(size), PATIENCE)


def test_the_handshake_goes_through_and_then_bytes_do() -> None:
    async def scene() -> None:
        service = Service()
        async with stage(service, route(**ON)) as on:
            client = await on.client()
            client.send(ASK)
            head = await client.head()
            peer = await service.peer()
            [asked] = service.heads
            assert b"\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n" in asked
            assert asked.count(b"Upgrade: ") == 1
            assert b"\r\nSec-WebSocket-Key: " + KEY in asked
            assert b"\r\nX-Forwarded-For: " in asked
            assert head.count(b"Upgrade: websocket\r\n") == head.count(b"Connection: Upgrade\r\n") == 1
            assert b"Sec-WebSocket-Accept: " + accept(KEY) in head
            assert b"Content-Length" not in head
            assert b"Transfer-Encoding" not in head
            assert on.gateway.metrics.websockets == 1
            client.send(frame(1, b"question"))
            assert await read(peer, len(frame(1, b"question"))) == frame(1, b"question")
            peer.send(frame(1, b"answer", masked=False))
            assert await read(client, 8) == frame(1, b"answer", masked=False)
            client.writer.close()
            assert await peer.rest() == b""
            service.ended.set()
            await on.until(lambda: not on.gateway.plane.passages and not on.gateway.plane.listeners)
            metrics = on.gateway.metrics
            assert (metrics.websockets, metrics.websocket_bytes_in, metrics.websocket_bytes_out) == (0, 14, 8)
            assert [endpoint.connections for endpoint in on.gateway.plane.active.upstreams["service"].endpoints] == [0]

    play(scene)


def test_bytes_right_behind_the_handshakes_are_not_lost() -> None:
    async def scene() -> None:
        service = Service(SWITCH + frame(1, b"hello", masked=False))
        async with stage(service, route(**ON)) as on:
            client, peer = await opened(on, service, ASK + frame(1, b"early"))
            assert await read(client, 7) == frame(1, b"hello", masked=False)
            assert await read(peer, 11) == frame(1, b"early")
            service.ended.set()

    play(scene)


@pytest.mark.parametrize(
    "more",
    [{}, {"websocket": None}, {"websocket": WebSocket(), "http": b"1.0"}],
)
def test_where_no_websocket_can_be_opened_the_request_is_an_ordinary_one(more: dict[str, Any]) -> None:
    async def scene() -> None:
        heads: list[bytes] = []
        version = more.pop("http", b"1.1")
        async with stage(answering(OK, heads), route(**more)) as on:
            client = await on.client()
            client.send(ASK.replace(b"HTTP/1.1", b"HTTP/" + version))
            assert (await client.answer()).startswith(b"HTTP/1.1 200 OK")
            assert b"pgrade: " not in heads[0]

    play(scene)


def test_without_asking_for_one_it_is_an_ordinary_operation() -> None:
    async def scene() -> None:
        heads: list[bytes] = []
        async with stage(answering(OK, heads), route(**ON)) as on:
            client = await on.client()
            for _ in range(2):
                client.send(b"GET /things HTTP/1.1\r\nHost: x\r\nOrigin: https://else.example\r\n\r\n")
                assert (await client.answer()).startswith(b"HTTP/1.1 200 OK")
            assert on.connections == 1
            assert b"pgrade" not in b"".join(heads)

    play(scene)


def test_what_is_protected_or_wrong_is_refused_before_the_service_hears_of_it() -> None:
    async def scene() -> None:
        service = Service()
        protected = route(path="/secret", security=((SecurityScheme(name="key", scheme="api/key"),),), **ON)
        key = Scheme(name="key", service="api", kind="apiKey", type="apiKey in header", field="X-Key")
        async with stage(service, route(**ON), protected, schemes={"api/key": key}) as on:
            client = await on.client()
            for sent, status, slug in (
                (ASK.replace(b"/things", b"/secret"), 401, b"unauthenticated"),
                (ASK.replace(b"Version: 13", b"Version: 12"), 426, b"websocket-version"),
                (ASK.replace(KEY, b"short"), 400, b"invalid-handshake"),
                (ASK.replace(b"Host: x", b"Host: x\r\nOrigin: https://evil.example"), 403, b"origin-not-allowed"),
            ):
                client.send(sent)
                answer = await client.answer()
                assert answer.startswith(b"HTTP/1.1 %d " % status)
                assert b"urn:specgw:problem:" + slug in answer
            assert on.connections == 0

    play(scene)


@pytest.mark.parametrize("status", [b"200 OK", b"403 Forbidden", b"426 Upgrade Required"])
def test_any_other_answer_of_the_service_is_passed_on_and_the_connection_goes_on(status: bytes) -> None:
    async def scene() -> None:
        answer = b"HTTP/1.1 " + status + b"\r\nSec-WebSocket-Version: 13\r\nContent-Length: 2\r\n\r\nno"
        async with stage(answering(answer), route(**ON)) as on:
            client = await on.client()
            for _ in range(2):
                client.send(ASK)
                got = await client.answer()
                assert got.startswith(b"HTTP/1.1 " + status)
                assert got.endswith(b"no")
            assert on.connections == 1

    play(scene)


@pytest.mark.parametrize(
    "answer",
    [
        SWITCH.replace(accept(KEY), accept(b"other")),
        SWITCH.replace(b"Upgrade: websocket", b"Upgrade: h2c"),
        SWITCH.replace(b"\r\n\r\n", b"\r\nSec-WebSocket-Protocol: chat\r\n\r\n"),
        SWITCH.replace(b"\r\n\r\n", b"\r\nSec-WebSocket-Extensions: permessage-deflate\r\n\r\n"),
        b"HTTP/1.1 101 Switching Protocols\r\n\r\n",
    ],
)
def test_a_101_that_does_not_answer_the_request_is_502(answer: bytes) -> None:
    async def scene() -> None:
        service = Service(answer + frame(1, b"smuggled", masked=False))
        async with stage(service, route(**ON)) as on:
            client = await on.client()
            client.send(ASK)
            got = await client.answer()
            assert got.startswith(b"HTTP/1.1 502 ")
            assert b"upstream-invalid" in got
            peer = await service.peer()
            assert await peer.rest() == b""
            service.ended.set()
            assert on.gateway.metrics.websockets == 0

    play(scene)


def test_a_101_that_nobody_asked_for_is_502_on_such_an_operation_too() -> None:
    async def scene() -> None:
        service = Service()
        async with stage(service, route(**ON)) as on:
            client = await on.client()
            client.send(b"GET /things HTTP/1.1\r\nHost: x\r\n\r\n")
            assert (await client.answer()).startswith(b"HTTP/1.1 502 ")
            service.ended.set()

    play(scene)


def test_fields_of_the_101_are_edited_and_its_contract_is_that_of_the_protocol() -> None:
    async def scene() -> None:
        service = Service(SWITCH.replace(b"\r\n\r\n", b"\r\nServer: secret\r\n\r\n"))
        edited = route(
            response_headers=Edits(remove=("Server",), set={"X-Own": "a"}),
            validate=Validate(response="enforce"),
            responses=(Response(status="200"),),
            **ON,
        )
        async with stage(service, edited) as on:
            client = await on.client()
            client.send(ASK)
            head = await client.head()
            assert head.startswith(b"HTTP/1.1 101 ")
            assert b"X-Own: a\r\n" in head
            assert b"secret" not in head
            service.ended.set()

    play(scene)


def test_a_service_that_does_not_answer_the_handshake_in_time_is_504() -> None:
    async def scene() -> None:
        service = Service(b"")
        async with stage(service, route(timeout=Timeout(response=0.05), **ON)) as on:
            client = await on.client()
            client.send(ASK)
            assert (await client.answer()).startswith(b"HTTP/1.1 504 ")
            service.ended.set()

    play(scene)


def test_silence_ends_it_and_time_limits_of_requests_do_not() -> None:
    async def scene() -> None:
        service = Service()
        short = route(websocket=WebSocket(idle=0.3), timeout=Timeout(total=0.1, idle=0.1, response=0.1))
        async with stage(service, short) as on:
            client, peer = await opened(on, service)
            for _ in range(3):
                await asyncio.sleep(0.15)
                client.send(frame(9))
                assert await read(peer, 6) == frame(9)
            expected = close_frame(1001, "nothing was said for 0.3 s")
            assert await client.rest() == expected
            assert (await peer.rest())[:1] == b"\x88"
            service.ended.set()
            await on.until(lambda: not on.gateway.plane.passages)

    play(scene)


def test_a_client_that_vanishes_releases_the_service_and_the_other_way_round() -> None:
    async def scene() -> None:
        service = Service()
        async with stage(service, route(**ON)) as on:
            client, peer = await opened(on, service)
            client.writer.transport.abort()
            async with asyncio.timeout(1):
                assert await peer.rest() == b""
            client, peer = await opened(on, service)
            peer.writer.transport.abort()
            async with asyncio.timeout(1):
                assert await client.rest() == b""
            service.ended.set()

    play(scene)


def test_the_log_line_comes_at_the_end_and_says_what_passed(tmp_path: Path) -> None:
    async def scene() -> None:
        service = Service()
        path = tmp_path / "access.log"
        async with stage(service, route(websocket=WebSocket(max_message=10))) as on:
            on.gateway.plane.access_log = AccessLog(str(path))
            client, peer = await opened(on, service)
            client.send(frame(1, b"0123456789"))
            await read(peer, 16)
            on.gateway.plane.access_log.flush()
            assert path.read_text() == ""
            client.send(frame(1, b"0123456789+"))
            await client.rest()
            await peer.rest()
            service.ended.set()
            await on.until(lambda: not on.gateway.plane.passages)
            on.gateway.plane.access_log.flush()
        [line] = [json.loads(text) for text in path.read_text().splitlines()]
        assert (line["status"], line["bytesIn"], line["bytesOut"]) == (101, 16, 0)
        assert line["notes"] == {"close": 1009, "closeReason": "a message is larger than 10 bytes"}

    play(scene)


def test_a_stopping_gateway_tells_both_sides() -> None:
    async def scene() -> None:
        service = Service()
        async with stage(service, route(**ON), limits=Limits(drain=30.0)) as on:
            client, peer = await opened(on, service)
            on.gateway.stop()
            assert await read(client, 27) == close_frame(1001, "the gateway is stopping")
            client.send(frame(8, b"\x03\xe9"))
            assert await client.rest() == b""
            assert (await peer.rest())[:1] == b"\x88"
            service.ended.set()

    play(scene)


def test_a_websocket_does_not_hold_on_to_the_plan_that_it_was_opened_under() -> None:
    async def scene() -> None:
        service = Service()
        async with stage(service, route(**ON)) as on:
            client, peer = await opened(on, service)
            [passage] = on.gateway.plane.passages
            assert passage.chain.route is None
            assert passage.chain.request == ()
            await on.gateway.activate(on.gateway.plan)
            client.send(frame(1, b"still"))
            assert await read(peer, 11) == frame(1, b"still")
            service.ended.set()

    play(scene)
