"""One address of an Upstream, with its pool of idle connections."""

from __future__ import annotations

import asyncio
import ssl
from collections import deque
from collections.abc import Callable
from time import monotonic
from typing import Any, cast
from urllib.parse import urlsplit

from specgw.upstreams.connection import Connection

IDLE_SECONDS = 4.0
"""How long a connection is kept idle: shorter than the 5 s after which common servers close it, so that a request
seldom meets a connection that the service has just closed."""


class Endpoint:
    """Where an upstream is reached, parsed from its URL: `http(s)://host[:port][/base/path]`.

    `base_path` has no trailing slash; `authority` is what goes into Host.
    """

    def __init__(self, url: str, *, clock: Callable[[], float] = monotonic) -> None:
        parts = urlsplit(url)
        self.url = url
        self.secure = parts.scheme == "https"
        self.host = parts.hostname or ""
        self.port = parts.port or (443 if self.secure else 80)
        self.base_path = parts.path.rstrip("/").encode("ascii")
        self.authority = parts.netloc.encode("ascii")
        self.connections = 0
        """Connections that are open, idle ones included."""
        self._idle: deque[Connection] = deque()
        self._clock = clock
        self._now = clock()
        """The time when the ticker called last: near enough for connections that become idle, and nothing for each request to ask."""
        self._tls: ssl.SSLContext | None = None
        self._closed = False

    @property
    def idle(self) -> int:
        """How many connections wait for a request."""
        return len(self._idle)

    def take(self) -> Connection | None:
        """An idle connection, the one used last first; None when a new one has to be made."""
        idle = self._idle
        while idle:
            connection = idle.pop()
            if not connection.transport.is_closing():
                return connection
        return None

    async def connect(self) -> Connection:
        """Open a new connection; raises OSError (ssl.SSLError included) when that fails."""
        loop = asyncio.get_running_loop()
        connection: Connection
        _, connection = await loop.create_connection(
            cast(Callable[[], Any], lambda: Connection(self)),
            self.host,
            self.port,
            ssl=self._context(),
            server_hostname=self.host if self.secure else None,
        )
        self.connections += 1
        return connection

    def free(self, connection: Connection) -> None:
        """Take a connection back that is ready for the next request."""
        if self._closed or connection.transport.is_closing():
            self.lost(connection)
            connection.transport.close()
            return
        connection.reused = True
        connection.idle_since = self._now
        self._idle.append(connection)

    def lost(self, connection: Connection) -> None:
        """Forget a connection that closes or has closed; does nothing when that is known already."""
        if connection.idle_since >= 0:
            connection.idle_since = -1.0
            self.connections -= 1
            if connection in self._idle:
                self._idle.remove(connection)

    def expire(self) -> None:
        """Close connections that have been idle for too long; called by the ticker."""
        self._now = self._clock()
        limit = self._now - IDLE_SECONDS
        while self._idle and self._idle[0].idle_since < limit:
            connection = self._idle.popleft()
            self.lost(connection)
            connection.transport.close()

    def close(self) -> None:
        """Close idle connections now, and busy ones when their exchange ends."""
        self._closed = True
        while self._idle:
            connection = self._idle.popleft()
            self.lost(connection)
            connection.transport.close()

    def _context(self) -> ssl.SSLContext | None:
        """Certificate and host name are always verified; made on first use, since it reads the system's CAs."""
        if not self.secure:
            return None
        if self._tls is None:
            self._tls = ssl.create_default_context()
            self._tls.set_alpn_protocols(["http/1.1"])
        return self._tls
