from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from specgw.portal.schema_tree import MOST, Direction, Row, tree
from specgw.portal.text import Names


def grown(schema: Any, direction: Direction = "request", **schemas: Any) -> Row:
    return tree(schema, {"components": {"schemas": schemas}}, direction, Names(), "top")


def ref(name: str) -> dict[str, str]:
    return {"$ref": f"#/components/schemas/{name}"}


def names(row: Row) -> list[str]:
    return [each.name for each in row.rows]


def test_members_say_what_they_are() -> None:
    schema = {
        "type": "object",
        "required": ["name"],
        "additionalProperties": False,
        "properties": {
            "name": {"type": "string", "minLength": 1, "description": "What it is called."},
            "size": {"type": "integer", "format": "int32", "enum": [1, 2], "default": 1, "deprecated": True},
        },
    }
    row = grown(schema)
    name, size = row.rows
    assert row.constraints == ["no other members"]
    assert (name.name, name.kind, name.required, name.said) == ("name", "string", True, True)
    assert (name.constraints, name.description) == (["at least 1 character"], ["What it is called."])
    assert (size.kind, size.required, size.marks) == ("integer (int32)", False, ["deprecated"])
    assert size.constraints == ["one of 1, 2", "default 1"]


@pytest.mark.parametrize(("direction", "shown"), [("request", ["both", "secret"]), ("response", ["both", "id"])])
def test_each_direction_has_its_own_members(direction: Direction, shown: list[str]) -> None:
    members = {"both": {}, "id": {"readOnly": True}, "secret": {"writeOnly": True}}
    assert names(grown({"properties": members}, direction)) == shown


def test_what_contains_itself_is_shown_once_and_linked() -> None:
    node = {"type": "object", "properties": {"next": ref("Node"), "children": {"type": "array", "items": ref("Node")}}}
    row = grown(ref("Node"), Node=node)
    following, children = row.rows
    assert (following.link, following.rows) == ("top", [])
    assert [(each.name, each.link) for each in children.rows] == [("Each item", "top")]
    inner = grown({"properties": {"tree": ref("Node")}}, Node=node).rows[0]
    assert inner.anchor == "schema-Node"
    assert inner.rows[0].link == inner.anchor


def test_arrays_of_objects_show_the_members_of_one() -> None:
    assert names(grown({"type": "array", "items": {"properties": {"a": {}}}})) == ["a"]
    assert names(grown({"type": "array", "items": {"type": "string"}})) == []
    assert names(grown({"prefixItems": [{"type": "string"}, {"type": "integer"}]})) == ["Item 1", "Item 2"]


def test_variants_say_how_they_are_told_apart() -> None:
    chooser = {"propertyName": "kind", "mapping": {"c": "#/components/schemas/Cat"}}
    row = grown({"oneOf": [ref("Cat"), {"type": "string"}], "discriminator": chooser}, Cat={"properties": {"kind": {}}})
    assert names(row) == ["Exactly one of 2: Cat", "Exactly one of 2: variant 2"]
    assert names(row.rows[0]) == ["kind"]
    assert row.constraints == ["kind says which variant: c for Cat"]


def test_parts_of_all_of_are_one_object() -> None:
    schema = {"allOf": [ref("Base"), {"properties": {"b": {}}, "required": ["a"], "anyOf": [{"type": "object"}]}]}
    row = grown(schema, Base={"properties": {"a": {}}})
    assert names(row) == ["a", "b", "At least one of 1: variant 1"]
    assert [each.required for each in row.rows] == [True, False, False]


def test_maps_conditions_and_dependencies() -> None:
    schema = {
        "patternProperties": {"^x-": {"type": "string"}},
        "additionalProperties": {"type": "integer"},
        "dependentRequired": {"a": ["b", "c"]},
        "dependentSchemas": {"d": {"required": ["e"]}},
        "if": {"required": ["f"]},
        "then": {"required": ["g"]},
        "else": {"required": ["h"]},
        "not": {"required": ["i"]},
    }
    row = grown(schema)
    assert names(row) == [
        *("Names like ^x-", "Any other name", "If it matches", "then also", "otherwise also", "Must not match", "With d also"),
    ]
    assert not any(each.said for each in row.rows)
    assert row.constraints == ["with a also b, c"]


def test_a_huge_schema_is_bounded_and_says_so() -> None:
    wide = grown({"properties": {f"m{number}": {} for number in range(MOST * 3)}})
    assert wide.count <= MOST + 1
    assert len(wide.rows) + wide.more == MOST * 3
    fan: dict[str, Any] = {f"S{level}": {"properties": {f"m{each}": ref(f"S{level + 1}") for each in range(5)}} for level in range(30)}
    assert grown(ref("S0"), "request", **fan).count <= MOST + 1


def test_what_is_no_schema_is_no_error() -> None:
    assert grown({"properties": {"never": False, "any": True, "odd": [], "lost": ref("Lost")}}).rows[0].kind == "nothing"


KEYS = (
    *("$ref", "properties", "items", "allOf", "oneOf", "anyOf", "additionalProperties", "prefixItems"),
    *("type", "required", "if", "discriminator"),
)
JUNK = st.recursive(
    st.none() | st.booleans() | st.integers() | st.sampled_from(["object", "#/components/schemas/S"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(KEYS), inner, max_size=4),
    max_leaves=20,
)


@given(JUNK)
def test_junk_is_a_bounded_tree(schema: Any) -> None:
    assert grown(schema, S=schema).count <= MOST + 1
