"""How fast a client takes what is written: seen through real sockets, with moments given by hand."""

from __future__ import annotations

import asyncio
import contextlib
import math
import socket
from typing import cast

import pytest

from specgw.dataplane.pace import Pace, Taking, waiting
from specgw.plan.model import Limits
from tests.unit.dataplane.stage import LOOPS, play


def test_without_a_rate_nothing_is_ever_too_slow() -> None:
    pace = Pace(Limits(body_rate=0, answer_rate=0))
    assert 5.0 + pace.body_grace + 3 * pace.body_seconds == math.inf
    assert pace.rate == 0


def test_a_body_has_the_grace_and_then_its_rate() -> None:
    pace = Pace(Limits(body_rate=100, rate_grace=2.0))
    assert pace.body_grace + 50 * pace.body_seconds == 2.5


@pytest.mark.parametrize("loop", LOOPS)
def test_what_the_system_holds_for_a_peer_is_not_taken_yet(loop: str) -> None:
    async def scene() -> None:
        accepted: asyncio.Queue[asyncio.StreamWriter] = asyncio.Queue()
        server = await asyncio.start_server(lambda reader, writer: accepted.put_nowait(writer), "127.0.0.1", 0)
        peer = socket.create_connection(server.sockets[0].getsockname())
        peer.setblocking(False)
        writer = await accepted.get()
        transport = cast(asyncio.Transport, writer.transport)
        try:
            assert waiting(transport) == 0
            transport.write(b"x" * (32 << 20))
            await watched(transport, peer)
        finally:
            peer.close()
            transport.abort()
            server.close()
            await server.wait_closed()

    async def watched(transport: asyncio.Transport, peer: socket.socket) -> None:
        while waiting(transport) == transport.get_write_buffer_size():  # noqa: ASYNC110 - the kernel tells nobody
            await asyncio.sleep(0)
        taking = Taking(transport, now=0.0)
        pace = Pace(Limits(answer_rate=1000, rate_grace=5.0))
        before = waiting(transport)
        assert not taking.too_slow(pace, 4.9)
        assert not taking.too_slow(Pace(Limits(answer_rate=0)), 1e9)
        while waiting(transport) > before - 1_000_000:
            with contextlib.suppress(BlockingIOError):
                peer.recv(65536)
            await asyncio.sleep(0)
        assert not taking.too_slow(pace, 1000.0)
        assert taking.too_slow(pace, 1e6)

    play(scene, loop)


def test_a_transport_without_a_socket_is_judged_by_its_buffer() -> None:
    class Bare(asyncio.Transport):
        def get_write_buffer_size(self) -> int:
            return 7

    assert waiting(Bare()) == 7
