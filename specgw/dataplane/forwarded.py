"""What a trusted proxy says of the client: `X-Forwarded-For`, and `Forwarded` (RFC 7239) where there is no other.

Read from the right, since only there a trusted proxy has written; what stands left of the first stranger is hearsay.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Callable, Iterable
from functools import lru_cache

_WITH_PORT = re.compile(r"(?:\[([^\]]*)\]|([0-9.]+))(?::[0-9]{1,5})?")
# RFC 7239 section 4: forwarded-element = [ forwarded-pair ] *( ";" [ forwarded-pair ] ), value = token / quoted-string
_PAIR = re.compile(rb"""[ \t]*(?:([!#$%&'*+.^_`|~0-9A-Za-z-]+)=([!#$%&'*+.^_`|~0-9A-Za-z-]+|"(?:[^"\\]|\\.)*"))?[ \t]*([;,]|$)""")


@lru_cache(4096)
def address(text: str) -> str | None:
    """The address in an entry, in its shortest form and without port; None for what is none."""
    found = _WITH_PORT.fullmatch(text)
    if found is not None:
        text = found[1] if found[1] is not None else found[2]
    try:
        read = ipaddress.ip_address(text)
    except ValueError:
        return None
    if isinstance(read, ipaddress.IPv6Address):
        if read.scope_id is not None:
            return None  # an interface of another machine
        return str(read.ipv4_mapped or read)
    return None if found is not None and found[1] is not None else str(read)


def client(hops: Iterable[str], trusts: Callable[[str], bool], peer: str) -> str:
    """Who asks: the first address from the right that is not trusted itself, else the last one that is.

    `peer` is the connection's own, which is trusted. What is no address ends the search: whoever sent it is the last one known.
    """
    found = peer
    for hop in reversed(list(hops)):
        read = address(hop)
        if read is None:
            break
        found = read
        if not trusts(read):
            break
    return found


def hops(fields: dict[bytes, bytes]) -> list[str]:
    """The entries that say where a request came by, the nearest last. Empty ones count for nothing (RFC 9110 section 5.6.1)."""
    chain = fields.get(b"x-forwarded-for")
    if chain is not None:
        return [hop.decode("latin-1") for hop in (part.strip(b" \t") for part in chain.split(b",")) if hop]
    forwarded = fields.get(b"forwarded")
    return [] if forwarded is None else nodes(forwarded)


def nodes(forwarded: bytes) -> list[str]:
    """The `for` of each element of a Forwarded field; an empty text for an element without, and for a field that cannot be read."""
    found = [""]
    position = 0
    while position < len(forwarded):
        pair = _PAIR.match(forwarded, position)
        if pair is None:
            return [""]
        position = pair.end()
        if pair[1] is not None and pair[1].lower() == b"for":
            value = pair[2]
            found[-1] = (re.sub(rb"\\(.)", rb"\1", value[1:-1]) if value.startswith(b'"') else value).decode("latin-1")
        if pair[3] == b",":
            found.append("")
    return found
