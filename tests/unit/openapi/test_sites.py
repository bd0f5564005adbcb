from __future__ import annotations

from pathlib import Path

from specgw.openapi.sites import PLAIN, STRICT, Context
from tests.unit.openapi.schema_bench import bench


def test_contexts_are_equal_by_what_they_say_and_name_it() -> None:
    assert Context(frozenset("ab")) == Context(frozenset("ba"))
    assert Context() == PLAIN
    assert PLAIN.label == ""
    assert STRICT.label == "strict"
    assert Context(frozenset(("b", "a")), strict=True, bare=True).label == "strict, bare, relaxed a, relaxed b"


def test_a_fault_is_reported_where_it_stands(tmp_path: Path) -> None:
    case = bench(tmp_path, {"allOf": [{"properties": {"a/b": {"minimum": "3"}}}]})
    case.lower()
    assert case.found == [("schema-fault", "/components/schemas/S/allOf/0/properties/a~1b/minimum")]


def test_a_schema_without_content_is_reported_where_it_should_stand(tmp_path: Path) -> None:
    case = bench(tmp_path, {"properties": {"a": None}})
    case.lower()
    assert case.found == [("schema-fault", "/components/schemas/S/properties/a")]


def test_boolean_schemas_belong_to_31(tmp_path: Path) -> None:
    schema = {"properties": {"a": False, "b": True}}
    later = bench(tmp_path, schema, "3.1")
    assert not later.accepts({"a": 1})
    assert later.codes == []
    earlier = bench(tmp_path, schema)
    assert not earlier.accepts({"a": 1})
    assert earlier.codes == ["keyword-of-another-dialect"] * 2


def test_the_same_fault_in_both_directions_is_reported_once(tmp_path: Path) -> None:
    case = bench(tmp_path, {"minimum": "3"})
    case.lower(direction="request")
    case.lower(direction="response")
    assert case.codes == ["schema-fault"]
