"""A client goes away: at whatever stage of the exchange, nothing of it is left, and the service is released within a second."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import struct
from typing import Any

import pytest

from specgw.plan.model import Content, Response, Route, Target, Upstream, UpstreamChoice, Validate
from tests.unit.dataplane.stage import ANY, JSON, LOOPS, Client, Stage, full_backlog, play, route, stage

HEAD = b"POST /things HTTP/1.1\r\nHost: x\r\nContent-Type: application/octet-stream\r\n"
JSON_HEAD = HEAD.replace(b"octet-stream", b"json")
GET = b"GET /things HTTP/1.1\r\nHost: x\r\n\r\n"
PART = b"Content-Length: 1000\r\n\r\n{"
BEGUN = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n{"
CHECKED: dict[str, Any] = {
    "validate": Validate(response="enforce"),
    "responses": (Response(status="200", content=(Content(media_range="*/*", kind="json", schema="request:/api.yaml#/Thing"),)),),
}

# stage: the route, what the client sends, what the service has answered by then
STAGES: dict[str, tuple[Route, bytes, bytes]] = {
    "nothing sent": (route(), b"", b""),
    "in the head": (route(), b"GET /things HTTP/1.1\r\nHo", b""),
    "body to be held": (route("POST", body=JSON), JSON_HEAD + PART, b""),
    "connecting": (route(upstreams=(UpstreamChoice(upstream="nowhere"),)), GET, b""),
    "connecting with a body": (route("POST", body=ANY, upstreams=(UpstreamChoice(upstream="nowhere"),)), HEAD + PART, b""),
    "uploading": (route("POST", body=ANY), HEAD + PART, b""),
    "uploading in chunks": (route("POST", body=ANY), HEAD + b"Transfer-Encoding: chunked\r\n\r\n5\r\nab", b""),
    "waiting": (route(), GET, b""),
    "waiting for what follows 103": (route(), GET, b"HTTP/1.1 103 Early Hints\r\n\r\n"),
    "downloading": (route(), GET, BEGUN),
    "downloading chunks": (route(), GET, b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab"),
    "downloading until close": (route(), GET, b"HTTP/1.1 200 OK\r\n\r\nab"),
    "answered while uploading": (route("POST", body=ANY), HEAD + PART, BEGUN),
    "answer held": (route(**CHECKED), GET, BEGUN),
}


def leave(client: Client, how: str) -> None:
    """Close in order, or break off so that the gateway gets a reset."""
    if how == "reset":
        client.writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    client.writer.transport.abort()


def nothing_is_left(on: Stage) -> bool:
    plane = on.gateway.plane
    return not (plane.listeners or plane.passages or plane.held) and not any(
        endpoint.connections for upstream in plane.active.upstreams.values() for endpoint in upstream.endpoints
    )


@pytest.mark.parametrize("loop", LOOPS)
@pytest.mark.parametrize("how", ["closed", "reset"])
@pytest.mark.parametrize("at", STAGES)
def test_nothing_is_left_of_an_exchange_whose_client_is_gone(at: str, how: str, loop: str) -> None:
    known, request, answer = STAGES[at]
    served = at not in ("nothing sent", "in the head", "body to be held") and not at.startswith("connecting")

    async def scene() -> None:
        asked, released = asyncio.Event(), asyncio.Event()

        async def service(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            await reader.readuntil(b"\r\n\r\n")
            writer.write(answer)
            asked.set()
            with contextlib.suppress(ConnectionError):
                await reader.read()
            released.set()

        with full_backlog() as port:
            nowhere = Upstream(name="nowhere", targets=(Target(url=f"http://127.0.0.1:{port}"),))
            async with stage(service, known, upstreams=(nowhere,)) as on:
                client = await on.client()
                client.send(request)
                plane = on.gateway.plane
                await on.until(lambda: len(plane.listeners) == 1 and (not request.endswith(b"\n") or bool(plane.passages)))
                if served:
                    await asyncio.wait_for(asked.wait(), 5)
                if at.startswith(("downloading", "answered")):
                    await client.head()
                leave(client, how)
                if served:
                    await asyncio.wait_for(released.wait(), 1)
                await on.until(lambda: nothing_is_left(on))

    play(scene, loop)


@pytest.mark.parametrize("loop", LOOPS)
def test_a_client_that_only_sends_no_more_gets_the_answers_that_come_soon(loop: str) -> None:
    async def scene() -> None:
        async def service(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            while await reader.readuntil(b"\r\n\r\n"):
                await asyncio.sleep(0.02)
                writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")

        async with stage(service, route()) as on:
            client = await on.client()
            client.send(GET + b"GET /none HTTP/1.1\r\nHost: x\r\n\r\n" + GET)
            client.writer.write_eof()
            answers = await client.rest()
            assert [answers.count(b"HTTP/1.1 %d " % status) for status in (200, 404)] == [2, 1]
            await on.until(lambda: not on.gateway.plane.listeners)

    play(scene, loop)


def test_half_a_connection_is_kept_as_long_as_the_answer_flows() -> None:
    async def scene() -> None:
        async def service(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            await reader.readuntil(b"\r\n\r\n")
            writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 8\r\n\r\n")
            for _ in range(8):
                await asyncio.sleep(0.1)
                writer.write(b"x")

        async with stage(service, route()) as on:
            client = await on.client()
            client.send(GET)
            client.writer.write_eof()
            assert (await client.rest()).endswith(b"xxxxxxxx")

    play(scene)


def test_a_request_that_its_client_did_not_end_is_not_waited_for() -> None:
    async def scene() -> None:
        async def service(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            await reader.read()

        async with stage(service, route("POST", body=ANY)) as on:
            client = await on.client()
            client.send(HEAD + PART)
            await on.until(lambda: on.connections == 1)
            client.writer.write_eof()
            assert await client.rest() == b""
            await on.until(lambda: nothing_is_left(on))

    play(scene)
