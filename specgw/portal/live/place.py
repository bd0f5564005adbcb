"""Where a browser sees the portal: the origin that its requests have to come from, and what cookies can be relied on there."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlsplit

from specgw.http import Request
from specgw.http1.fields import ORIGIN_CLAIMS
from specgw.policies.auth.addresses import loopback

# Whoever sends one of these, or any `X-Forwarded-…`, is a proxy, or came by one: then the peer is not the one who asks.
_PROXIED = ORIGIN_CLAIMS | {b"forwarded", b"via"}


@dataclass(frozen=True, slots=True)
class Place:
    """An origin (RFC 6454), and the path under which the gateway lies there: empty, or `/base`."""

    origin: str
    base: str = ""

    @property
    def secure(self) -> bool:
        """Whether it is reached by TLS."""
        return self.origin.startswith("https://")

    @property
    def portal(self) -> str:
        """The portal's URL."""
        return f"{self.origin}{self.base}/portal/"


class Places:
    """Tells the place of a request. `public_url` is what gateway.yaml says: a URL, only the path of one, or None."""

    def __init__(self, public_url: str | None, *, development: bool) -> None:
        self._public = _public(public_url)
        self._base = "" if public_url is None or self._public is not None else urlsplit(public_url).path.rstrip("/")
        self._development = development

    def of(self, request: Request) -> Place | None:
        """None: nobody signs in here, because whoever listens on the way would have the session.

        Without `publicUrl` the Host that the browser used counts; without TLS only on this machine.
        """
        host = _host(request)
        here = host is not None and direct(request)
        if self._public is not None and not (self._development and here):
            place = self._public
            return place if place.secure or loopback(urlsplit(place.origin).hostname or "") else None
        if host is None or not (request.secure or here):
            return None
        return Place(f"{'https' if request.secure else 'http'}://{host}", "" if here else self._base)

    def development(self, request: Request) -> bool:
        """Whether somebody at this machine itself may sign in as the developer."""
        return self._development and direct(request)


def direct(request: Request) -> bool:
    """Whether a request comes from this machine and means this machine: by its peer and by its Host, and not by way of a proxy."""
    host = _host(request)
    if host is None or not loopback(request.peer) or any(_proxied(name) for name, _ in request.headers):
        return False
    return loopback(urlsplit(f"//{host}").hostname or "")


def _proxied(name: bytes) -> bool:
    return name in _PROXIED or name.startswith(b"x-forwarded-")


def _host(request: Request) -> str | None:
    """The Host, lower-case, and without the default port, as origins are written (RFC 6454 section 6.1)."""
    values = request.values(b"host")
    if len(values) != 1 or not values[0]:
        return None
    host = values[0].decode("latin-1").lower()
    return host.removesuffix(":443" if request.secure else ":80")


def _public(url: str | None) -> Place | None:
    parts = urlsplit(url or "")
    if parts.scheme not in ("http", "https") or not parts.hostname:
        return None
    default = {"http": ":80", "https": ":443"}[parts.scheme]
    return Place(f"{parts.scheme}://{parts.netloc.lower().removesuffix(default)}", parts.path.rstrip("/"))
