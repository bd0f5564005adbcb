"""Take a multipart/form-data body apart (RFC 7578, RFC 2046 section 5.1).

Stricter on purpose wherever parsers are known to differ, since the service reads the same bytes with another one:
CRLF everywhere, nothing before the first boundary or after the last, no folded or repeated part headers, no
`name*`, no transfer encoding that would change the content.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from specgw.http import TOKEN, MediaType, parse_media_type
from specgw.policies.validation.escapes import Malformed

MAX_PARTS = 1000
MAX_PART_HEADERS = 16
MAX_PART_HEAD = 8192

# RFC 2046 section 5.1.1
_BOUNDARY = re.compile(r"[0-9A-Za-z'()+_,\-./:=? ]{0,69}[0-9A-Za-z'()+_,\-./:=?]")
_CLOSE = re.compile(rb"--[ \t]*(?:\r\n)?")
_DISPOSITION = re.compile(r'[ \t]*;[ \t]*([!#$%&\'*+\-.^_`|~0-9A-Za-z]+)=(?:([!#$%&\'*+\-.^_`|~0-9A-Za-z]+)|"([^"\\]*(?:\\.[^"\\]*)*)")')
_CONTROL = re.compile(rb"[\x00-\x08\x0a-\x1f\x7f]")


@dataclass(frozen=True, slots=True)
class Part:
    """One part: the field it belongs to, its own header fields by lower-case name, and its bytes."""

    name: str
    filename: str | None
    content_type: MediaType | None
    headers: dict[bytes, bytes]
    data: bytes


def split_parts(body: bytes, boundary: str | None) -> list[Part]:
    """The parts in their order; raises `Malformed` when the body is not exactly what its boundary promises."""
    if boundary is None or _BOUNDARY.fullmatch(boundary) is None:
        raise Malformed("syntax", "needs a boundary of 1 to 70 characters in its Content-Type")
    delimiter = b"\r\n--" + boundary.encode("ascii")
    text = body if body.startswith(b"\r\n") else b"\r\n" + body
    pieces = text.split(delimiter)
    if pieces[0]:
        raise Malformed("syntax", "must begin with its boundary")
    if len(pieces) < 2 or _CLOSE.fullmatch(pieces[-1]) is None:
        raise Malformed("syntax", "must end with its closing boundary")
    if len(pieces) - 2 > MAX_PARTS:
        raise Malformed("syntax", f"has more than {MAX_PARTS} parts")
    return [_part(piece) for piece in pieces[1:-1]]


def _part(piece: bytes) -> Part:
    padding, line_end, rest = piece.partition(b"\r\n")
    if not line_end or padding.strip(b" \t"):
        raise Malformed("syntax", "holds its boundary inside a part")
    head, blank, data = rest.partition(b"\r\n\r\n")
    if not blank or len(head) > MAX_PART_HEAD:
        raise Malformed("syntax", "has a part without a header section, or with one that is too large")
    headers: dict[bytes, bytes] = {}
    lines = head.split(b"\r\n")
    if len(lines) > MAX_PART_HEADERS:
        raise Malformed("syntax", f"has a part with more than {MAX_PART_HEADERS} header fields")
    for line in lines:
        name, colon, value = line.partition(b":")
        if not colon or TOKEN.fullmatch(name.decode("latin-1")) is None or _CONTROL.search(value) is not None:
            raise Malformed("syntax", "has a part with a malformed header field")
        key = name.lower()
        if key in headers:
            raise Malformed("syntax", "has a part with a repeated header field")
        headers[key] = value.strip(b" \t")
    name_, filename = _disposition(headers.get(b"content-disposition"))
    transfer = headers.get(b"content-transfer-encoding")
    if transfer is not None and transfer.lower() not in (b"7bit", b"8bit", b"binary"):
        # RFC 7578 section 4.7: deprecated, and readers that ignore it see other content than those that do not.
        raise Malformed("encoding", "has a part with a Content-Transfer-Encoding")
    media = None
    if b"content-type" in headers:
        media = parse_media_type(headers[b"content-type"].decode("latin-1"))
        if media is None:
            raise Malformed("mediaType", "has a part with a malformed Content-Type")
    return Part(name_, filename, media, headers, data)


def _disposition(value: bytes | None) -> tuple[str, str | None]:
    if value is None:
        raise Malformed("syntax", "has a part without Content-Disposition")
    try:
        text = value.decode("utf-8")
    except UnicodeDecodeError:
        raise Malformed("encoding", "has a part whose Content-Disposition is not UTF-8") from None
    kind, _, _ = text.partition(";")
    if kind.strip(" \t").lower() != "form-data":
        raise Malformed("syntax", "has a part whose Content-Disposition is not form-data")
    parameters: dict[str, str] = {}
    position = len(kind)
    while position < len(text):
        match = _DISPOSITION.match(text, position)
        if match is None:
            break
        name, token, quoted = match.groups()
        if name.lower() in parameters:
            raise Malformed("syntax", "has a part with a repeated parameter in Content-Disposition")
        parameters[name.lower()] = token if token is not None else quoted
        position = match.end()
    field = parameters.get("name")
    if text[position:].strip(" \t;") or field is None or "\\" in field or "name*" in parameters:
        raise Malformed("syntax", "has a part whose Content-Disposition does not plainly name its field")
    return field, parameters.get("filename")
