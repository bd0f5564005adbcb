"""How fast a client has to be: to send the body of its request, and to take what it is answered.

A client below the rate is not cut at the first moment: it has `limits.rateGrace` first, and what it did beyond the rate
counts later. Time in which the gateway itself does not read, or the service does not send, is nobody's slowness.
"""

from __future__ import annotations

import asyncio
import fcntl
import math
import struct
import termios

from specgw.plan.model import Limits


class Pace:
    """The rates as numbers that a deadline is made from."""

    __slots__ = ("body_grace", "body_seconds", "grace", "rate")

    def __init__(self, limits: Limits) -> None:
        self.grace = limits.rate_grace
        self.body_grace = limits.rate_grace if limits.body_rate else math.inf
        self.body_seconds = 1 / limits.body_rate if limits.body_rate else 0.0
        """Seconds that a byte of a body may take."""
        self.rate = limits.answer_rate
        """Bytes in a second of an answer that is to be taken; 0: no such limit."""


class Taking:
    """How a client takes what has been written to it, from the moment when it was behind."""

    __slots__ = ("_last", "_since", "_taken", "_transport")

    def __init__(self, transport: asyncio.Transport, now: float) -> None:
        self._transport = transport
        self._since = now
        self._taken = 0
        self._last = waiting(transport)

    def too_slow(self, pace: Pace, now: float) -> bool:
        """Look how much it has taken; called a few times a second."""
        left = waiting(self._transport)
        # More than before: something was written meanwhile, and what of it was taken at once is not counted.
        self._taken += max(self._last - left, 0)
        self._last = left
        elapsed = now - self._since
        return bool(pace.rate) and elapsed > pace.grace and self._taken < pace.rate * elapsed


def waiting(transport: asyncio.Transport) -> int:
    """Bytes that the peer has not taken: in the process, and where the system tells it (tcp(7), SIOCOUTQ), in the socket.

    A socket buffers megabytes for a peer that once was fast, and is writable again only when a third of them has gone:
    by the bytes in the process alone, a peer that reads slowly looks like one that does not read at all.
    """
    size = transport.get_write_buffer_size()
    connection = transport.get_extra_info("socket")
    try:
        (unacknowledged,) = struct.unpack("i", fcntl.ioctl(connection.fileno(), termios.TIOCOUTQ, bytes(4)))
    except (OSError, AttributeError, ValueError):
        return size
    return size + int(unacknowledged)
