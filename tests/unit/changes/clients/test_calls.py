"""What cases.yaml does not show: what calls are called, and where they stand."""

from __future__ import annotations

from typing import Any

from specgw.changes.clients.calls import callbacks, webhooks
from specgw.changes.clients.pair import pair

ADDRESS = "{$request.query.url}"


def item(kind: str) -> dict[str, Any]:
    return {"post": {"requestBody": {"content": {"application/json": {"schema": {"type": kind}}}}}}


def test_a_webhook_is_called_by_its_name_and_method() -> None:
    old, new = ({"webhooks": {"paid": item(kind)}} for kind in ("string", "integer"))
    [(subject, difference)] = webhooks(pair(old, new))
    assert (subject, difference.place, difference.code) == ("webhook paid POST", "body application/json", "response-type-changed")
    assert difference.tokens == ("webhooks", "paid", "post", "requestBody", "content", "application/json", "schema", "type")


def test_a_callback_is_called_by_its_name_address_and_method() -> None:
    old, new = ({"done": {ADDRESS: item(kind)}} for kind in ("string", "integer"))
    [difference] = callbacks(pair({}, {}), old, new)
    assert difference.place == f"callback done {ADDRESS} POST body application/json"
    assert difference.tokens[:4] == ("callbacks", "done", ADDRESS, "post")


def test_a_moved_callback_is_compared_all_the_same() -> None:
    found = callbacks(pair({}, {}), {"done": {"{$a}": item("string")}}, {"done": {"{$b}": item("integer")}})
    assert [difference.code for difference in found] == ["callback-moved", "response-type-changed"]


def test_parameters_of_the_path_item_count_and_those_of_the_operation_more() -> None:
    of_item = [{"name": "X-A", "in": "header", "required": True}]
    old = {"webhooks": {"paid": {"post": {}, "parameters": of_item}}}
    new = {"webhooks": {"paid": {"post": {"parameters": [{"name": "x-a", "in": "header"}]}, "parameters": of_item}}}
    assert [difference.code for _, difference in webhooks(pair(old, new))] == ["call-parameter-optional"]
