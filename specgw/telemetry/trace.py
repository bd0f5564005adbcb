"""Where a request belongs: request ids and the W3C trace context (Recommendation of 23 November 2021).

The gateway is one hop: it goes on with the trace of a valid `traceparent`, or begins one, and names itself by a new
parent id. `tracestate` belongs to others and is passed on unread, but only together with a valid `traceparent`.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable

import msgspec

# Section 3.2.2: version, trace-id, parent-id and flags in lower-case hexadecimal; version ff is forbidden, ids of zeros are
# invalid. A version above 00 may go on after another hyphen, version 00 may not.
_TRACEPARENT = re.compile(
    rb"(?!ff)(?P<version>[0-9a-f]{2})-(?P<trace>(?!0{32})[0-9a-f]{32})-(?!0{16})[0-9a-f]{16}-(?P<flags>[0-9a-f]{2})(?P<more>-.*)?"
).fullmatch

# What may be an id of somebody else: it goes into logs, problems and headers.
_REQUEST_ID = re.compile(rb"[A-Za-z0-9._~+/=:@-]{1,128}").fullmatch

_POOL_BYTES = 4096


class Trace(msgspec.Struct, frozen=True, gc=False):
    """The trace of one request. `traceparent` is what goes upstream; `continued` is False where it begins here."""

    trace_id: str
    traceparent: bytes
    continued: bool


class Ids:
    """Gives out random ids. Reads its random source in blocks: a system call for each request would cost more.

    One for each process: after a fork two processes would give out the same ids from one block.
    """

    __slots__ = ("_at", "_block", "_random")

    def __init__(self, random: Callable[[int], bytes] = os.urandom) -> None:
        self._random = random
        self._block = ""
        self._at = 0

    def hexadecimal(self, digits: int) -> str:
        """So many random lower-case hexadecimal digits, at most 8192."""
        start = self._at
        end = start + digits
        if end > len(self._block):
            self._block = self._random(_POOL_BYTES).hex()
            start, end = 0, digits
        self._at = end
        return self._block[start:end]

    def request_id(self, incoming: bytes | None, trusted: bool) -> str:
        """The id of a request: the one that came, if a trusted proxy sent it and it is sane, otherwise a new one."""
        if trusted and incoming is not None and _REQUEST_ID(incoming):
            return incoming.decode()
        return self.hexadecimal(32)

    def trace(self, traceparent: bytes | None) -> Trace:
        """The trace of a request with this `traceparent` field (None also where there are several of them).

        A trace that begins here is marked as sampled: the gateway decides nothing about recording, and the services
        behind it follow the mark.
        """
        found = _TRACEPARENT(traceparent) if traceparent is not None else None
        if found is None or (found["more"] and found["version"] == b"00"):
            trace_id = self.hexadecimal(32)
            return Trace(trace_id, f"00-{trace_id}-{self.hexadecimal(16)}-01".encode(), False)
        trace_id = found["trace"].decode()
        # Version 00 knows one flag; the others have to be zero (section 3.2.2.5.1).
        sampled = int(found["flags"], 16) & 1
        return Trace(trace_id, f"00-{trace_id}-{self.hexadecimal(16)}-0{sampled}".encode(), True)
