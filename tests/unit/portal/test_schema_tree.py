from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from specgw.portal.schema_tree import MOST, Direction, Row, Schemas


def grown(schema: Any, direction: Direction = "request", **schemas: Any) -> Row:
    return Schemas({"components": {"schemas": schemas}}).row("", schema, direction)


def ref(name: str) -> dict[str, str]:
    return {"$ref": f"#/components/schemas/{name}"}


def rows(row: Row) -> list[Row]:
    return [] if row.members is None else row.members.all


def names(row: Row) -> list[str]:
    return [each.name for each in rows(row)]


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
    name, size = rows(row)
    assert row.constraints == ["no other members"]
    assert (name.name, name.kind, name.required, name.said) == ("name", "string", True, True)
    assert (name.constraints, name.description, name.choice) == (["at least 1 character"], ["What it is called."], None)
    assert (size.kind, size.required, size.marks) == ("integer (int32)", False, ["deprecated"])
    assert size.constraints == ["default 1"]
    assert size.choice is not None
    assert size.choice.values == ["1", "2"]


@pytest.mark.parametrize(
    ("direction", "shown"), [("request", ["both", "secret"]), ("response", ["both", "id"]), ("both", ["both", "id", "secret"])]
)
def test_each_direction_has_its_own_members(direction: Direction, shown: list[str]) -> None:
    members = {"both": {}, "id": {"readOnly": True}, "secret": {"writeOnly": True}}
    assert names(grown({"properties": members}, direction)) == shown


def test_what_contains_itself_has_the_same_members_again() -> None:
    node = {"type": "object", "properties": {"next": ref("Node"), "children": {"type": "array", "items": ref("Node")}}}
    row = grown(ref("Node"), Node=node)
    following, children = rows(row)
    assert row.members is not None
    assert following.members is children.members is row.members
    assert row.members.name == "Node"


def test_arrays_of_objects_show_the_members_of_one() -> None:
    assert names(grown({"type": "array", "items": {"properties": {"a": {}}}})) == ["a"]
    assert names(grown({"type": "array", "items": {"type": "string"}})) == []
    assert names(grown({"prefixItems": [{"type": "string"}, {"type": "integer"}]})) == ["Item 1", "Item 2"]
    assert names(grown({"items": {"properties": {"a": {}}}, "contains": {"required": ["a"]}})) == ["Each item", "Some item"]


def test_an_array_of_itself_ends() -> None:
    row = grown(ref("Nest"), Nest={"type": "array", "items": ref("Nest")})
    assert names(row) == ["Each item"]
    assert rows(row)[0].members is row.members


def test_variants_say_how_they_are_told_apart() -> None:
    chooser = {"propertyName": "kind", "mapping": {"c": "#/components/schemas/Cat"}}
    row = grown({"oneOf": [ref("Cat"), {"type": "string"}], "discriminator": chooser}, Cat={"properties": {"kind": {}}})
    assert names(row) == ["Exactly one of 2: Cat", "Exactly one of 2: variant 2"]
    assert names(rows(row)[0]) == ["kind"]
    assert row.constraints == ["kind says which variant: c for Cat"]


def test_one_variant_besides_null_is_no_choice() -> None:
    size = {"type": "integer", "minimum": 1, "description": "How large."}
    row = grown({"anyOf": [size, {"type": "null"}]})
    assert (row.kind, row.constraints, row.description, names(row)) == ("integer or null", ["≥ 1"], ["How large."], [])
    assert names(grown({"oneOf": [ref("Cat"), {"type": "null"}], "description": "x"}, Cat={"properties": {"kind": {}}})) == ["kind"]


def test_a_reference_in_other_words_has_the_same_members() -> None:
    book = Schemas({"components": {"schemas": {"Cat": {"properties": {"kind": {}}}}}})
    plain = book.members(ref("Cat"), "request")
    for schema in ({"allOf": [ref("Cat")], "description": "x"}, {"type": "array", "items": ref("Cat")}, {**ref("Cat"), "title": "x"}):
        assert book.members(schema, "request") is plain, schema
    assert book.members({**ref("Cat"), "properties": {"more": {}}}, "request") is not plain
    assert book.members(ref("Cat"), "response") is not plain


def test_parts_of_all_of_are_one_object() -> None:
    schema = {"allOf": [ref("Base"), {"properties": {"b": {}}, "required": ["a"], "anyOf": [{"type": "object"}]}]}
    row = grown(schema, Base={"properties": {"a": {}}})
    assert names(row) == ["a", "b", "At least one of 1: variant 1"]
    assert [each.required for each in rows(row)] == [True, False, False]


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
    assert not any(each.said for each in rows(row))
    assert row.constraints == ["with a also b, c"]


def test_a_level_is_bounded_and_says_so() -> None:
    members = grown({"properties": {f"m{number}": {} for number in range(MOST * 3)}}).members
    assert members is not None
    assert (len(members.all), members.more) == (MOST, 2 * MOST)


def test_what_cannot_be_seen_is_shown() -> None:
    assert names(grown({"properties": {"a\u202eb": {}}})) == ["a\\u202eb"]


def test_what_is_no_schema_is_no_error() -> None:
    assert rows(grown({"properties": {"never": False, "any": True, "odd": [], "lost": ref("Lost")}}))[0].kind == "nothing"


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
def test_junk_has_levels_too(schema: Any) -> None:
    level = [grown(schema, S=schema)]
    for _ in range(4):
        level = [row for above in level for row in rows(above)][:50]
