"""What requests and responses share: lengths, field lines, names, and what `Connection` may drop."""

from __future__ import annotations

import re
from collections.abc import Callable

from specgw.http import REASONS

CHUNKED = -1
"""Length of a body in chunked coding."""
UNTIL_CLOSE = -2
"""Length of a response body that ends with the connection (RFC 9112 section 6.3, rule 8)."""

TOKEN = rb"[!#$%&'*+\-.^_`|~0-9A-Za-z]+"
# RFC 9112 section 5: no space before the colon, no line folding, no control bytes. Every line has to match once.
_FIELD = re.compile(rb"\r\n(" + TOKEN + rb"):[ \t]*([^\x00-\x08\x0a-\x1f\x7f]*)(?=\r\n|\Z)")
_BARE_LINE_END = re.compile(rb"(?<!\r)\n|\r(?!\n|\Z)|\x00")
LENGTH_DIGITS = 18


class FramingError(Exception):
    """The message breaks a rule of framing; the connection it came on cannot be used any further.

    `status` is what a client is told: 400, 413 (never here), 414, 417, 431, 501 or 505.
    """

    def __init__(self, detail: str, status: int = 400) -> None:
        super().__init__(detail)
        self.detail = detail
        self.status = status


class Names(dict[bytes, tuple[bytes, int]]):
    """Field names as written -> (lower case, what the name means to framing). Filled as names are met, up to a bound.

    `dropped` says which names are dropped beside those that have a meaning.
    """

    _LIMIT = 4096
    # A name may be as long as a whole head: remembering such ones would let a client fill the memory.
    _LONGEST = 64

    def __init__(self, meanings: dict[bytes, int], dropped: Callable[[bytes], bool] = lambda name: False) -> None:
        super().__init__()
        self._meanings = meanings
        self._dropped = dropped

    def __missing__(self, name: bytes) -> tuple[bytes, int]:
        lower = name.lower()
        entry = (lower, self._meanings.get(lower, DROPPED if self._dropped(lower) else PASSED_ON))
        if len(name) <= self._LONGEST and len(self) < self._LIMIT:
            self[name] = entry
        return entry

    def named_by(self, options: tuple[bytes, ...]) -> set[bytes]:
        """The fields that `Connection` names and that are dropped for it (RFC 9110 section 7.6.1)."""
        return {option for option in options if option not in KEPT_DESPITE_CONNECTION and self[option][1] == PASSED_ON}


PASSED_ON = 0
HOST = 1
LENGTH = 2
CODING = 3
CONNECTION = 4
EXPECT = 5
DROPPED = 6
TRACE = 7
AGENT = 8
CONTENT_CODING = 9
DATE = 10
TRACE_STATE = 11
REQUEST_ID = 12

# `Connection` may name any field to be dropped at this hop. Dropping one of these would change what was validated, who
# is asking, or where it goes, so they stay (stricter than RFC 9110 section 7.6.1, on purpose).
KEPT_DESPITE_CONNECTION = frozenset(
    (b"authorization", b"cookie", b"content-type", b"content-encoding", b"content-language", b"content-range", b"accept", b"range",
     b"if-match", b"if-none-match", b"if-modified-since", b"if-unmodified-since", b"if-range", b"cache-control", b"origin",
     b"referer", b"user-agent", b"via", b"tracestate", b"x-api-key", b"set-cookie", b"location", b"etag", b"vary", b"www-authenticate")
)  # fmt: skip


def read_fields(data: bytes, line_end: int, end: int) -> tuple[list[bytes], list[tuple[bytes, bytes]]]:
    """The field lines as they came, and their names and values. Each line has to match the grammar whole."""
    if line_end == end:
        return [], []
    lines = data[line_end + 2 : end].split(b"\r\n")
    pairs = _FIELD.findall(data, line_end, end)
    if len(pairs) != len(lines):
        raise FramingError("a header line is malformed: a space before the colon, a folded line, or a control byte")
    if data.find(b" \r\n", line_end + 2, end + 2) >= 0 or data.find(b"\t\r\n", line_end + 2, end + 2) >= 0:
        pairs = [(name, value.rstrip(b" \t")) for name, value in pairs]
    return lines, pairs


def connection_options(value: bytes) -> tuple[bytes, ...]:
    """The options of a Connection field, lower-case (RFC 9110 section 7.6.1)."""
    return tuple(stripped for option in value.lower().split(b",") if (stripped := option.strip(b" \t")))


def without(named: set[bytes], lines: list[bytes]) -> list[bytes]:
    """The lines whose names, in lower case, are not among `named`."""
    return [line for line in lines if line[: line.index(b":")].lower() not in named]


def bare_line_end(data: bytes, examined: int = 0) -> bool:
    """Whether an unfinished head holds a CR or LF that is not part of a CRLF, or a NUL: it can never become valid.

    Its first `examined` bytes have been looked at before, so that bytes that come one by one do not cost a look at all.
    """
    return _BARE_LINE_END.search(data, max(0, examined - 1)) is not None


STATUS_LINES: dict[int, bytes] = {
    status: b"HTTP/1.1 %d %s\r\n" % (status, REASONS.get(status, b"")) for status in range(100, 600)
}
