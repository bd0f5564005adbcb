"""The service's 101 against the client's request."""

from __future__ import annotations

import pytest

from specgw.dataplane.websocket.frames import ANY_EXTENSION, COMPRESSED, NO_EXTENSION
from specgw.dataplane.websocket.handshake import accept, extensions, fault, reserved_bits
from specgw.http import Headers
from specgw.http1 import ResponseHead, read_response_head

# RFC 6455 section 1.3
KEY, ACCEPT = b"dGhlIHNhbXBsZSBub25jZQ==", b"s3pPLMBiTxaQ9kYGzzhZRbK+xOo="
ASKED: Headers = [
    (b"host", b"x"),
    (b"sec-websocket-key", KEY),
    (b"sec-websocket-protocol", b"chat, Superchat"),
    (b"sec-websocket-extensions", b"permessage-deflate; client_max_window_bits, x-own"),
]
GOOD = [b"Upgrade: websocket", b"Connection: Upgrade", b"Sec-WebSocket-Accept: " + ACCEPT]


def answer(*lines: bytes) -> ResponseHead:
    data = b"\r\n".join([b"HTTP/1.1 101 Switching Protocols", *lines])
    return read_response_head(data + b"\r\n\r\n", len(data), to_head=False)


def test_the_key_is_answered_as_in_the_rfc() -> None:
    assert accept(KEY) == ACCEPT


@pytest.mark.parametrize(
    "lines",
    [
        GOOD,
        [b"upgrade: WebSocket", b"connection: keep-alive, upgrade", b"sec-websocket-accept: " + ACCEPT],
        [*GOOD, b"Sec-WebSocket-Protocol: Superchat"],
        [*GOOD, b"Sec-WebSocket-Extensions: permessage-deflate; server_no_context_takeover"],
        [*GOOD, b"Sec-WebSocket-Extensions: x-own", b"Sec-WebSocket-Extensions: permessage-deflate"],
        [*GOOD, b"Set-Cookie: a=b"],
    ],
)
def test_an_answer_to_what_was_asked_is_one(lines: list[bytes]) -> None:
    assert fault(ASKED, answer(*lines)) is None


@pytest.mark.parametrize(
    ("lines", "word"),
    [
        ([], "protocol"),
        (GOOD[1:], "protocol"),
        ([GOOD[0], GOOD[2]], "protocol"),
        ([b"Upgrade: h2c", *GOOD[1:]], "protocol"),
        ([b"Upgrade: websocket, h2c", *GOOD[1:]], "protocol"),
        ([GOOD[0], b"Connection: close", GOOD[2]], "protocol"),
        (GOOD[:2], "Accept"),
        ([*GOOD[:2], b"Sec-WebSocket-Accept: " + ACCEPT.lower()], "Accept"),
        ([*GOOD, GOOD[2]], "Accept"),
        ([*GOOD, b"Sec-WebSocket-Protocol: other"], "subprotocol"),
        ([*GOOD, b"Sec-WebSocket-Protocol: superchat"], "subprotocol"),
        ([*GOOD, b"Sec-WebSocket-Protocol: chat, Superchat"], "subprotocol"),
        ([*GOOD, b"Sec-WebSocket-Protocol: chat", b"Sec-WebSocket-Protocol: chat"], "subprotocol"),
        ([*GOOD, b"Sec-WebSocket-Extensions: x-other"], "extension"),
        ([*GOOD, b"Sec-WebSocket-Extensions: permessage-deflate, x-other; a=b"], "extension"),
    ],
)
def test_an_answer_to_something_else_is_none(lines: list[bytes], word: str) -> None:
    found = fault(ASKED, answer(*lines))
    assert found is not None
    assert word in found


def test_who_offered_nothing_gets_nothing() -> None:
    asked = ASKED[:2]
    assert fault(asked, answer(*GOOD)) is None
    assert fault(asked, answer(*GOOD, b"Sec-WebSocket-Protocol: chat")) is not None
    assert fault(asked, answer(*GOOD, b"Sec-WebSocket-Extensions: permessage-deflate")) is not None


@pytest.mark.parametrize(
    ("lines", "bits"),
    [
        ([], NO_EXTENSION),
        ([b"Sec-WebSocket-Extensions: permessage-deflate; server_max_window_bits=10"], COMPRESSED),
        ([b"Sec-WebSocket-Extensions: x-own"], ANY_EXTENSION),
        ([b"Sec-WebSocket-Extensions: permessage-deflate, x-own"], ANY_EXTENSION),
    ],
)
def test_the_extensions_say_which_reserved_bits_have_a_meaning(lines: list[bytes], bits: int) -> None:
    assert reserved_bits(answer(*GOOD, *lines)) == bits


def test_extensions_are_named_without_their_parameters() -> None:
    assert extensions([(b"sec-websocket-extensions", b"a; x=1, b;y , ,c"), (b"sec-websocket-extensions", b"A")]) == [b"a", b"b", b"c", b"a"]
