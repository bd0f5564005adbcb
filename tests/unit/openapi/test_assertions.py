from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest

from tests.unit.openapi.schema_bench import bench

BIG = 2**31


@pytest.mark.parametrize(
    ("schema", "good", "bad"),
    [
        ({"type": "string"}, ["", "x"], [1, None, [], {}]),
        ({"type": "integer"}, [1, -1, 2**70], [1.5, "1", True, None]),
        ({"type": "number"}, [1, 1.5], ["1", True]),
        ({"type": "boolean"}, [True, False], [0, "true", None]),
        ({"type": "array", "items": {}}, [[], [1, "x"]], [{}, "[]"]),
        ({"type": "object"}, [{}, {"a": 1}], [[], "{}"]),
        ({"enum": ["a", 1, None, {"x": [1]}]}, ["a", 1, 1.0, None, {"x": [1]}], ["b", True, {"x": [2]}]),
        ({"minimum": 1, "maximum": 3}, [1, 2, 3, "x"], [0.9, 3.1]),
        ({"minimum": 1, "exclusiveMinimum": True, "maximum": 3, "exclusiveMaximum": True}, [1.1, 2], [1, 3]),
        ({"minimum": 1, "exclusiveMinimum": False, "maximum": 3, "exclusiveMaximum": False}, [1, 3], [0, 4]),
        ({"multipleOf": 0.01}, [0.02, 4.35, 1], [0.015]),
        ({"minLength": 1, "maxLength": 2}, ["a", "😀é"], ["", "abc"]),
        ({"pattern": "^a"}, ["ab", 3], ["b"]),
        ({"pattern": "a"}, ["xax"], ["x"]),
        ({"minItems": 1, "maxItems": 2}, [[1], [1, 2]], [[], [1, 2, 3]]),
        ({"uniqueItems": True}, [[1, "1"], [[1], [2]]], [[1, 1.0], [{"a": 1}, {"a": 1}]]),
        ({"minProperties": 1, "maxProperties": 2}, [{"a": 1}], [{}, {"a": 1, "b": 2, "c": 3}]),
        ({"required": ["a"]}, [{"a": None}, []], [{}, {"b": 1}]),
        ({"type": "string", "nullable": True}, ["x", None], [1]),
        ({"type": "string", "nullable": True, "enum": ["a", None]}, ["a", None], ["b"]),
        ({"type": "string", "nullable": False}, ["x"], [None]),
        ({"nullable": False}, [None, 1], []),
        ({"type": "string", "format": "date"}, ["2024-02-29"], ["2023-02-29"]),
        ({"type": "integer", "format": "int32"}, [BIG - 1, -BIG], [BIG, -BIG - 1]),
        ({"type": "integer", "format": "int64"}, [2**63 - 1], [2**63]),
        ({"type": "string", "format": "int64"}, [str(2**70)], [1]),
        ({"type": "string", "format": "byte"}, ["aGk="], ["aGk", "*"]),
        ({"type": "string", "format": "password"}, ["secret"], [1]),
        ({"type": "string", "format": "colour"}, ["anything"], [1]),
    ],
)
def test_keywords_of_openapi_30(tmp_path: Path, schema: dict[str, Any], good: list[Any], bad: list[Any]) -> None:
    case = bench(tmp_path, schema)
    assert [value for value in good if not case.accepts(value)] == []
    assert [value for value in bad if case.accepts(value)] == []
    assert case.codes == []
    assert case.lower().unenforced == ()


@pytest.mark.parametrize(
    ("schema", "good", "bad"),
    [
        ({"type": ["string", "null"]}, ["x", None], [1]),
        ({"const": {"a": 1}}, [{"a": 1}, {"a": 1.0}], [{"a": 2}, None]),
        ({"const": None}, [None], [0]),
        ({"exclusiveMinimum": 1, "exclusiveMaximum": 3}, [2], [1, 3]),
        ({"minimum": 2, "exclusiveMinimum": 1}, [2], [1.5]),
        ({"dependentRequired": {"a": ["b"]}}, [{"b": 1}, {"a": 1, "b": 1}], [{"a": 1}]),
        ({"contains": {"const": 1}, "minContains": 2, "maxContains": 3}, [[1, 1], [1, 1, 1, 2]], [[1], [1, 1, 1, 1]]),
        ({"contains": {"const": 1}, "minContains": 0}, [[], [2]], []),
        ({"type": "integer"}, [1, 1.0], [1.5]),
    ],
)
def test_keywords_of_openapi_31(tmp_path: Path, schema: dict[str, Any], good: list[Any], bad: list[Any]) -> None:
    case = bench(tmp_path, schema, "3.1")
    assert [value for value in good if not case.accepts(value)] == []
    assert [value for value in bad if case.accepts(value)] == []
    assert case.codes == []


@pytest.mark.parametrize(("written", "meant"), [("datetime", "date-time"), ("Date", "date"), ("UUID", "uuid"), ("date_time", "date-time")])
def test_a_format_that_is_nearly_one_is_told(tmp_path: Path, written: str, meant: str) -> None:
    case = bench(tmp_path, {"type": "string", "format": written})
    assert case.accepts("anything")
    assert [(finding.code, finding.hint) for finding in case.findings] == [("schema-fault", f"did you mean '{meant}'?")]


def test_formats_can_be_let_go(tmp_path: Path) -> None:
    case = bench(tmp_path, {"properties": {"n": {"type": "integer", "format": "int32"}, "d": {"type": "string", "format": "date"}}})
    for wrong in ({"n": BIG}, {"d": "yesterday"}):
        assert not case.accepts(wrong)
        assert case.accepts(wrong, enforce_formats=False)
    assert not case.accepts({"n": 1.5}, enforce_formats=False), "the type stays"


def test_a_numeric_format_beside_a_reference_or_allof_keeps_both(tmp_path: Path) -> None:
    case = bench(
        tmp_path,
        {"format": "int32", "$ref": "#/components/schemas/Small", "allOf": [{"minimum": 0}]},
        "3.1",
        Small={"maximum": 5_000_000_000},
    )
    assert case.accepts(1)
    for wrong in (BIG, 5_000_000_001, -1):
        assert not case.accepts(wrong)


@pytest.mark.parametrize("schema", [{"nullable": True, "allOf": [{"type": "string"}]}, {"nullable": True, "oneOf": [{"type": "string"}]}])
def test_nullable_needs_a_type_in_the_same_schema(tmp_path: Path, schema: dict[str, Any]) -> None:
    """OpenAPI 3.0.3: a true value adds null "only if `type` is explicitly defined within the same Schema Object"."""
    case = bench(tmp_path, schema)
    assert not case.accepts(None)
    assert case.found == [("nullable-without-effect", "/components/schemas/S/nullable")]


def test_nullable_does_not_add_null_to_an_enumeration(tmp_path: Path) -> None:
    case = bench(tmp_path, {"type": "string", "nullable": True, "enum": ["a"]})
    assert not case.accepts(None)
    assert case.found == [("nullable-without-effect", "/components/schemas/S/nullable")]


@pytest.mark.parametrize(
    ("schema", "good", "bad", "keyword"),
    [
        ({"type": "String"}, ["x"], [1], "type"),
        ({"type": "file"}, ["x"], [1], "type"),
        ({"type": "date"}, ["2024-01-01"], ["x", 1], "type"),
        ({"type": "any"}, ["x", 1, None], [], "type"),
        ({"type": "string", "nullable": "true"}, ["x", None], [1], "nullable"),
        ({"required": ["a", "b", "a"]}, [{"a": 1, "b": 1}], [{"a": 1}], "required"),
        ({"required": "a"}, [{"a": 1}], [{}], "required"),
        ({"required": True}, [{}, 1], [], "required"),
        ({"enum": ["a", "a"]}, ["a"], ["b"], "enum"),
        ({"enum": None}, ["a", 1], [], "enum"),
        ({"type": "string", "enum": [1, 2]}, ["1"], [1, "3"], "enum"),
        ({"minimum": "3"}, [3], [2], "minimum"),
        ({"minLength": "2"}, ["ab"], ["a"], "minLength"),
        ({"minLength": -1}, [""], [], "minLength"),
        ({"maxItems": None}, [[1]], [], "maxItems"),
        ({"exclusiveMinimum": True}, [0], [], "exclusiveMinimum"),
        ({"minimum": 1, "exclusiveMinimum": "true"}, [2], [1], "exclusiveMinimum"),
        ({"uniqueItems": "true"}, [[1]], [[1, 1]], "uniqueItems"),
        ({"pattern": "/^a$/"}, ["a"], ["b", "/a/"], "pattern"),
        ({"pattern": None}, ["a"], [], "pattern"),
        ({"format": 3}, ["a"], [], "format"),
        ({"type": "array"}, [[1]], [{}], "type"),
    ],
)
def test_harmless_faults_have_the_meaning_that_the_author_plainly_had(
    tmp_path: Path, schema: dict[str, Any], good: list[Any], bad: list[Any], keyword: str
) -> None:
    case = bench(tmp_path, schema)
    assert [value for value in good if not case.accepts(value)] == []
    assert [value for value in bad if case.accepts(value)] == []
    assert case.found == [("schema-fault", f"/components/schemas/S/{keyword}")]
    assert case.lower().unenforced == ()


@pytest.mark.parametrize(
    ("schema", "keyword"),
    [
        ({"type": "widget"}, "type"),
        ({"type": {}}, "type"),
        ({"enum": []}, "enum"),
        ({"enum": {"a": 1}}, "enum"),
        ({"minimum": "low"}, "minimum"),
        ({"maxLength": -1}, "maxLength"),
        ({"minLength": 1.5}, "minLength"),
        ({"multipleOf": 0}, "multipleOf"),
        ({"required": {"a": True}}, "required"),
        ({"uniqueItems": "often"}, "uniqueItems"),
        ({"exclusiveMinimum": []}, "exclusiveMinimum"),
        ({"pattern": 3}, "pattern"),
    ],
)
def test_what_has_no_plain_meaning_is_left_out_and_marked(tmp_path: Path, schema: dict[str, Any], keyword: str) -> None:
    case = bench(tmp_path, schema)
    assert case.accepts("anything")
    assert case.found == [("schema-keyword-dropped", f"/components/schemas/S/{keyword}")]
    assert case.lower().unenforced == (f"`{keyword}` of `S`",)


def test_an_expression_that_cannot_be_enforced(tmp_path: Path) -> None:
    case = bench(tmp_path, {"type": "object", "properties": {"name": {"type": "string", "pattern": "("}}})
    assert case.accepts({"name": "x"})
    assert not case.accepts({"name": 1})
    assert case.found == [("pattern-not-enforced", "/components/schemas/S/properties/name/pattern")]
    assert case.lower().unenforced == ("`pattern` of `S.name`",)


def test_an_expression_that_backtracks_is_enforced(tmp_path: Path) -> None:
    case = bench(tmp_path, {"pattern": "^a+(?!b)c?"})
    assert case.accepts("aac")
    assert not case.accepts("ab")
    assert case.codes == ["pattern-backtracks"]
    assert case.lower().unenforced == ()
    assert case.accepts("a" * 500)
    assert not case.accepts("a" * 501)


def test_look_around_at_the_ends_is_enforced_without_it(tmp_path: Path) -> None:
    case = bench(tmp_path, {"pattern": "^(?!admin)(?=.*[0-9])[a-z0-9]+(?<!x)$", "allOf": [{"minLength": 2}]})
    assert case.accepts("user1")
    assert not any(case.accepts(text) for text in ("admin1", "user", "user1x", "USER1", "1"))
    assert case.accepts("a1" * 50_000)
    assert case.codes == []


@pytest.mark.parametrize(
    ("schema", "codes"), [({}, ["pattern-costly"]), ({"maxLength": 9000}, ["pattern-costly"]), ({"maxLength": 60}, [])]
)
def test_an_expression_that_can_be_slow_is_enforced_for_texts_up_to_a_length(
    tmp_path: Path, schema: dict[str, Any], codes: list[str]
) -> None:
    case = bench(tmp_path, {"pattern": "a.{40}c", **schema})
    assert case.accepts("a" * 50 + "c")
    assert not case.accepts("a" * 50)
    assert not case.accepts("a" * 5000 + "c")
    assert case.codes == codes


@pytest.mark.parametrize(
    ("schema", "good", "bad"),
    [
        ({"type": ["string", "null"]}, ["x", None], [1]),
        ({"const": "a"}, ["a"], ["b"]),
        ({"exclusiveMinimum": 3}, [4], [3]),
        ({"type": "null"}, [None], [1]),
        ({"dependentRequired": {"a": ["b"]}}, [{}], [{"a": 1}]),
    ],
)
def test_words_of_31_in_a_30_document_are_enforced(tmp_path: Path, schema: dict[str, Any], good: list[Any], bad: list[Any]) -> None:
    case = bench(tmp_path, schema)
    assert all(case.accepts(value) for value in good)
    assert not any(case.accepts(value) for value in bad)
    assert case.codes == ([] if schema == {"type": "null"} else ["keyword-of-another-dialect"])


@pytest.mark.parametrize(
    ("schema", "good", "bad"),
    [
        ({"minimum": 1, "exclusiveMinimum": True}, [2], [1]),
        ({"minimum": 1, "exclusiveMinimum": False}, [1], [0]),
        ({"type": "string", "nullable": True}, ["x", None], [1]),
        ({"type": "string", "enum": ["a"], "nullable": True}, ["a", None], ["b", 1]),
        ({"anyOf": [{"type": "string"}], "nullable": True}, ["x", None], [1]),
        ({"type": "object", "allOf": [{"required": ["a"]}], "nullable": True}, [{"a": 1}, None], [{}, "x"]),
        ({"$ref": "#/components/schemas/Name", "nullable": True}, ["x", None], [1]),
        ({"type": None}, [None], [1]),
        ({"type": ["string", None]}, [None, "x"], [1]),
    ],
)
def test_words_of_30_in_a_31_document_mean_what_they_mean_there(
    tmp_path: Path, schema: dict[str, Any], good: list[Any], bad: list[Any]
) -> None:
    case = bench(tmp_path, schema, "3.1", Name={"type": "string"})
    assert [value for value in good if not case.accepts(value)] == []
    assert [value for value in bad if case.accepts(value)] == []
    assert set(case.codes) == {"schema-fault"}


def test_required_as_a_boolean_requires_the_property(tmp_path: Path) -> None:
    case = bench(tmp_path, {"properties": {"a": {"type": "string", "required": True}, "b": {"required": False}}})
    assert case.accepts({"a": "x"})
    assert not case.accepts({"b": 1})
    assert case.found == [
        ("schema-fault", "/components/schemas/S/properties/a/required"),
        ("schema-fault", "/components/schemas/S/properties/b/required"),
    ]


@pytest.mark.parametrize("step", [0.01, 0.1, 1e-8, 0.5, 1, 2.5, 10, 0.3])
def test_multiples_are_those_of_the_number_as_it_is_written(tmp_path: Path, step: float) -> None:
    case = bench(tmp_path, {"type": "number", "multipleOf": step})
    plain = jsonschema_rs.Draft202012Validator({"type": "number", "multipleOf": step})
    for value in (0, step, -step, 3 * step, step / 2, 1.005, 2.5, 7, 2**53, -(2**53) - 2, 1e16, 1e300, -1e300, 10**40):
        assert case.accepts(value) == plain.is_valid(value), value


def test_large_numbers_are_not_divided_by_a_fraction(tmp_path: Path) -> None:
    case = bench(tmp_path, {"multipleOf": 0.01})
    case.lower()
    small = {"minimum": -(2**53), "maximum": 2**53}
    assert json.dumps({"allOf": [{"if": small, "then": {"multipleOf": 0.01}}]}) in json.dumps(case.schemas.resources())
