"""One direction of a WebSocket: what passes, what is held, what must not pass, however the bytes are cut."""

from __future__ import annotations

import pytest

from specgw.dataplane.websocket.frames import (
    ANY_EXTENSION,
    COMPRESSED,
    GOING_AWAY,
    NO_EXTENSION,
    PROTOCOL_ERROR,
    TOO_BIG,
    Frames,
    close_frame,
)

MASK = b"\x01\x02\x03\x04"
LIMIT = 1000


def frame(opcode: int, payload: bytes = b"", *, fin: bool = True, reserved: int = 0, masked: bool = True) -> bytes:
    """A frame as RFC 6455 section 5.2 draws it."""
    size = len(payload)
    mark = 0x80 if masked else 0
    length = bytes([mark | size]) if size < 126 else bytes([mark | 126]) + size.to_bytes(2) if size < 65536 else b""
    if not length:
        length = bytes([mark | 127]) + size.to_bytes(8)
    body = bytes(byte ^ MASK[index % 4] for index, byte in enumerate(payload)) if masked else payload
    return bytes([(0x80 if fin else 0) | reserved | opcode]) + length + (MASK if masked else b"") + body


def client(limit: int = LIMIT, reserved: int = NO_EXTENSION) -> Frames:
    return Frames(masked=True, limit=limit, reserved=reserved)


def whole(frames: Frames) -> bool:
    """Whether it stands between two frames."""
    return frames.between


def broken(frames: Frames) -> bool:
    """Whether it has met a frame that must not pass."""
    return frames.breach is not None


GOOD = (
    frame(1, b"hello"),
    frame(2, b""),
    frame(2, bytes(125)),
    frame(2, bytes(126)),
    frame(1, bytes(LIMIT)),
    frame(1, b"one", fin=False) + frame(9, b"ping") + frame(0, b"two", fin=False) + frame(10) + frame(0, b"three"),
    frame(1, bytes(600), fin=False) + frame(0, bytes(400)) + frame(1, bytes(LIMIT)),
    frame(9, bytes(125)),
    frame(1, b"x" * 10) + frame(8, b"\x03\xe8bye"),
    frame(8),
)


@pytest.mark.parametrize("sent", GOOD)
@pytest.mark.parametrize("piece", [1, 2, 3, 7, 1 << 20])
def test_what_keeps_the_rules_passes_byte_for_byte_however_it_is_cut(sent: bytes, piece: int) -> None:
    frames = client()
    passed = b""
    for start in range(0, len(sent), piece):
        out, rest = frames.feed(sent[start : start + piece])
        passed += out
        assert rest == b""
        assert frames.breach is None
    assert passed == sent
    assert frames.between


@pytest.mark.parametrize("masked", [True, False])
def test_lengths_of_all_three_forms_pass(masked: bool) -> None:
    frames = Frames(masked=masked, limit=1 << 20)
    for size in (0, 125, 126, 65535, 65536, 1 << 20):
        sent = frame(2, bytes(size), masked=masked)
        assert frames.feed(sent) == (sent, b"")


@pytest.mark.parametrize(
    ("sent", "code"),
    [
        (frame(1, b"x", masked=False), PROTOCOL_ERROR),
        (frame(3, b"x"), PROTOCOL_ERROR),
        (frame(7), PROTOCOL_ERROR),
        (frame(11), PROTOCOL_ERROR),
        (frame(15), PROTOCOL_ERROR),
        (frame(1, b"x", reserved=0x40), PROTOCOL_ERROR),
        (frame(1, b"x", reserved=0x20), PROTOCOL_ERROR),
        (frame(9, b"x", reserved=0x10), PROTOCOL_ERROR),
        (frame(9, b"x", fin=False), PROTOCOL_ERROR),
        (frame(9, bytes(126)), PROTOCOL_ERROR),
        (frame(8, bytes(126)), PROTOCOL_ERROR),
        (frame(8, b"\x03"), PROTOCOL_ERROR),
        (frame(0, b"nothing begun"), PROTOCOL_ERROR),
        (frame(1, b"a", fin=False) + frame(1, b"b"), PROTOCOL_ERROR),
        (frame(1, b"a", fin=False) + frame(0, b"b") + frame(0, b"c"), PROTOCOL_ERROR),
        (b"\x82\xfe\x00\x7d" + MASK + bytes(125), PROTOCOL_ERROR),
        (b"\x82\xff" + (65535).to_bytes(8) + MASK + bytes(65535), PROTOCOL_ERROR),
        (b"\x82\xff" + (1 << 63).to_bytes(8) + MASK, PROTOCOL_ERROR),
        (frame(2, bytes(LIMIT + 1)), TOO_BIG),
        (frame(2, bytes(600), fin=False) + frame(0, bytes(401)), TOO_BIG),
        (frame(2, bytes(600), fin=False) + frame(9, b"!") + frame(0, bytes(200), fin=False) + frame(0, bytes(201), fin=False), TOO_BIG),
    ],
)
@pytest.mark.parametrize("piece", [1, 5, 1 << 20])
def test_a_frame_that_must_not_pass_is_stopped_before_its_first_byte(sent: bytes, code: int, piece: int) -> None:
    before = frame(1, b"good")
    frames = client()
    passed = b""
    stopped = b""
    whole = before + sent
    for start in range(0, len(whole), piece):
        out, rest = frames.feed(whole[start : start + piece])
        passed += out
        stopped += rest
    assert frames.breach is not None
    assert frames.breach.code == code
    assert frames.between
    assert passed.startswith(before)
    assert len(passed) < len(whole)
    # What passed are whole frames: another reader, who knows no limits, ends between two of them.
    other = client(1 << 62, ANY_EXTENSION)
    other.feed(passed)
    assert other.breach is None
    assert other.between
    if piece == 1 << 20:
        assert passed + stopped == whole


def test_the_limit_counts_one_message_and_no_control_frames() -> None:
    frames = client()
    for _ in range(3):
        sent = frame(2, bytes(LIMIT - 1), fin=False) + frame(9, bytes(100)) + frame(0, b"!")
        assert frames.feed(sent) == (sent, b"")


def test_a_service_must_not_mask() -> None:
    frames = Frames(masked=False, limit=LIMIT)
    assert frames.feed(frame(1, b"a", masked=False) + frame(1, b"b"))[0] == frame(1, b"a", masked=False)
    assert frames.breach is not None
    assert frames.breach.code == PROTOCOL_ERROR


def test_permessage_deflate_may_set_its_bit_where_a_message_begins() -> None:
    good = frame(1, b"a", fin=False, reserved=0x40) + frame(0, b"b") + frame(1, b"c")
    assert client(reserved=COMPRESSED).feed(good) == (good, b"")
    for bad in (
        frame(1, b"a", reserved=0x20),
        frame(9, b"a", reserved=0x40),
        frame(1, b"a", fin=False, reserved=0x40) + frame(0, b"b", reserved=0x40),
    ):
        frames = client(reserved=COMPRESSED)
        frames.feed(bad)
        assert frames.breach is not None


def test_an_extension_that_is_not_known_may_use_all_reserved_bits() -> None:
    sent = frame(1, b"a", fin=False, reserved=0x30) + frame(9, b"", reserved=0x20) + frame(0, b"b", reserved=0x70)
    assert client(reserved=ANY_EXTENSION).feed(sent) == (sent, b"")


def test_nothing_passes_after_a_close_frame() -> None:
    frames = client()
    close = frame(8, b"\x03\xe8")
    assert frames.feed(close + frame(1, b"late")) == (close, frame(1, b"late"))
    assert frames.closed
    assert frames.feed(frame(1, b"later")) == (b"", frame(1, b"later"))


def test_a_close_frame_without_payload_and_one_in_pieces_close() -> None:
    frames = client()
    frames.feed(frame(8))
    assert frames.closed
    frames = client()
    for byte in frame(8, b"\x03\xe8because"):
        assert not frames.closed
        frames.feed(bytes([byte]))
    assert frames.closed


def test_last_stops_at_the_end_of_the_present_frame() -> None:
    frames = client()
    first, second = frame(1, b"abcdef"), frame(1, b"x")
    assert frames.feed(first[:8]) == (first[:8], b"")
    assert not whole(frames)
    assert frames.feed(first[8:10], last=True) == (first[8:10], b"")
    assert frames.feed(first[10:] + second, last=True) == (first[10:], second)
    assert whole(frames)
    assert frames.feed(second, last=True) == (b"", second)


def test_lenient_finds_the_close_frame_behind_what_was_too_large() -> None:
    frames = client()
    large = frame(2, bytes(5000))
    _, rest = frames.feed(large[:100])
    assert broken(frames)
    frames.lenient()
    frames.feed(rest)
    frames.feed(large[100:])
    frames.feed(frame(8, b"\x03\xf1"))
    assert not broken(frames)
    assert frames.closed


def test_lenient_does_not_read_on_behind_what_is_no_frame() -> None:
    frames = client()
    frames.feed(frame(3))
    frames.lenient()
    frames.feed(frame(8))
    assert frames.breach is not None
    assert not frames.closed


def test_a_close_frame_of_the_gateway_keeps_the_rules() -> None:
    plain = close_frame(GOING_AWAY, "bye")
    assert plain == b"\x88\x05\x03\xe9bye"
    assert close_frame(GOING_AWAY, "bye", MASK) == frame(8, b"\x03\xe9bye")
    long = close_frame(PROTOCOL_ERROR, "x" * 200)
    assert len(long) == 2 + 125
    assert Frames(masked=False, limit=0).feed(long) == (long, b"")
