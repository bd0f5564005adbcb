from __future__ import annotations

from typing import Any

FILES = {
    "gateway.yaml": "gateway:\n  fallback: {upstream: rest}\n  upstreams:\n    rest: 'http://rest'\n    users: 'http://users'\n    old: 'http://old'\n",
    "users.yaml": "x-gateway: {upstream: users}\npaths: {/a: {get: {responses: {default: {description: ok}}}}}",
}


def test_what_neither_an_operation_nor_the_fallback_names_is_found(build: Any, found: Any) -> None:
    made = build(FILES)
    assert found(made) == [("unused-upstream", "gateway.yaml", 6)]
    assert sorted(made.plan.upstreams) == ["rest", "users"]


def test_one_upstream_for_all_leaves_none_to_be_used(build: Any, found: Any) -> None:
    assert found(build(FILES, upstream="http://a")) == []
