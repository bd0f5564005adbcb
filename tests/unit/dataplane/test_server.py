"""uvicorn's server under our own signals; that it serves HTTP and HTTPS is shown by everything else."""

from __future__ import annotations

import asyncio
import signal
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


def test_a_context_is_taken_as_it_is() -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    config = Config.of(PAGES, context)
    config.load()
    assert config.ssl is context
