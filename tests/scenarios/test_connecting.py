"""Connections to services: in time, in vain, by name, over IPv6, under TLS."""

from __future__ import annotations

import asyncio
import contextlib
import ssl
from collections.abc import AsyncIterator
from pathlib import Path
from typing import cast

import pytest

from specgw.plan.model import Target, Timeout, Upstream, UpstreamChoice
from tests.unit.dataplane.stage import ANY, LOOPS, OK, answering, full_backlog, play, route, stage
from tests.unit.dataplane.test_passage import GET, field


def nowhere(port: int) -> tuple[Upstream, ...]:
    return (Upstream(name="nowhere", targets=(Target(url=f"http://127.0.0.1:{port}"),)),)


@pytest.mark.parametrize("loop", LOOPS)
def test_connecting_has_its_own_time_however_long_the_client_sends(loop: str) -> None:
    async def scene() -> None:
        with full_backlog() as port:
            known = route("POST", body=ANY, upstreams=(UpstreamChoice(upstream="nowhere"),), timeout=Timeout(connect=0.2))
            async with stage(answering(OK), known, upstreams=nowhere(port)) as on:
                client = await on.client()
                client.send(b"POST /things HTTP/1.1\r\nHost: x\r\nContent-Type: a/b\r\nContent-Length: 90000\r\n\r\n")
                answer = asyncio.create_task(client.answer())
                while not answer.done():
                    client.send(b"x")
                    await asyncio.sleep(0.01)
                assert (await answer).startswith(b"HTTP/1.1 504 ")
                assert b"no connection to the service within 0.2 s" in await answer
                endpoint = on.gateway.plane.active.upstreams["nowhere"].endpoints[0]
                assert endpoint.connections == 0
                text = on.gateway.metrics.expose().decode()
                assert 'specgw_upstream_requests_total{outcome="upstream-timeout",upstream="nowhere"} 1.0' in text

    play(scene, loop)


def test_another_endpoint_takes_over_where_one_does_not_connect_in_time() -> None:
    async def scene() -> None:
        with full_backlog() as port:
            async with stage(answering(OK), route(timeout=Timeout(connect=0.1)), targets=2) as on:
                on.gateway.plane.active.upstreams["service"].endpoints[0].port = port
                client = await on.client()
                for _ in range(2):
                    client.send(GET)
                    assert (await client.answer()).startswith(b"HTTP/1.1 200 ")

    play(scene)


def test_an_upload_may_take_longer_than_connecting() -> None:
    async def scene() -> None:
        async def service(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            await reader.readuntil(b"\r\n\r\n")
            await reader.readexactly(2)
            writer.write(OK)

        async with stage(service, route("POST", body=ANY, timeout=Timeout(connect=0.5))) as on:
            client = await on.client()
            client.send(b"POST /things HTTP/1.1\r\nHost: x\r\nContent-Type: a/b\r\nContent-Length: 2\r\n\r\na")
            await on.until(lambda: on.connections == 1)
            (passage,) = on.gateway.plane.passages
            await on.until(lambda: passage.connection is not None)
            assert passage.deadline - passage.started > 1
            client.send(b"b")
            assert (await client.answer()).startswith(b"HTTP/1.1 200 ")

    play(scene)


@pytest.mark.parametrize("url", ["http://nobody.invalid", "http://a..b", "http://" + "a" * 70])
@pytest.mark.parametrize("loop", LOOPS)
def test_a_name_that_leads_nowhere_is_502(url: str, loop: str) -> None:
    async def scene() -> None:
        lost = (Upstream(name="nowhere", targets=(Target(url=url),)),)
        known = route(upstreams=(UpstreamChoice(upstream="nowhere"),), timeout=Timeout(connect=5.0))
        async with stage(answering(OK), known, upstreams=lost) as on:
            client = await on.client()
            client.send(GET)
            assert b"upstream-unreachable" in await client.answer()

    play(scene, loop)


def test_a_service_on_ipv6_is_reached() -> None:
    async def scene() -> None:
        heads: list[bytes] = []

        async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            heads.append(await reader.readuntil(b"\r\n\r\n"))
            writer.write(OK)
            writer.close()

        async with await asyncio.start_server(serve, "::1", 0) as server:
            port = server.sockets[0].getsockname()[1]
            six = (Upstream(name="six", targets=(Target(url=f"http://[::1]:{port}"),)),)
            async with stage(answering(OK), route(upstreams=(UpstreamChoice(upstream="six"),)), upstreams=six) as on:
                client = await on.client()
                client.send(GET)
                assert (await client.answer()).endswith(b"ok")
        assert field(heads[0], b"host") == [b"[::1]:%d" % port]

    play(scene)


CERTIFICATE = Path(__file__).with_name("localhost.pem")


@contextlib.asynccontextmanager
async def under_tls(answer: bytes = OK) -> AsyncIterator[int]:
    """The port of a service that speaks TLS with a certificate that nobody has signed."""
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(CERTIFICATE)

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(asyncio.IncompleteReadError, ConnectionError):
            while await reader.readuntil(b"\r\n\r\n"):
                writer.write(answer)
                await writer.drain()
        writer.close()

    async with await asyncio.start_server(serve, "0.0.0.0", 0, ssl=context) as server:
        yield server.sockets[0].getsockname()[1]


@pytest.mark.parametrize("loop", LOOPS)
@pytest.mark.parametrize(("host", "trusted", "why"), [("127.0.0.1", False, "self-signed"), ("127.0.0.2", True, "IP address mismatch")])
def test_a_service_that_cannot_prove_who_it_is_gets_no_request(
    host: str, trusted: bool, why: str, loop: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    if trusted:
        monkeypatch.setenv("SSL_CERT_FILE", str(CERTIFICATE))

    async def scene() -> None:
        async with under_tls() as port:
            secure = (Upstream(name="secure", targets=(Target(url=f"https://{host}:{port}"),)),)
            known = route(upstreams=(UpstreamChoice(upstream="secure"),), timeout=Timeout(connect=5.0))
            async with stage(answering(OK), known, upstreams=secure) as on:
                client = await on.client()
                client.send(GET)
                answer = await client.answer()
                assert answer.startswith(b"HTTP/1.1 502 ")
                assert b"certificate" not in answer

    play(scene, loop)
    assert why in caplog.text


@pytest.mark.parametrize("loop", LOOPS)
def test_a_service_with_a_trusted_certificate_is_asked_over_one_connection(loop: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(CERTIFICATE))
    size = 24 << 20

    async def scene() -> None:
        async with under_tls(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % size + bytes(size)) as port:
            secure = (Upstream(name="secure", targets=(Target(url=f"https://127.0.0.1:{port}"),)),)
            known = route(upstreams=(UpstreamChoice(upstream="secure"),), timeout=Timeout(connect=5.0))
            async with stage(answering(OK), known, upstreams=secure) as on:
                client = await on.client()
                await on.until(lambda: bool(on.gateway.plane.listeners))
                (listener,) = on.gateway.plane.listeners
                for _ in range(2):
                    # Paused and resumed on the way: a paused connection must not go back to the pool as one.
                    cast(asyncio.Transport, client.writer.transport).pause_reading()
                    client.send(GET)
                    await on.until(lambda: listener._writing_paused)
                    cast(asyncio.Transport, client.writer.transport).resume_reading()
                    await client.head()
                    assert await client.reader.readexactly(size) == bytes(size)
                assert on.gateway.plane.active.upstreams["secure"].endpoints[0].connections == 1

    play(scene, loop)
