from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from specgw.plan.model import Shape
from tests.unit.openapi.schema_bench import bench

INTEGER = Shape(types=("integer",))
STRING = Shape(types=("string",))
OTHERS: dict[str, Any] = {
    "Int": {"type": "integer"},
    "Alias": {"$ref": "#/components/schemas/Int"},
    "Tree": {"type": "object", "properties": {"kids": {"type": "array", "items": {"$ref": "#/components/schemas/Tree"}}}},
    "Loop": {"allOf": [{"$ref": "#/components/schemas/Loop"}, {"type": "string"}]},
    "Circle": {"$ref": "#/components/schemas/Circle"},
}


@pytest.mark.parametrize(
    ("schema", "types"),
    [
        ({}, ()),
        ({"type": "integer"}, ("integer",)),
        ({"type": "string", "nullable": True}, ("null", "string")),
        ({"type": "Integer"}, ("integer",)),
        ({"type": "widget"}, ()),
        ({"enum": ["a", 1, None]}, ("null", "integer", "string")),
        ({"type": "string", "enum": [1, 2]}, ("string",)),
        ({"type": "number", "enum": [1, 2.5]}, ("integer", "number")),
        ({"$ref": "#/components/schemas/Alias"}, ("integer",)),
        ({"$ref": "#/components/schemas/Gone"}, ()),
        ({"$ref": "#/components/schemas/Circle"}, ()),
        ({"$ref": "#/components/schemas/Loop"}, ("string",)),
        ({"allOf": [{"type": "number"}, {"type": "integer"}]}, ("integer",)),
        ({"allOf": [{"type": "string"}, {"type": "integer"}]}, ()),
        ({"allOf": [{"description": "x"}, {"$ref": "#/components/schemas/Int"}]}, ("integer",)),
        ({"anyOf": [{"type": "string"}, {"$ref": "#/components/schemas/Int"}]}, ("integer", "string")),
        ({"oneOf": [{"type": "boolean"}, {}]}, ()),
        ({"type": "integer", "oneOf": [{"minimum": 1}, {"maximum": -1}]}, ("integer",)),
        ({"anyOf": {"type": "integer"}}, ("integer",)),
        ("nonsense", ()),
    ],
)
def test_types_in_30(tmp_path: Path, schema: Any, types: tuple[str, ...]) -> None:
    assert bench(tmp_path, schema, **OTHERS).shape() == Shape(types=types)


@pytest.mark.parametrize(
    ("schema", "types"),
    [
        ({"type": ["integer", "null"]}, ("null", "integer")),
        ({"const": "a"}, ("string",)),
        ({"type": "string", "const": 1}, ()),
        ({"$ref": "#/components/schemas/Num", "type": "integer"}, ("integer",)),
        ({"anyOf": [{"type": "integer"}, False]}, ("integer",)),
        ({"anyOf": [{"type": "integer"}, {"type": "null"}]}, ("null", "integer")),
        ({"anyOf": [{"type": "integer"}], "nullable": True}, ("null", "integer")),
        (True, ()),
        (False, ()),
    ],
)
def test_types_in_31(tmp_path: Path, schema: Any, types: tuple[str, ...]) -> None:
    assert bench(tmp_path, schema, "3.1", Num={"type": ["number", "string"]}).shape() == Shape(types=types)


def test_keys_beside_a_reference_count_in_31_only(tmp_path: Path) -> None:
    schema = {"$ref": "#/components/schemas/Two", "type": "integer"}
    two = {"enum": [1, "a"]}
    assert bench(tmp_path, schema, "3.1", Two=two).shape().types == ("integer",)
    assert bench(tmp_path, schema, "3.0", Two=two).shape().types == ("integer", "string")


@pytest.mark.parametrize(
    ("schema", "items"),
    [
        ({"type": "array", "items": {"type": "integer"}}, INTEGER),
        ({"type": "array", "items": {}}, None),
        ({"type": "array", "items": {"$ref": "#/components/schemas/Alias"}}, INTEGER),
        ({"type": "array", "prefixItems": [{"type": "integer"}, {"type": "string"}]}, Shape(types=("integer", "string"))),
        ({"type": "array", "prefixItems": [{"type": "integer"}], "items": {"type": "string"}}, Shape(types=("integer", "string"))),
        ({"allOf": [{"type": "array"}, {"items": {"type": "integer"}}]}, INTEGER),
        ({"anyOf": [{"type": "array", "items": {"type": "integer"}}, {"type": "string"}]}, INTEGER),
        ({"anyOf": [{"type": "array", "items": {"type": "integer"}}, {"type": "array"}]}, None),
        (
            {"anyOf": [{"type": "array", "items": {"type": "integer"}}, {"type": "array", "items": {"type": "string"}}]},
            Shape(types=("integer", "string")),
        ),
        ({"type": "array", "items": {"type": "array", "items": {"type": "integer"}}}, Shape(types=("array",), items=INTEGER)),
    ],
)
def test_items(tmp_path: Path, schema: dict[str, Any], items: Shape | None) -> None:
    assert bench(tmp_path, schema, "3.1", **OTHERS).shape().items == items


@pytest.mark.parametrize(
    ("schema", "properties", "additional"),
    [
        ({"type": "object", "properties": {"a": {"type": "integer"}, "b": {}}}, {"a": INTEGER, "b": Shape()}, None),
        ({"type": "object", "additionalProperties": {"type": "integer"}}, {}, INTEGER),
        ({"type": "object", "additionalProperties": False}, {}, None),
        ({"properties": {"a": {"type": "integer"}}}, {"a": INTEGER}, None),
        (
            {"allOf": [{"properties": {"a": {"type": "number"}}}, {"properties": {"a": {"type": "integer"}, "b": {"type": "string"}}}]},
            {"a": INTEGER, "b": STRING},
            None,
        ),
        (
            {
                "oneOf": [
                    {"type": "object", "properties": {"a": {"type": "string"}}},
                    {"type": "object", "properties": {"a": {"type": "integer"}}},
                ]
            },
            {"a": Shape(types=("integer", "string"))},
            None,
        ),
        ({"type": "string", "properties": {"a": {"type": "integer"}}}, {}, None),
    ],
)
def test_properties(tmp_path: Path, schema: dict[str, Any], properties: dict[str, Shape], additional: Shape | None) -> None:
    shape = bench(tmp_path, schema).shape()
    assert shape.properties == properties
    assert shape.additional == additional


def test_recursion_ends(tmp_path: Path) -> None:
    shape: Shape | None = bench(tmp_path, {"$ref": "#/components/schemas/Tree"}, **OTHERS).shape()
    depth = 0
    while shape is not None and shape.properties:
        kids = shape.properties["kids"]
        assert kids.types == ("array",)
        shape, depth = kids.items, depth + 1
    assert 2 <= depth <= 6


def test_a_wide_recursion_ends_soon(tmp_path: Path) -> None:
    wide = {"type": "object", "properties": {f"p{index}": {"$ref": "#/components/schemas/S"} for index in range(50)}}
    shape = bench(tmp_path, wide).shape()
    assert shape.types == ("object",)
    assert len(shape.properties) == 50
