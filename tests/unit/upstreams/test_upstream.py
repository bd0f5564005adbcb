"""Which endpoint takes the next request."""

from __future__ import annotations

from collections import Counter

import pytest

from specgw.plan.model import Target
from specgw.plan.model import Upstream as Definition
from specgw.upstreams.upstream import Upstream, spread


def upstream(*weights: int) -> Upstream:
    return Upstream(Definition(name="u", targets=tuple(Target(url=f"http://e{index}", weight=weight) for index, weight in enumerate(weights))))


@pytest.mark.parametrize(
    ("weights", "turns"),
    [([1], (0,)), ([1, 1, 1], (0, 1, 2)), ([5, 1, 1], (0, 0, 1, 0, 2, 0, 0)), ([1, 0], (0,)), ([2, 4], (1, 0, 1))],
)
def test_turns_are_spread_by_weight(weights: list[int], turns: tuple[int, ...]) -> None:
    assert spread(weights) == turns


def test_endpoints_take_turns() -> None:
    chosen = upstream(3, 1)
    names = Counter(endpoint.url for _ in range(40) if (endpoint := chosen.choose()))
    assert names == {"http://e0": 30, "http://e1": 10}


def test_an_endpoint_that_failed_this_request_is_passed_over() -> None:
    chosen = upstream(1, 1)
    first, second = chosen.endpoints
    assert [chosen.choose([first]), chosen.choose([first])] == [second, second]
    assert chosen.choose([first, second]) is None


def test_the_only_endpoint_is_not_tried_twice() -> None:
    chosen = upstream(1)
    assert chosen.choose() is chosen.endpoints[0]
    assert chosen.choose(chosen.endpoints) is None
