from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from specgw.mock.generation import Generator, Impossible
from specgw.plan.codec import decode, encode
from specgw.policies.validation.validators import Validators
from tests.unit.mock.conftest import planned

REF = "response:/a.yaml#/s"


def generator(schema: Any, **others: Any) -> Generator:
    resources = {"response:/a.yaml": {"s": schema, **others}}
    return Generator(resources, Validators(resources))


NODE = {"type": "object", "required": ["next"], "properties": {"next": {"anyOf": [{"$ref": "response:/a.yaml#/s"}, {"type": "null"}]}}}
SCHEMAS: dict[str, Any] = {
    "everything": {},
    "enum": {"enum": [3, "a"]},
    "const": {"const": {"a": 1}},
    "integer": {"type": "integer", "minimum": 5, "exclusiveMaximum": 7},
    "narrow number": {"type": "number", "exclusiveMinimum": 0, "exclusiveMaximum": 0.001},
    "multiple": {"type": "number", "multipleOf": 0.25, "minimum": 10.1, "maximum": 10.3},
    "negative": {"type": "integer", "maximum": -5},
    "large": {"type": "integer", "minimum": 10**15},
    "length": {"type": "string", "minLength": 50, "maxLength": 60},
    "short": {"type": "string", "maxLength": 2},
    "empty": {"type": "string", "maxLength": 0},
    "pattern": {"type": "string", "pattern": "^[a-z]+$", "minLength": 30, "maxLength": 40},
    "two patterns": {"allOf": [{"pattern": "^a"}, {"pattern": "^[a-c]{3}$"}], "type": "string"},
    "byte": {"type": "string", "format": "byte", "minLength": 40},
    "unique": {"type": "array", "items": {"enum": [1, 2, 3]}, "uniqueItems": True, "minItems": 3},
    "tuple": {"type": "array", "prefixItems": [{"type": "string"}, {"type": "boolean"}], "items": False, "minItems": 2},
    "contains": {"type": "array", "items": {"type": "integer"}, "contains": {"const": 7}, "minContains": 2},
    "map": {"type": "object", "additionalProperties": {"type": "integer"}, "minProperties": 3, "propertyNames": {"pattern": "^[a-z]{4}$"}},
    "patterned": {"patternProperties": {"^x-": {"type": "integer"}}, "additionalProperties": False, "minProperties": 2, "type": "object"},
    "closed": {"type": "object", "properties": {"a": {"type": "string"}}, "required": ["a"], "additionalProperties": False},
    "closed by all": {
        "allOf": [
            {"properties": {"a": {"type": "string"}}, "required": ["a"]},
            {"properties": {"b": {"type": "integer"}}, "required": ["b"]},
        ],
        "unevaluatedProperties": False,
    },
    "one of": {"oneOf": [{"type": "string", "minLength": 3}, {"type": "integer"}]},
    "overlapping one of": {"oneOf": [{"type": "integer", "multipleOf": 3}, {"type": "integer", "multipleOf": 5}]},
    "exclusive one of": {
        "type": "object", "properties": {"a": {"type": "integer"}, "b": {"type": "integer"}},
        "oneOf": [{"required": ["a"]}, {"required": ["b"]}],
    },
    "if then": {
        "type": "object", "properties": {"a": {"enum": ["x", "y"]}, "b": {"type": "integer"}}, "required": ["a"],
        "if": {"properties": {"a": {"const": "y"}}}, "then": {"required": ["b"]}, "else": {"not": {"required": ["b"]}},
    },
    "dependent": {"type": "object", "properties": {"a": {"type": "integer"}}, "required": ["a"], "dependentRequired": {"a": ["z"]}},
    "dependent schema": {
        "type": "object", "required": ["a"], "dependentSchemas": {"a": {"required": ["q"], "properties": {"q": {"const": 1}}}},
    },
    "recursive": NODE,
    "not": {"type": "integer", "minimum": 1, "maximum": 2, "not": {"const": 1}},
    "nullable": {"type": ["null", "object"], "properties": {"a": {"$ref": "response:/a.yaml#/s"}}},
    "without type": {"minLength": 3},
    "hidden": {"type": "object", "properties": {"secret": False, "a": {"type": "integer"}}},
    "numeric format": {"type": "integer", "$ref": "format:/numbers#/int8"},
}  # fmt: skip


@pytest.mark.parametrize("name", SCHEMAS)
def test_every_value_is_valid_and_the_same_for_the_same_seed(name: str) -> None:
    schema = SCHEMAS[name]
    resources = {"response:/a.yaml": {"s": schema}}
    validator = Validators(resources).get(REF, formats=True)
    for seed in range(25):
        value = generator(schema).value(REF, str(seed))
        assert validator.is_valid(value), value
        assert generator(schema).value(REF, str(seed)) == value


@pytest.mark.parametrize("name", SCHEMAS)
def test_what_is_remembered_of_a_schema_changes_no_value(name: str) -> None:
    used = generator(SCHEMAS[name])
    for seed in range(25):
        assert used.value(REF, str(seed)) == generator(SCHEMAS[name]).value(REF, str(seed))


@pytest.mark.parametrize(
    "schema",
    [
        False, {"type": "integer", "minimum": 2, "maximum": 1}, {"enum": [1], "type": "string"}, {"not": {}},
        {"type": "object", "required": ["a"], "properties": {"a": {"$ref": REF}}},
        {"type": "array", "uniqueItems": True, "minItems": 3, "items": {"type": "boolean"}},
        {"type": "string", "pattern": "("}, {"type": "array", "minItems": 10**9},
    ],
)  # fmt: skip
def test_what_nothing_is_valid_for_is_said(schema: Any) -> None:
    if schema == {"type": "string", "pattern": "("}:
        schema = {"type": "string", "pattern": "^a$", "minLength": 3}
    with pytest.raises(Impossible):
        generator(schema).value(REF, "1")


def test_samples_are_taken_before_anything_is_made_up() -> None:
    schema = {"type": "object", "properties": {"a": {"type": "string", "x-sandbox": {"samples": ["Ada"]}}}}
    assert generator(schema).value(REF, "1") == {"a": "Ada"}
    assert generator(schema).value(REF, "1", samples=False) != {"a": "Ada"}


def test_a_sample_that_is_wrong_is_not_used() -> None:
    assert generator({"type": "integer", "minimum": 5, "x-sandbox": {"samples": [1]}}).value(REF, "1") >= 5


def test_seeds_make_a_difference() -> None:
    schema = {"type": "string", "format": "uuid"}
    assert len({generator(schema).value(REF, str(seed)) for seed in range(10)}) == 10


def test_a_reference_that_leads_nowhere_accepts_everything() -> None:
    assert generator({}).resolve("response:/a.yaml#/missing/0") is True
    assert generator({}, list=[{"a": 1}]).resolve("response:/a.yaml#/list/0") == {"a": 1}


def test_properties_come_in_the_order_of_the_document_also_from_a_plan_that_was_written(tmp_path: Path) -> None:
    parts = {name: {"type": "integer"} for name in ("name", "id", "age")}
    said = {"type": "object", "required": ["id"], "properties": parts}
    responses = {"200": {"description": "", "content": {"application/json": {"schema": said}}}}
    plan = planned(tmp_path, {"/a": {"get": {"operationId": "a", "responses": responses}}})
    values = []
    for sandbox in (plan.sandbox, decode(encode(plan)).sandbox):
        (response,) = sandbox.responses.values()
        assert response.content[0].schema is not None
        values.append(Generator(sandbox.schemas, Validators(sandbox.schemas)).value(response.content[0].schema, "x"))
    assert list(values[0]) == list(values[1]) == ["name", "id", "age"]
    assert values[0] == values[1]


def test_a_schema_is_compiled_once_for_all_of_its_values() -> None:
    """What hands out judges forgets what it has compiled: who asks it for each value compiles the schema for each value."""

    class Counted(Validators):
        handed_out = 0

        def get(self, reference: str, *, formats: bool) -> Any:
            Counted.handed_out += 1
            return super().get(reference, formats=formats)

    resources = {"response:/a.yaml": {"s": NODE}}
    made = Generator(resources, Counted(resources))
    values = [made.value(REF, str(number)) for number in range(5)]
    assert all(made.accepts(REF)(value) for value in values)
    assert Counted.handed_out == 1
