"""Who may open a WebSocket, and how they have to ask (RFC 6455 sections 4.2.1 and 10.2).

Only where a Route has `websocket`, and only for requests that ask for one: every other request is none of its business.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from specgw import problems
from specgw.http import Headers
from specgw.plan.model import Route
from specgw.policies.base import Exchange
from specgw.problems import Problem

VERSION = b"13"
# 16 bytes in base64 (RFC 4648 section 4): the last digit holds two bits.
_KEY = re.compile(rb"[A-Za-z0-9+/]{21}[AQgw]==")
_PORTS = {b"http": b"80", b"https": b"443"}
# RFC 6454 section 7: one serialised origin; `null` and lists have no scheme and host, and so are nobody's own.
_ORIGIN = re.compile(rb"(https?)://([a-z0-9._~-]+|\[[0-9a-f:.]+\])(?::([0-9]{1,5}))?")


def values(headers: Headers, name: bytes) -> list[bytes]:
    """The values of a field, one for each of its lines."""
    return [value for field, value in headers if field == name]


def members(headers: Headers, name: bytes) -> list[bytes]:
    """The members of a field that is a list, lower-case."""
    return [member.strip(b" \t").lower() for value in values(headers, name) for member in value.split(b",")]


def asks(headers: Headers) -> bool:
    """Whether a request asks for a WebSocket: `websocket` is among what `Upgrade` names, alone or not."""
    return b"websocket" in members(headers, b"upgrade")


class Opening:
    """Checks the client's opening handshake and its Origin."""

    def __init__(self, origins: tuple[str, ...] | None) -> None:
        self._allows = own if origins is None else _listed(origins)

    def request(self, exchange: Exchange) -> Problem | None:
        """Refuse what is no opening handshake (400), another version (426), or comes from a page of another origin (403)."""
        if not exchange.upgrades:
            return None
        headers = exchange.headers
        if values(headers, b"sec-websocket-version") != [VERSION]:
            return _VERSION
        fault = _fault(headers)
        if fault is not None:
            return Problem(problems.INVALID_HANDSHAKE, fault)
        origins = values(headers, b"origin")
        if len(origins) > 1:
            return Problem(problems.INVALID_HANDSHAKE, "there is more than one Origin field")
        # RFC 6455 section 10.2: only browsers send it, and only they have to be kept from acting for other sites.
        if origins and not self._allows(origins[0].lower(), exchange):
            return _ORIGIN_REFUSED
        return None


_VERSION = Problem(
    problems.WEBSOCKET_VERSION,
    "the only version of the WebSocket protocol that is spoken here is 13",
    # RFC 6455 section 4.4, RFC 9110 section 15.5.22
    headers=((b"Sec-WebSocket-Version", VERSION), (b"Upgrade", b"websocket"), (b"Connection", b"Upgrade")),
)
_ORIGIN_REFUSED = Problem(problems.ORIGIN_NOT_ALLOWED, "pages of this origin may not open a WebSocket here")


def _fault(headers: Headers) -> str | None:
    """What of RFC 6455 section 4.2.1 the handshake breaks."""
    if members(headers, b"upgrade") != [b"websocket"]:
        return "Upgrade has to be exactly `websocket`"
    if b"upgrade" not in members(headers, b"connection"):
        return "Connection does not name `Upgrade`"
    keys = values(headers, b"sec-websocket-key")
    if len(keys) != 1 or _KEY.fullmatch(keys[0]) is None:
        return "Sec-WebSocket-Key has to be there once: 16 bytes in base64"
    lengths = values(headers, b"content-length")
    if values(headers, b"transfer-encoding") or (lengths and lengths[0].strip(b"0")):
        return "a request for a WebSocket has no body"
    return None


def own(origin: bytes, exchange: Exchange) -> bool:
    """Whether a page comes from where the request goes: same host and port, and no weaker scheme (RFC 6454 section 5).

    https also counts where the gateway was asked by http: then something before it takes TLS off.
    """
    found = _ORIGIN.fullmatch(origin)
    hosts = values(exchange.headers, b"host")
    if found is None or not hosts:
        return False
    scheme, host, port = found.groups()
    if scheme == b"http" and exchange.scheme != "http":
        return False
    default = _PORTS[scheme]
    asked = re.fullmatch(rb"(.*?)(?::([0-9]*))?", hosts[0].lower())
    return asked is not None and (asked[1], asked[2] or default) == (host, port or default)


def _listed(origins: tuple[str, ...]) -> Callable[[bytes, Exchange], bool]:
    """Whether an origin is in a list that may hold `*`, `null` and `scheme://*.domain`."""
    if "*" in origins:
        return lambda origin, exchange: True
    exact = frozenset(_without_default_port(origin.lower().encode("ascii")) for origin in origins if "://*." not in origin)
    # The star stands for one label or several; a port has to be the same.
    wild = [
        re.compile(re.escape(_without_default_port(origin.lower().encode("ascii"))).replace(rb"/\*\.", rb"/(?:[a-z0-9_-]+\.)+"))
        for origin in origins
        if "://*." in origin
    ]
    return lambda origin, exchange: origin in exact or any(pattern.fullmatch(origin) for pattern in wild)


def _without_default_port(origin: bytes) -> bytes:
    """As browsers write it: they leave the scheme's own port out."""
    scheme = origin.partition(b"://")[0]
    return origin.removesuffix(b":" + _PORTS.get(scheme, b"-"))


def build(route: Route) -> Opening | None:
    """None where the route has no WebSockets."""
    return Opening(route.websocket.origins) if route.websocket is not None else None
