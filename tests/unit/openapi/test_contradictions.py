from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.unit.openapi.schema_bench import bench

CLOSED = {"type": "object", "additionalProperties": False}


@pytest.mark.parametrize(
    ("schema", "keyword", "message"),
    [
        ({"minimum": 5, "maximum": 3}, "minimum", "no number is valid"),
        ({"minLength": 5, "maxLength": 3}, "minLength", "no text is valid"),
        ({"minItems": 2, "maxItems": 1}, "minItems", "no array is valid"),
        ({"minProperties": 2, "maxProperties": 1}, "minProperties", "no object is valid"),
        ({"type": "integer", "enum": ["a", "b"]}, "enum", "no value of `enum` has the type 'integer'"),
        ({**CLOSED, "properties": {"name": {}}, "required": ["nmae"]}, "required", "asks for 'nmae'"),
    ],
)
def test_what_refuses_everything_is_told_and_enforced(tmp_path: Path, schema: dict[str, Any], keyword: str, message: str) -> None:
    case = bench(tmp_path, schema)
    assert case.lower().unenforced == ()
    [finding] = [found for found in case.findings if found.code != "schema-fault"]
    assert (finding.code, finding.pointer) == ("contradiction", f"/components/schemas/S/{keyword}")
    assert message in finding.message
    assert not all(case.accepts(value) for value in (4, "abcd", [1], {"a": 1}))


@pytest.mark.parametrize(
    "schema",
    [
        {"minimum": 3, "maximum": 3},
        {"type": "number", "enum": [1, 2]},
        {"type": ["string", "null"], "enum": ["a", None]},
        {"type": "integer", "enum": ["1", "2"]},  # read as integers, which is told already
        {**CLOSED, "properties": {"a": {}}, "required": ["a"]},
        {**CLOSED, "patternProperties": {"^n": {}}, "required": ["name"]},
        {"type": "object", "properties": {"a": {}}, "required": ["b"]},
        {**CLOSED, "properties": {"id": {"readOnly": True}}, "required": ["id"]},
        {"not": {"minimum": 5, "maximum": 3}},
        {**CLOSED, "properties": ["a"], "required": ["a"]},
    ],
)
def test_what_something_can_match_is_not(tmp_path: Path, schema: dict[str, Any]) -> None:
    case = bench(tmp_path, schema, "3.1")
    case.lower()
    assert "contradiction" not in case.codes


def test_a_misspelt_name_gets_a_suggestion(tmp_path: Path) -> None:
    case = bench(tmp_path, {**CLOSED, "properties": {"name": {}, "age": {}}, "required": ["age", "nmae"]})
    case.lower()
    assert [finding.hint for finding in case.findings] == ["did you mean 'name'?"]
