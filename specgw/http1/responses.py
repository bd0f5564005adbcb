"""The heads of responses (RFC 9112 sections 4 to 6)."""

from __future__ import annotations

import re

from specgw.http import HOP_BY_HOP, REASONS, Headers
from specgw.http1.fields import (
    CHUNKED,
    CODING,
    CONNECTION,
    DATE,
    DROPPED,
    LENGTH,
    LENGTH_DIGITS,
    PASSED_ON,
    REQUEST_ID,
    UNTIL_CLOSE,
    FramingError,
    Names,
    block_of,
    connection_options,
    read_fields,
    without,
)

_STATUS_LINE = re.compile(rb"HTTP/1\.([01]) ([1-5][0-9][0-9])(?: ([^\x00-\x08\x0a-\x1f\x7f]*))?")


class ResponseHead:
    """The head of one response: what the framing says, and its fields in order as written."""

    __slots__ = (
        "block",
        "close",
        "dated",
        "identified",
        "length",
        "length_line",
        "lines",
        "passed_on",
        "status",
        "status_line",
        "to_head",
    )

    status: int
    status_line: bytes
    """As it is passed on, with its CRLF: the reason as it came, the version our own."""
    lines: list[bytes]
    """The fields that a proxy passes on, as they came: `Name: value`. Never changed in place."""
    passed_on: bytes
    """Status line and these fields in one piece, each with its CRLF."""
    length: int
    """Bytes of the body, CHUNKED or UNTIL_CLOSE; 0 when there can be none."""
    length_line: bytes | None
    """The Content-Length field as it came: in an answer to HEAD it describes what GET would bring."""
    close: bool
    dated: bool
    """Whether there is a Date field."""
    identified: bool
    """Whether there is an X-Request-Id field: most services send the one back that they were given."""
    block: bytes
    """The whole head as it came."""
    to_head: bool

    def headers(self) -> Headers:
        """The fields of `lines` as (lower-case name, value)."""
        pairs = (line.split(b":", 1) for line in self.lines)
        return [(name.lower(), value.strip(b" \t")) for name, value in pairs]


# Never copied from an answer: they speak of one connection, or the framing is made anew.
_RESPONSE_NAMES = Names(
    {
        **dict.fromkeys(HOP_BY_HOP, DROPPED),
        b"content-length": LENGTH,
        b"transfer-encoding": CODING,
        b"connection": CONNECTION,
        b"date": DATE,
        b"x-request-id": REQUEST_ID,
    }
)


def read_response_head(data: bytes, end: int, previous: ResponseHead | None = None, *, to_head: bool) -> ResponseHead:
    """Read a response head that stands at the start of `data` and ends before the blank line at `end`.

    `previous` is the head before it on the same connection; an equal one (common within a second) is returned as it is.
    `to_head`: it answers a HEAD request, so there is no body. Raises FramingError as `read_request_head` does; differing
    lengths, both lengths and unknown codings make the connection unusable (RFC 9112 section 6.3).
    """
    block = data[:end]
    if previous is not None and previous.block == block and previous.to_head == to_head:
        return previous
    line_end = data.find(b"\r\n", 0, end + 2)
    line = _STATUS_LINE.fullmatch(data, 0, line_end)
    if line is None:
        raise FramingError("the status line is not `HTTP/1.1 status reason`")
    lines, pairs = read_fields(data, line_end, end)
    head = ResponseHead()
    minor, code, reason = line.groups()
    head.status = status = int(code)
    head.status_line = b"HTTP/1.1 %b %b\r\n" % (code, reason or REASONS.get(status, b""))
    head.block = block
    head.to_head = to_head
    head.close = minor == b"0"
    head.dated = False
    head.identified = False
    head.length_line = None
    length: bytes | None = None
    coding: bytes | None = None
    options: tuple[bytes, ...] = ()
    passed_on: list[bytes] = []
    names = _RESPONSE_NAMES
    for text, (name, value) in zip(lines, pairs, strict=True):
        meaning = names[name][1]
        if meaning == PASSED_ON:
            passed_on.append(text)
        elif meaning == LENGTH:
            if length is not None and length != value:
                raise FramingError("the answer has two different lengths")
            if not value.isdigit() or len(value) > LENGTH_DIGITS:
                raise FramingError("the answer's Content-Length is not a number")
            length = value
            head.length_line = text
        elif meaning == DATE:
            head.dated = True
            passed_on.append(text)
        elif meaning == REQUEST_ID:
            head.identified = True
            passed_on.append(text)
        elif meaning == CODING:
            if coding is not None or value.lower() != b"chunked":
                raise FramingError("the answer has a transfer coding other than `chunked`")
            coding = value
        elif meaning == CONNECTION and (value != b"keep-alive" or minor == b"0"):
            options += connection_options(value)
    head.lines = passed_on
    if options:
        head.close = b"close" in options or (head.close and b"keep-alive" not in options)
        head.lines = without(names.named_by(options), passed_on)
    head.passed_on = head.status_line + block_of(head.lines)
    if coding is not None and (length is not None or minor == b"0"):
        raise FramingError("the answer has both lengths, or a transfer coding in HTTP/1.0")
    if to_head or status < 200 or status in (204, 304):
        head.length = 0
    elif coding is not None:
        head.length = CHUNKED
    elif length is not None:
        head.length = int(length)
    else:
        head.length = UNTIL_CLOSE
        head.close = True
    return head
