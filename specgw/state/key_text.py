"""The text of a key: `sgw_`, 30 random characters, 6 of checksum, all of them letters and digits.

The prefix lets scanners of repositories and logs find a key that was published; the checksum lets them, and the gateway,
drop what only looks like one (a typing error too) without asking anybody. 30 characters of 62 are 178 bits of chance.
"""

from __future__ import annotations

import re
import secrets
import string
import zlib

PREFIX = "sgw_"
RANDOM = 30
CHECKSUM = 6
"""Characters: 62^6 is more than 2^32, so that every CRC-32 has its place."""
LENGTH = len(PREFIX) + RANDOM + CHECKSUM

_ALPHABET = string.digits + string.ascii_uppercase + string.ascii_lowercase
_FORM = re.compile(rb"%b[0-9A-Za-z]{%d}" % (PREFIX.encode(), RANDOM + CHECKSUM))


def generate() -> str:
    """A new key, from the operating system's source of chance."""
    body = PREFIX + "".join(secrets.choice(_ALPHABET) for _ in range(RANDOM))
    return body + checksum(body.encode())


def checksum(body: bytes) -> str:
    """The CRC-32 of prefix and random part, in base 62, its most significant digit first. It guards against mistakes, not people."""
    number = zlib.crc32(body)
    digits = ""
    for _ in range(CHECKSUM):
        number, digit = divmod(number, len(_ALPHABET))
        digits = _ALPHABET[digit] + digits
    return digits


def well_formed(key: bytes) -> bool:
    """Whether it can be a key of this gateway's at all."""
    return len(key) == LENGTH and _FORM.fullmatch(key) is not None and checksum(key[:-CHECKSUM]).encode() == key[-CHECKSUM:]
