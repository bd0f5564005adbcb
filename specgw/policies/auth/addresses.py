"""Which addresses of issuers may be asked: encrypted ones, and those of this machine.

Whoever can change what comes back makes their own tokens (RFC 8414 section 6.1).
"""

from __future__ import annotations

import ipaddress
from urllib.parse import urlsplit, urlunsplit


def unfit(url: str, *, plain: bool = False) -> str | None:
    """Why a URL must not be asked, in words that follow its name; None where it may be. `plain`: without TLS elsewhere too."""
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
        sound = parts.scheme in ("http", "https") and bool(host) and parts.port != 0 and parts.username is None
    except ValueError:
        return "is no URL that can be fetched"
    if not sound:
        return "is no URL that can be fetched"
    if parts.scheme == "http" and not plain and not loopback(host):
        return "is not HTTPS, and on another machine"
    return None


def shown(url: str) -> str:
    """A URL for logs: without user, query and fragment."""
    try:
        parts = urlsplit(url)
        host = parts.netloc.rpartition("@")[2]
    except ValueError:
        return "what is configured"
    return urlunsplit((parts.scheme, host, parts.path, "", ""))


def loopback(host: str) -> bool:
    """Whether a host is this machine, by its name or address alone: nothing is looked up."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def fetched(location: str) -> bool:
    """Whether a `jwks` is a URL and not a file."""
    return location.startswith(("http://", "https://"))
