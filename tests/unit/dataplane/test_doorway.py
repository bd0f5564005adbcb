from __future__ import annotations

import asyncio
import contextlib
import errno
import socket
import ssl
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import pytest

from specgw.dataplane.doorway import Doorway
from specgw.tls.files import server_context
from tests.unit.dataplane.stage import LOOPS, PATIENCE, play
from tests.unit.tls.authority import Authority

AUTHORITY = Authority()


@pytest.fixture
def context(tmp_path: Path) -> ssl.SSLContext:
    files = AUTHORITY.issue().write(tmp_path)
    return server_context(files.cert, files.key)


class Echo(asyncio.Protocol):
    """Sends back what comes."""

    def connection_made(self, transport: Any) -> None:
        self.transport = transport

    def data_received(self, data: bytes) -> None:
        self.transport.write(data)


@contextlib.asynccontextmanager
async def opened(
    context: ssl.SSLContext, time: float = PATIENCE, knock: Callable[[str], bool] = lambda _: True
) -> AsyncIterator[tuple[Doorway, tuple[str, int]]]:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        knocked: list[str] = []
        doorway = Doorway(listener, Echo, context, time=lambda: time, knock=knock, knocked=knocked.append)
        try:
            yield doorway, listener.getsockname()
        finally:
            doorway.close()
            await doorway.wait_closed()
            assert set(knocked) <= {"127.0.0.1"}
    assert not doorway.handshakes


async def echoed(address: tuple[str, int]) -> bytes:
    reader, writer = await asyncio.open_connection(*address, ssl=AUTHORITY.client())
    writer.write(b"hello")
    answer = await asyncio.wait_for(reader.readexactly(5), PATIENCE)
    writer.close()
    await writer.wait_closed()
    return answer


async def until(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(PATIENCE):
        while not condition():  # noqa: ASYNC110 - what is waited for is a state, which tells nobody
            await asyncio.sleep(0.001)


@pytest.mark.parametrize("loop", LOOPS)
def test_who_shakes_hands_comes_in_and_who_is_silent_holds_up_nobody(context: ssl.SSLContext, loop: str) -> None:
    async def scene() -> None:
        async with opened(context) as (doorway, address):
            reader, writer = await asyncio.open_connection(*address)
            await until(lambda: len(doorway.handshakes) == 1)
            assert await echoed(address) == b"hello"
            assert len(doorway.handshakes) == 1
            doorway.close()
            with contextlib.suppress(ConnectionError):
                assert await asyncio.wait_for(reader.read(), PATIENCE) == b""
            writer.close()

    play(scene, loop)


@pytest.mark.parametrize("loop", LOOPS)
def test_a_handshake_has_its_time(context: ssl.SSLContext, loop: str) -> None:
    async def scene() -> None:
        async with opened(context, time=0.05) as (doorway, address):
            reader, writer = await asyncio.open_connection(*address)
            with contextlib.suppress(ConnectionError):
                assert await asyncio.wait_for(reader.read(), PATIENCE) == b""
            await until(lambda: not doorway.handshakes)
            writer.close()

    play(scene, loop)


def test_those_outside_count_for_the_limit(context: ssl.SSLContext) -> None:
    async def scene() -> None:
        asked: list[str] = []

        def knock(peer: str) -> bool:
            asked.append(peer)
            return len(doorway.handshakes) < 2

        async with opened(context, knock=knock) as (doorway, address):
            outside = [await asyncio.open_connection(*address) for _ in range(2)]
            await until(lambda: len(doorway.handshakes) == 2)
            reader, writer = await asyncio.open_connection(*address)
            with contextlib.suppress(ConnectionError):
                assert await asyncio.wait_for(reader.read(), PATIENCE) == b""
            assert len(doorway.handshakes) == 2
            outside[0][1].close()
            await until(lambda: len(doorway.handshakes) == 1)
            assert await echoed(address) == b"hello"
            for each in (writer, outside[1][1]):
                each.close()
            assert asked == ["127.0.0.1"] * 4

    play(scene)


@pytest.mark.parametrize("number", [errno.EMFILE, errno.ECONNABORTED])
def test_accepting_goes_on_after_a_failure(context: ssl.SSLContext, number: int, monkeypatch: pytest.MonkeyPatch) -> None:
    async def scene() -> None:
        loop = asyncio.get_running_loop()
        accept, failures = loop.sock_accept, [OSError(number, "no")] * 3

        async def failing(listener: socket.socket) -> Any:
            if failures:
                raise failures.pop()
            return await accept(listener)

        monkeypatch.setattr("specgw.dataplane.doorway.PAUSE", 0.001)
        monkeypatch.setattr(loop, "sock_accept", failing)
        async with opened(context) as (_, address):
            assert await echoed(address) == b"hello"
            assert not failures

    play(scene, "asyncio")
