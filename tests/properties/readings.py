"""What two parsers that are not ours find in the bytes of a client."""

from __future__ import annotations

import contextlib

import h11
import httptools

from tests.properties.loopback import Llhttp, Message, following

# What the gateway keeps to itself or writes anew.
OWN = {
    b"host", b"via", b"x-request-id", b"traceparent", b"x-forwarded-for", b"x-forwarded-proto", b"x-forwarded-host",
    b"content-length", b"transfer-encoding", b"connection", b"expect",
}  # fmt: skip


def read_by_h11(data: bytes) -> list[Message]:
    """The requests that h11 finds in what a client sent, as far as it can read them."""
    found: list[Message] = []
    reader = following(data)
    request, body = None, b""
    while True:
        try:
            event = reader.next_event()
        except h11.RemoteProtocolError:
            return found
        if isinstance(event, h11.Request):
            request, body = event, b""
        elif isinstance(event, h11.Data):
            body += bytes(event.data)
        elif isinstance(event, h11.EndOfMessage):
            assert request is not None
            headers = tuple((bytes(name), bytes(value)) for name, value in request.headers)
            found.append(Message(request.method, request.target, headers, body))
            reader = following(reader.trailing_data[0])
        else:
            return found


def read_by_llhttp(data: bytes) -> list[Message]:
    """The same by llhttp."""
    reader = Llhttp()
    with contextlib.suppress(httptools.HttpParserError, httptools.HttpParserUpgrade):
        reader.parser.feed_data(data)
    return reader.messages


def origin_form(target: bytes) -> bytes:
    """What stands after the authority of an absolute form."""
    if target.startswith(b"/"):
        return target
    path = target.partition(b"://")[2].partition(b"/")
    return path[1] + path[2] if path[1] else b"/" + target[len(target.partition(b"?")[0]) :]


def passed_on(headers: tuple[tuple[bytes, bytes], ...]) -> list[tuple[bytes, bytes]]:
    return [pair for pair in headers if pair[0] not in OWN]
