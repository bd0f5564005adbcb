"""Remove content codings (RFC 9110 section 8.4.1) from a held body, within a limit.

A few kilobytes can unfold to gigabytes: decoding stops at the limit, and at a bounded number of codings.
"""

from __future__ import annotations

import zlib
from collections.abc import Sequence

from specgw.problems import INVALID_REQUEST, PAYLOAD_TOO_LARGE, UNSUPPORTED_ENCODING, Problem, Violation

# zlib's window bits: 16 more asks for the gzip format. `deflate` is the zlib format; raw deflate data, which some
# readers forgive, is refused.
_GZIP = 16 + zlib.MAX_WBITS
_ZLIB = zlib.MAX_WBITS

# Nobody codes a body more often than this; each further coding is another unfolding to do.
_MAX_CODINGS = 3


class Undecodable(Exception):
    """The data is not what its coding says."""


class TooLarge(Exception):
    """The decoded data is larger than the limit."""


def decode_content(fields: Sequence[str], data: bytes, limit: int) -> bytes | Problem:
    """The data with its codings removed, last applied first; a Problem (400, 413 or 415) when that cannot be done.

    `fields` are the values of the Content-Encoding fields in order; `limit` bounds the decoded bytes after every step.
    """
    codings = [name for field in fields for part in field.split(",") if (name := part.strip(" \t").lower()) not in ("", "identity")]
    if len(codings) > _MAX_CODINGS:
        return Problem(UNSUPPORTED_ENCODING, f"More than {_MAX_CODINGS} content codings.")
    for coding in reversed(codings):
        if coding not in ("gzip", "x-gzip", "deflate"):
            return Problem(UNSUPPORTED_ENCODING, "A content coding is unknown here; known are gzip and deflate.", headers=_ACCEPT)
        try:
            data = _inflate(data, _ZLIB if coding == "deflate" else _GZIP, limit)
        except Undecodable:
            wrong = Violation("body", f"is not valid {coding} data", "encoding")
            return Problem(INVALID_REQUEST, "The body cannot be decoded.", (wrong,))
        except TooLarge:
            return Problem(PAYLOAD_TOO_LARGE, f"The decoded body is larger than {limit} bytes.")
    return data


# RFC 9110 section 12.5.3: a 415 about codings says which are understood.
_ACCEPT = ((b"accept-encoding", b"gzip, deflate"),)


def _inflate(data: bytes, window: int, limit: int) -> bytes:
    """What one compressed stream unfolds to; nothing may stand behind it.

    RFC 1952 section 2.2 lets a second member follow. Readers differ: some go on, some stop, some refuse; so it is refused.
    """
    stream = zlib.decompressobj(window)
    try:
        decoded = stream.decompress(data, limit + 1)
    except zlib.error:
        raise Undecodable from None
    if len(decoded) > limit:
        raise TooLarge
    if not stream.eof or stream.unused_data:
        raise Undecodable
    return decoded
