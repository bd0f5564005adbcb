"""Passwords as they may be written down: scrypt (RFC 7914) in the string format of the Password Hashing Competition.

`$scrypt$ln=14,r=8,p=1$SALT$HASH`, salt and hash in base64 without padding; `ln` is the binary logarithm of the cost.
Python's standard library has scrypt, other tools write the same form.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import re
from base64 import b64decode, b64encode
from dataclasses import dataclass

_FORM = re.compile(r"\$scrypt\$ln=([1-9][0-9]?),r=([1-9][0-9]?),p=([1-9][0-9]?)\$([A-Za-z0-9+/]{11,86})\$([A-Za-z0-9+/]{22,86})")
FORM = _FORM.pattern
_COST, _BLOCK, _PARALLEL = 14, 8, 1
# 128 * r * 2^ln bytes: more than this is no check of a password but a way to stop the gateway.
_MOST_MEMORY = 64 << 20


class NoHash(ValueError):
    """The text is no password hash of the form that is understood; it says why, and does not show the text."""


@dataclass(frozen=True, slots=True)
class PasswordHash:
    """What a password is held against."""

    cost: int
    """Binary logarithm."""
    block: int
    parallel: int
    salt: bytes
    hash: bytes

    def matches(self, password: bytes) -> bool:
        """Whether this is the password. Takes some ten milliseconds: never on the loop."""
        found = hashlib.scrypt(
            password, salt=self.salt, n=1 << self.cost, r=self.block, p=self.parallel, maxmem=_MOST_MEMORY * 2, dklen=len(self.hash)
        )
        return hmac.compare_digest(found, self.hash)


def read(text: str) -> PasswordHash:
    """The hash that a text writes down; raises NoHash."""
    found = _FORM.fullmatch(text)
    if found is None:
        raise NoHash("a password hash such as '$scrypt$ln=14,r=8,p=1$SALT$HASH'")
    cost, block, parallel = (int(number) for number in found.groups()[:3])
    if cost < 10 or (128 * block << cost) > _MOST_MEMORY or parallel > 4:
        raise NoHash("a password hash with a cost from 'ln=10' up to 64 MiB of memory, and 'p' up to 4")
    try:
        salt, hash = (b64decode(part + "=" * (-len(part) % 4), validate=True) for part in found.groups()[3:])
    except ValueError:
        raise NoHash("a password hash with salt and hash in base64") from None
    return PasswordHash(cost, block, parallel, salt, hash)


def write(password: str, *, salt: bytes | None = None) -> str:
    """The hash of a password, as it may stand in a document."""
    salt = os.urandom(16) if salt is None else salt
    found = hashlib.scrypt(password.encode(), salt=salt, n=1 << _COST, r=_BLOCK, p=_PARALLEL, maxmem=_MOST_MEMORY * 2, dklen=32)
    return f"$scrypt$ln={_COST},r={_BLOCK},p={_PARALLEL}${_text(salt)}${_text(found)}"


def _text(data: bytes) -> str:
    return b64encode(data).decode("ascii").rstrip("=")
