"""What cases.yaml does not show: parameters under other names, and what the gateway adds to answers."""

from __future__ import annotations

from typing import Any

from specgw.changes.clients.messages import compare

PROBLEM = {"$ref": "#/components/schemas/gateway.Problem"}


def found(old: dict[str, Any], new: dict[str, Any], names: dict[str, str] | None = None) -> list[tuple[str, str]]:
    return [(difference.place, difference.code) for difference in compare(({}, {}), old, new, names or {})]


def test_a_path_parameter_is_known_by_where_it_stands() -> None:
    old, new = ({"parameters": [{"name": name, "in": "path", "required": True, "schema": {"type": kind}}]} for name, kind in
                (("id", "string"), ("key", "integer")))  # fmt: skip
    assert found(old, new, {"id": "key"}) == [("path key", "request-type-changed")]


def test_what_the_gateway_answers_itself_is_no_change() -> None:
    plain = {"responses": {"400": {"content": {"application/problem+json": {"schema": {"type": "object"}}}}}}
    own = {"401": {"$ref": "#/components/responses/GatewayUnauthorized"}}
    joined = {"content": {"application/problem+json": {"schema": {"anyOf": [{"type": "object"}, PROBLEM]}}}}
    assert found(plain, {"responses": {"400": joined, **own}}) == []
