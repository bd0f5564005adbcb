"""One worker: a gateway on an inherited socket, which does what its leader says.

It ends when it is told to stop, by the leader or by SIGTERM, and when the leader is gone.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import socket
import sys

from specgw import gateway as running
from specgw.dataplane.activation import ActivationError
from specgw.dataplane.slices import sliced, uncollected
from specgw.dataplane.sockets import Sockets
from specgw.gateway import Gateway, Options, Ready
from specgw.plan.codec import decode, decoding
from specgw.workers import messages
from specgw.workers.messages import Channel


def main(channel: int, listener: int) -> int:
    """Serve to the end; the numbers are those of the two inherited descriptors."""
    with socket.socket(fileno=channel) as end:
        start = messages.receive_first(end)
        if not isinstance(start, messages.Start):
            return 1  # the leader went before it said anything
        try:
            gateway = Gateway(decode(start.plan), _options(start))
            gateway.sockets = Sockets(socket.socket(fileno=listener))
            running.run(gateway, Worker(gateway, end, start.site).serving)
        except (ActivationError, OSError) as error:
            with contextlib.suppress(OSError):  # it has served, and the channel is closed
                end.setblocking(True)
                end.sendall(messages.framed(messages.Failed(str(error))))
            return 1
        return 0


def _options(start: messages.Start) -> Options:
    return Options(
        admin_enabled=False,
        upstream=start.upstream,
        dev=start.dev,
        portal=start.portal,
        generation=start.generation,
        environ=os.environ,
    )


class Worker:
    """Listens to the leader while the gateway serves."""

    def __init__(self, gateway: Gateway, end: socket.socket, site: dict[str, bytes] | None = None) -> None:
        self._gateway = gateway
        self._end = end
        self._site = site
        self._ready: Ready | None = None
        self._preparing: asyncio.Task[None] | None = None
        self._scraping: list[asyncio.Future[bytes]] = []
        self._told = False

    async def serving(self) -> None:
        """Begins when requests are accepted, and goes on until the gateway ends."""
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            # Whoever signals a whole group of processes means one drain, not a second call to give up.
            loop.add_signal_handler(number, self._drain)
        self._channel: Channel[messages.ToWorker, messages.ToLeader] = await Channel.over(self._end, messages.TO_WORKER)
        self._gateway.exposition = self._of_all
        if self._site is not None:
            await self._gateway.publish(self._site)
            self._site = None
        self._channel.send(messages.Serving())
        try:
            while (message := await self._channel.receive()) is not None:
                await self._follow(message)
            self._drain()
        finally:
            await self._channel.close()

    def _drain(self) -> None:
        if not self._gateway.plane.draining:
            self._gateway.stop()

    def _stop(self) -> None:
        if self._told:
            self._gateway.stop()
        self._told = True
        self._drain()

    def _discard(self) -> None:
        ready, self._ready = self._ready, None
        if ready is not None:
            self._gateway.discard(ready)
        elif self._preparing is not None:
            self._preparing.cancel()

    async def _follow(self, message: messages.ToWorker) -> None:
        if isinstance(message, messages.Prepare):
            self._preparing = asyncio.create_task(self._prepare(message.plan))
        elif isinstance(message, messages.Publish):
            await self._gateway.publish(message.site)
        elif isinstance(message, messages.Commit):
            await self._commit()
        elif isinstance(message, messages.Discard):
            self._discard()
        elif isinstance(message, messages.Scrape):
            self._channel.send(messages.Scraped(self._gateway.metrics.expose()))
        elif isinstance(message, messages.Scraped):
            if self._scraping:
                self._scraping.pop(0).set_result(message.text)
        elif isinstance(message, messages.Ping):
            self._channel.send(messages.Pong())
        elif isinstance(message, messages.Reopen):
            self._gateway.reopen()
        elif isinstance(message, messages.Refresh):
            self._gateway.refresh()
        elif isinstance(message, messages.Stop):
            self._stop()

    async def _prepare(self, data: bytes) -> None:
        fault = None
        try:
            with uncollected():
                self._ready = await self._gateway.prepare(await sliced(decoding(data)))
        except ActivationError as error:
            fault = str(error)
        self._channel.send(messages.Prepared(fault))

    async def _commit(self) -> None:
        ready, self._ready = self._ready, None
        if ready is not None:
            await self._gateway.commit(ready)
            self._channel.send(messages.Committed())

    async def _of_all(self) -> bytes:
        told: asyncio.Future[bytes] = asyncio.get_running_loop().create_future()
        self._scraping.append(told)
        self._channel.send(messages.Scrape())
        return await told


if __name__ == "__main__":
    sys.exit(main(*map(int, sys.argv[1:])))
