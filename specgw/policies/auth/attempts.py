"""Failed logins, limited for each client address: guessing gets slow, and nobody can lock somebody else out by their name.

Each address has a bucket of failures that empties by itself. Full, requests from there that bring credentials are answered with
429 before these are looked at. Many people may share an address, and one broken program among them must not shut the others
out: what was right from there since the failures began is known, and no guess. IPv6 counts by /64, which is what one
subscriber has (RFC 6177).
"""

from __future__ import annotations

import hmac
import ipaddress
import math
import os
from collections import OrderedDict
from collections.abc import Callable, Iterable

from specgw.plan.model import FailedLogins

ADDRESSES = 50_000
"""Addresses that are remembered; beyond it the one that failed longest ago is forgotten."""
KNOWN = 64
"""Credentials that are known to be right, of each of them."""


class _Bucket:
    """The failures of one address, and digests of what was right from there."""

    __slots__ = ("known", "level", "since")

    def __init__(self, since: float) -> None:
        self.level = 0.0
        self.since = since
        self.known: OrderedDict[bytes, None] = OrderedDict()


class Attempts:
    """The failures of all clients of one process. Without a limit it counts nothing."""

    __slots__ = ("_buckets", "_clock", "_limit", "_refill", "_secret")

    def __init__(self, clock: Callable[[], float], limit: FailedLogins | None = None) -> None:
        self._clock = clock
        self._buckets: OrderedDict[str, _Bucket] = OrderedDict()
        # Whoever reads the memory of the process must not be able to try passwords against it.
        self._secret = os.urandom(32)
        self.configure(limit)

    def configure(self, limit: FailedLogins | None) -> None:
        """Take over another limit; what was counted stays."""
        self._limit = 0 if limit is None else limit.count
        self._refill = 0.0 if limit is None else limit.count / limit.window

    def __len__(self) -> int:
        """How many addresses are remembered."""
        return len(self._buckets)

    def watches(self, client: str) -> bool:
        """Whether credentials from there were wrong not long ago."""
        return bool(self._buckets) and network(client) in self._buckets

    def wait(self, client: str) -> int:
        """Whole seconds until credentials from there are looked at again; 0: now."""
        if not self._buckets or not self._limit:
            return 0
        address = network(client)
        bucket = self._buckets.get(address)
        if bucket is None:
            return 0
        level = self._level(bucket)
        if level <= 0:
            del self._buckets[address]
            return 0
        # One more failure has to fit in.
        return math.ceil((level - (self._limit - 1)) / self._refill) if level > self._limit - 1 else 0

    def failed(self, client: str) -> None:
        """Credentials that were sent from there were wrong."""
        if not self._limit:
            return
        address, now = network(client), self._clock()
        bucket = self._buckets.setdefault(address, _Bucket(now))
        bucket.level = min(self._level(bucket) + 1, float(self._limit))
        bucket.since = now
        self._buckets.move_to_end(address)
        if len(self._buckets) > ADDRESSES:
            self._buckets.popitem(last=False)

    def succeeded(self, client: str, credentials: Iterable[bytes]) -> None:
        """Credentials that were sent from there were right; only where `watches` said so."""
        bucket = self._buckets.get(network(client))
        if bucket is None:
            return
        digest = self._digest(credentials)
        bucket.known[digest] = None
        bucket.known.move_to_end(digest)
        if len(bucket.known) > KNOWN:
            bucket.known.popitem(last=False)

    def known(self, client: str, credentials: Iterable[bytes]) -> bool:
        """Whether exactly these were right since the failures from there began."""
        bucket = self._buckets.get(network(client))
        return bucket is not None and self._digest(credentials) in bucket.known

    def _digest(self, credentials: Iterable[bytes]) -> bytes:
        return hmac.digest(self._secret, b"\0".join(credentials), "sha256")

    def _level(self, bucket: _Bucket) -> float:
        return max(0.0, bucket.level - (self._clock() - bucket.since) * self._refill)


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
