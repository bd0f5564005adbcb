"""Bearer tokens in requests (RFC 6750 section 2.1): in the field Authorization, and nowhere else.

The form and query methods of sections 2.2 and 2.3 are not there on purpose: RFC 9700 section 4.3.2 advises against
them, and what stands in a URL ends in logs.
"""

from __future__ import annotations

import re

from specgw.http import Headers
from specgw.policies.auth.base import Refusal

# Section 2.1: b64token, after one space or more (RFC 9110 section 11.4: 1*SP).
_CREDENTIALS = re.compile(rb"(?i:bearer) +([A-Za-z0-9._~+/-]+=*)")

TWICE = Refusal("there is more than one Authorization field", "invalid_request")
MALFORMED = Refusal("the Authorization field does not hold one bearer token", "invalid_request")


def token_of(headers: Headers) -> bytes | Refusal | None:
    """The token; None where the request has none, or credentials of another scheme."""
    value = field_of(headers)
    return value if value is None or isinstance(value, Refusal) else token_in(value)


def field_of(headers: Headers) -> bytes | Refusal | None:
    """The value of the one field Authorization, as it came."""
    value = None
    for name, text in headers:
        if name == b"authorization":
            if value is not None:
                return TWICE
            value = text
    return value


def token_in(value: bytes) -> bytes | Refusal | None:
    """The token in a value of the field; None where its credentials are of another scheme."""
    found = _CREDENTIALS.fullmatch(value)
    if found is not None:
        return found[1]
    return MALFORMED if value[:6].lower() == b"bearer" and value[6:7] in (b"", b" ", b"\t", b",") else None
