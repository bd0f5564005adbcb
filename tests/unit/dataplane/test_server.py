"""uvicorn's server under our own signals; that it serves HTTP and HTTPS is shown by everything else."""

from __future__ import annotations

import asyncio
import signal
import socket
import ssl

from specgw.dataplane.application import Application, Page
from specgw.dataplane.server import Config, Server
from specgw.dataplane.sockets import bound
from specgw.plan.model import Limits
from tests.unit.test_gateway import ask

PAGES = Application({"/here": lambda: Page(200, "text/plain", b"here")})


def test_signals_stay_as_they_are_and_accepting_is_told() -> None:
    async def scene() -> None:
        before = signal.getsignal(signal.SIGTERM)
        server = Server(Config.of(PAGES, None), Limits)
        with bound("127.0.0.1", 0) as listener:
            address = listener.getsockname()[:2]
            serving = asyncio.create_task(server.serve([listener]))
            await asyncio.wait_for(server.accepting.wait(), 10)
            assert await ask(address, "/here") == (200, b"here")
            assert signal.getsignal(signal.SIGTERM) is before
            server.should_exit = True
            await asyncio.wait_for(serving, 10)

    asyncio.run(scene())


def test_who_is_in_the_queue_when_it_ends_is_served() -> None:
    """The system has told them that they are connected, and would reset them."""

    async def scene() -> None:
        server = Server(Config.of(PAGES, None), Limits)
        server.config.load()
        server.lifespan = server.config.lifespan_class(server.config)
        with bound("127.0.0.1", 0) as listener:
            waiting = [socket.create_connection(listener.getsockname()[:2]) for _ in range(3)]
            server.servers = []  # nobody has accepted them yet
            await asyncio.wait_for(server.shutdown([listener]), 10)
            assert listener.fileno() == -1
            readers = [await asyncio.open_connection(sock=connection) for connection in waiting]
        for reader, writer in readers:
            # They have asked nothing: uvicorn's own protocol says good-bye at once, and with an end, not with a reset.
            assert await asyncio.wait_for(reader.read(), 10) == b""
            writer.close()

    asyncio.run(scene())


def test_a_context_is_taken_as_it_is() -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    config = Config.of(PAGES, context)
    config.load()
    assert config.ssl is context
