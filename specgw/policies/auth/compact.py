"""A signed token in compact form (RFC 7515 section 7.1), read exactly: nothing here trusts it yet.

Stricter on purpose than the RFC where two readers could disagree: no padding, no stray bits, no repeated members, and
no header parameter that would change how the rest is read.
"""

from __future__ import annotations

import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass
from typing import Any

from specgw.policies.validation import strict_json

LONGEST = 8192
"""Bytes of a token: as much as a line of header fields usually may have."""
DEEPEST = 16
"""Nesting of header and claims."""

_ALPHABET = re.compile(rb"[A-Za-z0-9_-]*", re.ASCII)

# RFC 8725 section 3.11: the types of token that are accepted here; others (logout+jwt, dpop+jwt, secevent+jwt …) are signed
# with the same keys and mean something else. RFC 9068 section 2.1 names access tokens.
TYPES = frozenset(("jwt", "at+jwt"))


class Unacceptable(Exception):
    """The token is refused; the text says why, and shows nothing of it."""


@dataclass(frozen=True, slots=True)
class Compact:
    """The parts of a token. `signed` are the bytes that the signature covers; `payload` is decoded, and not read yet."""

    algorithm: str
    kid: str | None
    signed: bytes
    payload: bytes
    signature: bytes


def read(token: bytes) -> Compact:
    """Take a token apart; raises Unacceptable."""
    if len(token) > LONGEST:
        raise Unacceptable(f"the token is longer than {LONGEST} bytes")
    parts = token.split(b".")
    if len(parts) == 5:
        raise Unacceptable("the token is encrypted")
    if len(parts) != 3:
        raise Unacceptable("the token does not have the form of a signed JSON Web Token")
    header, payload, signature = (decoded(part) for part in parts)
    if not signature:
        raise Unacceptable("the token is not signed")
    members = json_object(header, "header")
    algorithm = members.get("alg")
    if not isinstance(algorithm, str):
        raise Unacceptable("the token's header names no algorithm")
    kid = members.get("kid")
    if kid is not None and not isinstance(kid, str):
        raise Unacceptable("the token's key id is not text")
    _check_header(members)
    return Compact(algorithm, kid, token[: -len(parts[2]) - 1], payload, signature)


def decoded(text: bytes) -> bytes:
    """The bytes of base64url text as RFC 7515 section 2 has it: no padding, no line breaks, unused bits zero."""
    if len(text) % 4 == 1 or _ALPHABET.fullmatch(text) is None:
        raise Unacceptable("the token is not encoded as base64url")
    data = urlsafe_b64decode(text + b"=" * (-len(text) % 4))
    if urlsafe_b64encode(data).rstrip(b"=") != text:
        raise Unacceptable("the token is not encoded as base64url: unused bits are set")
    return data


def json_object(text: bytes, what: str) -> dict[str, Any]:
    """The members of the token's header or claims. RFC 7519 section 4 lets a reader refuse repeated names: it does."""
    try:
        value = strict_json.read(text, DEEPEST)
    except strict_json.Unreadable:
        # What the reader says may quote a name of the token.
        raise Unacceptable(f"the token's {what} is not JSON that everybody reads alike") from None
    if not isinstance(value, dict):
        raise Unacceptable(f"the token's {what} is not a JSON object")
    return value


def _check_header(members: dict[str, Any]) -> None:
    # RFC 7515 section 4.1.11: what `crit` lists has to be understood; no extension is. It is never empty, so it is never met.
    if "crit" in members:
        raise Unacceptable("the token's header has critical extensions that are not understood")
    # RFC 7797 section 6: without `crit` it must not be used. RFC 7516 section 4.1: the rest belongs to encrypted tokens.
    for name in ("b64", "zip", "enc"):
        if name in members:
            raise Unacceptable(f"the token's header has '{name}', which is not accepted here")
    kind = members.get("typ")
    # RFC 7515 section 4.1.9: a media type in any case, "application/" may be left out.
    if kind is not None and not (isinstance(kind, str) and kind.lower().removeprefix("application/") in TYPES):
        raise Unacceptable("the token is of another type than an access token")
    content = members.get("cty")
    if content is not None and not (isinstance(content, str) and content.lower().removeprefix("application/") != "jwt"):
        # RFC 7519 section 5.2
        raise Unacceptable("the token holds another token")
    # `jku`, `jwk`, `x5u`, `x5c`, `x5t`: a key that the token brings along proves nothing (RFC 8725 section 3.10). Never read.
