"""The frames of one direction of a WebSocket (RFC 6455 section 5), followed without being changed.

Pure: bytes in, the same bytes out, cut only where the gateway has to know what comes next. The bytes of a frame's header
are held until the header is whole (at most 14), so that a frame which must not pass can be stopped before its first byte, and
a Close frame of the gateway can stand in its place. Payloads are never looked at, let alone unmasked.
"""

from __future__ import annotations

from dataclasses import dataclass

GOING_AWAY = 1001
PROTOCOL_ERROR = 1002
TOO_BIG = 1009

_CONTINUATION, _TEXT, _BINARY, _CLOSE, _PING, _PONG = 0x0, 0x1, 0x2, 0x8, 0x9, 0xA
_FIN = 0x80
_RESERVED = 0x70
_MASKED = 0x80
_CONTROL_LIMIT = 125
NO_LIMIT = 1 << 63

NO_EXTENSION = 0
"""Reserved bits where no extension is in effect: none may be set (RFC 6455 section 5.2)."""
COMPRESSED = 0x40
"""RSV1, which permessage-deflate sets on the first frame of a message (RFC 7692 section 6)."""
ANY_EXTENSION = _RESERVED
"""An extension that is not known here may use all of them."""


@dataclass(frozen=True, slots=True)
class Breach:
    """Why a frame is not passed on: the status code of RFC 6455 section 7.4.1, and what the two sides are told."""

    code: int
    reason: str


class Frames:
    """Follows what one side sends. `masked`: it is the client. `limit`: bytes of payload that one message may have.

    `reserved` are the reserved bits that the extensions in effect may set on data frames.
    """

    __slots__ = ("_closing", "_held", "_left", "_limit", "_masked", "_message", "_open", "_reserved", "breach", "closed")

    def __init__(self, *, masked: bool, limit: int, reserved: int = NO_EXTENSION) -> None:
        self._masked = _MASKED if masked else 0
        self._limit = limit
        self._reserved = reserved
        self._held = b""
        """A header that is not whole yet."""
        self._left = 0
        """Bytes of the present payload that are still to come."""
        self._closing = False
        """Whether the present frame is a Close frame."""
        self._open = False
        """Whether a message has begun that is not whole."""
        self._message = 0
        """Bytes of that message so far."""
        self.closed = False
        """A Close frame has passed: nothing after it has a meaning (RFC 6455 section 5.5.1)."""
        self.breach: Breach | None = None
        """Set at the first frame that must not pass; only `lenient` lets it go on."""

    @property
    def between(self) -> bool:
        """Whether all that was passed on are whole frames, so that another frame may follow."""
        return not self._left

    def lenient(self) -> None:
        """Follow frames of any size from here on, up to the Close frame: nothing of them is passed on any more."""
        self._limit = NO_LIMIT
        if self.breach is not None and self.breach.code == TOO_BIG:
            self.breach = None

    def feed(self, data: bytes, *, last: bool = False) -> tuple[bytes, bytes]:
        """Take bytes as they came; return those that may be passed on, and those that may not.

        The second part is empty unless a breach was found (it begins with the frame that breaks the rules), a Close frame
        passed, or `last` asked to stop at the end of the present frame.
        """
        size = len(data)
        left = self._left
        if size < left:
            self._left = left - size
            return data, b""
        if self._held:
            data = self._held + data
            size = len(data)
            self._held = b""
        position = left
        self._left = 0
        if left and self._closing:
            self.closed = True
        while position < size:
            if self.closed or self.breach is not None or last:
                return data[:position], data[position:]
            header = self._header(data, position)
            if header < 0:
                return data[:position], data[position:]
            if not header:
                self._held = data[position:]
                return data[:position], b""
            position += header
            if self._left > size - position:
                self._left -= size - position
                return data, b""
            position += self._left
            self._left = 0
            if self._closing:
                self.closed = True
        return data, b""

    def _header(self, data: bytes, position: int) -> int:
        """Read the header at a position; its length, and the payload's in `_left`. 0: not whole; less: a breach."""
        available = len(data) - position
        if available < 2:
            return 0
        first, second = data[position], data[position + 1]
        opcode = first & 0x0F
        if second & _MASKED != self._masked:
            return self._break("the client's frames have to be masked" if self._masked else "the service's frames must not be masked")
        fault = self._opcode_fault(first, opcode)
        if fault:
            return self._break(fault)
        length = second & 0x7F
        header = 2 + (4 if self._masked else 0)
        if opcode >= _CLOSE:
            if length > _CONTROL_LIMIT or (length == 1 and opcode == _CLOSE):
                return self._break("a control frame has a length that it cannot have")
        elif length >= 126:
            extended = 2 if length == 126 else 8
            header += extended
            if available < 2 + extended:
                return 0
            length = int.from_bytes(data[position + 2 : position + 2 + extended])
            if length < (126 if extended == 2 else 65536) or length > NO_LIMIT - 1:
                return self._break("a length is not written in the fewest bytes")
        if opcode < _CLOSE and self._message + length > self._limit:
            self.breach = Breach(TOO_BIG, f"a message is larger than {self._limit} bytes")
            return -1
        if available < header:
            return 0
        if opcode < _CLOSE:
            self._open = not first & _FIN
            self._message = self._message + length if self._open else 0
        self._closing = opcode == _CLOSE
        self._left = length
        return header

    def _opcode_fault(self, first: int, opcode: int) -> str | None:
        reserved = first & _RESERVED
        if opcode >= _CLOSE:
            if opcode > _PONG:
                return "an opcode is not defined"
            if not first & _FIN:
                return "a control frame is fragmented"
            allowed = self._reserved if self._reserved == ANY_EXTENSION else 0
        elif opcode == _CONTINUATION:
            if not self._open:
                return "a continuation has nothing to continue"
            allowed = self._reserved if self._reserved == ANY_EXTENSION else 0
        elif opcode > _BINARY:
            return "an opcode is not defined"
        elif self._open:
            return "a message begins inside another"
        else:
            allowed = self._reserved
        return "a reserved bit is set that no extension explains" if reserved & ~allowed else None

    def _break(self, reason: str) -> int:
        self.breach = Breach(PROTOCOL_ERROR, reason)
        return -1


def close_frame(code: int, reason: str, mask: bytes = b"") -> bytes:
    """A Close frame (RFC 6455 section 5.5.1); `mask` is four bytes of key where it goes to a service."""
    payload = code.to_bytes(2) + reason.encode("ascii")[: _CONTROL_LIMIT - 2]
    if mask:
        payload = bytes(byte ^ mask[index & 3] for index, byte in enumerate(payload))
    return bytes((_FIN | _CLOSE, len(payload) | (_MASKED if mask else 0))) + mask + payload
