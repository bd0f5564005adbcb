"""The service's side of the opening handshake: is its 101 the answer to what the client asked (RFC 6455 section 4.1)?"""

from __future__ import annotations

import base64
import hashlib

from specgw.dataplane.websocket.frames import ANY_EXTENSION, COMPRESSED, NO_EXTENSION
from specgw.http import Headers
from specgw.http1 import ResponseHead
from specgw.http1.fields import read_fields
from specgw.policies.websocket import members, values

_GUID = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
_DEFLATE = b"permessage-deflate"

ASKING = b"Connection: Upgrade\r\nUpgrade: websocket\r\n"
"""What a request for a WebSocket says about its connection, to the service and back to the client."""


def accept(key: bytes) -> bytes:
    """The Sec-WebSocket-Accept that answers a Sec-WebSocket-Key (RFC 6455 section 4.2.2)."""
    return base64.b64encode(hashlib.sha1(key + _GUID, usedforsecurity=False).digest())


def fault(asked: Headers, head: ResponseHead) -> str | None:
    """What is wrong with a 101, given the client's request; None: the connection is a WebSocket from here on."""
    block = head.block
    line_end = block.find(b"\r\n")
    fields = read_fields(block, line_end, len(block))[1] if line_end >= 0 else []
    answered: Headers = [(name.lower(), value) for name, value in fields]
    if members(answered, b"upgrade") != [b"websocket"] or b"upgrade" not in members(answered, b"connection"):
        return "the service switched to another protocol than WebSocket"
    if values(answered, b"sec-websocket-accept") != [accept(values(asked, b"sec-websocket-key")[0])]:
        return "the service's Sec-WebSocket-Accept does not answer the client's key"
    chosen = values(answered, b"sec-websocket-protocol")
    # Subprotocols compare exactly (RFC 6455 section 4.1); so `members`, which lower-cases, will not do.
    offered = {name.strip(b" \t") for value in values(asked, b"sec-websocket-protocol") for name in value.split(b",")}
    if len(chosen) > 1 or any(name not in offered for name in chosen):
        return "the service chose a subprotocol that the client did not offer"
    if not set(extensions(answered)) <= set(extensions(asked)):
        return "the service chose an extension that the client did not offer"
    return None


def extensions(headers: Headers) -> list[bytes]:
    """The names of the extensions that a message lists (RFC 6455 section 9.1)."""
    names = (member.partition(b";")[0].strip(b" \t") for member in members(headers, b"sec-websocket-extensions"))
    return [name for name in names if name]


def reserved_bits(head: ResponseHead) -> int:
    """The reserved bits that frames may set, by the extensions that the service chose."""
    names = extensions(head.headers())
    if not names:
        return NO_EXTENSION
    return COMPRESSED if names == [_DEFLATE] else ANY_EXTENSION
