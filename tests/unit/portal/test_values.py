from __future__ import annotations

from typing import Any

import pytest

from specgw.portal.values import documented, sample

DOCUMENT: dict[str, Any] = {
    "components": {
        "examples": {"known": {"value": 7}},
        "schemas": {"Loop": {"type": "object", "required": ["again"], "properties": {"again": {"$ref": "#/components/schemas/Loop"}}}},
    }
}


@pytest.mark.parametrize(
    ("holder", "found"),
    [
        ({"example": None}, (None,)),
        ({"examples": {"a": {"externalValue": "x"}, "b": {"value": 2}, "c": {"value": 3}}}, (2,)),
        ({"examples": {"a": {"$ref": "#/components/examples/known"}}}, (7,)),
        ({"schema": {"example": "x"}}, ("x",)),
        ({"schema": {"examples": ["y", "z"]}}, ("y",)),
        ({"example": 1, "schema": {"example": 2}}, (1,)),
        ({"schema": {"type": "string"}}, ()),
        ({"examples": ["not a map"]}, ()),
        ({}, ()),
    ],
)
def test_documented_examples(holder: dict[str, Any], found: tuple[Any, ...]) -> None:
    assert documented(holder, DOCUMENT) == found


@pytest.mark.parametrize(
    ("schema", "value"),
    [
        ({"type": "string"}, "USER_NAME"),
        ({"type": "string", "format": "date"}, "2030-01-31"),
        ({"type": "string", "format": "unheard-of"}, "USER_NAME"),
        ({"type": "string", "default": "d", "enum": ["a"]}, "d"),
        ({"enum": ["a", "b"]}, "a"),
        ({"const": 0}, 0),
        ({"type": "integer"}, 1),
        ({"type": "integer", "minimum": 5}, 5),
        ({"type": "number", "exclusiveMinimum": 0}, 1),
        ({"type": "boolean"}, True),
        ({"type": ["null", "integer"]}, 1),
        ({"type": "null"}, None),
        ({"type": "array", "items": {"type": "integer"}}, [1]),
        ({"oneOf": [{"type": "integer"}, {"type": "string"}]}, 1),
        ({"allOf": [{"type": "integer"}]}, 1),
        ({}, "USER_NAME"),
        (None, "USER_NAME"),
    ],
)
def test_values_of_schemas(schema: Any, value: Any) -> None:
    assert sample(schema, "user-name", DOCUMENT) == value


def test_objects_have_what_is_required_and_may_be_sent() -> None:
    members = {"id": {"type": "integer", "readOnly": True}, "name": {"type": "string"}, "age": {"type": "integer"}}
    assert sample({"type": "object", "required": ["id", "name"], "properties": members}, "body", DOCUMENT) == {"name": "NAME"}


def test_a_schema_that_requires_itself_ends() -> None:
    value = sample({"$ref": "#/components/schemas/Loop"}, "body", DOCUMENT)
    assert value["again"]["again"]["again"]["again"]["again"]["again"] is None
