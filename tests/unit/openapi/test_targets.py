from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from specgw.openapi.dialects import OPENAPI_30, OPENAPI_31
from specgw.openapi.targets import can_be_schema
from tests.unit.openapi.schema_bench import bench

NAME = {"type": "string"}


@pytest.mark.parametrize(
    ("reference", "others"),
    [
        ("#/components/schemas/Name", {"Name": NAME}),
        ("#/components/schemas/a~1b~0c", {"a/b~c": NAME}),
        ("#/components/schemas/a%20b", {"a b": NAME}),
        ("#name", {"Any": {"properties": {"x": {"$anchor": "name", **NAME}}}}),
        ("https://example.com/name", {"Any": {"$id": "https://example.com/name", **NAME}}),
        ("https://example.com/any#/$defs/n", {"Any": {"$id": "https://example.com/any", "$defs": {"n": NAME}}}),
        ("https://example.com/any#n", {"Any": {"$id": "https://example.com/any", "$defs": {"n": {"$anchor": "n", **NAME}}}}),
        ("https://example.com/b", {"Any": {"$id": "https://example.com/a", "$defs": {"n": {"$id": "b", **NAME}}}}),
        ("other.json", {}),
        ("other.json#/definitions/n", {}),
        ("other.json#n", {}),
    ],
)
def test_references_of_31(tmp_path: Path, reference: str, others: dict[str, Any]) -> None:
    other = {"definitions": {"n": {"$anchor": "n", **NAME}}, **NAME}
    case = bench(tmp_path, {"properties": {"a": {"$ref": reference}}}, "3.1", files={"other.json": other}, **others)
    assert case.accepts({"a": "x"})
    assert not case.accepts({"a": 1})
    assert case.codes == []


@pytest.mark.parametrize(
    ("inner", "good"),
    [
        ({"$ref": "#/$defs/n"}, "x"),
        ({"$ref": "#n"}, "x"),
        ({"$ref": "#"}, {"a": {}}),
        ({"$ref": "https://example.com/s"}, {"a": {}}),
        ({"$ref": "/s#/$defs/n"}, "x"),
        ({"$ref": "#/components/schemas/Name"}, "x"),
    ],
)
def test_a_schema_with_an_id_is_what_its_references_are_relative_to(tmp_path: Path, inner: dict[str, Any], good: Any) -> None:
    schema = {"$id": "https://example.com/s", "type": "object", "properties": {"a": inner}, "$defs": {"n": {"$anchor": "n", **NAME}}}
    case = bench(tmp_path, schema, "3.1", Name=NAME, Other={"$anchor": "n", "type": "integer"})
    assert case.accepts({"a": good})
    assert not case.accepts({"a": 7})
    assert case.codes == []


def test_identifiers_mean_nothing_in_30(tmp_path: Path) -> None:
    case = bench(
        tmp_path,
        {"$id": "https://example.com/s", "properties": {"a": {"$ref": "#/components/schemas/Name"}, "b": {"$ref": "#n"}}},
        Name={"$anchor": "n", **NAME},
    )
    assert not case.accepts({"a": 1})
    assert case.found == [("broken-reference", "/components/schemas/S/properties/b/$ref")]


def test_identifiers_inside_of_data_are_data(tmp_path: Path) -> None:
    case = bench(tmp_path, {"enum": [{"$id": "https://example.com/n", "$anchor": "n"}], "properties": {"a": {"$ref": "#n"}}}, "3.1")
    case.lower()
    assert case.codes == ["broken-reference"]


@pytest.mark.parametrize("identifier", ["http://[bad", 3, None, ""])
def test_an_identifier_that_is_none(tmp_path: Path, identifier: Any) -> None:
    case = bench(tmp_path, {"$id": identifier, "properties": {"a": {"$ref": "#/components/schemas/Name"}}}, "3.1", Name=NAME)
    assert case.accepts({"a": "x"})
    assert not case.accepts({"a": 1})


def test_a_dynamic_reference_to_the_only_bearer_of_its_name(tmp_path: Path) -> None:
    tree = {"$dynamicAnchor": "node", "type": "object", "properties": {"children": {"items": {"$dynamicRef": "#node"}}}}
    case = bench(tmp_path, tree, "3.1")
    assert case.accepts({"children": [{"children": []}]})
    assert not case.accepts({"children": [1]})
    assert case.codes == []


def test_a_dynamic_reference_to_a_plain_anchor(tmp_path: Path) -> None:
    case = bench(tmp_path, {"items": {"$dynamicRef": "#n"}}, "3.1", Name={"$anchor": "n", **NAME})
    assert not case.accepts([1])
    assert case.codes == []


TREE = {"$id": "tree", "$dynamicAnchor": "node", "type": "object", "properties": {"data": True, "in": {"items": {"$dynamicRef": "#node"}}}}


def test_a_dynamic_reference_leads_where_the_way_says(tmp_path: Path) -> None:
    # JSON Schema 2020-12 Core section 8.2.3.2 and its appendix C: a tree that is extended to a strict tree.
    strict = {"$id": "strict", "$dynamicAnchor": "node", "$ref": "tree", "unevaluatedProperties": False}
    schema = {"properties": {"strict": {"$ref": "strict"}, "tree": {"$ref": "tree"}}}
    case = bench(tmp_path, schema, "3.1", Tree=TREE, Strict=strict)
    for name, admitted in (("strict", False), ("tree", True)):
        assert case.accepts({name: {"in": [{"data": 1}]}})
        assert case.accepts({name: {"in": [{"daat": 1}]}}) is admitted
        assert not case.accepts({name: {"in": [1]}})
    assert case.codes == []
    assert case.lower().unenforced == ()


def test_a_generic_list_is_a_list_of_what_refers_to_it(tmp_path: Path) -> None:
    generic = {
        "$id": "https://example.com/list",
        "type": "array",
        "items": {"$dynamicRef": "#item"},
        "$defs": {"any": {"$dynamicAnchor": "item"}},
    }

    def of(name: str, kind: str) -> dict[str, object]:
        return {"$id": f"https://example.com/{name}", "$ref": "list", "$defs": {"item": {"$dynamicAnchor": "item", "type": kind}}}

    schema = {
        "properties": {"texts": of("texts", "string"), "numbers": {"$ref": "https://example.com/numbers"}, "any": {"$ref": generic["$id"]}}
    }
    case = bench(tmp_path, schema, "3.1", List=generic, Numbers=of("numbers", "number"))
    for right in ({"texts": ["a"]}, {"numbers": [1]}, {"any": ["a", 1]}):
        assert case.accepts(right)
        assert case.accepts(right, "response")
    for wrong in ({"texts": [1]}, {"numbers": ["a"]}, {"any": 1}):
        assert not case.accepts(wrong)
    assert case.codes == []


def test_a_dynamic_reference_over_files(tmp_path: Path) -> None:
    files = {
        "tree.json": {key: value for key, value in TREE.items() if key != "$id"},
        "strict.json": {"$dynamicAnchor": "node", "$ref": "tree.json", "unevaluatedProperties": False},
    }
    for first, second in (("s", "t"), ("t", "s")):
        references = {"s": {"$ref": "strict.json"}, "t": {"$ref": "tree.json"}}
        (tmp_path / first).mkdir()
        schema = {"properties": {name: references[name] for name in (first, second)}}
        the_ways_are_told_apart(bench(tmp_path / first, schema, "3.1", files=files))


def the_ways_are_told_apart(case: Any) -> None:
    assert case.accepts({"s": {"in": [{"data": 1}]}, "t": {"in": [{"daat": 1}]}})
    assert not case.accepts({"s": {"in": [{"daat": 1}]}})


def test_a_recursive_reference_of_2019(tmp_path: Path) -> None:
    tree = {"$recursiveAnchor": True, "type": "object", "properties": {"kids": {"items": {"$recursiveRef": "#"}}}}
    case = bench(tmp_path, tree, "3.1")
    assert case.accepts({"kids": [{"kids": []}]})
    assert not case.accepts({"kids": [1]})
    assert case.codes == ["keyword-of-another-dialect"]
    lost = bench(tmp_path, {"items": {"$recursiveRef": "#"}}, "3.1")
    assert lost.accepts([1])
    assert lost.lower().unenforced == ("`$recursiveRef` of `S`",)


def test_the_schemas_of_another_document_keep_its_version(tmp_path: Path) -> None:
    other = {"openapi": "3.1.0", "components": {"schemas": {"N": {"$ref": "#/components/schemas/M", "maxLength": 1}, "M": NAME}}}
    case = bench(tmp_path, {"properties": {"a": {"$ref": "other.json#/components/schemas/N"}}}, files={"other.json": other})
    assert not case.accepts({"a": "long"})
    assert case.codes == []


def test_endless_references(tmp_path: Path) -> None:
    case = bench(
        tmp_path,
        {"$ref": "#/components/schemas/A"},
        A={"$ref": "#/components/schemas/B"},
        B={"$ref": "#/components/schemas/A"},
        C={"$ref": "#/components/schemas/D"},
        D={},
    )
    targets = case.schemas.targets
    assert [targets.endless(case.node(f"/components/schemas/{name}"), OPENAPI_30) for name in "SABCD"] == [True, True, True, False, False]
    assert targets.endless(case.node("/components/schemas/S"), OPENAPI_31), "remembered"


def test_what_can_be_a_schema(tmp_path: Path) -> None:
    case = bench(tmp_path, {})
    assert can_be_schema(case.node("/components/schemas/S"))
    assert not can_be_schema(case.root)
    assert not can_be_schema(case.node("/info/title"))
    assert not can_be_schema(case.node("/components/schemas"))


def test_a_reference_to_another_kind_of_component_is_not_enforced(tmp_path: Path) -> None:
    parameters = {"P": {"name": "p", "in": "query", "schema": NAME}}
    case = bench(tmp_path, {"$ref": "#/components/parameters/P"})
    case.root.value["components"]["parameters"] = parameters
    assert case.lower().unenforced == ("`$ref` of `S`",)
    assert case.codes == ["schema-keyword-dropped"]
    assert case.accepts(1)
    inside = bench(tmp_path, {"$ref": "#/components/parameters/P/schema"})
    inside.root.value["components"]["parameters"] = parameters
    assert not inside.accepts(1)
    assert inside.codes == []
