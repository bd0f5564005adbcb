"""A WebSocket that is open: bytes from one side to the other, as they came, for as long as both keep the rules.

Nothing is framed anew. Each direction is followed by its `Frames`, so that the gateway knows where a frame ends: only there
may a Close frame of its own stand. It closes for silence (1001), a message that is too large (1009), a broken rule of the
protocol (1002), and when it stops (1001); then neither side's bytes go on to the other any more.

Back-pressure is the transports' own: while one side does not take what is written to it, the other is not read.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from time import monotonic
from typing import Protocol, cast

from specgw.dataplane.websocket.frames import GOING_AWAY, PROTOCOL_ERROR, Breach, Frames, close_frame

FAREWELL = 1.0
"""Seconds for which a side that was told of the end may answer, and those in which it has to take what is still written to it."""


class Owner(Protocol):
    """The exchange that became this tunnel."""

    deadline: float
    """When `expire` is to be called."""

    def client_lost(self, exc: Exception | None) -> None:
        """The client's connection is gone."""

    def service_lost(self) -> None:
        """The service's connection is gone."""

    def passed(self, from_client: int, from_service: int) -> None:
        """So many bytes went on."""

    def closing(self, reason: Breach) -> None:
        """The gateway ends the WebSocket."""

    def over(self) -> None:
        """Both connections are gone."""


class Side:
    """One peer of the tunnel; `frames` follows what it sends."""

    def __init__(self, tunnel: Tunnel, frames: Frames) -> None:
        self.transport: asyncio.Transport = cast(asyncio.Transport, None)  # set by Tunnel.open
        self.frames = frames
        self.other: Side = self  # set by Tunnel
        self.lost = False
        self.told = False
        """Whether the last that this side gets has been written: a Close frame of the gateway, or the end of the connection."""
        self._tunnel = tunnel

    def data_received(self, data: bytes) -> None:
        """Pass bytes on (asyncio)."""
        self._tunnel.received(self, data)

    def eof_received(self) -> bool:
        """Half a WebSocket is none: the connection is closed (asyncio)."""
        self._tunnel.ended(self)
        return False

    def connection_lost(self, exc: Exception | None) -> None:
        """The peer is gone (asyncio)."""
        self._tunnel.gone(self, exc)

    def pause_writing(self) -> None:
        """The peer does not read as fast as the other one sends (asyncio)."""
        other = self.other
        if not other.lost and not self._tunnel.closing:
            other.transport.pause_reading()

    def resume_writing(self) -> None:
        """The peer reads again (asyncio)."""
        other = self.other
        if not other.lost and not other.transport.is_closing():
            other.transport.resume_reading()


class Tunnel:
    """Two sides and what holds between them. Times are monotonic seconds; `random` gives masking keys."""

    __slots__ = ("_idle", "_owner", "_random", "_unsent", "active", "client", "closing", "service")

    def __init__(self, owner: Owner, *, idle: float, max_message: int, reserved: int, random: Callable[[int], bytes]) -> None:
        self._owner = owner
        self._idle = idle
        self._random = random
        self.client = Side(self, Frames(masked=True, limit=max_message, reserved=reserved))
        self.service = Side(self, Frames(masked=False, limit=max_message, reserved=reserved))
        self.client.other, self.service.other = self.service, self.client
        self.active = 0.0
        """When the last byte came."""
        self.closing: Breach | None = None
        self._unsent = 0

    def begin(self) -> None:
        """Both sides have their transports and know that they are a WebSocket."""
        self.active = monotonic()
        self._owner.deadline = self.active + self._idle

    def received(self, side: Side, data: bytes) -> None:
        """Bytes from one side, as they came."""
        self.active = monotonic()
        if self.closing is not None:
            self._finish_frame(side, data)
            return
        passed, rest = side.frames.feed(data)
        if passed:
            self._pass(side, passed)
        if side.frames.breach is not None:
            self.close(side.frames.breach)
            side.frames.lenient()
            self._finish_frame(side, rest)
        elif side.frames.closed and side.other.frames.closed:
            # Both have said goodbye (RFC 6455 section 7.1.1): who does not close now is helped.
            self._owner.deadline = min(self._owner.deadline, self.active + FAREWELL)

    def ended(self, side: Side) -> None:
        """One side will send no more."""
        other = side.other
        if other.lost or other.told:
            return
        side.told = other.told = True
        self._leave()
        if side.frames.closed and not other.frames.closed and other.transport.can_write_eof():
            # Its Close frame is on the way there: read on for the one that answers it, so that no reset overtakes it.
            other.transport.write_eof()
            self._read_on(other)
        else:
            other.transport.close()

    def gone(self, side: Side, exc: Exception | None) -> None:
        """One connection is lost."""
        self.ended(side)
        side.lost = True
        if side is self.client:
            self._owner.client_lost(exc)
        else:
            self._owner.service_lost()
        if side.other.lost:
            self._owner.over()

    def close(self, reason: Breach, patience: float = FAREWELL) -> None:
        """Tell both sides why it ends; one in the middle of a frame gets the rest of it first, within `patience` seconds."""
        if self.closing is not None:
            return
        self.closing = reason
        self._owner.closing(reason)
        self._owner.deadline = monotonic() + patience
        for side in (self.client, self.service):
            if side.other.frames.between:
                self._tell(side)
            self._read_on(side)

    def expire(self, now: float) -> None:
        """Look whether time is over; called at `deadline` or soon after."""
        if self.closing is None and not (self.client.frames.closed and self.service.frames.closed):
            self._owner.deadline = self.active + self._idle
            if self._owner.deadline <= now:
                self.close(Breach(GOING_AWAY, f"nothing was said for {self._idle:g} s"))
            return
        unsent, self._unsent = self._unsent, self._buffered()
        if self._unsent < unsent:
            self._owner.deadline = now + FAREWELL
            return  # slow, but it takes what is still written to it
        self._leave()
        for side in (self.client, self.service):
            if side.lost:
                continue
            if side.transport.is_closing() or side.transport.get_write_buffer_size():
                side.transport.abort()  # it does not take what is written to it
            else:
                side.transport.close()

    def abort(self) -> None:
        """Break both connections."""
        self._leave()
        for side in (self.client, self.service):
            if not side.lost:
                side.transport.abort()

    def _pass(self, side: Side, data: bytes) -> None:
        size = len(data)
        if side is self.client:
            self._owner.passed(size, 0)
        else:
            self._owner.passed(0, size)
        side.other.transport.write(data)

    def _tell(self, side: Side) -> None:
        """Write the gateway's Close frame to a side that has not had one."""
        side.told = True
        if self.client.told and self.service.told:
            self._leave()
        if side.lost or side.transport.is_closing() or side.other.frames.closed:
            return
        reason = cast(Breach, self.closing)
        mask = self._random(4) if side is self.service else b""
        side.transport.write(close_frame(reason.code, reason.reason, mask))

    def _finish_frame(self, side: Side, data: bytes) -> None:
        """What comes from a side while it ends: the rest of a frame for the other, then only its Close frame matters."""
        other = side.other
        if not other.told:
            passed, data = side.frames.feed(data, last=True)
            if passed and not other.lost:
                self._pass(side, passed)
            if not side.frames.between:
                return
            self._tell(other)
        side.frames.lenient()
        side.frames.feed(data)
        if side.frames.closed and side.told:
            side.transport.close()

    def _leave(self) -> None:
        """Nothing goes from one side to the other any more: from here on it lasts no longer than FAREWELL."""
        self.closing = self.closing or _GONE
        self._unsent = self._buffered()
        self._owner.deadline = monotonic() + FAREWELL

    def _buffered(self) -> int:
        return sum(side.transport.get_write_buffer_size() for side in (self.client, self.service) if not side.lost)

    def _read_on(self, side: Side) -> None:
        if not side.lost and not side.transport.is_closing():
            side.transport.resume_reading()


_GONE = Breach(PROTOCOL_ERROR, "the other side is gone")
