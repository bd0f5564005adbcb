from __future__ import annotations

from typing import Any

from specgw.changes.clients.own import declared, declared_content

TYPE = "application/problem+json"


def document(problem: str, response: Any) -> dict[str, Any]:
    return {"components": {"schemas": {"Problem": {}, problem: {}}, "responses": {"GatewayForbidden": response}}}


def pointing(name: str) -> dict[str, Any]:
    return {"$ref": f"#/components/schemas/{name}"}


def test_the_gateway_s_own_answers_are_left_out_and_those_that_only_have_such_a_name_kept() -> None:
    said = {"403": {"$ref": "#/components/responses/GatewayForbidden"}, "200": {}, "x-more": {}}
    own = {"content": {TYPE: {"schema": pointing("Problem")}}}
    assert list(declared(document("Problem", own), said)) == ["200"]
    assert list(declared(document("Problem", {"content": {"text/plain": {}}}), said)) == ["403", "200"]
    assert list(declared(document("gateway.Problem", own), said)) == ["403", "200"]


def test_what_the_gateway_added_to_a_declared_answer_is_taken_out() -> None:
    both = {"content": {"text/plain": {}, TYPE: {"schema": pointing("Problem")}}}
    assert list(declared_content(document("Problem", {}), both)) == ["text/plain"]
    assert list(declared_content(document("gateway.Problem", {}), both)) == ["text/plain", TYPE]
    joined = {"content": {TYPE: {"schema": {"anyOf": [{"type": "object"}, pointing("gateway.Problem")]}}}}
    assert declared_content(document("gateway.Problem", {}), joined) == {TYPE: {"schema": {"type": "object"}}}
    assert declared_content({}, {}) == {}
