"""What the gateway has to know of a certificate (RFC 5280): which DNS names it is for, and when it is valid.

The `ssl` module reads certificates of peers only. This reads just far enough into the DER (X.690) of our own; whether
the rest is right, and whether the key belongs to it, OpenSSL says when it loads them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

_INTEGER, _OCTETS, _OID = 0x02, 0x04, 0x06
_UTC_TIME, _GENERALIZED_TIME = 0x17, 0x18
_SEQUENCE = 0x30
_VERSION, _EXTENSIONS = 0xA0, 0xA3
_DNS_NAME = 0x82
_SUBJECT_ALT_NAME = b"\x55\x1d\x11"  # 2.5.29.17

Piece = tuple[int, bytes]
"""Tag and content of one DER value."""


@dataclass(frozen=True, slots=True)
class Certificate:
    """The facts. Times are seconds since 1970, both inclusive; names are lower-case, wildcards as `*.example.com`."""

    names: tuple[str, ...]
    not_before: float
    not_after: float


def read_certificate(der: bytes) -> Certificate:
    """The facts of one certificate. Raises ValueError for what is not one."""
    try:
        [(tag, whole)] = _pieces(der)
        if tag != _SEQUENCE:
            raise ValueError
        _, body = next(_pieces(whole))
        fields = list(_pieces(body))
        # Version is optional; then serial number, signature algorithm, issuer, validity.
        validity = fields[4 if fields[0][0] == _VERSION else 3][1]
        (before, after) = map(_time, _pieces(validity))
        extensions = next((content for tag, content in fields if tag == _EXTENSIONS), None)
        return Certificate(() if extensions is None else tuple(_names(extensions)), before, after)
    except (ValueError, IndexError, StopIteration):
        raise ValueError("not an X.509 certificate") from None


def covers(name: str, asked: str) -> bool:
    """Whether a name of a certificate stands for the one that a client asks for (lower-case, RFC 9525 section 6.3).

    `*` stands for exactly one label, the first.
    """
    if name.startswith("*."):
        first, dot, rest = asked.partition(".")
        return bool(first and dot) and rest == name[2:]
    return name == asked


def _names(extensions: bytes) -> Iterator[str]:
    """The DNS names of the subject's alternative names (RFC 5280 section 4.2.1.6); a common name counts for nothing."""
    [(_, entries)] = _pieces(extensions)
    for _, extension in _pieces(entries):
        parts = list(_pieces(extension))
        if parts[0] == (_OID, _SUBJECT_ALT_NAME) and parts[-1][0] == _OCTETS:
            [(_, names)] = _pieces(parts[-1][1])
            for tag, name in _pieces(names):
                if tag == _DNS_NAME:
                    yield name.decode("ascii").lower()


def _time(piece: Piece) -> float:
    tag, text = piece
    if tag == _UTC_TIME:
        # RFC 5280 section 4.1.2.5.1: 50 to 99 is the last century.
        text = (b"19" if text[:2] >= b"50" else b"20") + text
    elif tag != _GENERALIZED_TIME:
        raise ValueError
    return datetime.strptime(text.decode("ascii"), "%Y%m%d%H%M%SZ").replace(tzinfo=UTC).timestamp()


def _pieces(data: bytes) -> Iterator[Piece]:
    """The values that stand side by side; only definite lengths, as DER has them."""
    at = 0
    while at < len(data):
        tag, length = data[at], data[at + 1]
        at += 2
        if length & 0x80:
            count = length & 0x7F
            if not 1 <= count <= 4 or at + count > len(data):
                raise ValueError
            length = int.from_bytes(data[at : at + count], "big")
            at += count
        if at + length > len(data):
            raise ValueError
        yield tag, data[at : at + length]
        at += length
