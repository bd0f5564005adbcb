"""uvicorn's server for one listener, under the gateway's own signals and with a TLS context of its own."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import ssl
from collections.abc import Callable, Iterator
from typing import Any, cast

import uvicorn

from specgw.dataplane.application import Application
from specgw.dataplane.doorway import Doorway
from specgw.dataplane.plane import Plane
from specgw.dataplane.sockets import BACKLOG
from specgw.plan.model import Limits


class Server(uvicorn.Server):
    """uvicorn's server under the gateway's own signal handling: one signal stops both listeners."""

    def __init__(self, config: uvicorn.Config, limits: Callable[[], Limits], plane: Plane | None = None) -> None:
        super().__init__(config)
        self.accepting = asyncio.Event()
        self._limits = limits
        self._plane = plane
        """Counts the connections of the public listener; those of the other one are few, and counted alone."""

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Begin to accept."""
        if self.config.ssl is None:
            await super().startup(sockets)
        else:
            self.servers = [cast(asyncio.Server, self._doorway(listener, self.config.ssl)) for listener in sockets or ()]
            self.started = True
        self.accepting.set()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Accept no more, but whoever is in the queue already: the system would reset them when the socket closes."""
        if self.config.ssl is None:
            loop = asyncio.get_running_loop()
            for listener in sockets or ():
                with contextlib.suppress(OSError):
                    while True:
                        await loop.connect_accepted_socket(self._protocol, listener.accept()[0])
        await super().shutdown(sockets)

    def _protocol(self) -> asyncio.Protocol:
        make = cast(Callable[..., asyncio.Protocol], self.config.http_protocol_class)
        return make(config=self.config, server_state=self.server_state, app_state={})

    def _doorway(self, listener: socket.socket, context: ssl.SSLContext) -> Doorway:
        return Doorway(
            listener,
            self._protocol,
            context,
            time=lambda: self._limits().header_time,  # as long as the head of a request may take
            knock=self._knock,
            knocked=self._knocked,
        )

    def _knock(self, address: str) -> bool:
        plane = self._plane
        if plane is not None:
            return plane.connections.knock(address, plane.trusts(address))
        return len(self.server_state.connections) < self._limits().connections

    def _knocked(self, address: str) -> None:
        if self._plane is not None:
            self._plane.connections.knocked(address, self._plane.trusts(address))

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Leave signals to the gateway."""
        yield


class Config(uvicorn.Config):
    """uvicorn's settings, with a TLS context of our own."""

    context: ssl.SSLContext | None = None

    @classmethod
    def of(cls, application: Application, context: ssl.SSLContext | None, *, http: Callable[..., Any] | None = None) -> Config:
        """The settings of one listener; without a context it speaks plain HTTP."""
        config = cls(
            application,
            http=cast(Any, http or "httptools"),
            loop="none",
            ws="none",
            lifespan="off",
            log_config=None,
            access_log=False,
            proxy_headers=False,
            server_header=False,
            backlog=BACKLOG,
        )
        config.context = context
        return config

    def load(self) -> None:
        """Take the context that was given."""
        super().load()
        self.ssl = self.context
