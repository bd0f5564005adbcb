"""Protection against forged cross-site requests (CSRF), where a cookie said who the caller is.

Browsers send cookies along, whichever page asked for the request. So a request that may change something has to show that
a page of this very origin asked: by `Sec-Fetch-Site` (Fetch Metadata), else by `Origin` (RFC 6454), else by `Referer`. One
that shows nothing is refused: no browser that is still in use sends none of the three with an unsafe method.
"""

from __future__ import annotations

from urllib.parse import urlsplit

from specgw import problems
from specgw.plan.model import Route
from specgw.policies.base import Exchange
from specgw.policies.websocket import own, values
from specgw.problems import Problem

SAFE = frozenset(("GET", "HEAD", "OPTIONS", "TRACE"))
"""RFC 9110 section 9.2.1."""

_ITSELF = (b"same-origin", b"none")
"""`none`: the user asked, by the address bar or a bookmark, and no page did."""


class ForgeryProtection:
    """Stands behind authentication; looks only at requests that a cookie authenticated.

    `handshakes`: whether WebSockets are looked at too, because their own policy lets every origin open them.
    """

    __slots__ = ("_handshakes",)

    def __init__(self, *, handshakes: bool) -> None:
        self._handshakes = handshakes

    def request(self, exchange: Exchange) -> Problem | None:
        """Refuse what another site may have had sent."""
        if not exchange.by_cookie or not self._changes_something(exchange):
            return None
        reason = foreign(exchange)
        return None if reason is None else Problem(problems.CROSS_SITE, reason)

    def _changes_something(self, exchange: Exchange) -> bool:
        if exchange.upgrades:
            # RFC 6455 section 10.2: browsers always send Origin; who sends none is no browser.
            return self._handshakes and bool(values(exchange.headers, b"origin"))
        return exchange.method not in SAFE


def foreign(exchange: Exchange) -> str | None:
    """Why a request may come from another site; None where it cannot."""
    sites, origins, referers = (values(exchange.headers, name) for name in (b"sec-fetch-site", b"origin", b"referer"))
    if len(sites) > 1 or len(origins) > 1 or len(referers) > 1:
        return "a field that tells which page asked is there twice"
    if sites:
        return None if sites[0] in _ITSELF else "a page of another origin asked for this (Sec-Fetch-Site)"
    if origins:
        return None if own(origins[0].lower(), exchange) else "a page of another origin asked for this (Origin)"
    if referers:
        return None if own(_origin_of(referers[0]), exchange) else "a page of another origin asked for this (Referer)"
    return "nothing tells which page asked for this; a browser would send Sec-Fetch-Site, Origin or Referer"


def _origin_of(url: bytes) -> bytes:
    """The origin of a page (RFC 6454 section 4); empty where it has none."""
    try:
        parts = urlsplit(url.decode("latin-1").lower())
    except ValueError:
        return b""
    return f"{parts.scheme}://{parts.netloc}".encode("latin-1")


def build(route: Route) -> ForgeryProtection | None:
    """None where no cookie can authenticate, or `csrf: off` stands."""
    if not any(route.security or ()) or route.csrf == "off":
        return None
    sockets = route.websocket
    return ForgeryProtection(handshakes=sockets is not None and "*" in (sockets.origins or ()))
