from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from specgw.openapi.weakening import loosen, open_up
from tests.unit.openapi.schema_bench import bench

BAD = {"pattern": "("}


@pytest.mark.parametrize(
    ("schema", "good"),
    [
        ({"not": BAD}, ["x", 1]),
        ({"oneOf": [{"type": "string", **BAD}, {"type": "string", "maxLength": 3}]}, ["x"]),
        ({"oneOf": [{"type": "string"}, {"properties": {"a": BAD}}]}, ["x", {"a": "y"}]),
        ({"if": BAD, "then": False}, ["x"]),
        ({"not": {"allOf": [{"items": {"$ref": "#/components/schemas/Bad"}}]}}, [["x"], 1]),
        ({"contains": BAD, "maxContains": 1}, [["x", "y"]]),
        ({"allOf": [{"properties": []}], "unevaluatedProperties": False}, [{"a": 1}]),
        ({"allOf": [{"$ref": "#/components/schemas/Gap"}], "unevaluatedProperties": False}, [{"a": 1}]),
        ({"$ref": "#/components/schemas/Gap", "unevaluatedItems": False}, [[1]]),
    ],
)
def test_what_is_left_out_never_refuses_what_the_author_allowed(tmp_path: Path, schema: dict[str, Any], good: list[Any]) -> None:
    case = bench(tmp_path, schema, "3.1", Bad=BAD, Gap={"properties": [], "prefixItems": "x"})
    assert [value for value in good if not case.accepts(value)] == []
    assert case.lower().unenforced != ()


def test_what_does_not_depend_on_it_is_still_enforced(tmp_path: Path) -> None:
    schema = {
        "properties": {"a": BAD, "not": {"type": "integer"}},
        "additionalProperties": False,
        "not": {"required": ["b"]},
        "oneOf": [{"type": "object"}, {"type": "array"}],
    }
    case = bench(tmp_path, schema)
    assert case.accepts({"a": "x", "not": 1})
    for wrong in ({"c": 1}, {"not": "x"}, {"b": 1}, 3):
        assert not case.accepts(wrong)


def test_unevaluated_properties_stay_where_only_values_are_not_enforced(tmp_path: Path) -> None:
    case = bench(tmp_path, {"allOf": [{"properties": {"a": BAD}}], "unevaluatedProperties": False}, "3.1")
    assert case.accepts({"a": "x"})
    assert not case.accepts({"b": 1})


def test_schemas_lowered_earlier_are_known_to_have_holes(tmp_path: Path) -> None:
    case = bench(tmp_path, {"not": {"$ref": "#/components/schemas/Bad"}}, Bad=BAD)
    case.lower("/components/schemas/Bad")
    assert case.accepts("x")


def test_holes_in_a_circle_reach_everywhere_in_it(tmp_path: Path) -> None:
    a = {"not": {"$ref": "#/components/schemas/B"}}
    case = bench(tmp_path, {"$ref": "#/components/schemas/A"}, A=a, B={"properties": {"a": {"$ref": "#/components/schemas/A"}, "b": BAD}})
    assert case.accepts({"b": "x"})
    assert case.lower().unenforced == ("`pattern` of `B.b`",)


def test_loosening_by_identity_and_by_reference() -> None:
    hole: dict[str, Any] = {}
    schema = {"allOf": [{"not": hole}, {"not": {"$ref": "x:#/bad"}}, {"not": {"$ref": "x:#/good"}}], "enum": [{"not": hole}]}
    loosen(schema, {id(hole)}, {"x:#/bad"})
    assert schema == {"allOf": [{}, {}, {"not": {"$ref": "x:#/good"}}], "enum": [{"not": hole}]}


def test_one_of_beside_any_of_goes() -> None:
    hole: dict[str, Any] = {}
    schema: dict[str, Any] = {"oneOf": [hole], "anyOf": [{"type": "string"}]}
    loosen(schema, {id(hole)}, set())
    assert schema == {"anyOf": [{"type": "string"}]}


def test_opening_up_says_whether_anything_changed() -> None:
    gap: dict[str, Any] = {}
    schema: dict[str, Any] = {"allOf": [gap], "unevaluatedProperties": False, "type": "object"}
    assert open_up(schema, {id(gap)}, set())
    assert schema == {"allOf": [{}], "type": "object"}
    assert not open_up(schema, {id(gap)}, set())
