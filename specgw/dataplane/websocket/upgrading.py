"""An exchange on a route with `websocket`: an ordinary one, until client and service agree on a WebSocket.

The request has passed every stage of its route before the service is asked; the service's 101 is held against the request
before the client gets it. Any other answer is passed on as it is.
"""

from __future__ import annotations

import asyncio
import os
from time import monotonic
from typing import TYPE_CHECKING, cast

from specgw.dataplane.chain import Chain
from specgw.dataplane.passage import Passage
from specgw.dataplane.websocket import handshake
from specgw.dataplane.websocket.frames import GOING_AWAY, Breach
from specgw.dataplane.websocket.tunnel import Tunnel
from specgw.http1 import FramingError
from specgw.policies.websocket import asks

if TYPE_CHECKING:
    from specgw.dataplane.answering import Client
    from specgw.dataplane.plane import Plane
    from specgw.http1 import RequestHead, ResponseHead
    from specgw.plan.found import Match
    from specgw.plan.model import WebSocket
    from specgw.policies.base import Answer
    from specgw.upstreams.connection import Connection

_STOPPING = Breach(GOING_AWAY, "the gateway is stopping")


class Upgrading(Passage):
    """A passage that may turn into a tunnel; it is counted when it does, and logged when the tunnel ends."""

    __slots__ = ("_early", "_line", "_open", "tunnel", "upgrades")

    def __init__(self, plane: Plane, client_side: Client, head: RequestHead, chain: Chain, match: Match | None) -> None:
        super().__init__(plane, client_side, head, chain, match)
        self.upgrades = head.version_1_1 and asks(head.headers)
        self.tunnel: Tunnel | None = None
        self._open = False
        self._line = b""
        self._early = b""

    # To the service and back

    def _no_body(self) -> bytes:
        return handshake.ASKING + b"\r\n" if self.upgrades else super()._no_body()

    def switched(self, connection: Connection, head: ResponseHead, data: bytes) -> None:
        """The service answered 101 and, after it, `data`; raises FramingError where that is no answer to the request."""
        if not self.upgrades:
            super().switched(connection, head, data)
        wrong = handshake.fault(self.head.headers, head)
        if wrong is not None:
            raise FramingError(wrong)
        self.upstream_seconds = monotonic() - self.upstream_started
        self.plane.metrics.upstream_request(cast(str, self.upstream), "answered")
        self.waiting_for = "content"
        self.status = head.status
        setting = cast("WebSocket", self.chain.websocket)
        tunnel = self.tunnel = Tunnel(
            self, idle=setting.idle, max_message=setting.max_message, reserved=handshake.reserved_bits(head), random=os.urandom
        )
        service = tunnel.service
        service.transport = connection.transport
        # Until the client has its 101: a response stage may have to wait.
        connection.pause_reading()
        self._line = head.status_line
        self._early = data
        self.response_headers = head.headers()
        self.response_lines = [*head.lines]
        self.run(self.chain.response, self._opened)

    def _opened(self) -> None:
        tunnel, connection = cast(Tunnel, self.tunnel), cast("Connection", self.connection)
        self.replied = self._open = True
        lines = [*self.response_lines, b"Via: 1.1 specgw", b"X-Request-Id: " + self.request_id.encode("ascii")]
        client = tunnel.client
        client.transport, early = self.client_side.hand_over(cast(asyncio.Protocol, client))
        client.transport.write(b"%b%b%b\r\n\r\n" % (self._line, handshake.ASKING, b"\r\n".join(lines)))
        connection.hand_over(cast(asyncio.Protocol, tunnel.service))
        metrics = self.plane.metrics
        metrics.websockets += 1
        chain = self.chain
        chain.meter(self.method).observe(self.status, monotonic() - self.started)
        # A WebSocket may outlive many plans; its chain holds on to everything that its own was built from.
        self.chain = Chain(None, (), (), metrics, operation=chain.operation)
        connection.resume_reading()
        tunnel.begin()
        for side, data in ((tunnel.service, self._early), (client, early)):
            if data:
                side.data_received(data)
        self._early = b""
        if self.plane.draining:
            self.drain()

    def flush(self) -> None:
        """Hand over what one read brought; an open WebSocket has a time limit of its own."""
        if self._open:
            self.client_side.flush()
        else:
            super().flush()

    # The end

    def drain(self) -> None:
        """The gateway stops: both sides are told to go, and may finish the frame that they are in."""
        if self._open and self.tunnel is not None:
            self.tunnel.close(_STOPPING, self.plane.limits.drain)

    def expire(self, now: float) -> None:
        """Time is over for the handshake, or for the tunnel."""
        if self._open and self.tunnel is not None:
            self.tunnel.expire(now)
        else:
            super().expire(now)

    def answer(self, answer: Answer) -> None:
        """Answer instead of the service; an open WebSocket is broken."""
        if self._open and self.tunnel is not None:
            self.tunnel.abort()
        else:
            super().answer(answer)

    def gone(self) -> None:
        """The client closed the connection; an open tunnel has seen it itself."""
        if not self._open:
            super().gone()

    # What the tunnel tells (tunnel.Owner)

    def passed(self, from_client: int, from_service: int) -> None:
        """Count bytes that went on."""
        self.bytes_in += from_client
        self.bytes_out += from_service
        metrics = self.plane.metrics
        metrics.websocket_bytes_in += from_client
        metrics.websocket_bytes_out += from_service

    def closing(self, reason: Breach) -> None:
        """Note that the gateway ended it, and why."""
        self.notes["close"] = reason.code
        self.notes["closeReason"] = reason.reason
        self.plane.metrics.websocket_closed(reason.code)

    def client_lost(self, exc: Exception | None) -> None:
        """Release the client's connection."""
        self.client_side.connection_lost(exc)

    def service_lost(self) -> None:
        """Release the service's connection."""
        connection, self.connection = self.connection, None
        if connection is not None:
            connection.endpoint.lost(connection)

    def over(self) -> None:
        """Both connections are gone: write the log line."""
        self.ended = True
        plane = self.plane
        plane.passages.discard(self)
        plane.metrics.websockets -= 1
        self.tunnel = None
        plane.log(self, monotonic() - self.started)
