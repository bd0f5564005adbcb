"""An open WebSocket without sockets: what goes on, who is told what, and when the connections end."""

from __future__ import annotations

import asyncio
from time import monotonic
from typing import Any

import pytest

from specgw.dataplane.websocket.frames import GOING_AWAY, NO_EXTENSION, PROTOCOL_ERROR, TOO_BIG, Breach, close_frame
from specgw.dataplane.websocket.tunnel import FAREWELL, Side, Tunnel
from tests.unit.dataplane.websocket.test_frames import MASK, frame

IDLE = 60.0
LATER = 1e12
"""A moment at which every deadline is over."""


class Wire(asyncio.Transport):
    """A transport that notes what is done to it; `unsent` is what its peer has not taken."""

    def __init__(self) -> None:
        super().__init__()
        self.written = b""
        self.end = ""
        self.paused = False
        self.half = False
        self.unsent = 0

    def write(self, data: Any) -> None:
        assert not self.end
        self.written += bytes(data)

    def write_eof(self) -> None:
        self.half = True

    def can_write_eof(self) -> bool:
        return True

    def get_write_buffer_size(self) -> int:
        return self.unsent

    def is_closing(self) -> bool:
        return bool(self.end)

    def close(self) -> None:
        self.end = self.end or "closed"

    def abort(self) -> None:
        self.end = "aborted"

    def pause_reading(self) -> None:
        self.paused = True

    def resume_reading(self) -> None:
        self.paused = False


class Owned:
    """What the tunnel tells its exchange."""

    def __init__(self) -> None:
        self.deadline = 0.0
        self.counts = [0, 0]
        self.told: list[str] = []
        self.reason: Breach | None = None

    def client_lost(self, exc: Exception | None) -> None:
        self.told.append("client")

    def service_lost(self) -> None:
        self.told.append("service")

    def passed(self, from_client: int, from_service: int) -> None:
        self.counts[0] += from_client
        self.counts[1] += from_service

    def closing(self, reason: Breach) -> None:
        assert self.reason is None
        self.reason = reason

    def over(self) -> None:
        self.told.append("over")


class Play:
    def __init__(self, limit: int = 1000) -> None:
        self.owner = Owned()
        self.tunnel = Tunnel(self.owner, idle=IDLE, max_message=limit, reserved=NO_EXTENSION, random=lambda size: MASK[:size])
        self.client, self.service = self.tunnel.client, self.tunnel.service
        self.to_client, self.to_service = Wire(), Wire()
        self.client.transport, self.service.transport = self.to_client, self.to_service
        self.tunnel.begin()

    def both_told(self, code: int, reason: str) -> bool:
        return self.to_client.written.endswith(close_frame(code, reason)) and self.to_service.written.endswith(
            close_frame(code, reason, MASK)
        )


def test_bytes_go_both_ways_as_they_came_and_are_counted() -> None:
    play = Play()
    one, two = frame(1, b"question"), frame(2, b"answer", masked=False)
    for byte in one:
        play.client.data_received(bytes([byte]))
    play.service.data_received(two)
    assert (play.to_service.written, play.to_client.written) == (one, two)
    assert play.owner.counts == [len(one), len(two)]


def test_a_side_that_does_not_take_its_bytes_holds_the_other_one_back() -> None:
    play = Play()
    play.service.pause_writing()
    assert (play.to_client.paused, play.to_service.paused) == (True, False)
    play.service.resume_writing()
    assert not play.to_client.paused
    play.client.pause_writing()
    assert play.to_service.paused


@pytest.mark.parametrize("from_client", [True, False])
def test_a_message_that_is_too_large_ends_both_with_1009_and_nothing_of_it_passes(from_client: bool) -> None:
    play = Play()
    side = play.client if from_client else play.service
    side.data_received(frame(2, bytes(1001), masked=from_client))
    assert play.both_told(TOO_BIG, "a message is larger than 1000 bytes")
    assert play.owner.reason is not None
    assert play.owner.reason.code == TOO_BIG
    assert play.owner.counts == [0, 0]
    assert play.to_client.end == play.to_service.end == ""
    # Each answers; then its connection ends.
    play.client.data_received(frame(8, b"\x03\xf1"))
    play.service.data_received(frame(8, b"\x03\xf1", masked=False))
    assert play.to_client.end == play.to_service.end == "closed"


@pytest.mark.parametrize("from_client", [True, False])
def test_a_wrong_mask_ends_both_with_1002(from_client: bool) -> None:
    play = Play()
    side = play.client if from_client else play.service
    side.data_received(frame(1, b"x", masked=not from_client))
    assert play.owner.reason is not None
    assert play.both_told(PROTOCOL_ERROR, play.owner.reason.reason)
    assert play.owner.deadline <= monotonic() + FAREWELL


def test_silence_ends_both_with_1001() -> None:
    play = Play()
    play.tunnel.expire(play.owner.deadline)
    assert play.both_told(GOING_AWAY, "nothing was said for 60 s")
    play.tunnel.expire(play.owner.deadline)
    assert play.to_client.end == play.to_service.end == "closed"


def test_what_was_said_since_moves_the_deadline() -> None:
    play = Play()
    play.client.data_received(frame(10))
    play.tunnel.active += 5
    play.tunnel.expire(play.owner.deadline)
    assert play.owner.reason is None
    assert play.owner.deadline == play.tunnel.active + IDLE


def test_who_is_in_the_middle_of_a_frame_gets_the_rest_before_the_close_frame() -> None:
    play = Play()
    message = frame(2, bytes(500), masked=False)
    play.service.data_received(message[:200])
    play.client.data_received(frame(1, b"x", masked=False))
    assert play.to_client.written == message[:200]
    play.service.data_received(message[200:] + frame(1, b"next", masked=False))
    assert play.owner.reason is not None
    assert play.to_client.written == message + close_frame(PROTOCOL_ERROR, play.owner.reason.reason)


def test_who_never_gets_the_rest_of_its_frame_is_closed_without_one() -> None:
    play = Play()
    message = frame(2, bytes(500), masked=False)
    play.service.data_received(message[:200])
    play.tunnel.close(Breach(GOING_AWAY, "stop"), 30.0)
    assert play.owner.deadline > monotonic() + 20
    assert play.to_service.written == close_frame(GOING_AWAY, "stop", MASK)
    play.tunnel.expire(LATER)
    assert play.to_client.written == message[:200]
    assert play.to_client.end == play.to_service.end == "closed"


def test_all_having_been_told_the_patience_is_over() -> None:
    play = Play()
    play.tunnel.close(Breach(GOING_AWAY, "stop"), 30.0)
    assert play.owner.deadline <= monotonic() + FAREWELL


def test_who_has_had_a_close_frame_gets_no_second_one() -> None:
    play = Play()
    goodbye = frame(8, b"\x03\xe8")
    play.client.data_received(goodbye)
    play.tunnel.close(Breach(GOING_AWAY, "stop"))
    assert play.to_service.written == goodbye
    assert play.to_client.written == close_frame(GOING_AWAY, "stop")


def test_the_first_reason_counts() -> None:
    play = Play()
    play.tunnel.close(Breach(GOING_AWAY, "stop"))
    play.tunnel.close(Breach(TOO_BIG, "large"))
    assert play.to_client.written == close_frame(GOING_AWAY, "stop")


def test_back_pressure_does_not_keep_the_end_from_being_answered() -> None:
    play = Play()
    play.service.pause_writing()
    play.tunnel.close(Breach(GOING_AWAY, "stop"))
    assert not play.to_client.paused
    play.service.pause_writing()
    assert not play.to_client.paused


@pytest.mark.parametrize("first", ["client", "service"])
def test_when_one_side_goes_the_other_is_closed(first: str) -> None:
    play = Play()
    side: Side = getattr(play, first)
    side.data_received(frame(1, b"last words", masked=first == "client"))
    side.connection_lost(ConnectionResetError())
    assert side.other.transport.is_closing()
    assert play.owner.told == [first]
    side.other.connection_lost(None)
    assert play.owner.told == [first, (side.other is play.client and "client") or "service", "over"]


def test_an_end_of_data_is_the_end_of_the_connection() -> None:
    play = Play()
    assert play.client.eof_received() is False
    assert play.to_service.end == "closed"


def test_after_the_closing_handshake_the_one_who_closes_ends_both() -> None:
    play = Play()
    play.client.data_received(frame(8, b"\x03\xe8"))
    play.service.data_received(frame(8, b"\x03\xe8", masked=False))
    assert play.owner.reason is None
    assert play.owner.deadline <= monotonic() + FAREWELL
    play.service.eof_received()
    assert play.to_client.end == "closed"


def test_after_the_closing_handshake_those_who_do_not_close_are_closed() -> None:
    play = Play()
    play.client.data_received(frame(8, b"\x03\xe8"))
    play.service.data_received(frame(8, b"\x03\xe8", masked=False))
    play.tunnel.expire(LATER)
    assert play.to_client.end == play.to_service.end == "closed"


def test_who_goes_right_after_its_close_frame_leaves_the_other_a_moment_to_answer() -> None:
    play = Play()
    play.service.data_received(frame(8, b"\x03\xe8", masked=False))
    play.service.eof_received()
    play.service.connection_lost(None)
    assert (play.to_client.end, play.to_client.half) == ("", True)
    assert play.owner.deadline <= monotonic() + FAREWELL
    play.client.data_received(frame(8, b"\x03\xe8"))
    assert play.to_client.end == "closed"


def test_who_takes_nothing_of_what_is_left_is_broken_off_and_who_is_slow_is_not() -> None:
    play = Play()
    play.to_client.unsent = 100
    play.service.connection_lost(None)
    play.to_client.unsent = 50
    play.tunnel.expire(LATER)
    assert play.to_client.end == "closed"
    play.tunnel.expire(LATER)
    assert play.to_client.end == "aborted"


def test_abort_breaks_both() -> None:
    play = Play()
    play.tunnel.abort()
    assert play.to_client.end == play.to_service.end == "aborted"
    play.client.data_received(frame(1, b"late"))
    assert play.to_service.written == b""
