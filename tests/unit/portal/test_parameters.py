from __future__ import annotations

from typing import Any

import pytest

from specgw.portal.parameters import encoded, in_header, in_path, in_query

LIST = ["a", "b c"]
OBJECT = {"R": 100, "G": 200}


# The table of OpenAPI section "Style Examples".
@pytest.mark.parametrize(
    ("style", "explode", "value", "text"),
    [
        ("simple", False, "b/c", "b%2Fc"),
        ("simple", False, LIST, "a,b%20c"),
        ("simple", False, OBJECT, "R,100,G,200"),
        ("simple", True, OBJECT, "R=100,G=200"),
        ("label", False, "x", ".x"),
        ("label", False, LIST, ".a,b%20c"),
        ("label", True, LIST, ".a.b%20c"),
        ("label", True, OBJECT, ".R=100.G=200"),
        ("matrix", False, "x", ";color=x"),
        ("matrix", False, LIST, ";color=a,b%20c"),
        ("matrix", True, LIST, ";color=a;color=b%20c"),
        ("matrix", False, OBJECT, ";color=R,100,G,200"),
        ("matrix", True, OBJECT, ";R=100;G=200"),
    ],
)
def test_paths(style: str, explode: bool, value: Any, text: str) -> None:
    assert in_path({"name": "color", "in": "path", "style": style, "explode": explode}, value) == text


@pytest.mark.parametrize(
    ("said", "value", "pairs"),
    [
        ({}, "a&b", ["color=a%26b"]),
        ({}, LIST, ["color=a", "color=b%20c"]),
        ({}, OBJECT, ["R=100", "G=200"]),
        ({"explode": False}, LIST, ["color=a,b%20c"]),
        ({"explode": False}, OBJECT, ["color=R,100,G,200"]),
        ({"style": "spaceDelimited", "explode": False}, LIST, ["color=a%20b%20c"]),
        ({"style": "pipeDelimited", "explode": False}, LIST, ["color=a%7Cb%20c"]),
        ({"style": "deepObject", "explode": True}, OBJECT, ["color%5BR%5D=100", "color%5BG%5D=200"]),
        ({"content": {"application/json": {}}}, {"a": 1}, ["color=%7B%22a%22%3A%201%7D"]),
    ],
)
def test_queries(said: dict[str, Any], value: Any, pairs: list[str]) -> None:
    assert in_query({"name": "color", "in": "query", **said}, value) == pairs


def test_headers_stay_on_their_line() -> None:
    assert in_header({"name": "X", "in": "header"}, "a\r\nEvil: b") == "a Evil: b"
    assert in_header({"name": "X", "in": "header"}, ["a", 1]) == "a,1"
    assert in_header({"name": "X", "in": "header"}, OBJECT) == "R,100,G,200"
    assert in_header({"name": "X", "in": "header", "explode": True}, OBJECT) == "R=100,G=200"


def test_a_path_parameter_with_content_is_json() -> None:
    assert in_path({"name": "x", "in": "path", "content": {"application/json": {}}}, [1]) == "%5B1%5D"


def test_values_are_percent_encoded() -> None:
    assert (encoded("ü/?"), encoded(True), encoded(1.5), encoded(None)) == ("%C3%BC%2F%3F", "true", "1.5", "null")
