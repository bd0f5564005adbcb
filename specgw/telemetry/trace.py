"""Where a request belongs: request ids and the W3C trace context (Recommendation of 23 November 2021).

The gateway is one hop: it goes on with the trace of a valid `traceparent`, or begins one, and names itself by a new
parent id. `tracestate` belongs to others: the data plane passes it on unread, with a trace that goes on.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable

# Section 3.2.2: version, trace-id, parent-id and flags in lower-case hexadecimal; version ff is forbidden, ids of zeros are
# invalid. A version above 00 may go on after another hyphen, version 00 may not.
_TRACEPARENT = re.compile(rb"(?!ff)([0-9a-f]{2})-((?!0{32})[0-9a-f]{32})-(?!0{16})[0-9a-f]{16}-([0-9a-f]{2})(-.*)?").fullmatch

# What may be an id of somebody else: it goes into logs, problems and headers.
_REQUEST_ID = re.compile(rb"[A-Za-z0-9._~+/=:@-]{1,128}").fullmatch

_BLOCK = 4096
"""Bytes that are read from the random source at once."""


class Identities:
    """Gives out random ids. Reads its random source in blocks: a system call for each request would cost more.

    One for each process: after a fork two processes would give out the same ids from one block.
    """

    __slots__ = ("_block", "_position", "_random")

    def __init__(self, random: Callable[[int], bytes] = os.urandom) -> None:
        self._random = random
        self._block = ""
        self._position = 0

    def new(self, digits: int = 32) -> str:
        """A random id: so many lower-case hexadecimal digits."""
        end = self._position + digits
        if end > len(self._block):
            self._block = self._random(_BLOCK).hex()
            end = digits
        self._position = end
        return self._block[end - digits : end]

    def request_id(self, incoming: bytes | None = None) -> str:
        """The id of a request: the one that a trusted proxy sent, if it is sane, otherwise a new one."""
        if incoming is not None and _REQUEST_ID(incoming):
            return incoming.decode()
        return self.new()

    def trace(self, traceparent: bytes | None) -> str:
        """The `traceparent` that goes upstream for a request that came with this one.

        A trace that begins here is marked as sampled: the gateway decides nothing about recording, and the services
        behind it follow the mark.
        """
        found = None if traceparent is None else _TRACEPARENT(traceparent)
        if found is None or (found[4] and found[1] == b"00"):
            return f"00-{self.new()}-{self.new(16)}-01"
        # Version 00 knows one flag; the others have to be zero (section 3.2.2.5.1).
        sampled = int(found[3], 16) & 1
        return f"00-{found[2].decode()}-{self.new(16)}-0{sampled}"
