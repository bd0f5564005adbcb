from __future__ import annotations

from typing import Any

import pytest

from specgw.compiler.merge.schemas import upgrade


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ({"type": "string", "nullable": True}, {"type": ["string", "null"]}),
        ({"type": "string", "nullable": False}, {"type": "string"}),
        ({"nullable": True, "allOf": [{}]}, {"allOf": [{}]}),
        ({"type": "string", "nullable": True, "enum": ["a"]}, {"type": ["string", "null"], "enum": ["a"]}),
        ({"minimum": 1, "exclusiveMinimum": True}, {"exclusiveMinimum": 1}),
        ({"maximum": 1, "exclusiveMaximum": False}, {"maximum": 1}),
        ({"exclusiveMinimum": True}, {}),
        (
            {"type": "integer", "format": "int64", "example": 1, "xml": {"name": "a"}},
            {"type": "integer", "format": "int64", "example": 1, "xml": {"name": "a"}},
        ),
    ],
)
def test_3_0_is_said_in_3_1(said: dict[str, Any], meant: dict[str, Any]) -> None:
    assert upgrade(said, "3.0") == meant


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ({"exclusiveMinimum": 1}, {"exclusiveMinimum": 1}),
        ({"minimum": 1, "exclusiveMinimum": True}, {"exclusiveMinimum": 1}),
        ({"type": ["string", "null"]}, {"type": ["string", "null"]}),
        ({"type": "string", "nullable": True}, {"type": ["string", "null"]}),
        ({"$ref": "#/a", "nullable": True}, {"anyOf": [{"type": "null"}, {"$ref": "#/a"}]}),
        ({"type": "string", "enum": ["a"], "nullable": True}, {"anyOf": [{"type": "null"}, {"type": ["string", "null"], "enum": ["a"]}]}),
    ],
)
def test_faults_of_3_1_documents_are_read_as_the_lowering_reads_them(said: dict[str, Any], meant: dict[str, Any]) -> None:
    assert upgrade(said, "3.1") == meant


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ({"required": ["a", "b", "a", 1]}, {"required": ["a", "b"]}),
        ({"required": True}, {}),
        ({"type": "int"}, {"type": "integer"}),
        ({"type": "whatever"}, {}),
        ({"type": ["string"]}, {"type": "string"}),
        ({"minLength": "3", "maxLength": -1, "multipleOf": 0}, {"minLength": 3}),
        ({"enum": [1, 1, 2]}, {"enum": [1, 2]}),
        ({"enum": []}, {}),
        ({"description": 3, "examples": 1, "readOnly": "yes", "title": "kept"}, {"title": "kept"}),
        ({"$schema": "http://json-schema.org/draft-04/schema#", "type": "string"}, {"type": "string"}),
        ({"$schema": "https://json-schema.org/draft/2020-12/schema"}, {"$schema": "https://json-schema.org/draft/2020-12/schema"}),
    ],
)
@pytest.mark.parametrize("version", ["3.0", "3.1"])
def test_values_that_break_a_rule_become_valid(said: dict[str, Any], meant: dict[str, Any], version: str) -> None:
    assert upgrade(dict(said), version) == meant


@pytest.mark.parametrize(
    ("said", "bounds"),
    [
        ({"type": "integer", "format": "uint8"}, {"minimum": 0, "maximum": 255}),
        ({"type": "integer", "format": "int8", "minimum": -5}, {"minimum": -5, "maximum": 127}),
        ({"type": ["number", "null"], "format": "float"}, {"minimum": -(2 - 2**-23) * 2.0**127, "maximum": (2 - 2**-23) * 2.0**127}),
        ({"type": "integer", "format": "int32"}, {}),
        ({"type": "string", "format": "uint8"}, {}),
        ({"format": "uint8"}, {}),
    ],
)
def test_numeric_formats_that_few_readers_know_say_their_range(said: dict[str, Any], bounds: dict[str, Any]) -> None:
    assert upgrade(dict(said), "3.1") == {**said, **bounds}
