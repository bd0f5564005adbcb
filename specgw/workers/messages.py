"""What the leader and a worker say to each other, over a pair of sockets of their own.

A message is its length in four bytes and MessagePack. The end of the channel is a message, too: a worker whose leader is
gone drains and ends.
"""

from __future__ import annotations

import asyncio
import contextlib
import socket
import struct
from typing import Generic, TypeVar

import msgspec

_LENGTH = struct.Struct("!I")


class _Message(msgspec.Struct, frozen=True, tag=True):
    pass


class Start(_Message, frozen=True):
    """First of all: what to serve. The listening socket is inherited."""

    plan: bytes
    """As `plan.codec` writes it."""
    generation: int
    upstream: str | None
    dev: bool
    portal: bool
    """Whether a portal is going to be published."""
    site: dict[str, bytes] | None = None
    """The portal, where it has been published already."""


class Prepare(_Message, frozen=True):
    """Build another plan, and keep it ready."""

    plan: bytes


class Publish(_Message, frozen=True):
    """Serve another portal."""

    site: dict[str, bytes]
    """Packed files by path."""


class Commit(_Message, frozen=True):
    """Put what is ready to work."""


class Discard(_Message, frozen=True):
    """Let go of what is ready: somebody else could not build it."""


class Reopen(_Message, frozen=True):
    """Open the access log anew, and look at files."""


class Refresh(_Message, frozen=True):
    """Look at certificates."""


class Scrape(_Message, frozen=True):
    """Tell what was counted: the leader asks a worker for its own, a worker the leader for those of all."""


class Scraped(_Message, frozen=True):
    """What was counted, in the Prometheus text format."""

    text: bytes


class Ping(_Message, frozen=True):
    """Say that you are there."""


class Pong(_Message, frozen=True):
    """Here."""


class Stop(_Message, frozen=True):
    """Drain. Said a second time: give up what is in flight."""


class Serving(_Message, frozen=True):
    """Requests are accepted."""


class Prepared(_Message, frozen=True):
    """The plan is ready; or why it is not."""

    fault: str | None = None


class Committed(_Message, frozen=True):
    """The plan is at work."""


class Failed(_Message, frozen=True):
    """The worker cannot serve at all, and ends."""

    reason: str


ToWorker = Start | Prepare | Publish | Commit | Discard | Reopen | Refresh | Scrape | Scraped | Ping | Stop
ToLeader = Serving | Prepared | Committed | Scrape | Scraped | Pong | Failed

_encoder = msgspec.msgpack.Encoder()
TO_WORKER: msgspec.msgpack.Decoder[ToWorker] = msgspec.msgpack.Decoder(ToWorker)
TO_LEADER: msgspec.msgpack.Decoder[ToLeader] = msgspec.msgpack.Decoder(ToLeader)

In = TypeVar("In")
Out = TypeVar("Out")


class Channel(Generic[In, Out]):
    """One end of the pair."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, decoder: msgspec.msgpack.Decoder[In]) -> None:
        self._reader = reader
        self._writer = writer
        self._decoder = decoder

    @classmethod
    async def over(cls, end: socket.socket, decoder: msgspec.msgpack.Decoder[In]) -> Channel[In, Out]:
        """The channel over one of two connected sockets."""
        return cls(*await asyncio.open_connection(sock=end), decoder)

    def send(self, message: Out) -> None:
        """Send without waiting; nobody hears it when the other side has gone."""
        self._writer.write(framed(message))

    async def receive(self) -> In | None:
        """The next message; None when the other side has gone."""
        try:
            (length,) = _LENGTH.unpack(await self._reader.readexactly(_LENGTH.size))
            return self._decoder.decode(await self._reader.readexactly(length))
        except (asyncio.IncompleteReadError, ConnectionError):
            return None

    async def close(self) -> None:
        """Let go of this end, once what was sent has left."""
        self._writer.close()
        with contextlib.suppress(ConnectionError):
            await self._writer.wait_closed()


def framed(message: object) -> bytes:
    """A message as it is sent."""
    data = _encoder.encode(message)
    return _LENGTH.pack(len(data)) + data


def receive_first(end: socket.socket) -> ToWorker | None:
    """The first message, before there is a loop; None when the other side has gone."""
    head = _exactly(end, _LENGTH.size)
    if head is None:
        return None
    data = _exactly(end, *_LENGTH.unpack(head))
    return None if data is None else TO_WORKER.decode(data)


def _exactly(end: socket.socket, length: int) -> bytes | None:
    pieces = bytearray()
    while len(pieces) < length:
        piece = end.recv(min(length - len(pieces), 1 << 18))
        if not piece:
            return None
        pieces += piece
    return bytes(pieces)
