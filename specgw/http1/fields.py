"""What requests and responses share: lengths, field lines, names, and what `Connection` may drop."""

from __future__ import annotations

import re
from collections.abc import Callable

from specgw.http import REASONS, fold

CHUNKED = -1
"""Length of a body in chunked coding."""
UNTIL_CLOSE = -2
"""Length of a response body that ends with the connection (RFC 9112 section 6.3, rule 8)."""

TOKEN = rb"[!#$%&'*+\-.^_`|~0-9A-Za-z]+"
# RFC 9112 section 5: no space before the colon, no line folding, no control bytes. Every line has to match once.
_FIELD = re.compile(rb"\r\n(" + TOKEN + rb"):[ \t]*([^\x00-\x08\x0a-\x1f\x7f]*)(?=\r\n|\Z)")
_BARE_LINE_END = re.compile(rb"(?<!\r)\n|\r(?!\n|\Z)|\x00")
LENGTH_DIGITS = 18
REMEMBERED_NAMES = 4096
REMEMBERED_LENGTH = 64
"""Bytes of a name that is remembered: one may be as long as a whole head, and many such ones would fill the memory."""


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

    `dropped` says which names are dropped beside those that have a meaning. `folding`: the reader may be a program that cannot
    tell `_` from `-` in a name, as those are that see fields as variables (CGI, RFC 3875 section 4.1.18): see `_folded`.
    """

    def __init__(self, meanings: dict[bytes, int], dropped: Callable[[bytes], bool] = lambda name: False, *, folding: bool = False) -> None:
        super().__init__()
        self._meanings = meanings
        self._dropped = dropped
        self._folding = folding

    def __missing__(self, name: bytes) -> tuple[bytes, int]:
        lower = name.lower()
        entry = (lower, self._folded(lower) if self._folding and fold(lower) != lower else self._meaning(lower))
        if len(name) <= REMEMBERED_LENGTH and len(self) < REMEMBERED_NAMES:
            self[name] = entry
        return entry

    def _meaning(self, lower: bytes) -> int:
        return self._meanings.get(lower, DROPPED if self._dropped(lower) else PASSED_ON)

    def _folded(self, lower: bytes) -> int:
        """What a name with an underscore is: `Content_Length` is never passed on, nor is `X_Forwarded_For`."""
        meaning = self._meaning(fold(lower))
        if meaning in (LENGTH, CODING, CONTENT_CODING):
            return TWIN
        return UNDERSCORED if meaning in (PASSED_ON, AGENT) else DROPPED

    def named_by(self, options: tuple[bytes, ...]) -> set[bytes]:
        """The fields that `Connection` names and that are dropped for it (RFC 9110 section 7.6.1)."""
        return {option for option in options if option not in KEPT_DESPITE_CONNECTION and self[option][1] in (PASSED_ON, UNDERSCORED)}


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
UNDERSCORED = 13
"""A name with an underscore: passed on, unless the request has the same name with a hyphen, too."""
COOKIE = 15
TWIN = 14
"""The name of a field that frames the message, but for its underscore: the message is refused."""

# What proxies of many makes say about who asks. From a stranger it says nothing, and services that believe it are many; what a
# trusted proxy says goes on (`Plane.identify`).
ORIGIN_CLAIMS = frozenset(
    (b"x-real-ip", b"x-client-ip", b"x-cluster-client-ip", b"x-originating-ip", b"x-remote-ip", b"x-remote-addr", b"client-ip",
     b"true-client-ip", b"cf-connecting-ip", b"cf-connecting-ipv6", b"fastly-client-ip", b"x-envoy-external-address", b"x-forwarded",
     b"forwarded-for", b"client-cert", b"client-cert-chain", b"remote-user", b"x-remote-user", b"x-client-cert", b"x-ssl-client-cert",
     b"x-ssl-client-verify", b"x-ssl-client-s-dn", b"x-client-verify", b"x-client-dn", b"ssl-client-cert", b"ssl-client-verify")
)  # fmt: skip
# These ask the service for another method, URL or host than those by which the route, and so every check, was chosen;
# `Proxy` becomes the variable HTTP_PROXY, by which some programs choose a proxy of their own.
STEERING = frozenset(
    (b"x-http-method-override", b"x-http-method", b"x-method-override", b"x-original-method", b"x-original-url", b"x-rewrite-url",
     b"x-original-uri", b"x-override-url", b"x-http-path-override", b"x-http-destinationurl", b"x-original-host", b"x-host",
     b"x-http-host-override", b"proxy")
)  # fmt: skip

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


def block_of(lines: list[bytes]) -> bytes:
    """Field lines in one piece, each with its CRLF."""
    return b"\r\n".join(lines) + b"\r\n" if lines else b""


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


STATUS_LINES: dict[int, bytes] = {status: b"HTTP/1.1 %d %s\r\n" % (status, REASONS.get(status, b"")) for status in range(100, 600)}
