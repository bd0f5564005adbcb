"""A named service at run time: its endpoints, and which of them takes the next request."""

from __future__ import annotations

from collections.abc import Collection
from math import gcd

from specgw.plan import model
from specgw.upstreams.endpoint import Endpoint


class Upstream:
    """The endpoints of one `plan.model.Upstream`, taken in turn by weight (smooth weighted round-robin)."""

    def __init__(self, upstream: model.Upstream) -> None:
        self.name = upstream.name
        self.definition = upstream
        self.endpoints = tuple(Endpoint(target.url) for target in upstream.targets)
        self._turns = spread([target.weight for target in upstream.targets])
        self._turn = 0

    def choose(self, excluded: Collection[Endpoint] = ()) -> Endpoint | None:
        """The endpoint whose turn it is and that is not excluded (it failed this request already); None: none is left."""
        if not excluded and len(self.endpoints) == 1:
            return self.endpoints[0]
        turns = self._turns
        for _ in range(len(turns)):
            endpoint = self.endpoints[turns[self._turn]]
            self._turn = (self._turn + 1) % len(turns)
            if endpoint not in excluded:
                return endpoint
        return None

    def expire(self) -> None:
        """Close connections that have been idle for too long."""
        for endpoint in self.endpoints:
            endpoint.expire()

    def close(self) -> None:
        """Stop keeping connections: the plan that named this upstream has been replaced."""
        for endpoint in self.endpoints:
            endpoint.close()


def spread(weights: list[int]) -> tuple[int, ...]:
    """One round of turns: index i stands weights[i] times in it, as evenly spread as possible. Weight 0: never."""
    divisor = gcd(*weights) or 1
    weights = [weight // divisor for weight in weights]
    current = [0] * len(weights)
    total = sum(weights)
    turns = []
    for _ in range(total):
        current = [value + weight for value, weight in zip(current, weights, strict=True)]
        index = current.index(max(current))
        current[index] -= total
        turns.append(index)
    return tuple(turns)
