from __future__ import annotations

from typing import Any

import pytest

from specgw.compiler.merge.fields import fitting, portable


@pytest.mark.parametrize(
    ("kind", "said", "kept"),
    [
        ("operation", {"summary": "a", "servers": [], "x-gateway": {}, "x-a": 1, "produces": []}, {"summary": "a", "x-a": 1}),
        ("operation", {"deprecated": "yes", "tags": "a", "description": 3}, {"description": "3"}),
        ("operation", {"description": {"$ref": "a.md"}}, {}),
        ("parameter", {"name": "a", "in": "query"}, {"name": "a", "in": "query", "schema": {}}),
        ("parameter", {"name": "a", "in": "query", "schema": True}, {"name": "a", "in": "query", "schema": True}),
        ("header", {"name": "a", "content": {}}, {"content": {}}),
        ("response", {}, {"description": ""}),
        ("response", {"description": None, "headers": {}}, {"headers": {}, "description": ""}),
        ("response", {"description": {}}, {"description": ""}),
        ("requestBody", {"required": True}, {"required": True, "content": {}}),
        ("info", {"title": "A", "version": 1.5}, {"title": "A", "version": "1.5"}),
        ("link", {"server": {}, "operationId": "a", "parameters": {}}, {"parameters": {}}),
        ("example", {"value": None, "externalValue": 3}, {"value": None}),
    ],
)
def test_fields_that_exist_come_along_in_their_type(kind: str, said: dict[str, Any], kept: dict[str, Any]) -> None:
    assert dict(fitting(kind, said)) == kept


def test_the_order_is_the_authors() -> None:
    assert list(dict(fitting("info", {"version": "1", "x-a": 1, "title": "A"}))) == ["version", "x-a", "title"]


def test_an_extension_with_references_does_not_go_along() -> None:
    assert portable("x-a", {"b": [1]})
    assert portable("x-a", {"$ref": {"type": "object"}})
    assert not portable("x-a", {"b": [{"$ref": "#/c"}]})
    assert not portable("x-gateway", {})
