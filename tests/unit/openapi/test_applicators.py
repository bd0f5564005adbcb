from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.unit.openapi.schema_bench import bench

NAME = {"type": "string"}


@pytest.mark.parametrize(
    ("schema", "good", "bad"),
    [
        ({"properties": {"a": NAME}}, [{"a": "x"}, {"b": 1}, {}], [{"a": 1}]),
        ({"additionalProperties": False, "properties": {"a": {}}}, [{"a": 1}], [{"b": 1}]),
        ({"additionalProperties": NAME, "properties": {"a": {}}}, [{"a": 1, "b": "x"}], [{"b": 1}]),
        ({"additionalProperties": True}, [{"b": 1}], []),
        ({"items": NAME}, [[], ["x"], "y"], [[1]]),
        ({"allOf": [{"minimum": 1}, {"maximum": 3}]}, [2], [0, 4]),
        ({"anyOf": [{"type": "string"}, {"minimum": 3}]}, ["x", 3], [2]),
        ({"oneOf": [{"minimum": 1}, {"maximum": 3}]}, [0, 4], [2]),
        ({"not": {"type": "string"}}, [1], ["x"]),
        ({"$ref": "#/components/schemas/Name"}, ["x"], [1]),
        ({"properties": {"a": {"$ref": "#/components/schemas/Tree"}}}, [{"a": {"a": {"n": "x"}}}], [{"a": {"a": {"n": 1}}}]),
    ],
)
def test_keywords_of_openapi_30(tmp_path: Path, schema: dict[str, Any], good: list[Any], bad: list[Any]) -> None:
    tree = {"properties": {"a": {"$ref": "#/components/schemas/Tree"}, "n": NAME}}
    case = bench(tmp_path, schema, Name=NAME, Tree=tree)
    assert [value for value in good if not case.accepts(value)] == []
    assert [value for value in bad if case.accepts(value)] == []
    assert case.codes == []


@pytest.mark.parametrize(
    ("schema", "good", "bad"),
    [
        (True, [1, None], []),
        (False, [], [1, None]),
        ({"properties": {"a": False}}, [{}], [{"a": 1}]),
        ({"$ref": "#/components/schemas/Name", "minLength": 2}, ["xy"], ["x", 1]),
        ({"$ref": "#/components/schemas/S/$defs/n", "$defs": {"n": NAME}}, ["x"], [1]),
        ({"patternProperties": {"^n": NAME}, "additionalProperties": False}, [{"n1": "x"}], [{"n1": 1}, {"m": 1}]),
        ({"propertyNames": {"maxLength": 1}}, [{"a": 1}], [{"ab": 1}]),
        ({"prefixItems": [NAME, {"type": "integer"}], "items": False}, [["x", 1], ["x"]], [["x", 1, 2], [1]]),
        ({"contains": {"type": "string"}}, [[1, "x"]], [[1], []]),
        ({"if": {"type": "string"}, "then": {"minLength": 2}, "else": {"minimum": 2}}, ["xy", 2], ["x", 1]),
        ({"dependentSchemas": {"a": {"required": ["b"]}}}, [{"b": 1}, {"a": 1, "b": 1}], [{"a": 1}]),
        ({"allOf": [{"properties": {"a": {}}}], "unevaluatedProperties": False}, [{"a": 1}], [{"b": 1}]),
        ({"anyOf": [{"$ref": "#/components/schemas/A"}], "unevaluatedProperties": NAME}, [{"a": 1, "b": "x"}], [{"a": 1, "b": 1}]),
        ({"allOf": [{"prefixItems": [{}]}], "unevaluatedItems": False}, [[1]], [[1, 2]]),
        ({"$comment": "x", "contentEncoding": "base64", "deprecated": True, "default": 3}, [1, "*"], []),
    ],
)
def test_keywords_of_openapi_31(tmp_path: Path, schema: Any, good: list[Any], bad: list[Any]) -> None:
    case = bench(tmp_path, schema, "3.1", Name=NAME, A={"properties": {"a": {}}})
    assert [value for value in good if not case.accepts(value)] == []
    assert [value for value in bad if case.accepts(value)] == []
    assert case.codes == []
    assert case.lower().unenforced == ()


def test_keys_beside_a_reference_have_no_effect_in_30(tmp_path: Path) -> None:
    """OpenAPI 3.0, Reference Object: "any properties added SHALL be ignored"."""
    case = bench(tmp_path, {"properties": {"a": {"$ref": "#/components/schemas/Name", "maxLength": 1, "description": "x"}}}, Name=NAME)
    assert case.accepts({"a": "long"})
    assert case.found == [("reference-siblings", "/components/schemas/S/properties/a/maxLength")]


def test_neither_where_the_reference_is_all_of_a_schema(tmp_path: Path) -> None:
    case = bench(tmp_path, {"$ref": "#/components/schemas/Name", "nullable": True}, Name=NAME)
    assert not case.accepts(None)
    assert case.found == [("reference-siblings", "/components/schemas/S/nullable")]


def test_a_description_beside_a_reference_is_worth_no_finding(tmp_path: Path) -> None:
    case = bench(tmp_path, {"properties": {"a": {"$ref": "#/components/schemas/Name", "description": "x"}}}, Name=NAME)
    assert not case.accepts({"a": 1})
    assert case.codes == []


def test_discriminator_never_changes_the_verdict(tmp_path: Path) -> None:
    pets = {
        "oneOf": [{"$ref": "#/components/schemas/Cat"}, {"$ref": "#/components/schemas/Dog"}],
        "discriminator": {"propertyName": "kind", "mapping": {"feline": "#/components/schemas/Cat"}},
    }
    case = bench(tmp_path, pets, Cat={"required": ["meows"]}, Dog={"required": ["barks"]})
    assert case.accepts({"meows": 1}), "without the discriminating property"
    assert case.accepts({"kind": "Dog", "meows": 1}), "with that of the other"
    assert not case.accepts({"kind": "Cat", "meows": 1, "barks": 1})


@pytest.mark.parametrize(
    ("schema", "good", "bad", "version"),
    [
        ({"items": [NAME, {"type": "integer"}]}, [["x", 1, None]], [[1]], "3.1"),
        ({"items": [NAME], "additionalItems": False}, [["x"]], [["x", 1]], "3.1"),
        ({"items": None}, [[1]], [], "3.0"),
        ({"allOf": {"type": "string"}}, ["x"], [1], "3.0"),
        ({"allOf": []}, [1], [], "3.0"),
        ({"anyOf": [NAME, None]}, ["x", None], [1], "3.1"),
        ({"additionalProperties": "false"}, [{}], [{"a": 1}], "3.0"),
        ({"properties": None}, [{"a": 1}], [], "3.0"),
        ({"properties": {"a": None}}, [{"a": 1}], [], "3.0"),
        ({"not": None}, [1], [], "3.0"),
    ],
)
def test_harmless_faults_have_the_meaning_that_the_author_plainly_had(
    tmp_path: Path, schema: dict[str, Any], good: list[Any], bad: list[Any], version: str
) -> None:
    case = bench(tmp_path, schema, version)
    assert [value for value in good if not case.accepts(value)] == []
    assert [value for value in bad if case.accepts(value)] == []
    assert set(case.codes) == {"schema-fault"}
    assert case.lower().unenforced == ()


@pytest.mark.parametrize(
    ("schema", "pointer", "unenforced"),
    [
        ({"properties": []}, "/properties", "`properties` of `S`"),
        ({"properties": {"$ref": "#/components/schemas/Name"}}, "/properties", "`properties` of `S`"),
        ({"properties": {"a": "string"}}, "/properties/a", "`S.a`"),
        ({"items": 3}, "/items", "`S`"),
        ({"allOf": "Name"}, "/allOf", "`allOf` of `S`"),
        ({"anyOf": []}, "/anyOf", "`anyOf` of `S`"),
        ({"not": "x"}, "/not", "`not` of `S`"),
        ({"$ref": 3}, "/$ref", "`$ref` of `S`"),
        ({"$ref": "#/info/title"}, "/$ref", "`$ref` of `S`"),
        ({"$ref": "#"}, "/$ref", "`$ref` of `S`"),
        ({"properties": {"a": {"pattern": 3}}, "additionalProperties": []}, "/additionalProperties", "`S`"),
    ],
)
def test_what_has_no_plain_meaning_is_left_out_and_marked(tmp_path: Path, schema: dict[str, Any], pointer: str, unenforced: str) -> None:
    case = bench(tmp_path, schema, Name=NAME)
    assert case.accepts({"a": 1})
    assert ("schema-keyword-dropped", f"/components/schemas/S{pointer}") in case.found
    assert unenforced in case.lower().unenforced


def test_a_reference_that_leads_nowhere(tmp_path: Path) -> None:
    case = bench(tmp_path, {"properties": {"a": {"$ref": "#/components/schemas/Gone"}, "b": NAME}})
    assert case.accepts({"a": 1})
    assert not case.accepts({"b": 1})
    assert case.found == [("broken-reference", "/components/schemas/S/properties/a/$ref")]
    assert case.lower().unenforced == ("`$ref` of `S.a`",)


@pytest.mark.parametrize("version", ["3.0", "3.1"])
def test_a_circle_of_references_that_says_nothing(tmp_path: Path, version: str) -> None:
    case = bench(
        tmp_path,
        {"properties": {"a": {"$ref": "#/components/schemas/A"}}},
        version,
        A={"$ref": "#/components/schemas/B"},
        B={"$ref": "#/components/schemas/A"},
    )
    assert case.accepts({"a": 1})
    assert ("reference-cycle", "/components/schemas/S/properties/a/$ref") in case.found
    assert case.lower().unenforced == ("`$ref` of `S.a`",)


def test_a_schema_that_refers_to_itself(tmp_path: Path) -> None:
    case = bench(tmp_path, {"$ref": "#/components/schemas/S"})
    assert case.accepts(1)
    assert case.found == [("reference-cycle", "/components/schemas/S/$ref")]


def test_draft_7_dependencies(tmp_path: Path) -> None:
    case = bench(tmp_path, {"dependencies": {"a": ["b"], "c": {"required": ["d"]}}}, "3.1")
    assert case.accepts({"b": 1})
    assert not case.accepts({"a": 1})
    assert not case.accepts({"c": 1})
    assert case.codes == ["keyword-of-another-dialect"]


def test_what_speaks_of_the_rest_goes_with_what_it_is_the_rest_of(tmp_path: Path) -> None:
    case = bench(tmp_path, {"patternProperties": {"(": {}, "^b$": NAME}, "additionalProperties": False}, "3.1")
    assert case.accepts({"a": 1}), "the expression may have covered it"
    assert not case.accepts({"b": 1})
    assert case.lower().unenforced == ("`additionalProperties` of `S`", "`patternProperties` of `S`")


@pytest.mark.parametrize("version", ["3.0", "3.1"])
def test_properties_that_are_shared_by_reference(tmp_path: Path, version: str) -> None:
    shared = {"ids": {"a": NAME, "id": {"writeOnly": True}}}
    schema = {"required": ["id"], "properties": {"$ref": "shared.json#/ids", "b": {"type": "integer"}}, "additionalProperties": False}
    case = bench(tmp_path, schema, version, files={"shared.json": shared})
    assert case.accepts({"a": "x", "b": 1}, "response")
    for wrong in ({"a": 1}, {"b": "x"}, {"c": 1}):
        assert not case.accepts(wrong, "response")
    assert not case.accepts({"a": "x"}, "request")
    assert case.found == [("schema-fault", "/components/schemas/S/properties")]
    assert set(case.shape().properties) == {"a", "b", "id"}


def test_properties_that_refer_to_themselves(tmp_path: Path) -> None:
    case = bench(tmp_path, {"properties": {"$ref": "#/components/schemas/S/properties"}})
    assert case.accepts({"a": 1})
    assert case.lower().unenforced == ("`properties` of `S`",)
