from __future__ import annotations

from fractions import Fraction
from random import Random
from typing import Any

import pytest

from specgw.mock.wanted import Dead, Wanted, same_json


class First:
    """Always the first branch."""

    random = Random(1)
    attempt = 0

    def resolve(self, reference: str) -> Any:
        return {"#/a": {"minimum": 3}, "#/Cat": {"properties": {"kind": {"type": "string"}}, "required": ["kind"]}}[reference]

    def choose(self, branches: list[Any]) -> int:
        return 0


def wanted(*schemas: Any) -> Wanted:
    found = Wanted(First())
    for schema in schemas:
        found.add(schema)
    return found


def test_bounds_of_all_schemas_hold_together() -> None:
    found = wanted({"$ref": "#/a", "maximum": 9, "multipleOf": 4}, {"minimum": 1, "exclusiveMaximum": 8, "multipleOf": 6})
    assert (found.minimum, found.maximum, found.below) == (Fraction(3), Fraction(8), Fraction(8))
    assert found.multiple == Fraction(12)


def test_types_and_values_narrow_each_other() -> None:
    found = wanted({"type": ["integer", "string"], "enum": [1, "a", True]}, {"type": "number"}, {"enum": [1.0, True]})
    assert found.types == ["integer"]
    assert [value for value in found.enum or () if found.admits(value)] == [1]
    assert same_json(1) == same_json(1.0) != same_json(True)


def test_nothing_is_valid_where_a_schema_says_so() -> None:
    impossible: list[Any] = [False, {"not": {}}, {"allOf": [False]}]
    for schema in impossible:
        with pytest.raises(Dead):
            wanted(schema)


def test_a_discriminator_names_its_branch() -> None:
    said = {"discriminator": {"property": "kind", "names": {"#/components/schemas/Cat": "cat"}}}
    assert wanted({"oneOf": [{"$ref": "#/Cat"}], "x-sandbox": said}).tags == {"kind": "cat"}


def test_what_is_excluded_is_not_made() -> None:
    found = wanted({"not": {"anyOf": [{"required": ["a"]}, {"type": "null"}]}})
    assert found.forbidden == {"a"}
    assert not found.allows("null")


def test_every_schema_that_speaks_of_a_property_counts() -> None:
    found = wanted({"properties": {"ab": {"minLength": 1}}, "patternProperties": {"^a": {"maxLength": 3}}, "additionalProperties": False})
    assert found.schemas_of("ab") == [{"minLength": 1}, {"maxLength": 3}]
    assert found.schemas_of("b") == [False]


def test_keywords_hint_at_a_type() -> None:
    assert wanted({"minLength": 2}).hinted() == "string"
    assert wanted({"format": "int32", "$ref": "format:/numbers#/int32"}).hinted() == "integer"
    assert wanted({}).hinted() is None


def test_numbers_are_those_that_are_usual_for_a_name_within_the_bounds() -> None:
    assert tuple(wanted({"type": "integer"}).numbers("age", integer=True)) == (1, 18, 80)
    assert tuple(wanted({"type": "integer", "maximum": 20, "multipleOf": 5}).numbers("age", integer=True)) == (5, 4, 4)
    assert tuple(wanted({"exclusiveMinimum": 100, "maximum": 102}).numbers("age", integer=True)) == (1, 101, 102)


def test_what_is_asked_for_later_counts_too() -> None:
    found = wanted({"type": ["integer", "string"], "properties": {"a": {"minimum": 1}}})
    assert (found.kinds(), found.schemas_of("a")) == (["string", "integer"], [{"minimum": 1}])
    found.add({"type": "string", "properties": {"a": {"maximum": 2}}})
    assert (found.kinds(), found.schemas_of("a")) == (["string"], [{"minimum": 1}, {"maximum": 2}])


def test_only_choices_make_it_depend_on_the_draft() -> None:
    assert not wanted({"allOf": [{"$ref": "#/a"}]}).chosen
    assert wanted({"oneOf": [{"type": "string"}]}).chosen
    assert wanted({"if": {"required": ["a"]}}).chosen
