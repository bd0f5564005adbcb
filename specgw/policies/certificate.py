"""The certificate that a client has shown: in the handshake here, or to a trusted proxy that says so (RFC 9440)."""

from __future__ import annotations

import binascii
import ssl
from base64 import b64decode, b64encode
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import unquote_to_bytes

FIELD = b"client-cert"
LONGEST = 16_384
"""Bytes of the field; a certificate is much shorter."""


@dataclass(frozen=True, slots=True)
class Shown:
    """One certificate. Whoever held the handshake has verified that it is good, and that the client has its key."""

    der: bytes
    """Empty: the proxy's field holds none that could be read."""
    vouched: bool = False
    """Whether a trusted proxy says so."""

    @property
    def field(self) -> bytes:
        """As RFC 9440 section 2.2 writes it: a byte sequence of RFC 8941."""
        return b":%b:" % b64encode(self.der)


@lru_cache(1024)
def vouched(field: bytes) -> Shown:
    """What a proxy says: `:BASE64:` as RFC 9440 has it, or PEM with percent-escapes, as nginx writes it.

    Several certificates, or none that could be read, are an empty one: nobody's.
    """
    try:
        if len(field) > LONGEST:
            raise ValueError
        if field.startswith(b":") and field.endswith(b":") and len(field) > 2:
            return Shown(b64decode(field[1:-1], validate=True), True)
        return Shown(ssl.PEM_cert_to_DER_cert(unquote_to_bytes(field).decode("ascii").strip()), True)
    except (ValueError, binascii.Error):
        return Shown(b"", True)
