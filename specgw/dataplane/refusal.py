"""What a client is told where there is no exchange: its message could not be read, or there is no room for it."""

from __future__ import annotations

from specgw import problems
from specgw.http1 import STATUS_LINES, FramingError
from specgw.problems import Problem

_KINDS = {
    414: problems.URI_TOO_LONG,
    417: problems.EXPECTATION_FAILED,
    431: problems.HEADERS_TOO_LARGE,
    501: problems.NOT_IMPLEMENTED,
    505: problems.VERSION_NOT_SUPPORTED,
}


def unreadable(error: FramingError) -> Problem:
    """The problem that a break of the framing rules is."""
    return Problem(_KINDS.get(error.status, problems.MALFORMED_REQUEST), error.detail)


def message(problem: Problem, request_id: str, date: bytes, request: bytes = b"") -> bytes:
    """A whole answer, the last on its connection.

    `request` is what could not be read: even then an answer to HEAD has no content (RFC 9110 section 9.3.2).
    """
    body = problem.body(request_id)
    lines = [b"Content-Type: application/problem+json", b"Cache-Control: no-store", b"Date: " + date]
    lines += [b"X-Request-Id: " + request_id.encode("ascii"), b"Content-Length: %d" % len(body), b"Connection: close"]
    if request.lstrip(b"\r\n").startswith(b"HEAD "):
        body = b""
    return b"%b%b\r\n\r\n%b" % (STATUS_LINES[problem.status], b"\r\n".join(lines), body)
