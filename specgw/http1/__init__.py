"""HTTP/1.1 messages on the wire (RFC 9112): the grammar of heads, the framing of bodies, the chunked coding.

Pure: bytes in, facts or a `FramingError` out. The listener reads requests with it and upstream connections read
responses, so that both sides are held to the same rules. Where RFC 9112 lets a recipient be lenient, this module is
not: a message that two parsers could read in two ways is refused (stricter on purpose).
"""

from __future__ import annotations

from specgw.http1.chunked import ChunkedReader, trailer_lines
from specgw.http1.fields import CHUNKED, STATUS_LINES, UNTIL_CLOSE, FramingError, bare_line_end, block_of
from specgw.http1.requests import RequestHead, check_unfinished, passed_on, read_request_head
from specgw.http1.responses import ResponseHead, read_response_head

__all__ = [
    "CHUNKED",
    "STATUS_LINES",
    "UNTIL_CLOSE",
    "ChunkedReader",
    "FramingError",
    "RequestHead",
    "ResponseHead",
    "bare_line_end",
    "block_of",
    "check_unfinished",
    "passed_on",
    "read_request_head",
    "read_response_head",
    "trailer_lines",
]
