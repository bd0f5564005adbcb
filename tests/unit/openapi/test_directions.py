from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from specgw.openapi.dialects import OPENAPI_30, OPENAPI_31
from specgw.openapi.directions import Directions
from specgw.openapi.targets import Targets
from tests.unit.openapi.schema_bench import bench

ID = {"type": "integer", "readOnly": True}
SECRET = {"type": "string", "writeOnly": True}
USER = {"type": "object", "required": ["id", "name", "secret"], "properties": {"id": ID, "name": {"type": "string"}, "secret": SECRET}}
VERSIONS = pytest.mark.parametrize("version", ["3.0", "3.1"])


@VERSIONS
def test_required_takes_effect_in_one_direction(tmp_path: Path, version: str) -> None:
    case = bench(tmp_path, USER, version)
    # In 3.1 readOnly is an annotation: "the behavior of readOnly in particular differs from that specified by version 3.0".
    assert case.accepts({"name": "a", "secret": "b"}, "request") is (version == "3.0")
    assert not case.accepts({"name": "a"}, "request")
    assert case.accepts({"id": 1, "name": "a"}, "response")
    assert not case.accepts({"name": "a"}, "response")


@VERSIONS
def test_what_was_got_may_be_put_back(tmp_path: Path, version: str) -> None:
    case = bench(tmp_path, USER, version)
    assert case.accepts({"id": 1, "name": "a", "secret": "b"}, "request")
    assert not case.accepts({"id": "one", "name": "a", "secret": "b"}, "request"), "but it has to be what it is"


@VERSIONS
def test_a_write_only_property_in_a_response_is_a_violation(tmp_path: Path, version: str) -> None:
    case = bench(tmp_path, USER, version)
    assert not case.accepts({"id": 1, "name": "a", "secret": "b"}, "response")


@VERSIONS
@pytest.mark.parametrize(
    "mark", [{"$ref": "#/components/schemas/Id"}, {"allOf": [{"$ref": "#/components/schemas/Id"}]}, {"allOf": [{}, {"readOnly": True}]}]
)
def test_the_mark_is_seen_through_references_and_compositions(tmp_path: Path, version: str, mark: dict[str, Any]) -> None:
    case = bench(tmp_path, {"required": ["id"], "properties": {"id": mark}}, version, Id=ID)
    assert case.accepts({}, "request") is (version == "3.0")
    assert not case.accepts({}, "response")
    secret = json.loads(json.dumps(mark).replace("readOnly", "writeOnly").replace("Id", "Secret"))
    (tmp_path / "secret").mkdir()
    case = bench(tmp_path / "secret", {"required": ["secret"], "properties": {"secret": secret}}, version, Secret=SECRET)
    assert case.accepts({}, "response")
    assert not case.accepts({}, "request")


@VERSIONS
def test_required_and_the_mark_may_stand_in_different_branches(tmp_path: Path, version: str) -> None:
    case = bench(
        tmp_path,
        {"allOf": [{"required": ["id", "name"]}, {"$ref": "#/components/schemas/Base"}]},
        version,
        Base={"properties": {"id": SECRET}},
    )
    assert case.accepts({"name": "a"}, "response")
    assert not case.accepts({}, "response")
    assert not case.accepts({"name": "a"}, "request")


@VERSIONS
def test_a_shared_branch_is_relaxed_only_where_the_mark_applies(tmp_path: Path, version: str) -> None:
    schema = {
        "properties": {
            "with": {"allOf": [{"$ref": "#/components/schemas/Needs"}, {"properties": {"id": SECRET}}]},
            "without": {"$ref": "#/components/schemas/Needs"},
        }
    }
    needs = {"allOf": [{"$ref": "#/components/schemas/Deeper"}]}
    case = bench(tmp_path, schema, version, Needs=needs, Deeper={"required": ["id", "name"]})
    assert case.accepts({"with": {"name": "a"}}, "response")
    assert not case.accepts({"with": {}}, "response")
    assert not case.accepts({"without": {"name": "a"}}, "response")


def test_keys_beside_a_reference_in_31_count_as_a_composition(tmp_path: Path) -> None:
    case = bench(tmp_path, {"$ref": "#/components/schemas/Needs", "properties": {"id": SECRET}}, "3.1", Needs={"required": ["id", "name"]})
    assert case.accepts({"name": "a"}, "response")
    assert not case.accepts({}, "response")
    assert not case.accepts({"name": "a"}, "request")


def test_keys_beside_a_reference_in_30_do_not(tmp_path: Path) -> None:
    case = bench(tmp_path, {"required": ["id"], "properties": {"id": {"$ref": "#/components/schemas/Plain", "readOnly": True}}}, Plain={})
    assert not case.accepts({}, "request")
    assert case.codes == ["reference-siblings"]


def test_alternatives_are_relaxed_but_not_a_choice_of_one(tmp_path: Path) -> None:
    any_of = bench(tmp_path, {"properties": {"id": ID}, "anyOf": [{"required": ["id", "a"]}, {"required": ["b"]}]})
    assert any_of.accepts({"a": 1})
    one_of = bench(tmp_path, {"properties": {"id": ID}, "oneOf": [{"required": ["id"]}, {"required": ["b"]}]})
    assert one_of.accepts({"b": 1}), "a branch that required nothing would match, too"
    assert not one_of.accepts({"b": 1, "id": 1})


@pytest.mark.parametrize("version", ["3.0", "3.1"])
def test_below_not_nothing_changes(tmp_path: Path, version: str) -> None:
    schema = {"properties": {"id": ID}, "not": {"$ref": "#/components/schemas/HasId"}}
    case = bench(tmp_path, schema, version, HasId={"required": ["id"], "properties": {"id": ID, "secret": SECRET}})
    assert case.accepts({}, "request")
    assert not case.accepts({"id": 1}, "request")
    assert not case.accepts({"id": 1, "secret": "x"}, "response")


def test_below_if_nothing_changes_and_below_then_it_does(tmp_path: Path) -> None:
    schema = {"properties": {"id": SECRET}, "if": {"required": ["id"]}, "then": {"required": ["a"]}, "else": {"required": ["id", "b"]}}
    case = bench(tmp_path, schema, "3.1")
    assert case.accepts({"b": 1}, "response")
    assert not case.accepts({}, "response")
    assert not case.accepts({"id": "x"}, "request")
    assert not case.accepts({"b": 1}, "request")


def test_marked_both_ways_is_marked_neither_way(tmp_path: Path) -> None:
    case = bench(tmp_path, {"required": ["a"], "properties": {"a": {"readOnly": True, "writeOnly": True}}})
    for direction in ("request", "response"):
        assert case.accepts({"a": 1}, direction)
        assert not case.accepts({}, direction)


def test_compositions_that_apply_themselves(tmp_path: Path) -> None:
    a = {"allOf": [{"$ref": "#/components/schemas/B"}], "properties": {"x": SECRET}}
    b = {"allOf": [{"$ref": "#/components/schemas/A"}], "required": ["x", "y"]}
    case = bench(tmp_path, {"$ref": "#/components/schemas/A"}, "3.1", A=a, B=b)
    assert case.accepts({"y": 1}, "response")
    assert not case.accepts({}, "response")
    directions = Directions(Targets(case.schemas.targets._library, case.findings))
    for name in ("A", "B", "S"):
        assert directions.hidden_names(case.node(f"/components/schemas/{name}"), OPENAPI_31, "response") == {"x"}


def test_the_answers(tmp_path: Path) -> None:
    case = bench(tmp_path, {"properties": {"id": ID, "secret": SECRET, "name": {}, "odd": 3}, "required": ["id", "name"]})
    directions, node = case.schemas.directions, case.node("/components/schemas/S")
    assert directions.hidden_names(node, OPENAPI_30, "request") == {"id"}
    assert directions.hidden_names(node, OPENAPI_30, "response") == {"secret"}
    assert directions.hidden_names(node, OPENAPI_31, "request") == set()
    assert directions.hidden_names(node, OPENAPI_31, "response") == {"secret"}
    assert directions.relaxable(frozenset(("id", "name", "other")), node, OPENAPI_30, "request") == {"name"}
