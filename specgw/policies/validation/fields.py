"""Take apart what carries named values: query strings, urlencoded bodies and Cookie fields. Values stay raw."""

from __future__ import annotations

from collections.abc import Sequence

from specgw.http import Headers
from specgw.policies.validation.escapes import Malformed, form

Split = dict[str, str | list[str]]


def split_pairs(text: bytes) -> Split:
    """Fields of a query or urlencoded body by decoded name; `&` alone separates, a name without `=` has an empty value.

    Raises `Malformed` where a name cannot be decoded or the text is not UTF-8.
    """
    try:
        pieces = text.decode("utf-8").split("&")
    except UnicodeDecodeError:
        raise Malformed("encoding", "is not UTF-8") from None
    fields: Split = {}
    for piece in pieces:
        name, equals, value = piece.partition("=")
        if not equals and not name:
            continue
        if "%" in name or "+" in name:
            name = form(name)
        _add(fields, name, value)
    return fields


def split_cookies(value: bytes) -> Split:
    """Cookies by name (RFC 6265 section 4.2.1); the quotes around a value are not part of it."""
    fields: Split = {}
    for piece in value.decode("latin-1").split(";"):
        name, equals, text = piece.strip(" \t").partition("=")
        if equals:
            if len(text) > 1 and text[0] == text[-1] == '"':
                text = text[1:-1]
            _add(fields, name, text)
    return fields


def _add(fields: Split, name: str, value: str) -> None:
    before = fields.get(name)
    if before is None:
        fields[name] = value
    elif isinstance(before, str):
        fields[name] = [before, value]
    else:
        before.append(value)


def by_name(headers: Headers) -> dict[bytes, bytes]:
    """Header fields by name; repeated ones joined by ", " (RFC 9110 section 5.3), cookies by "; " (RFC 9113 section 8.2.3)."""
    fields = dict(headers)
    if len(fields) == len(headers):
        return fields
    return _joined(headers)


def _joined(headers: Sequence[tuple[bytes, bytes]]) -> dict[bytes, bytes]:
    fields: dict[bytes, bytes] = {}
    for name, value in headers:
        if name in fields:
            fields[name] += (b"; " if name == b"cookie" else b", ") + value
        else:
            fields[name] = value
    return fields


def carries_body(fields: dict[bytes, bytes]) -> bool:
    """Whether a request with these fields has a body (RFC 9112 section 6.3); `Content-Length: 0` is none."""
    length = fields.get(b"content-length")
    if length is not None:
        return length.strip(b"0 \t") != b""
    return b"transfer-encoding" in fields
