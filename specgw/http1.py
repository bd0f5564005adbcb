"""HTTP/1.1 messages on the wire (RFC 9112): the grammar of heads, the framing of bodies, the chunked coding.

Pure: bytes in, facts or a `FramingError` out. The listener reads requests with it and upstream connections read
responses, so that both sides are held to the same rules. Where RFC 9112 lets a recipient be lenient, this module is
not: a message that two parsers could read in two ways is refused (stricter on purpose).
"""

from __future__ import annotations

import re

from specgw.http import HOP_BY_HOP, REASONS, Headers

CHUNKED = -1
"""Length of a body in chunked coding."""
UNTIL_CLOSE = -2
"""Length of a response body that ends with the connection (RFC 9112 section 6.3, rule 8)."""

_TOKEN = rb"[!#$%&'*+\-.^_`|~0-9A-Za-z]+"
# RFC 9112 section 3: one space on each side, nothing else; the target is visible ASCII only.
_REQUEST_LINE = re.compile(rb"(" + _TOKEN + rb") ([\x21-\x7e]+) HTTP/([0-9])\.([0-9])")
_STATUS_LINE = re.compile(rb"HTTP/1\.([01]) ([1-5][0-9][0-9])(?: ([^\x00-\x08\x0a-\x1f\x7f]*))?")
# RFC 9112 section 5: no space before the colon, no line folding, no control bytes. Every line has to match once.
_FIELD = re.compile(rb"\r\n(" + _TOKEN + rb"):[ \t]*([^\x00-\x08\x0a-\x1f\x7f]*)(?=\r\n|\Z)")
# RFC 3986 section 3.2 without userinfo, which RFC 9110 section 4.2.4 tells recipients to treat as an error.
_AUTHORITY = re.compile(rb"(?:[A-Za-z0-9\-._~!$&'()*+,;=%]+|\[[0-9A-Fa-f:.]+\])(?::[0-9]{0,5})?")
_ABSOLUTE_FORM = re.compile(rb"https?://([^/?#]*)([^#]*)", re.IGNORECASE)
# RFC 9112 section 7.1; 15 digits hold any length that we would ever take. Extensions are checked and dropped.
_CHUNK_LINE = re.compile(rb"([0-9A-Fa-f]{1,15})(?:[ \t]*;[ \t]*" + _TOKEN + rb"(?:=(?:" + _TOKEN + rb'|"[^"\\\x00-\x1f\x7f]*"))?)*')
_BARE_LINE_END = re.compile(rb"(?<!\r)\n|\r(?!\n|\Z)|\x00")
_LENGTH_DIGITS = 18
_LAST_LINE_LIMIT = 256
_TRAILER_LIMIT = 8192


class FramingError(Exception):
    """The message breaks a rule of framing; the connection it came on cannot be used any further.

    `status` is what a client is told: 400, 413 (never here), 414, 417, 431, 501 or 505.
    """

    def __init__(self, detail: str, status: int = 400) -> None:
        super().__init__(detail)
        self.detail = detail
        self.status = status


class _Names(dict[bytes, tuple[bytes, int]]):
    """Field names as written -> (lower case, what the name means to framing). Filled as names are met, up to a bound."""

    _LIMIT = 4096

    def __init__(self, meanings: dict[bytes, int]) -> None:
        super().__init__()
        self._meanings = meanings

    def __missing__(self, name: bytes) -> tuple[bytes, int]:
        lower = name.lower()
        entry = (lower, self._meanings.get(lower, _PASSED_ON))
        if len(self) < self._LIMIT:
            self[name] = entry
        return entry


_PASSED_ON = 0
_HOST = 1
_LENGTH = 2
_CODING = 3
_CONNECTION = 4
_EXPECT = 5
_DROPPED = 6
_TRACE = 7
_AGENT = 8
_CONTENT_CODING = 9
_DATE = 10

# What a proxy keeps to itself (RFC 9110 section 7.6.1), and what this one writes anew about who asks and where.
_REQUEST_NAMES = _Names(
    {
        **dict.fromkeys(HOP_BY_HOP, _DROPPED),
        **dict.fromkeys(
            (b"forwarded", b"x-forwarded-for", b"x-forwarded-proto", b"x-forwarded-host", b"x-forwarded-port", b"x-forwarded-prefix",
             b"x-real-ip", b"x-request-id"),
            _DROPPED,
        ),
        b"host": _HOST,
        b"content-length": _LENGTH,
        b"transfer-encoding": _CODING,
        b"connection": _CONNECTION,
        b"expect": _EXPECT,
        b"traceparent": _TRACE,
        b"user-agent": _AGENT,
        b"content-encoding": _CONTENT_CODING,
    }
)  # fmt: skip

# `Connection` may name any field to be dropped at this hop. Dropping one of these would change what was validated, who
# is asking, or where it goes, so they stay (stricter than RFC 9110 section 7.6.1, on purpose).
_KEPT_DESPITE_CONNECTION = frozenset(
    (b"authorization", b"cookie", b"content-type", b"content-encoding", b"content-language", b"content-range", b"accept", b"range",
     b"if-match", b"if-none-match", b"if-modified-since", b"if-unmodified-since", b"if-range", b"cache-control", b"origin",
     b"referer", b"user-agent", b"via", b"tracestate", b"x-api-key", b"set-cookie", b"location", b"etag", b"vary", b"www-authenticate")
)  # fmt: skip


class RequestHead:
    """The head of one request: what the framing says, and its fields in order."""

    __slots__ = (
        "agent",
        "block",
        "close",
        "codings",
        "continues",
        "headers",
        "host",
        "length",
        "lines",
        "method",
        "passed_on",
        "path",
        "query",
        "target",
        "traceparent",
        "version_1_1",
    )

    method: str
    target: bytes
    path: bytes
    query: bytes | None
    version_1_1: bool
    headers: Headers
    """All fields; never changed in place."""
    lines: list[bytes]
    """The same fields as they came, `Name: value`, in step with `headers`."""
    passed_on: list[bytes]
    """Those of `lines` that a proxy passes on."""
    host: bytes | None
    length: int
    """Bytes of the body, or CHUNKED; 0 when there is none."""
    close: bool
    """Whether the connection ends after this exchange (RFC 9112 section 9.3)."""
    continues: bool
    """Whether the client waits for 100 Continue (RFC 9110 section 10.1.1)."""
    traceparent: bytes | None
    agent: bytes | None
    codings: tuple[bytes, ...]
    """Values of Content-Encoding."""
    block: bytes
    """All fields as they came, in one piece."""


def read_request_head(data: bytes, end: int, previous: RequestHead | None = None, *, field_limit: int) -> RequestHead:
    """Read a request head that stands at the start of `data` and ends before the blank line at `end`.

    `previous` is the head before it on the same connection: clients mostly repeat their fields byte for byte, and then
    what was read of them still holds.

    Raises FramingError for anything that RFC 9112 does not allow, and for what it allows but others read differently:
    both Content-Length and Transfer-Encoding, repeated Content-Length, Transfer-Encoding other than exactly `chunked`.
    """
    line_end = data.find(b"\r\n", 0, end + 2)
    line = _REQUEST_LINE.fullmatch(data, 0, line_end)
    if line is None:
        raise FramingError("the request line is not `method target HTTP/1.1`")
    method, target, major, minor = line.groups()
    if major != b"1" or minor not in (b"0", b"1"):
        raise FramingError("only HTTP/1.1 and HTTP/1.0 are spoken here", 505)
    block = data[line_end:end]
    if previous is not None and previous.block == block and previous.version_1_1 and minor == b"1":
        return _repeated(previous, method, target)
    lines, pairs = _read_fields(data, line_end, end)
    if len(pairs) > field_limit:
        raise FramingError(f"more than {field_limit} header fields", 431)
    head = RequestHead()
    head.block = block
    head.method = method.decode("ascii")
    head.version_1_1 = minor == b"1"
    head.continues = False
    head.traceparent = None
    head.agent = None
    head.codings = ()
    head.lines = lines
    headers: Headers = []
    passed_on: list[bytes] = []
    host: bytes | None = None
    length: bytes | None = None
    coding: bytes | None = None
    options: tuple[bytes, ...] = ()
    names = _REQUEST_NAMES
    for text, (name, value) in zip(lines, pairs, strict=True):
        lower, meaning = names[name]
        headers.append((lower, value))
        if meaning == _PASSED_ON:
            passed_on.append(text)
        elif meaning == _AGENT:
            head.agent = value
            passed_on.append(text)
        elif meaning == _HOST:
            if host is not None:
                raise FramingError("more than one Host field")
            host = value
        elif meaning == _LENGTH:
            if length is not None:
                raise FramingError("more than one Content-Length field")
            length = value
        elif meaning == _CODING:
            if coding is not None:
                raise FramingError("more than one Transfer-Encoding field")
            coding = value
        elif meaning == _CONNECTION:
            if value != b"keep-alive" or minor == b"0":
                options += _options(value)
        elif meaning == _CONTENT_CODING:
            head.codings += (value,)
            passed_on.append(text)
        elif meaning == _TRACE:
            # W3C Trace Context section 3.2: more than one is none.
            head.traceparent = value if head.traceparent is None else b""
        elif meaning == _EXPECT:
            if value.lower() != b"100-continue":
                raise FramingError("the only expectation that can be met is 100-continue", 417)
            head.continues = head.version_1_1
    head.headers = headers
    head.passed_on = passed_on
    head.host = host
    head.close = not head.version_1_1
    if options:
        head.close = b"close" in options or (head.close and b"keep-alive" not in options)
        head.passed_on = _without(options, passed_on)
    if host is None:
        if head.version_1_1:
            raise FramingError("the Host field is missing")
    elif _AUTHORITY.fullmatch(host) is None:
        raise FramingError("the Host field is not a host with an optional port")
    _read_target(head, target)
    if coding is not None:
        if length is not None:
            raise FramingError("both Content-Length and Transfer-Encoding")
        if not head.version_1_1:
            raise FramingError("Transfer-Encoding in an HTTP/1.0 request")
        if coding.lower() != b"chunked":
            raise FramingError("the only transfer coding that is understood is `chunked`", 501)
        head.length = CHUNKED
    elif length is not None:
        if not length.isdigit() or len(length) > _LENGTH_DIGITS:
            raise FramingError("Content-Length is not a number")
        head.length = int(length)
    else:
        head.length = 0
    return head


def _repeated(previous: RequestHead, method: bytes, target: bytes) -> RequestHead:
    head = RequestHead()
    head.method = method.decode("ascii")
    head.version_1_1 = True
    head.block = previous.block
    head.headers = previous.headers
    head.lines = previous.lines
    head.passed_on = previous.passed_on
    head.host = previous.host
    head.length = previous.length
    head.close = previous.close
    head.continues = previous.continues
    head.traceparent = previous.traceparent
    head.agent = previous.agent
    head.codings = previous.codings
    _read_target(head, target)
    return head


def _read_fields(data: bytes, line_end: int, end: int) -> tuple[list[bytes], list[tuple[bytes, bytes]]]:
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


def passed_on(headers: Headers, lines: list[bytes]) -> list[bytes]:
    """Those of the lines that a proxy passes on, for fields that have been edited since they were read."""
    dropped = (_DROPPED, _HOST, _LENGTH, _CODING, _CONNECTION, _EXPECT, _TRACE)
    return [line for (name, _), line in zip(headers, lines, strict=True) if _REQUEST_NAMES[name][1] not in dropped]


def _options(value: bytes) -> tuple[bytes, ...]:
    """The options of a Connection field, lower-case (RFC 9110 section 7.6.1)."""
    return tuple(stripped for option in value.lower().split(b",") if (stripped := option.strip(b" \t")))


def _without(options: tuple[bytes, ...], lines: list[bytes]) -> list[bytes]:
    """The lines without those that `Connection` names, as far as it may."""
    named = {option for option in options if option not in _KEPT_DESPITE_CONNECTION}
    return [line for line in lines if line[: line.index(b":")].lower() not in named]


def _read_target(head: RequestHead, target: bytes) -> None:
    """Origin form, or an absolute form that names the same authority as Host (RFC 9112 section 3.2)."""
    if target[0] != 0x2F:
        absolute = _ABSOLUTE_FORM.fullmatch(target)
        if absolute is None:
            raise FramingError("the request target is neither a path nor a URL")
        # Stricter on purpose: RFC 9112 lets the target win over Host; then two hops could route by two names.
        if head.host is None or absolute[1].lower() != head.host.lower():
            raise FramingError("the URL in the request line names another authority than Host")
        target = absolute[2]
        if not target.startswith(b"/"):
            target = b"/" + target
    head.target = target
    mark = target.find(b"?")
    if mark < 0:
        head.path = target
        head.query = None
    else:
        head.path = target[:mark]
        head.query = target[mark + 1 :]


def bare_line_end(data: bytes) -> bool:
    """Whether an unfinished head holds a CR or LF that is not part of a CRLF, or a NUL: it can never become valid."""
    return _BARE_LINE_END.search(data) is not None


class ResponseHead:
    """The head of one response: what the framing says, and its fields in order as written."""

    __slots__ = ("block", "close", "dated", "length", "length_line", "lines", "status", "status_line", "to_head")

    status: int
    status_line: bytes
    """As it is passed on, with its CRLF: the reason as it came, the version our own."""
    lines: list[bytes]
    """The fields that a proxy passes on, as they came: `Name: value`. Never changed in place."""
    length: int
    """Bytes of the body, CHUNKED or UNTIL_CLOSE; 0 when there can be none."""
    length_line: bytes | None
    """The Content-Length field as it came: in an answer to HEAD it describes what GET would bring."""
    close: bool
    dated: bool
    """Whether there is a Date field."""
    block: bytes
    """The whole head as it came."""
    to_head: bool

    def headers(self) -> Headers:
        """The fields of `lines` as (lower-case name, value)."""
        pairs = (line.split(b":", 1) for line in self.lines)
        return [(name.lower(), value.strip(b" \t")) for name, value in pairs]


# Never copied from an answer: they speak of one connection, or the framing is made anew.
_RESPONSE_NAMES = _Names(
    {
        **dict.fromkeys(HOP_BY_HOP, _DROPPED),
        b"content-length": _LENGTH,
        b"transfer-encoding": _CODING,
        b"connection": _CONNECTION,
        b"date": _DATE,
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
    lines, pairs = _read_fields(data, line_end, end)
    head = ResponseHead()
    minor, code, reason = line.groups()
    head.status = status = int(code)
    head.status_line = b"HTTP/1.1 %b %b\r\n" % (code, reason or REASONS.get(status, b""))
    head.block = block
    head.to_head = to_head
    head.close = minor == b"0"
    head.dated = False
    head.length_line = None
    length: bytes | None = None
    coding: bytes | None = None
    options: tuple[bytes, ...] = ()
    passed_on: list[bytes] = []
    names = _RESPONSE_NAMES
    for text, (name, value) in zip(lines, pairs, strict=True):
        meaning = names[name][1]
        if meaning == _PASSED_ON:
            passed_on.append(text)
        elif meaning == _LENGTH:
            if length is not None and length != value:
                raise FramingError("the answer has two different lengths")
            if not value.isdigit() or len(value) > _LENGTH_DIGITS:
                raise FramingError("the answer's Content-Length is not a number")
            length = value
            head.length_line = text
        elif meaning == _DATE:
            head.dated = True
            passed_on.append(text)
        elif meaning == _CODING:
            if coding is not None or value.lower() != b"chunked":
                raise FramingError("the answer has a transfer coding other than `chunked`")
            coding = value
        elif meaning == _CONNECTION:
            if value != b"keep-alive" or minor == b"0":
                options += _options(value)
    head.lines = passed_on
    if options:
        head.close = b"close" in options or (head.close and b"keep-alive" not in options)
        head.lines = _without(options, passed_on)
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
        if self._buffer:
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
                return self._feed_trailers(data, position, pieces)
            else:
                return pieces, data[position:]

    def _feed_trailers(self, data: bytes, position: int, pieces: list[bytes]) -> tuple[list[bytes], bytes]:
        if data.startswith(b"\r\n", position):
            self._state = 4
            return pieces, data[position + 2 :]
        end = data.find(b"\r\n\r\n", position)
        if end < 0:
            rest = data[position:]
            if len(rest) > _TRAILER_LIMIT or bare_line_end(rest):
                raise FramingError("the trailer section is malformed or too large")
            self._buffer = rest
            return pieces, b""
        section = b"\r\n" + data[position:end]
        fields = _FIELD.findall(section)
        if len(fields) != section.count(b"\r\n") or len(section) > _TRAILER_LIMIT:
            raise FramingError("the trailer section is malformed or too large")
        self.trailers = [(name, value.rstrip(b" \t")) for name, value in fields]
        self._state = 4
        return pieces, data[end + 4 :]


# RFC 9110 section 6.5.1: what frames, routes, authenticates or describes the content has no place in trailers.
_NOT_IN_TRAILERS = frozenset(
    b"transfer-encoding content-length host trailer te connection upgrade expect content-type content-encoding content-range "
    b"authorization proxy-authorization cookie set-cookie cache-control if-match if-none-match range forwarded "
    b"x-forwarded-for x-forwarded-host x-forwarded-proto www-authenticate proxy-authenticate location".split()
)


def trailer_lines(trailers: list[tuple[bytes, bytes]]) -> bytes:
    """The end of a chunked body: last chunk, the trailer fields that may be passed on, blank line."""
    if not trailers:
        return b"0\r\n\r\n"
    lines = [b"%s: %s\r\n" % (name, value) for name, value in trailers if name.lower() not in _NOT_IN_TRAILERS]
    return b"0\r\n" + b"".join(lines) + b"\r\n"


STATUS_LINES: dict[int, bytes] = {
    status: b"HTTP/1.1 %d %s\r\n" % (status, REASONS.get(status, b"")) for status in range(100, 600)
}
