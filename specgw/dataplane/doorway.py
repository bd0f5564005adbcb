"""Accepts connections for a TLS listener, and knows those whose handshake is not done.

A loop's own TLS server knows them nowhere: they would count for no limit, and one silent client would hold up the end.
"""

from __future__ import annotations

import asyncio
import errno
import socket
import ssl
from collections.abc import Callable
from typing import Any

PAUSE = 0.1
"""Seconds until the next try when there are no descriptors left."""

_EXHAUSTED = frozenset((errno.EMFILE, errno.ENFILE, errno.ENOBUFS, errno.ENOMEM))


class Doorway:
    """In the place of an asyncio.Server: `close` ends accepting and every handshake under way.

    `knock` is told the address of who comes and says whether there may be one more; then `knocked` is told when the
    handshake is over.
    """

    def __init__(
        self,
        listener: socket.socket,
        protocol: Callable[[], asyncio.BaseProtocol],
        context: ssl.SSLContext,
        *,
        time: Callable[[], float],
        knock: Callable[[str], bool],
        knocked: Callable[[str], None],
    ) -> None:
        # Its own descriptor, which nobody closes before the loop has let go of it.
        self._listener = listener.dup()
        self._listener.setblocking(False)
        self._protocol = protocol
        self._context = context
        self._time = time
        self._knock = knock
        self._knocked = knocked
        self.handshakes: set[asyncio.Task[None]] = set()
        self._accepting = asyncio.get_running_loop().create_task(self._accept())

    def close(self) -> None:
        """Accept no more; who has not finished a handshake has sent no request."""
        self._accepting.cancel()
        for handshake in self.handshakes:
            handshake.cancel()

    async def wait_closed(self) -> None:
        """Return once nothing is left of it."""
        await asyncio.gather(self._accepting, *self.handshakes, return_exceptions=True)

    async def _accept(self) -> None:
        loop = asyncio.get_running_loop()
        try:
            while True:
                try:
                    connection, peer = await loop.sock_accept(self._listener)
                except OSError as error:
                    # Anything else is the client's end, such as a reset before it was accepted (accept(2)).
                    if error.errno in _EXHAUSTED:
                        await asyncio.sleep(PAUSE)
                    continue
                # IPv4 on a socket for both families has its own address; a Unix socket has none.
                address = peer[0].removeprefix("::ffff:") if isinstance(peer, tuple) else "unix"
                if not self._knock(address):
                    connection.close()
                    continue
                handshake = loop.create_task(self._shake(connection, address))
                self.handshakes.add(handshake)
                handshake.add_done_callback(self.handshakes.discard)
        finally:
            self._listener.close()

    async def _shake(self, connection: socket.socket, address: str) -> None:
        arguments: dict[str, Any] = {"ssl": self._context, "ssl_handshake_timeout": self._time()}
        try:
            # As the loop's own server does for HTTP.
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            await asyncio.get_running_loop().connect_accepted_socket(self._protocol, connection, **arguments)
        except OSError:
            # No TLS, no common version, no certificate, too slow or gone: nothing that a server could do better.
            connection.close()
        except asyncio.CancelledError:
            connection.close()
            raise
        finally:
            self._knocked(address)
