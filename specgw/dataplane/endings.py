"""How a connection ends, beyond `close` and `abort`: with a reset, or by half. The peer may be gone already."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import struct


def reset(transport: asyncio.Transport) -> None:
    """Abort so that the peer is told with a reset: nothing less says that an answer without a length has not ended."""
    with contextlib.suppress(OSError, AttributeError, ValueError):  # the last two: there is no socket any more
        transport.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    transport.abort()


def end_writing(transport: asyncio.Transport) -> None:
    """Say that nothing more is sent, and read on. TLS connections cannot be half closed."""
    with contextlib.suppress(OSError, RuntimeError):
        if transport.can_write_eof():
            transport.write_eof()
