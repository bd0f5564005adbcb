"""The request that is asked about: METHOD and URL as a person writes them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import quote

from specgw.http import Headers

_TOKEN = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
# What a browser escapes when it is written into the address line; everything else stays as it was given.
_SAFE = "!\"#$%&'()*+,-./0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[\\]^_`abcdefghijklmnopqrstuvwxyz{|}~"


class NotARequest(ValueError):
    """What was given is no request; the text says why."""


@dataclass(frozen=True, slots=True)
class Asked:
    """One request, without a body. `path` and `query` are raw, as they would be sent."""

    method: str
    path: str
    query: str | None
    host: str | None
    headers: Headers

    @property
    def target(self) -> str:
        """Path and query."""
        return self.path if self.query is None else f"{self.path}?{self.query}"


def read_asked(method: str, url: str, fields: Iterable[str] = ()) -> Asked:
    """The request. Raises NotARequest. `fields` are header lines such as `X-Beta: on`; a Host among them counts."""
    if _TOKEN.fullmatch(method) is None:
        raise NotARequest(f"'{method}' is not a method")
    authority, rest = None, url.partition("#")[0]
    found = re.match(r"[A-Za-z][A-Za-z0-9+.-]*://([^/?#]*)", rest)
    if found is not None:
        authority, rest = found[1].rpartition("@")[2], rest[found.end() :]
    elif not rest.startswith(("/", "?")):
        raise NotARequest(f"'{url}' is neither a URL nor a path: one begins with 'http://', the other with '/'")
    path, mark, query = rest.partition("?")
    headers: Headers = []
    host = authority or None
    for line in fields:
        name, colon, value = line.partition(":")
        if not colon or _TOKEN.fullmatch(name.strip()) is None:
            raise NotARequest(f"'{line}' is not a header line such as 'X-Beta: on'")
        headers.append((name.strip().lower().encode(), value.strip().encode()))
        if name.strip().lower() == "host":
            host = value.strip()
    return Asked(method.upper(), quote(path or "/", safe=_SAFE), quote(query, safe=_SAFE) if mark else None, host, headers)
