from __future__ import annotations

from typing import Any

import pytest

from specgw.portal.schemas import Choice, choice, constraints, kind, plain, properties

DOCUMENT: dict[str, Any] = {
    "components": {
        "schemas": {
            "Role": {"type": "string", "enum": ["admin", "viewer"]},
            "Node": {"type": "object", "properties": {"next": {"$ref": "#/components/schemas/Node"}}},
            "Pair": {"type": "object", "properties": {"left": {"$ref": "#/components/schemas/Role"}}},
            "Base": {"type": "object", "required": ["id"], "properties": {"id": {"type": "integer"}}},
            "Never": False,
        }
    }
}


def ref(name: str) -> dict[str, Any]:
    return {"$ref": f"#/components/schemas/{name}"}


@pytest.mark.parametrize(
    ("schema", "words"),
    [
        ({"type": "integer", "format": "int32"}, "integer (int32)"),
        ({"type": ["string", "null"]}, "string or null"),
        ({"type": "array", "items": {"type": "string"}}, "array of string"),
        ({"type": "array"}, "array"),
        (ref("Role"), "string"),
        ({"allOf": [ref("Role")], "default": "viewer"}, "string"),
        ({"allOf": [{"description": "x"}, {"type": "integer"}]}, "integer"),
        ({"oneOf": [{"type": "integer"}, {"type": "string"}, {"type": "integer"}]}, "integer or string"),
        ({}, "any"),
        (True, "any"),
        (None, "any"),
        ({"type": 7}, "any"),
    ],
)
def test_kinds_in_words(schema: Any, words: str) -> None:
    assert kind(schema, DOCUMENT) == words


@pytest.mark.parametrize(
    ("schema", "words"),
    [
        ({"minimum": 1, "maximum": 100, "default": 20}, ["≥ 1", "≤ 100", "default 20"]),
        ({"exclusiveMinimum": 0, "exclusiveMaximum": 1.5, "multipleOf": 0.5}, ["> 0", "< 1.5", "multiple of 0.5"]),
        ({"minLength": 1, "maxLength": 80, "pattern": "^{}$"}, ["at least 1 character", "at most 80 characters", "pattern ^{}$"]),
        ({"minItems": 2, "uniqueItems": True}, ["at least 2 items", "no item twice"]),
        ({"items": {"type": "string", "minLength": 1}, "maxItems": 1}, ["at most 1 item", "each item at least 1 character"]),
        ({"const": None}, ["always null"]),
        ({"allOf": [ref("Role")], "default": "viewer"}, ["default viewer"]),
        ({"exclusiveMinimum": True}, []),
        (True, []),
        (None, []),
    ],
)
def test_constraints_in_words(schema: Any, words: list[str]) -> None:
    assert constraints(schema, DOCUMENT) == words


def test_a_value_in_a_table_is_short() -> None:
    assert (plain("a b"), plain(["a"]), plain(True)) == ("a b", '["a"]', "true")
    assert plain("user\u202etxt.exe") == "user\\u202etxt.exe"
    assert len(plain("x" * 100_000)) < 1000


@pytest.mark.parametrize(
    ("schema", "found"),
    [
        (ref("Role"), Choice(["admin", "viewer"])),
        ({"allOf": [ref("Role")], "default": "viewer"}, Choice(["admin", "viewer"])),
        ({"items": ref("Role")}, Choice(["admin", "viewer"], each=True)),
        ({"enum": [1, None, "a b"]}, Choice(["1", "null", "a b"])),
        ({"enum": list(range(30))}, Choice(list(map(str, range(24))), more=6)),
        ({"enum": []}, None),
        ({"enum": 7}, None),
        (True, None),
    ],
)
def test_allowed_values(schema: Any, found: Choice | None) -> None:
    assert choice(schema, DOCUMENT) == found


def test_nesting_without_end_is_no_mistake() -> None:
    schema: dict[str, Any] = {"type": "string"}
    for _ in range(2000):
        schema = {"items": schema}
    assert constraints(schema, DOCUMENT) == []
    assert kind(schema, DOCUMENT) == "any"
    parts: dict[str, Any] = {"enum": [1]}
    for _ in range(2000):
        parts = {"allOf": [parts]}
    assert choice(parts, DOCUMENT) is None


def test_properties_of_all_parts() -> None:
    schema = {"allOf": [ref("Base")], "required": ["name"], "properties": {"name": {"type": "string"}, "age": True}}
    assert properties(schema, DOCUMENT) == {"id": ({"type": "integer"}, True), "name": ({"type": "string"}, True), "age": (True, False)}
