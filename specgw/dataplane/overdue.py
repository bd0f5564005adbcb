"""Who let the time of an exchange pass, and how: what its client is told at the deadline."""

from __future__ import annotations

from typing import Protocol

from specgw import problems
from specgw.dataplane.chain import Chain
from specgw.upstreams.connection import Connection


class Waiting(Protocol):
    """What is to be known of an exchange: what it waits for, and on whom."""

    chain: Chain
    connection: Connection | None
    replied: bool
    waiting_for: str

    def paced(self) -> float:
        """When the client will have been too slow with the body."""


def overdue(exchange: Waiting, total: bool, now: float, rate: int) -> tuple[problems.Kind, str]:
    """The kind of problem and its detail; `total` says that the time of the whole exchange is over, `rate` is `limits.bodyRate`."""
    chain, connection = exchange.chain, exchange.connection
    waiting_for = exchange.waiting_for
    stalled = connection is not None and connection.stalled
    if waiting_for == "request" or (waiting_for == "upload" and not total and not stalled):
        if not total and now >= exchange.paced():
            return problems.REQUEST_TIMEOUT, f"the request's body came slower than {rate} bytes a second"
        return problems.REQUEST_TIMEOUT, "the request's body did not arrive in time"
    if total:
        return problems.UPSTREAM_TIMEOUT, f"the exchange took longer than {chain.total:g} s"
    if waiting_for == "upload":
        return problems.UPSTREAM_TIMEOUT, f"the service took nothing of the request's body for {chain.idle:g} s"
    if exchange.replied and connection is not None and connection.paused:
        return problems.REQUEST_TIMEOUT, f"the client took nothing of the answer for {chain.idle:g} s"
    if waiting_for == "content":
        return problems.UPSTREAM_TIMEOUT, f"nothing of the answer came for {chain.idle:g} s"
    return problems.UPSTREAM_TIMEOUT, f"the service did not answer within {chain.response_time:g} s"
