"""An address and its pool of idle connections."""

from __future__ import annotations

import asyncio

import pytest

from specgw.upstreams.connection import Connection
from specgw.upstreams.endpoint import IDLE_SECONDS, Endpoint
from tests.unit.upstreams.test_connection import Wire


@pytest.mark.parametrize(
    ("url", "host", "port", "secure", "authority", "base"),
    [
        ("http://users", "users", 80, False, b"users", b""),
        ("http://users:8081/", "users", 8081, False, b"users:8081", b""),
        ("https://api.example.org/v2/", "api.example.org", 443, True, b"api.example.org", b"/v2"),
        ("http://[::1]:81/a/b", "::1", 81, False, b"[::1]:81", b"/a/b"),
    ],
)
def test_what_a_url_says(url: str, host: str, port: int, secure: bool, authority: bytes, base: bytes) -> None:
    endpoint = Endpoint(url)
    assert (endpoint.host, endpoint.port, endpoint.secure, endpoint.authority, endpoint.base_path) == (host, port, secure, authority, base)


def pooled(endpoint: Endpoint) -> tuple[Connection, Wire]:
    """A connection of the endpoint that has become idle."""
    connection, wire = Connection(endpoint), Wire()
    connection.connection_made(wire)
    endpoint.connections += 1
    endpoint.free(connection)
    return connection, wire


def test_the_connection_used_last_is_taken_first() -> None:
    endpoint = Endpoint("http://x")
    first, _ = pooled(endpoint)
    second, _ = pooled(endpoint)
    assert (endpoint.idle, endpoint.connections) == (2, 2)
    assert [endpoint.take(), endpoint.take(), endpoint.take()] == [second, first, None]


def test_a_closing_connection_is_never_given_out() -> None:
    endpoint = Endpoint("http://x")
    _, wire = pooled(endpoint)
    wire.closed = True
    assert endpoint.take() is None


def test_a_lost_connection_is_counted_once() -> None:
    endpoint = Endpoint("http://x")
    connection, _ = pooled(endpoint)
    endpoint.lost(connection)
    endpoint.lost(connection)
    assert (endpoint.idle, endpoint.connections) == (0, 0)


def test_idle_connections_are_closed_in_time() -> None:
    now = 100.0
    endpoint = Endpoint("http://x", clock=lambda: now)
    _, old = pooled(endpoint)
    now += IDLE_SECONDS / 2
    endpoint.expire()
    _, young = pooled(endpoint)
    now += IDLE_SECONDS / 2 + 0.1
    endpoint.expire()
    assert (old.closed, young.closed, endpoint.idle, endpoint.connections) == (True, False, 1, 1)


def test_a_closed_pool_keeps_nothing() -> None:
    endpoint = Endpoint("http://x")
    _, idle = pooled(endpoint)
    endpoint.close()
    _, late = pooled(endpoint)
    assert (idle.closed, late.closed, endpoint.idle, endpoint.connections) == (True, True, 0, 0)


def test_connecting_for_real_and_in_vain() -> None:
    async def scene() -> None:
        async with await asyncio.start_server(lambda reader, writer: writer.close(), "127.0.0.1", 0) as server:
            port = server.sockets[0].getsockname()[1]
            endpoint = Endpoint(f"http://127.0.0.1:{port}")
            connection = await endpoint.connect()
            assert endpoint.connections == 1
            connection.abort()
            assert endpoint.connections == 0
        with pytest.raises(OSError, match=r"refused|Connect call failed"):
            await endpoint.connect()
        assert endpoint.connections == 0

    asyncio.run(scene())
