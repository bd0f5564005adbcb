from __future__ import annotations

from typing import Any

import pytest

from specgw.policies.validation.explain import MAX_VIOLATIONS, explain
from specgw.policies.validation.validators import Validators
from specgw.problems import Violation

SECRET = "hunter2"


def told(schema: Any, value: Any) -> list[tuple[str, str, str]]:
    return [(wrong.pointer, wrong.keyword, wrong.message) for wrong in violations(schema, value)]


def violations(schema: Any, value: Any, **more: Any) -> list[Violation]:
    validator = Validators({"request:/a": schema}).get("request:/a#", formats=True)
    assert not validator.is_valid(value)
    return explain(validator, value, "body", **more)


@pytest.mark.parametrize(
    ("schema", "value", "keyword", "message"),
    [
        ({"type": "integer"}, SECRET, "type", "must be an integer"),
        ({"type": "string"}, 5, "type", "must be a string"),
        ({"type": "null"}, 5, "type", "must be null"),
        ({"type": ["integer", "null"]}, SECRET, "type", "must be one of these types: integer, null"),
        ({"enum": ["a", 1, None]}, SECRET, "enum", 'must be one of "a", 1, null'),
        ({"enum": list(range(30))}, SECRET, "enum", "must be one of " + ", ".join(map(str, range(20))) + " and 10 more"),
        ({"const": "a"}, SECRET, "const", 'must be "a"'),
        ({"minimum": 3}, 1, "minimum", "must be at least 3"),
        ({"maximum": 3}, 5, "maximum", "must be at most 3"),
        ({"exclusiveMinimum": 3}, 3, "exclusiveMinimum", "must be greater than 3"),
        ({"exclusiveMaximum": 3}, 3, "exclusiveMaximum", "must be less than 3"),
        ({"multipleOf": 3}, 4, "multipleOf", "must be a multiple of 3"),
        ({"multipleOf": 1}, 4.5, "multipleOf", "must be a whole number"),
        ({"minLength": 30}, SECRET, "minLength", "must have at least 30 characters"),
        ({"maxLength": 1}, SECRET, "maxLength", "must have at most 1 character"),
        ({"pattern": "^a"}, SECRET, "pattern", "must match the pattern ^a"),
        ({"pattern": "^(a|a?)+$(?<=b)"}, "a" * 40 + "c", "pattern", "takes too long to match against its pattern"),
        ({"format": "uuid"}, SECRET, "format", "must have the format 'uuid'"),
        ({"format": "byte"}, "?", "format", "must have the format 'byte'"),
        ({"minItems": 2}, [SECRET], "minItems", "must have at least 2 items"),
        ({"maxItems": 0}, [SECRET], "maxItems", "must have at most 0 items"),
        ({"uniqueItems": True}, [SECRET, SECRET], "uniqueItems", "must not have equal items"),
        ({"contains": {"type": "integer"}}, [SECRET], "contains", "must contain the items that the schema asks for"),
        ({"contains": {"type": "integer"}, "minContains": 2}, [1], "minContains", "must contain the items that the schema asks for"),
        ({"minProperties": 2}, {"a": SECRET}, "minProperties", "must have at least 2 properties"),
        ({"maxProperties": 0}, {"a": SECRET}, "maxProperties", "must have at most 0 properties"),
        ({"required": ["name"]}, {}, "required", "must have the property 'name'"),
        ({"dependentRequired": {"a": ["b"]}}, {"a": SECRET}, "dependentRequired", "must have the property 'b'"),
        ({"not": {"type": "string"}}, SECRET, "not", "must not match the schema under `not`"),
        (False, SECRET, "not", "is not allowed here"),
        (
            {"propertyNames": {"maxLength": 1}},
            {"ab": SECRET},
            "propertyNames",
            "must have other property names: each must have at most 1 character",
        ),
        ({"maxProperties": 5, "additionalProperties": False}, {"a": 1}, "additionalProperties", "must not have undeclared properties"),
        ({"unevaluatedProperties": False}, {"a": SECRET}, "unevaluatedProperties", "must not have the undeclared property 'a'"),
        ({"prefixItems": [True], "unevaluatedItems": False}, [1, 2], "unevaluatedItems", "must not have items that no schema describes"),
        ({"oneOf": [{"type": "string"}, {"minLength": 1}]}, SECRET, "oneOf", "must match exactly one of 2 alternatives, and matches more"),
    ],
)
def test_words(schema: Any, value: Any, keyword: str, message: str) -> None:
    assert told(schema, value) == [("", keyword, message)]


def test_undeclared_properties_are_named() -> None:
    closed = {"type": "object", "properties": {"a": True}, "additionalProperties": False}
    assert told(closed, {"b": SECRET}) == [("", "additionalProperties", "must not have the undeclared property 'b'")]
    [(_, _, message)] = told(closed, {"b": 1, "c": 2})
    assert message == "must not have the undeclared properties 'b', 'c'"
    [(_, _, message)] = told(closed, {f"{index:02}" + "x" * 500: 1 for index in range(50)})
    assert message.endswith("and 30 more")
    assert len(message) < 2000


def test_pointers_lead_to_the_place() -> None:
    schema = {"properties": {"a/b": {"items": {"properties": {"~": {"type": "integer"}}}}}}
    assert told(schema, {"a/b": [{}, {"~": SECRET}]}) == [("/a~1b/1/~0", "type", "must be an integer")]
    [wrong] = violations({"type": "integer"}, "x", name="id", pointer="/deep")
    assert (wrong.location, wrong.name, wrong.pointer) == ("body", "id", "/deep")


def test_all_violations_are_told() -> None:
    schema = {"required": ["a", "b"], "properties": {"c": {"type": "integer"}, "d": {"maxLength": 1, "pattern": "^x"}}}
    assert {(pointer, keyword) for pointer, keyword, _ in told(schema, {"c": "x", "d": "yy"})} == {
        ("", "required"), ("/c", "type"), ("/d", "maxLength"), ("/d", "pattern"),
    }  # fmt: skip


CAT = {"properties": {"kind": {"const": "cat"}, "lives": {"type": "integer"}}, "required": ["kind", "lives"]}
DOG = {
    "properties": {"kind": {"enum": ["dog", "hound"]}, "bark": {"type": "string"}, "age": {"type": "integer"}},
    "required": ["kind", "bark"],
}


@pytest.mark.parametrize("keyword", ["oneOf", "anyOf"])
@pytest.mark.parametrize(
    ("branches", "value", "expected"),
    [
        # what the constant member points at
        ([CAT, DOG], {"kind": "cat", "lives": "x"}, [("/lives", "type")]),
        ([CAT, DOG], {"kind": "hound", "age": "x"}, [("", "required"), ("/age", "type")]),
        # what has the right type
        ([{"type": "string"}, {"type": "object", "required": ["a"]}], {}, [("", "required")]),
        # what has fewer errors
        ([{"required": ["a", "b"]}, {"required": ["c"]}], {}, [("", "required")]),
        # alternatives in an alternative
        ([{"type": "integer"}, {"oneOf": [CAT, DOG]}], {"kind": "cat"}, [("", "required")]),
    ],
)
def test_the_alternative_that_was_meant(keyword: str, branches: list[Any], value: Any, expected: list[Any]) -> None:
    found = told({keyword: branches}, value)
    assert sorted((pointer, name) for pointer, name, _ in found) == sorted(expected)


@pytest.mark.parametrize("keyword", ["oneOf", "anyOf"])
def test_a_discriminator_says_which_alternative_was_meant(keyword: str) -> None:
    branches = [{"required": ["purrs", "lives"]}, {"required": ["barks"]}, {"required": ["swims"]}]
    schema = {keyword: branches, "discriminator": {"propertyName": "kind", "mapping": {"cat": 0, "dog": 1, "whale": 7}}}
    assert [message for *_, message in told(schema, {"kind": "dog"})] == ["must have the property 'barks'"]
    assert len(told(schema, {"kind": "cat"})) == 2
    inside = told({"properties": {"pets": {"items": schema}}}, {"pets": [{"kind": "cat"}]})
    assert {pointer for pointer, *_ in inside} == {"/pets/0"}
    for unsaid in ({"kind": "ox"}, {"kind": "whale"}, {"kind": ["dog"]}, {}):
        assert [name for _, name, _ in told(schema, unsaid)] == [keyword]


def test_a_discriminator_may_say_what_all_other_values_mean() -> None:
    branches = [{"required": ["purrs"]}, {"required": ["barks"]}]
    schema = {"oneOf": branches, "discriminator": {"propertyName": "kind", "mapping": {"cat": 0}, "default": 1}}
    for value in ({}, {"kind": "ox"}, {"kind": 3}):
        assert [message for *_, message in told(schema, value)] == ["must have the property 'barks'"]
    assert [message for *_, message in told(schema, {"kind": "cat"})] == ["must have the property 'purrs'"]


def test_no_alternative_is_guessed() -> None:
    assert told({"oneOf": [{"required": ["a"]}, {"required": ["b"]}]}, {}) == [("", "oneOf", "must match exactly one of 2 alternatives")]
    assert told({"anyOf": [{"required": ["a"]}, {"required": ["b"]}]}, {}) == [("", "anyOf", "must match at least one of 2 alternatives")]
    assert told({"anyOf": [{"type": "integer"}, {"type": "null"}]}, SECRET) == [("", "anyOf", "must be one of these types: integer, null")]
    assert told({"oneOf": [{"type": "integer"}]}, SECRET) == [("", "oneOf", "must match exactly one of 1 alternative")]


def test_the_list_has_an_end() -> None:
    assert len(violations({"items": {"type": "integer"}}, ["x"] * 400)) == MAX_VIOLATIONS + 1


def test_of_what_is_too_large_to_be_looked_through_only_the_verdict_is_told() -> None:
    value = {"many": [1] * 5_000, "more": [2] * 5_000, "last": "x"}
    assert told({"properties": {"last": {"type": "integer"}}}, value) == [("", "schema", "must match its schema")]


def test_no_message_ever_holds_the_value() -> None:
    schemas: list[Any] = [
        {"type": "integer"}, {"enum": ["a"]}, {"const": 1}, {"pattern": "^x"}, {"format": "uuid"}, {"format": "byte"}, {"minLength": 99},
        {"maxLength": 1}, {"not": {"type": "string"}}, False, {"anyOf": [{"const": 1}, {"pattern": "^x"}]},
        {"oneOf": [{"type": "string"}, {"minLength": 1}]},
    ]  # fmt: skip
    for schema in schemas:
        for value, place in (
            (SECRET + "!", schema),
            ([SECRET + "!"], {"items": schema}),
            ({"p": SECRET + "!"}, {"properties": {"p": schema}}),
        ):
            for wrong in violations(place, value):
                assert SECRET not in wrong.message
                assert SECRET not in wrong.pointer
