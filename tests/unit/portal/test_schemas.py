from __future__ import annotations

import json
from typing import Any

import pytest

from specgw.portal.schemas import LONGEST, constraints, kind, plain, properties, shown

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
        ({"items": ref("Role"), "maxItems": 1}, ["at most 1 item", "each item one of admin, viewer"]),
        ({"const": None}, ["always null"]),
        ({"allOf": [ref("Role")], "default": "viewer"}, ["one of admin, viewer", "default viewer"]),
        ({"enum": list(range(30))}, ["one of " + ", ".join(map(str, range(24))) + " and 6 more"]),
        ({"exclusiveMinimum": True}, []),
        (True, []),
        (None, []),
    ],
)
def test_constraints_in_words(schema: Any, words: list[str]) -> None:
    assert constraints(schema, DOCUMENT) == words


def test_a_value_in_a_table_is_short() -> None:
    assert (plain("a b"), plain(["a"]), plain(True)) == ("a b", '["a"]', "true")
    assert len(plain("x" * 100_000)) < 1000


def test_a_schema_is_written_out() -> None:
    pair = shown(ref("Pair"), DOCUMENT)
    assert (pair.name, pair.whole) == ("Pair", True)
    assert '"enum": ["admin", "viewer"]' in pair.text
    assert "$ref" not in pair.text


def test_what_refers_to_itself_ends() -> None:
    node = shown(ref("Node"), DOCUMENT)
    assert node.whole
    assert json.loads(node.text) == DOCUMENT["components"]["schemas"]["Node"]


def test_false_and_schemas_without_a_name() -> None:
    assert shown(ref("Never"), DOCUMENT).text == "false"
    assert shown({"type": "string"}, DOCUMENT).name == "string"


@pytest.mark.parametrize(
    "schema",
    [
        {"type": "object", "properties": {f"p{number}": {"type": "string"} for number in range(5000)}},
        {"description": "x" * 100_000},
        {"enum": ["y" * 50] * 10_000},
    ],
)
def test_what_is_too_long_is_shortened_and_says_so(schema: Any) -> None:
    made = shown(schema, DOCUMENT)
    assert not made.whole
    assert len(made.text) <= LONGEST + 2


def test_nesting_without_end_is_no_mistake() -> None:
    schema: dict[str, Any] = {"type": "string"}
    for _ in range(2000):
        schema = {"items": schema}
    made = shown(schema, DOCUMENT)
    assert not made.whole
    assert "…" in made.text
    assert constraints(schema, DOCUMENT) == []
    assert kind(schema, DOCUMENT) == "any"


def test_references_are_written_out_only_as_deeply_as_there_is_room() -> None:
    wide = {f"S{number}": {"properties": {f"p{other}": ref(f"S{other}") for other in range(12)}} for number in range(12)}
    made = shown(ref("S0"), {"components": {"schemas": wide}})
    assert made.whole
    assert '"$ref": "#/components/schemas/S1"' in made.text


def test_properties_of_all_parts() -> None:
    schema = {"allOf": [ref("Base")], "required": ["name"], "properties": {"name": {"type": "string"}, "age": True}}
    assert properties(schema, DOCUMENT) == {"id": ({"type": "integer"}, True), "name": ({"type": "string"}, True), "age": (True, False)}
