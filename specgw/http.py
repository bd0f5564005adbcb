"""Words of HTTP that several places share: tokens, media types, reason phrases, percent-encoding."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from http import HTTPStatus

Headers = list[tuple[bytes, bytes]]
"""Header fields in the order in which they came: (lower-case name, value)."""

# RFC 9110 section 9.1, plus PATCH (RFC 5789) and QUERY; the methods an OpenAPI path item can declare.
METHODS = ("GET", "PUT", "POST", "DELETE", "OPTIONS", "HEAD", "PATCH", "TRACE", "QUERY")

# RFC 9110 section 9.2.2: a second one changes nothing more.
IDEMPOTENT = frozenset(("GET", "HEAD", "OPTIONS", "PUT", "DELETE", "TRACE"))
# RFC 9110 section 9.3: what they carry says nothing, and services may not even read it.
CONTENTLESS = frozenset(("GET", "HEAD", "DELETE", "OPTIONS", "TRACE"))

# RFC 9110 section 7.6.1: these speak of one connection and are never forwarded.
HOP_BY_HOP = frozenset(
    (
        b"connection",
        b"keep-alive",
        b"proxy-connection",
        b"te",
        b"trailer",
        b"transfer-encoding",
        b"upgrade",
        b"http2-settings",
        b"proxy-authenticate",
        b"proxy-authorization",
    )
)

# What only the gateway itself says to a service: where a request came from, and who calls.
IDENTITY_FAMILY = "x-identity-"
PORTAL_COOKIES = b"__Host-specgw-"
"""How the names of cookies begin that only the portal gets: no service does."""
OWN_FAMILIES = (b"x-forwarded-", IDENTITY_FAMILY.encode())
# Servers that hand fields on as variables (RFC 3875 section 4.1.18) make one out of `X-Identity-Subject` and `X_Identity_Subject`.
_TWINS = bytes.maketrans(b"_.", b"--")


def fold(name: bytes) -> bytes:
    """A lower-case field name as it is to servers that cannot tell these characters apart."""
    return name.translate(_TWINS)


def own(name: bytes) -> bool:
    """Whether a field (lower-case name), or one that some servers take for it, is the gateway's alone to send to a service."""
    return fold(name).startswith(OWN_FAMILIES)


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """A whole request to something that the gateway itself answers."""

    method: str
    path: str
    query: bytes = b""
    headers: Headers = field(default_factory=list)
    body: bytes = b""
    peer: str = ""
    """The address at the other end of the connection; empty where it has none."""
    secure: bool = False
    """Whether the connection itself is encrypted."""
    id: str = ""
    """By which it is found in the access log."""

    def values(self, name: bytes) -> list[bytes]:
        """The values of a field, by its lower-case name."""
        return [value for found, value in self.headers if found == name]


# Those of RFC 9110 (2022): before 3.13, Python has the names of its predecessors.
REASONS: dict[int, bytes] = {status.value: status.phrase.encode() for status in HTTPStatus} | {
    413: b"Content Too Large", 414: b"URI Too Long", 416: b"Range Not Satisfiable", 422: b"Unprocessable Content",
}  # fmt: skip

# RFC 9110 section 5.6.2
TOKEN = re.compile(r"[!#$%&'*+\-.^_`|~0-9A-Za-z]+")


@dataclass(frozen=True, slots=True)
class MediaType:
    """A media type or range (RFC 9110 section 8.3.1): lower-case type and subtype, parameters by lower-case name."""

    type: str
    subtype: str
    parameters: tuple[tuple[str, str], ...] = ()

    @property
    def essence(self) -> str:
        """`type/subtype` without parameters."""
        return f"{self.type}/{self.subtype}"

    def parameter(self, name: str) -> str | None:
        """The value of a parameter, or None."""
        for key, value in self.parameters:
            if key == name:
                return value
        return None

    @property
    def json(self) -> bool:
        """Whether a body of this type is one JSON value: application/json, text/json, or the +json suffix (RFC 6839)."""
        return self.essence in ("application/json", "text/json") or self.subtype.endswith("+json")

    @property
    def xml(self) -> bool:
        """Whether a body of this type is one XML document: application/xml, text/xml, or the +xml suffix (RFC 7303)."""
        return self.essence in ("application/xml", "text/xml") or self.subtype.endswith("+xml")


_PARAMETER = re.compile(r"[ \t]*;[ \t]*(?:([!#$%&'*+\-.^_`|~0-9A-Za-z]+)=(?:([!#$%&'*+\-.^_`|~0-9A-Za-z]+)|\"((?:[^\"\\]|\\.)*)\"))?")
_ESSENCE = re.compile(r"[ \t]*([!#$%&'*+\-.^_`|~0-9A-Za-z]+)/([!#$%&'*+\-.^_`|~0-9A-Za-z]+)")


def parse_media_type(text: str) -> MediaType | None:
    """Read a Content-Type value or a media range; None when it is not one by the grammar of RFC 9110 section 8.3.1.

    A repeated parameter is an error by RFC 6838 section 4.3, and an attack where it is `boundary`: of two readers one may
    take the first and one the last. `boundary*0` and `charset*` (RFC 2231) have no place in HTTP, and some readers know them.
    """
    match = _ESSENCE.match(text)
    if match is None:
        return None
    parameters: list[tuple[str, str]] = []
    position = match.end()
    while position < len(text):
        part = _PARAMETER.match(text, position)
        if part is None:
            break
        name, token, quoted = part.groups()
        if name is not None:
            value = token if token is not None else re.sub(r"\\(.)", r"\1", quoted)
            parameters.append((name.lower(), value))
        position = part.end()
    names = {name for name, _ in parameters}
    if text[position:].strip(" \t") or len(names) < len(parameters) or any("*" in name for name in names):
        return None
    return MediaType(match[1].lower(), match[2].lower(), tuple(parameters))
