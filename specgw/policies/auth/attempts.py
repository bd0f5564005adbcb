"""Failed logins, limited for each client address: guessing gets slow, and nobody can lock somebody else out by their name.

Each address has a bucket of failures that empties by itself. Full, requests from there that bring credentials are answered with
429 before these are looked at. A success empties it. IPv6 counts by /64, which is what one subscriber has (RFC 6177).
"""

from __future__ import annotations

import ipaddress
import math
from collections import OrderedDict
from collections.abc import Callable

from specgw.plan.model import FailedLogins

ADDRESSES = 50_000
"""Addresses that are remembered; beyond it the one that failed longest ago is forgotten."""


class Attempts:
    """The failures of all clients of one process. Without a limit it counts nothing."""

    __slots__ = ("_buckets", "_clock", "_limit", "_refill")

    def __init__(self, clock: Callable[[], float], limit: FailedLogins | None = None) -> None:
        self._clock = clock
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()
        """By address: how full, at which time."""
        self.configure(limit)

    def configure(self, limit: FailedLogins | None) -> None:
        """Take over another limit; what was counted stays."""
        self._limit = 0 if limit is None else limit.count
        self._refill = 0.0 if limit is None else limit.count / limit.window

    def __len__(self) -> int:
        """How many addresses are remembered."""
        return len(self._buckets)

    def wait(self, client: str) -> int:
        """Whole seconds until credentials from there are looked at again; 0: now."""
        if not self._buckets or not self._limit:
            return 0
        address = network(client)
        if address not in self._buckets:
            return 0
        level = self._level(address)
        # One more failure has to fit in.
        return math.ceil((level - (self._limit - 1)) / self._refill) if level > self._limit - 1 else 0

    def failed(self, client: str) -> None:
        """Credentials that were sent from there were wrong."""
        if not self._limit:
            return
        address = network(client)
        level = min(self._level(address) + 1, float(self._limit)) if address in self._buckets else 1.0
        self._buckets[address] = level, self._clock()
        self._buckets.move_to_end(address)
        if len(self._buckets) > ADDRESSES:
            self._buckets.popitem(last=False)

    def succeeded(self, client: str) -> None:
        """Credentials that were sent from there were right."""
        if self._buckets:
            self._buckets.pop(network(client), None)

    def _level(self, address: str) -> float:
        level, since = self._buckets[address]
        return max(0.0, level - (self._clock() - since) * self._refill)


def network(client: str) -> str:
    """What counts as one client: an IPv4 address, or the /64 of an IPv6 address; an IPv4 address in IPv6 form is one of IPv4."""
    if ":" not in client:
        return client
    try:
        address = ipaddress.IPv6Address(client.partition("%")[0])
    except ValueError:
        return client
    if address.ipv4_mapped is not None:
        return str(address.ipv4_mapped)
    return str(ipaddress.IPv6Network((int(address) >> 64 << 64, 64)))
