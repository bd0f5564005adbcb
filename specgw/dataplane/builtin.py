"""Requests that are not for the Plan: health, metrics and later the portal go the ordinary ASGI way through uvicorn.

uvicorn's own protocol class runs the application. It sees one request at a time, with the head written anew and a
transport that cannot close the client's connection; when its answer is whole, the listener goes on.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any, cast

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from specgw.http1 import CHUNKED, RequestHead, trailer_lines

if TYPE_CHECKING:
    from specgw.dataplane.listener import Listener


class AsgiExchange:
    """One request that the ASGI application answers."""

    def __init__(self, listener: Listener, head: RequestHead, *, keep: bool) -> None:
        self._listener = listener
        self._head = head
        self._keep = keep and head.version_1_1
        self._ended = False
        self.begun = False
        """Whether anything of the answer has been sent."""
        self._inner = _Inner(self, listener)

    def start(self, body: bytes | None) -> None:
        """Hand the head to uvicorn's protocol, and the body if it is there already."""
        head = self._head
        lines = [b"%b %b HTTP/1.1" % (head.method.encode("ascii"), head.target)]
        lines += [line for (name, _), line in zip(head.headers, head.lines, strict=True) if name not in (b"connection", b"upgrade")]
        lines += head.portal
        if not self._keep:
            lines.append(b"Connection: close")  # so that the answer says it too
        self._inner.data_received(b"\r\n".join(lines) + b"\r\n\r\n" + (body or b""))

    def receive(self, data: bytes) -> None:
        """A piece of the request's body."""
        if not self._ended:
            self._inner.data_received(b"%x\r\n%b\r\n" % (len(data), data) if self._head.length == CHUNKED else data)

    def received(self, trailers: list[tuple[bytes, bytes]]) -> None:
        """The request's body is whole."""
        if not self._ended and self._head.length == CHUNKED:
            self._inner.data_received(trailer_lines(trailers))

    def gone(self) -> None:
        """The client closed the connection."""
        if not self._ended:
            self._ended = True
            self._inner.connection_lost(None)

    def pause_download(self) -> None:
        """The client reads slower than the application writes."""
        self._inner.pause_writing()

    def resume_download(self) -> None:
        """The client reads again."""
        self._inner.resume_writing()

    def write(self, data: bytes) -> None:
        """What uvicorn's protocol sends to the client."""
        self.begun = True
        self._listener.send_raw(data)

    def complete(self, *, close: bool) -> None:
        """The application's answer is whole, or its protocol gave up."""
        if not self._ended:
            self._ended = True
            self._inner.unset_timer()
            self._listener.raw_end(close=close)


class _Inner(HttpToolsProtocol):
    """uvicorn's protocol for one request on a connection that is not its own."""

    def __init__(self, exchange: AsgiExchange, listener: Listener) -> None:
        super().__init__(listener.config, listener.server_state, listener.app_state)
        self._exchange = exchange
        self.connection_made(cast(asyncio.Transport, _Relay(exchange, listener)))
        self.connections.discard(self)  # the listener is the connection that shutdown speaks to

    def on_response_complete(self) -> None:
        super().on_response_complete()
        self._exchange.complete(close=not self.cycle.keep_alive)

    def unset_timer(self) -> None:
        self._unset_keepalive_if_required()


class _Relay(asyncio.Transport):
    """The transport that uvicorn's protocol writes to: the listener's, without the right to close it."""

    def __init__(self, exchange: AsgiExchange, listener: Listener) -> None:
        super().__init__()
        self._exchange = exchange
        self._listener = listener
        self._closed = False

    def get_extra_info(self, name: str, default: Any = None) -> Any:
        return self._listener.transport.get_extra_info(name, default)

    def write(self, data: bytes | bytearray | memoryview) -> None:
        self._exchange.write(bytes(data))

    def close(self) -> None:
        if not self._closed:
            self._closed = True
            # uvicorn closes before it says that the answer is complete; a close that nothing follows is a failure.
            asyncio.get_running_loop().call_soon(lambda: self._exchange.complete(close=True))

    def is_closing(self) -> bool:
        return self._closed or self._listener.transport.is_closing()

    def pause_reading(self) -> None:
        self._listener.pause_reading()

    def resume_reading(self) -> None:
        self._listener.resume_reading()
