from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from specgw.openapi.schemas import Lowered, described
from specgw.plan import formats
from tests.unit.openapi.schema_bench import bench

NAME = {"type": "string"}
S = "/components/schemas/S"


def test_a_schema_stands_where_the_document_has_it(tmp_path: Path) -> None:
    case = bench(tmp_path, {"properties": {"a": {"$ref": "#/components/schemas/Name"}}}, Name=NAME, Unused=NAME)
    assert case.lower() == Lowered("request:/api.json#/components/schemas/S")
    assert case.schemas.resources() == {
        **formats.resources(True),
        "request:/api.json": {
            "components": {"schemas": {"Name": NAME, "S": {"properties": {"a": {"$ref": "request:/api.json#/components/schemas/Name"}}}}}
        },
    }


def test_directions_have_resources_of_their_own(tmp_path: Path) -> None:
    case = bench(tmp_path, NAME)
    assert case.lower(direction="response").reference == "response:/api.json#/components/schemas/S"
    assert set(case.schemas.resources()) == {formats.RESOURCE, "response:/api.json"}


def test_no_schemas_no_resources(tmp_path: Path) -> None:
    assert bench(tmp_path, NAME).schemas.resources() == {}


def test_schemas_in_lists_and_behind_odd_names(tmp_path: Path) -> None:
    paths = {"/a b/{id}%": {"get": {"parameters": [{}, {"schema": NAME}]}}}
    case = bench(tmp_path, {}, root={"paths": paths})
    pointer = "/paths/~1a b~1{id}%/get/parameters/1/schema"
    lowered = case.lower(pointer)
    assert lowered.reference == "request:/api.json#/paths/~1a%20b~1%7Bid%7D%25/get/parameters/1/schema"
    assert not case.accepts(1, pointer=pointer)
    assert case.accepts("x", pointer=pointer)


@pytest.mark.parametrize("name", ["$id", "$ref", "$anchor", "properties", "allOf", "enum", "a/b~c", "é %", "", "detached", "0"])
def test_components_and_properties_of_any_name(tmp_path: Path, name: str) -> None:
    escaped = name.replace("~", "~0").replace("/", "~1")
    schema = {"properties": {name: {"type": "integer"}, "other": {"$ref": f"#/components/schemas/{escaped.replace('%', '%25')}"}}}
    case = bench(tmp_path, schema, "3.1", **{name: NAME})
    assert case.accepts({name: 1, "other": "x"})
    assert not case.accepts({name: "x"})
    assert not case.accepts({"other": 1})
    assert not case.accepts(1, pointer=f"/components/schemas/{escaped}")


def test_a_reference_into_another_schema(tmp_path: Path) -> None:
    schema = {"properties": {"a": {"$ref": "#/components/schemas/A/properties/x"}, "b": {"$ref": "#/components/schemas/A"}}}
    case = bench(tmp_path, schema, A={"properties": {"x": NAME}, "required": ["x"]})
    assert case.accepts({"a": "x", "b": {"x": "y"}})
    assert not case.accepts({"a": 1})
    assert not case.accepts({"b": {}})
    assert not case.accepts({"b": {"x": 1}})


def test_a_reference_into_what_is_no_schema_position(tmp_path: Path) -> None:
    schema = {"properties": {"a": {"$ref": "#/components/schemas/A/x-parts/one"}, "b": {"$ref": "#/components/schemas/A"}}}
    case = bench(tmp_path, schema, A={"x-parts": {"one": NAME}, "type": "integer"})
    assert case.accepts({"a": "x", "b": 1})
    assert not case.accepts({"a": 1})
    assert not case.accepts({"b": "x"})
    again = case.schemas.resources()
    assert again == case.schemas.resources()


def test_only_a_reference_is_what_it_refers_to(tmp_path: Path) -> None:
    case = bench(tmp_path, {"$ref": "#/components/schemas/A", "description": "x"}, "3.1", A={"$ref": "#/components/schemas/B"}, B=NAME)
    assert case.lower().reference == "request:/api.json#/components/schemas/B"


def test_other_files(tmp_path: Path) -> None:
    files = {
        "parts/a b.json": {"definitions": {"n": {"$ref": "c.json"}}},
        "parts/c.json": {"type": "object", "properties": {"s": {"$ref": "../api.json#/components/schemas/S"}}},
    }
    case = bench(tmp_path, {"properties": {"a": {"$ref": "parts/a%20b.json#/definitions/n"}}, "additionalProperties": False}, files=files)
    assert case.accepts({"a": {"s": {"a": {}}}})
    assert not case.accepts({"a": {"s": {"b": 1}}})
    assert set(case.schemas.resources()) == {formats.RESOURCE, "request:/api.json", "request:/parts/a%20b.json", "request:/parts/c.json"}


def test_a_file_without_version_is_read_as_those_that_use_it(tmp_path: Path) -> None:
    shared = {"nullable": True, "type": "string", "$ref": "#/definitions/n", "definitions": {"n": {"maxLength": 1}}}
    other = {"openapi": "3.1.0", "info": {}, "components": {"schemas": {"T": {"properties": {"a": {"$ref": "shared.json"}}}}}}
    case = bench(
        tmp_path,
        {"properties": {"a": {"$ref": "shared.json"}, "b": {"$ref": "other.json#/components/schemas/T"}}},
        files={"shared.json": shared, "other.json": other},
    )
    assert case.accepts({"a": 5}), "3.0 ignores what stands beside a reference"
    assert not case.accepts({"b": {"a": 5}}), "3.1 does not"
    assert {uri for uri in case.schemas.resources() if "shared" in uri} == {"request:/shared.json", "request:/shared.json?openapi=3.1"}


@pytest.mark.parametrize(
    ("schema", "trivial"),
    [
        ({}, True),
        ({"description": "x", "example": 1, "format": "colour"}, True),
        ({"$ref": "#/components/schemas/Any"}, True),
        ({"allOf": [{"$ref": "#/components/schemas/Any"}, {}]}, True),
        ({"properties": {"a": {}}, "items": {}, "additionalProperties": True}, True),
        ({"properties": {"a": {"$ref": "#/components/schemas/Loop"}}}, True),
        ({"type": "object"}, False),
        ({"properties": {"a": NAME}}, False),
        ({"additionalProperties": False}, False),
        ({"format": "int32"}, False),
        ({"format": "date"}, False),
        ({"anyOf": [{}]}, False),
    ],
)
def test_trivial_schemas_accept_everything(tmp_path: Path, schema: dict[str, Any], trivial: bool) -> None:
    loop = {"properties": {"b": {"$ref": "#/components/schemas/Loop"}}}
    assert bench(tmp_path, schema, Any={"title": "x"}, Loop=loop).lower().trivial is trivial


def test_trivial_booleans(tmp_path: Path) -> None:
    assert bench(tmp_path, True, "3.1").lower().trivial
    assert not bench(tmp_path, False, "3.1").lower().trivial


@pytest.mark.parametrize("schema", ["x", [1], 3])
def test_what_is_no_schema_at_all(tmp_path: Path, schema: Any) -> None:
    case = bench(tmp_path, schema)
    assert case.lower().unenforced == ("`S`",)
    assert case.found == [("schema-keyword-dropped", S)]


def test_a_schema_without_content(tmp_path: Path) -> None:
    case = bench(tmp_path, None)
    assert case.lower() == Lowered("request:/api.json#/components/schemas/S", (), True)
    assert case.found == [("schema-fault", S)]


def test_what_is_not_enforced_is_told_wherever_it_is_reached(tmp_path: Path) -> None:
    deep = {"properties": {"p": {"pattern": "("}, "s": {"$ref": "#/components/schemas/S"}}}
    case = bench(tmp_path, {"items": {"$ref": "#/components/schemas/Deep"}}, Deep=deep, Clean=NAME)
    assert case.lower().unenforced == ("`pattern` of `Deep.p`",)
    assert case.lower("/components/schemas/Deep").unenforced == ("`pattern` of `Deep.p`",)
    assert case.lower("/components/schemas/Clean").unenforced == ()


def test_the_same_schemas_in_another_order_give_the_same_resources(tmp_path: Path) -> None:
    others: dict[str, Any] = {
        "A": {"allOf": [{"$ref": "#/components/schemas/B"}], "properties": {"x": {"readOnly": True}}},
        "B": {"required": ["x", "y"]},
    }
    names = ["S", "A", "B"]
    one, other = bench(tmp_path, NAME, **others), bench(tmp_path, NAME, **others)
    for name in names:
        one.lower(f"/components/schemas/{name}")
    for name in reversed(names):
        other.lower(f"/components/schemas/{name}")
    assert json.dumps(one.schemas.resources()) == json.dumps(other.schemas.resources())


def test_long_chains_and_wide_compositions(tmp_path: Path) -> None:
    count = 1000
    chain: dict[str, Any] = {
        f"C{index}": {"allOf": [{"$ref": f"#/components/schemas/C{index + 1}"}], "required": ["x"]} for index in range(count)
    }
    wide: dict[str, Any] = {f"W{index}": {"properties": {f"p{index}": NAME}} for index in range(count)}
    schema = {"allOf": [{"$ref": "#/components/schemas/C0"}, *({"$ref": f"#/components/schemas/{name}"} for name in wide)]}
    chain[f"C{count}"] = {"type": "object"}
    case = bench(tmp_path, schema, **chain, **wide)
    assert case.accepts({"x": 1})
    assert not case.accepts({"x": 1, f"p{count - 1}": 1})
    assert not case.accepts({})


def test_deep_schemas(tmp_path: Path) -> None:
    schema: Any = NAME
    value: Any = "x"
    wrong: Any = 1
    for _ in range(60):
        schema, value, wrong = {"properties": {"a": schema}}, {"a": value}, {"a": wrong}
    case = bench(tmp_path, schema)
    assert case.accepts(value)
    assert not case.accepts(wrong)


def test_names_of_schemas_in_words() -> None:
    assert described("/components/schemas/Pet/properties/name") == "`Pet.name`"
    assert described("/components/schemas/Pet/allOf/0/properties/a~1b") == "`Pet.a/b`"
    assert described("/paths/~1x/get/parameters/0/schema") == "the schema"
