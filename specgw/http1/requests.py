"""The heads of requests (RFC 9112 sections 3 and 5, RFC 9110 section 7)."""

from __future__ import annotations

import re
from ipaddress import IPv6Address

from specgw.http import HOP_BY_HOP, METHODS, PORTAL_COOKIES, TOKEN, Headers, fold, own
from specgw.http1.fields import (
    AGENT,
    CHUNKED,
    CODING,
    CONNECTION,
    CONTENT_CODING,
    COOKIE,
    DROPPED,
    EXPECT,
    HOST,
    LENGTH,
    LENGTH_DIGITS,
    ORIGIN_CLAIMS,
    PASSED_ON,
    STEERING,
    TRACE,
    TRACE_STATE,
    TWIN,
    UNDERSCORED,
    FramingError,
    Names,
    bare_line_end,
    block_of,
    connection_options,
    read_fields,
    without,
)

_METHODS = {method.encode(): method for method in METHODS}
# The target is visible ASCII only. No form of it has a fragment: some servers cut "#" and what follows off, others take it
# for path or query.
_TARGET = bytes(byte for byte in range(0x21, 0x7F) if byte != ord("#"))
_VERSION = re.compile(rb"HTTP/[0-9]\.[0-9]")
# RFC 3986 section 3.2 without userinfo, which RFC 9110 section 4.2.4 tells recipients to treat as an error, and without the
# escapes and delimiters that a registered name may hold and no host has: `a,b` is a list to some (stricter on purpose).
_PORT = rb"[0-9]{0,4}|[0-5][0-9]{4}|6[0-4][0-9]{3}|65[0-4][0-9]{2}|655[0-2][0-9]|6553[0-5]"
_AUTHORITY = re.compile(rb"(?:[A-Za-z0-9\-._~]+|\[([0-9A-Fa-f:.]+)\])(?::(?:" + _PORT + rb"))?")
_ABSOLUTE_FORM = re.compile(rb"https?://([^/?]*)(.*)", re.IGNORECASE)

# What a proxy keeps to itself (RFC 9110 section 7.6.1), and what this one writes anew about who asks and where.
_REQUEST_NAMES = Names(
    {
        **dict.fromkeys(HOP_BY_HOP | ORIGIN_CLAIMS | STEERING, DROPPED),
        **dict.fromkeys((b"forwarded", b"x-request-id"), DROPPED),
        b"host": HOST,
        b"content-length": LENGTH,
        b"transfer-encoding": CODING,
        b"connection": CONNECTION,
        b"expect": EXPECT,
        b"traceparent": TRACE,
        b"tracestate": TRACE_STATE,
        b"user-agent": AGENT,
        b"cookie": COOKIE,
        b"content-encoding": CONTENT_CODING,
    },
    dropped=own,
    folding=True,
)


_NO_REQUEST_LINE = "the request line is not `method target HTTP/1.1`, or its target holds a fragment"


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
        "passed_on_block",
        "path",
        "portal",
        "query",
        "target",
        "traceparent",
        "tracestate",
        "version_1_1",
    )

    method: str
    target: bytes
    path: bytes
    query: bytes | None
    version_1_1: bool
    headers: Headers
    """All fields but those that `Connection` names; never changed in place."""
    lines: list[bytes]
    """The same fields as they came, `Name: value`, in step with `headers`."""
    passed_on: list[bytes]
    """Those of `lines` that a proxy passes on."""
    passed_on_block: bytes
    """The same in one piece, each with its CRLF."""
    host: bytes | None
    length: int
    """Bytes of the body, or CHUNKED; 0 when there is none."""
    close: bool
    """Whether the connection ends after this exchange (RFC 9112 section 9.3)."""
    continues: bool
    """Whether the client waits for 100 Continue (RFC 9110 section 10.1.1)."""
    traceparent: bytes | None
    tracestate: bytes
    """The tracestate lines as they came, each with its CRLF: worth something only together with a valid traceparent."""
    agent: bytes | None
    codings: tuple[bytes, ...]
    """Values of Content-Encoding."""
    portal: tuple[bytes, ...]
    """Lines with the portal's own cookies, which stand in none of the others: what is routed does not see them."""
    block: bytes
    """All fields as they came, in one piece."""


def read_request_head(data: bytes, line_end: int, end: int, previous: RequestHead | None = None, *, field_limit: int) -> RequestHead:
    """Read a request head at the start of `data`: its first line ends at `line_end`, and it before the blank line at `end`.

    `previous` is the head before it on the same connection: clients mostly repeat their fields byte for byte, and then
    what was read of them still holds.

    Raises FramingError for anything that RFC 9112 does not allow, and for what it allows but others read differently:
    both Content-Length and Transfer-Encoding, repeated Content-Length, Transfer-Encoding other than exactly `chunked`.
    """
    # RFC 9112 section 3: one space on each side of the target, nothing else.
    words = data[:line_end].split(b" ")
    if len(words) != 3 or not words[1] or words[1].translate(None, _TARGET):
        raise FramingError(_NO_REQUEST_LINE)
    target = words[1]
    method = _METHODS.get(words[0]) or _other_method(words[0])
    version_1_1 = words[2] == b"HTTP/1.1"
    if not version_1_1 and words[2] != b"HTTP/1.0":
        _refuse_version(words[2])
    block = data[line_end:end]
    if previous is not None and version_1_1 and previous.block == block and previous.version_1_1:
        return _repeated(previous, method, target)
    lines, pairs = read_fields(data, line_end, end)
    if len(pairs) > field_limit:
        raise FramingError(f"more than {field_limit} header fields", 431)
    head = RequestHead()
    head.block = block
    head.method = method
    head.version_1_1 = version_1_1
    head.continues = False
    head.traceparent = None
    head.tracestate = b""
    head.agent = None
    head.codings = ()
    head.portal = ()
    head.lines = lines
    headers: Headers = []
    passed_on: list[bytes] = []
    host: bytes | None = None
    length: bytes | None = None
    coding: bytes | None = None
    options: tuple[bytes, ...] = ()
    underscored = False
    portal = False
    names = _REQUEST_NAMES
    for text, (name, value) in zip(lines, pairs, strict=True):
        lower, meaning = names[name]
        headers.append((lower, value))
        if meaning == PASSED_ON:
            passed_on.append(text)
        elif meaning == AGENT:
            head.agent = value
            passed_on.append(text)
        elif meaning == HOST:
            if host is not None:
                raise FramingError("more than one Host field")
            host = value
        elif meaning == LENGTH:
            if length is not None:
                raise FramingError("more than one Content-Length field")
            length = value
        elif meaning == CODING:
            if coding is not None:
                raise FramingError("more than one Transfer-Encoding field")
            coding = value
        elif meaning == CONNECTION:
            if value != b"keep-alive" or not version_1_1:
                options += connection_options(value)
        elif meaning == CONTENT_CODING:
            head.codings += (value,)
            passed_on.append(text)
        elif meaning == TRACE:
            # W3C Trace Context section 3.2: more than one is none.
            head.traceparent = value if head.traceparent is None else b""
        elif meaning == TRACE_STATE:
            head.tracestate += text + b"\r\n"
        elif meaning == EXPECT:
            if value.lower() != b"100-continue":
                raise FramingError("the only expectation that can be met is 100-continue", 417)
            head.continues = head.version_1_1
        elif meaning == COOKIE:
            portal = portal or PORTAL_COOKIES in value
            passed_on.append(text)
        elif meaning == UNDERSCORED:
            underscored = True
            passed_on.append(text)
        elif meaning == TWIN:
            raise FramingError("a field that frames the message has its name written with an underscore")
    if underscored:
        _refuse_twins(headers)
    head.headers = headers
    head.passed_on = passed_on
    head.host = host
    head.close = not head.version_1_1
    if options:
        head.close = b"close" in options or (head.close and b"keep-alive" not in options)
        named = names.named_by(options)
        if named:
            # Nobody after this hop sees them, so nobody here does: what is validated is what is forwarded.
            head.passed_on = without(named, passed_on)
            head.lines = without(named, lines)
            head.headers = [pair for pair in headers if pair[0] not in named]
    if portal:
        _part_cookies(head)
    head.passed_on_block = block_of(head.passed_on)
    if host is None:
        if head.version_1_1:
            raise FramingError("the Host field is missing")
    elif (authority := _AUTHORITY.fullmatch(host)) is None or (authority[1] is not None and not _is_ipv6(authority[1])):
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
        if not length.isdigit() or len(length) > LENGTH_DIGITS:
            raise FramingError("Content-Length is not a number")
        head.length = int(length)
    else:
        head.length = 0
    if head.length and b"upgrade" in options and any(name == b"upgrade" for name, _ in head.headers):
        # To some the request ends with its head then, and its body is already the other protocol.
        raise FramingError("a request to change the protocol has a body")
    return head


def check_unfinished(data: bytes, examined: int, *, line_limit: int, limit: int) -> None:
    """Look at a head that has not ended; raises FramingError as soon as it cannot become one within the limits, in bytes.

    Its first `examined` bytes have been looked at before.
    """
    size = len(data)
    # The bytes more are those of the line ends that are still to come: pieces or whole, the limits are the same.
    if size > line_limit + 1 and data.find(b"\r\n", 0, line_limit + 2) < 0:
        raise FramingError(f"the request line is longer than {line_limit} bytes", 414)
    if size > limit + 3:
        raise FramingError(f"the header section is longer than {limit} bytes", 431)
    if bare_line_end(data, examined):
        raise FramingError("a line ends without CRLF, or the head holds a NUL")


def _other_method(name: bytes) -> str:
    """A method that is not one of the usual ones: any token (RFC 9110 section 9.1)."""
    method = name.decode("latin-1")
    if TOKEN.fullmatch(method) is None:
        raise FramingError(_NO_REQUEST_LINE)
    return method


def _refuse_version(version: bytes) -> None:
    if _VERSION.fullmatch(version) is None:
        raise FramingError(_NO_REQUEST_LINE)
    raise FramingError("only HTTP/1.1 and HTTP/1.0 are spoken here", 505)


def _repeated(previous: RequestHead, method: str, target: bytes) -> RequestHead:
    head = RequestHead()
    head.method = method
    head.version_1_1 = True
    head.block = previous.block
    head.headers = previous.headers
    head.lines = previous.lines
    head.passed_on = previous.passed_on
    head.passed_on_block = previous.passed_on_block
    head.host = previous.host
    head.length = previous.length
    head.close = previous.close
    head.continues = previous.continues
    head.traceparent = previous.traceparent
    head.tracestate = previous.tracestate
    head.agent = previous.agent
    head.codings = previous.codings
    head.portal = previous.portal
    _read_target(head, target)
    return head


def _is_ipv6(text: bytes) -> bool:
    try:
        IPv6Address(text.decode("ascii"))
    except ValueError:
        return False
    return True


def _part_cookies(head: RequestHead) -> None:
    """Put the portal's own cookies aside: whoever has the session of a person can make keys for that person (CWE-522)."""
    headers, lines, passed_on = list(head.headers), list(head.lines), list(head.passed_on)
    for index in reversed(range(len(headers))):
        name, value = headers[index]
        if name != b"cookie" or PORTAL_COOKIES not in value:
            continue
        text = lines[index]
        place = next((place for place, line in enumerate(passed_on) if line is text), None)
        kept: list[bytes] = []
        for pair in value.split(b";"):
            stripped = pair.strip(b" \t")
            if stripped.startswith(PORTAL_COOKIES):
                head.portal += (b"Cookie: " + stripped,)
            else:
                kept.append(stripped)
        if kept:
            left = b"; ".join(kept)
            headers[index] = (name, left)
            lines[index] = text[: text.index(b":") + 1] + b" " + left
            if place is not None:
                passed_on[place] = lines[index]
        else:
            del headers[index], lines[index]
            if place is not None:
                del passed_on[place]
    head.headers, head.lines, head.passed_on = headers, lines, passed_on


def _refuse_twins(headers: Headers) -> None:
    """To some services `X_Api_Key` and `X-Api-Key` are one field: which of the two was checked, and which is read?"""
    spellings: dict[bytes, bytes] = {}
    for name, _ in headers:
        if spellings.setdefault(fold(name), name) != name:
            raise FramingError("a field comes under two names that differ only in an underscore")


def passed_on(head: RequestHead, lines: list[bytes]) -> list[bytes]:
    """Those of the lines that a proxy passes on, for fields that have been edited since they were read.

    What is dropped is what the client sent, not what a policy wrote under the same name.
    """
    dropped = set(map(id, head.lines)).difference(map(id, head.passed_on))
    return [line for line in lines if id(line) not in dropped]


def _read_target(head: RequestHead, target: bytes) -> None:
    """Origin form, or an absolute form that names the same authority as Host (RFC 9112 section 3.2)."""
    if head.method == "CONNECT":
        # Whatever its target looks like: a 2xx answer to it would have no end that both sides agree on (section 6.3).
        raise FramingError("CONNECT asks for a tunnel, and this is no forward proxy")
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
    path, mark, query = target.partition(b"?")
    head.path = path
    head.query = query if mark else None
