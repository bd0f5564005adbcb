from __future__ import annotations

from typing import Any

from specgw.compiler.merge.later import expressed, place, put


def test_methods_of_3_1_stand_where_they_do() -> None:
    item: dict[str, Any] = {}
    put(item, "GET", {"a": 1})
    put(item, "QUERY", {"b": 2})
    put(item, "COPY", {"c": 3})
    put(item, "get-it", {"d": 4})
    assert item == {"get": {"a": 1}, "x-specgw-additionalOperations": {"QUERY": {"b": 2}, "COPY": {"c": 3}, "get-it": {"d": 4}}}
    assert [place(method) for method in ("GET", "QUERY")] == [("get",), ("x-specgw-additionalOperations", "QUERY")]


def test_a_path_item() -> None:
    copied = {"x-specgw-query": {"a": 1}, "x-specgw-additionalOperations": {"COPY": {}}}
    assert expressed("pathItem", copied) == {"x-specgw-additionalOperations": {"COPY": {}, "QUERY": {"a": 1}}}


def test_an_operation_s_whole_query() -> None:
    query = {"name": "q", "in": "querystring", "content": {}}
    assert expressed("operation", {"parameters": [query, {"$ref": "#/a"}]}) == {
        "parameters": [{"$ref": "#/a"}],
        "x-specgw-querystring": query,
    }


def test_cookies_and_flows() -> None:
    assert expressed("parameter", {"in": "cookie", "style": "cookie"}) == {"in": "cookie", "x-specgw-style": "cookie"}
    flows = {"flows": {"deviceAuthorization": {"a": 1}, "implicit": {}}}
    assert expressed("securityScheme", flows) == {"flows": {"x-specgw-deviceAuthorization": {"a": 1}, "implicit": {}}}
    assert expressed("parameter", {"in": "query", "style": "form"}) == {"in": "query", "style": "form"}
