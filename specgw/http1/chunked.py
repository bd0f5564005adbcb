"""The chunked transfer coding (RFC 9112 section 7.1)."""

from __future__ import annotations

import re

from specgw.http import HOP_BY_HOP, fold, own
from specgw.http1.fields import ORIGIN_CLAIMS, STEERING, TOKEN, FramingError, bare_line_end, read_fields

# RFC 9112 section 7.1; 15 digits hold any length that we would ever take. Extensions are checked and dropped. The blanks that
# the grammar has around them are refused, as many readers do (stricter on purpose).
_CHUNK_LINE = re.compile(rb"([0-9A-Fa-f]{1,15})(?:;" + TOKEN + rb"(?:=(?:" + TOKEN + rb'|"[^"\\\x00-\x1f\x7f]*"))?)*')
_LAST_LINE_LIMIT = 256
_TRAILER_LIMIT = 8192
_FRAMING = (b"content-length", b"transfer-encoding")


class ChunkedReader:
    """Takes the chunked coding off a body (RFC 9112 section 7.1). Trailer fields are kept apart in `trailers`."""

    __slots__ = ("_buffer", "_left", "_state", "trailers")

    def __init__(self) -> None:
        self._buffer = b""
        self._left = 0
        self._state = 0  # 0 chunk line, 1 data, 2 CRLF after data, 3 trailers, 4 done
        self.trailers: list[tuple[bytes, bytes]] = []

    @property
    def done(self) -> bool:
        """Whether the last chunk and the trailers have been read."""
        return self._state == 4

    def feed(self, data: bytes) -> tuple[list[bytes], bytes]:
        """Take bytes as they came; return the pieces of the body in them and what follows the message.

        Raises FramingError at the first byte that the grammar does not allow.
        """
        examined = len(self._buffer)
        if examined:
            data = self._buffer + data
            self._buffer = b""
        pieces: list[bytes] = []
        position = 0
        size = len(data)
        while True:
            state = self._state
            if state == 1:
                available = size - position
                if available <= 0:
                    return pieces, b""
                take = min(available, self._left)
                pieces.append(data[position : position + take])
                position += take
                self._left -= take
                if self._left:
                    return pieces, b""
                self._state = 2
            elif state == 0:
                line_end = data.find(b"\r\n", position, position + _LAST_LINE_LIMIT)
                if line_end < 0:
                    rest = data[position:]
                    if len(rest) >= _LAST_LINE_LIMIT or bare_line_end(rest):
                        raise FramingError("a chunk size line is malformed")
                    self._buffer = rest
                    return pieces, b""
                line = _CHUNK_LINE.fullmatch(data, position, line_end)
                if line is None:
                    raise FramingError("a chunk size line is malformed")
                position = line_end + 2
                self._left = int(line[1], 16)
                self._state = 1 if self._left else 3
            elif state == 2:
                if size - position < 2:
                    self._buffer = data[position:]
                    if not b"\r\n".startswith(self._buffer):
                        raise FramingError("a chunk is longer than its size")
                    return pieces, b""
                if data[position : position + 2] != b"\r\n":
                    raise FramingError("a chunk is longer than its size")
                position += 2
                self._state = 0
            elif state == 3:
                return self._feed_trailers(data, position, pieces, examined if position == 0 else 0)
            else:
                return pieces, data[position:]

    def _feed_trailers(self, data: bytes, position: int, pieces: list[bytes], examined: int) -> tuple[list[bytes], bytes]:
        if data.startswith(b"\r\n", position):
            self._state = 4
            return pieces, data[position + 2 :]
        end = data.find(b"\r\n\r\n", position)
        if end < 0:
            rest = data[position:]
            # 3 more: all but the last byte of the blank line's CRLFs may be there.
            if len(rest) > _TRAILER_LIMIT + 3 or bare_line_end(rest, examined):
                raise FramingError("the trailer section is malformed or too large")
            self._buffer = rest
            return pieces, b""
        if end - position > _TRAILER_LIMIT:
            raise FramingError("the trailer section is malformed or too large")
        self.trailers = read_fields(b"\r\n" + data[position : end + 2], 0, end - position + 2)[1]
        if any(fold(name.lower()) in _FRAMING for name, _ in self.trailers):
            # RFC 9110 section 6.5.1 lets a recipient ignore them. Parsers differ in what they do, so they are refused.
            raise FramingError("the trailer section says how long the message is")
        self._state = 4
        return pieces, data[end + 4 :]


# RFC 9110 section 6.5.1: what frames, routes, authenticates, modifies the request, controls the answer or describes the
# content has no place in trailers; nor has what says who asks.
_NOT_IN_TRAILERS = (
    HOP_BY_HOP
    | ORIGIN_CLAIMS
    | STEERING
    | frozenset(
        b"content-length host expect max-forwards content-type content-encoding content-language content-location content-range "
        b"authorization www-authenticate authentication-info cookie set-cookie x-api-key origin referer user-agent accept accept-encoding "
        b"cache-control pragma age expires date vary location retry-after warning range if-range if-match if-none-match "
        b"if-modified-since if-unmodified-since forwarded via x-request-id traceparent tracestate".split()
    )
)


def trailer_lines(trailers: list[tuple[bytes, bytes]]) -> bytes:
    """The end of a chunked body: last chunk, the trailer fields that may be passed on, blank line."""
    if not trailers:
        return b"0\r\n\r\n"
    lines = [b"%s: %s\r\n" % (name, value) for name, value in trailers if _may_trail(fold(name.lower()))]
    return b"0\r\n" + b"".join(lines) + b"\r\n"


def _may_trail(name: bytes) -> bool:
    return name not in _NOT_IN_TRAILERS and not own(name)
