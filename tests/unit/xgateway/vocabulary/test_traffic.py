from __future__ import annotations

from typing import Any

import pytest
from pydantic import TypeAdapter, ValidationError

from specgw.xgateway.vocabulary.traffic import Cache, Limit, LimitsSetting, Mirror, Retry, Split, bare

LIMITS: TypeAdapter[Any] = TypeAdapter(LimitsSetting)


@pytest.mark.parametrize(
    ("value", "is_bare"),
    [
        ({"limit": "1/s"}, True),
        ({"burst": 5}, True),
        ({"limit": {"limit": "1/s"}}, False),
        ({"a": {"limit": "1/s"}}, False),
        ({}, False),
        ({"limit": None}, True),
    ],
)
def test_a_single_limit_is_told_from_named_ones(value: dict[str, Any], is_bare: bool) -> None:
    assert bare(value) is is_bare


def test_both_forms_of_limits() -> None:
    assert LIMITS.validate_python({"limit": "1/s", "by": "header:X-Tenant"}) == Limit(limit="1/s", by="header:X-Tenant")
    assert LIMITS.validate_python({"limit": {"burst": 5}, "b": None}) == {"limit": Limit(burst=5), "b": None}


@pytest.mark.parametrize(
    "value", [5, [], "1/s", {"limit": 5}, {"a b": {}}, {"by": "header:"}, {"by": "claim:a b"}, {"a": {"limits": "1/s"}}]
)
def test_what_is_no_limit(value: object) -> None:
    with pytest.raises(ValidationError):
        LIMITS.validate_python(value)


@pytest.mark.parametrize(
    ("model", "text", "right"),
    [
        (Retry, "{attempts: 3, on: [connect, reset, 502], backoff: 0s, budget: 20%, idempotent: true, hedge: 50ms}", True),
        (Retry, "{attempts: 0}", False),
        (Retry, "{on: [200]}", False),
        (Retry, "{on: [timeout]}", False),
        (Retry, "{on: []}", False),
        (Cache, "{ttl: 5m, vary: [Accept], staleWhileRevalidate: 0s, staleIfError: 1h, private: true, tags: [a]}", True),
        (Cache, "{ttl: 0s}", False),
        (Cache, "{vary: ['a b']}", False),
        (Split, "{targets: [{upstream: a, weight: 0}, {upstream: http://h, weight: 9}], sticky: 'header:X'}", True),
        (Split, "{targets: [{upstream: a, weight: -1}]}", False),
        (Split, "{targets: [{upstream: a, weight: 1}], sticky: session}", False),
        (Mirror, "{upstream: a}", True),
        (Mirror, "{upstream: a, weight: 5}", False),
    ],
)
def test_traffic(read: Any, model: Any, text: str, right: bool) -> None:
    assert isinstance(read(model, text), model) is right
