"""The clients' connections of one process: how many there may be, in all and of one address, and who takes too slowly.

Beyond a limit a connection is told so and ends. Those that are told are few: an answer takes a descriptor for as long as
its client likes, and what is meant to protect the limit must not exceed it.
"""

from __future__ import annotations

import logging
import socket
from collections.abc import Callable, Iterator
from typing import Generic, Literal, Protocol, TypeVar

from specgw.dataplane import descriptors
from specgw.dataplane.pace import Taking
from specgw.plan.model import Limits
from specgw.telemetry.metrics import Metrics

log = logging.getLogger("specgw.dataplane")

TOLD = 32
"""Refused connections that are told why at the same time; further ones are closed without a word."""
SHARE = 4
"""Without a limit of its own an address may have this part of all connections."""
SWEEP = 512
"""Connections that are looked at in one tick at least; of more than ten times as many, a tenth."""


class Peer(Protocol):
    """What is to be known of a connection."""

    client: str
    """The address at its other end."""
    trusted: bool
    """Whether that is a trusted proxy, which brings the clients of everybody."""


L = TypeVar("L", bound=Peer)
Verdict = Literal["admitted", "told", "closed"]


def origin(address: str) -> bytes | None:
    """What counts as one client: an IPv4 address, or the /64 of an IPv6 one, in which a subscriber chooses freely (RFC 6177).

    None for what is no address, such as the peer of a Unix socket.
    """
    try:
        return socket.inet_aton(address) if ":" not in address else socket.inet_pton(socket.AF_INET6, address.partition("%")[0])[:8]
    except OSError:
        return None


class Connections(Generic[L]):
    """Admits connections and knows those that are open. `room` says what the descriptors of the process allow."""

    def __init__(self, metrics: Metrics, room: Callable[[], int | None] = descriptors.room) -> None:
        self.open: set[L] = set()
        self.slow: dict[L, Taking] = {}
        """Those that have not taken what was written to them."""
        self._metrics = metrics
        self._room = room
        self._told: set[L] = set()
        self._of: dict[bytes, int] = {}
        self._handshakes = 0
        self._sweep: list[L] = []
        self.limit = self.limit_of_one = 0
        """Set by `configure`."""

    def configure(self, limits: Limits) -> None:
        """Take over limits. Who is connected stays."""
        room = self._room()
        self.limit = limits.connections if room is None else min(limits.connections, room)
        if self.limit < limits.connections:
            # The default is meant to be cut to what there is; who asks for a number should learn that he does not get it.
            level = logging.INFO if limits.connections == Limits().connections else logging.WARNING
            log.log(level, "limits.connections: %d instead of %d, for want of file descriptors (ulimit -n)", self.limit, limits.connections)
        self.limit_of_one = max(self.limit // SHARE, 1) if limits.connections_per_ip is None else limits.connections_per_ip

    def enter(self, listener: L) -> Verdict:
        """A connection has come: whether it stays, is to be told that there are too many, or is to be closed at once."""
        verdict = self._verdict(None if listener.trusted else origin(listener.client))
        if verdict != "admitted" and len(self._told) >= TOLD:
            return "closed"
        self.open.add(listener)
        if verdict != "admitted":
            self._told.add(listener)
            return "told"
        if not listener.trusted:
            self._count(origin(listener.client), 1)
        return "admitted"

    def leave(self, listener: L) -> None:
        """A connection is over."""
        self.slow.pop(listener, None)
        if listener not in self.open:
            return
        self.open.discard(listener)
        if listener in self._told:
            self._told.discard(listener)
        elif not listener.trusted:
            self._count(origin(listener.client), -1)

    # TLS: who has not finished the handshake is a connection too, but nobody that could be told anything

    def knock(self, address: str, trusted: bool) -> bool:
        """Whether a handshake may begin; `knocked` has to be called at its end."""
        found = None if trusted else origin(address)
        if self._verdict(found) != "admitted":
            return False
        self._handshakes += 1
        self._count(found, 1)
        return True

    def knocked(self, address: str, trusted: bool) -> None:
        """A handshake is over, however it ended: who is let in enters as itself."""
        self._handshakes -= 1
        self._count(None if trusted else origin(address), -1)

    # What is looked at as time passes

    def due(self) -> Iterator[L]:
        """The connections to look at in this tick: all of a few, else a part, so that each is seen about once a second."""
        if not self._sweep:
            self._sweep = list(self.open)
        size = max(SWEEP, len(self.open) // 10)
        part, self._sweep = self._sweep[-size:], self._sweep[:-size]
        return (listener for listener in part if listener in self.open)

    def _verdict(self, found: bytes | None) -> Verdict:
        if len(self.open) - len(self._told) + self._handshakes >= self.limit:
            self._metrics.connection_refused("all")
            return "told"
        if found is not None and self._of.get(found, 0) >= self.limit_of_one:
            self._metrics.connection_refused("address")
            return "told"
        return "admitted"

    def _count(self, found: bytes | None, change: int) -> None:
        if found is None:
            return
        number = self._of.get(found, 0) + change
        if number > 0:
            self._of[found] = number
        else:
            self._of.pop(found, None)
