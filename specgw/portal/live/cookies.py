"""The portal's two cookies: the session, and the attempt to sign in that a browser was sent away with.

With TLS their names begin with `__Host-` (RFC 6265bis section 4.1.3.2): no other host, no sibling domain and nobody on a plain
connection can plant one. That asks for the path `/`, so the gateway takes them out of what it forwards (`specgw.http1`).
"""

from __future__ import annotations

import re
from typing import Literal

from specgw.http import PORTAL_COOKIES, Request
from specgw.portal.live.place import Place

Cookie = Literal["session", "sign-in"]

ATTEMPT_TIME = 600
"""Seconds that somebody has at the provider."""

# 32 bytes in base64url.
_SECRET = re.compile(r"[A-Za-z0-9_-]{43}")


def name(cookie: Cookie, place: Place) -> str:
    """How a cookie is called at a place."""
    return f"{PORTAL_COOKIES.decode() if place.secure else 'specgw-'}{cookie}"


def secret(request: Request, cookie: Cookie, place: Place) -> str | None:
    """The secret that a cookie holds. Two of the same name are none: somebody else may have set one of them."""
    wanted = name(cookie, place).encode()
    pairs = (pair.partition(b"=") for field in request.values(b"cookie") for pair in field.split(b";"))
    found = [value.strip(b" \t") for key, _, value in pairs if key.strip(b" \t") == wanted]
    text = found[0].decode("latin-1") if len(found) == 1 else ""
    return text if _SECRET.fullmatch(text) else None


def setting(cookie: Cookie, place: Place, value: str) -> tuple[bytes, bytes]:
    """The field that gives a cookie to a browser, until it is closed.

    The session is Strict: it is only ever sent by the portal's own pages. The attempt has to come back from the provider.
    """
    same_site = "Strict" if cookie == "session" else "Lax"
    lasting = "" if cookie == "session" else f"; Max-Age={ATTEMPT_TIME}"
    return b"set-cookie", f"{name(cookie, place)}={value}{_scope(place)}; SameSite={same_site}{lasting}".encode("ascii")


def clearing(cookie: Cookie, place: Place) -> tuple[bytes, bytes]:
    """The field that takes it away."""
    return b"set-cookie", f"{name(cookie, place)}={_scope(place)}; SameSite=Strict; Max-Age=0".encode("ascii")


def _scope(place: Place) -> str:
    return "; Path=/; Secure; HttpOnly" if place.secure else f"; Path={place.base}/portal/; HttpOnly"
