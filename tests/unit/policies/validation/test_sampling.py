from __future__ import annotations

from typing import Any

import pytest

from specgw.policies.validation.sampling import errors
from specgw.policies.validation.validators import Validator, Validators

ITEM = {"type": "object", "properties": {"n": {"type": "integer"}}, "required": ["n"]}
GOOD, BAD = {"n": 1}, {"n": "x"}


def compiled(schema: Any) -> Validator:
    return Validators({"request:/a": schema}).get("request:/a#", formats=True)


def found(schema: Any, value: Any) -> list[tuple[str, str]]:
    validator = compiled(schema)
    assert not validator.is_valid(value)
    return [("/".join(map(str, actual(error.instance_path))), error.kind.name) for error, actual in errors(validator, value)]


def test_everything_is_told_of_an_ordinary_value() -> None:
    schema = {"properties": {"list": {"items": ITEM, "maxItems": 10}}, "required": ["name"]}
    value = {"list": [GOOD, BAD, {}] * 30}
    places = [(f"list/{index}/n", "type") for index in range(1, 90, 3)] + [(f"list/{index}", "required") for index in range(2, 90, 3)]
    assert sorted(found(schema, value)) == sorted([("", "required"), ("list", "maxItems"), *places])


@pytest.mark.parametrize(
    ("schema", "value", "expected"),
    [
        # among the first
        ({"items": ITEM}, [GOOD, BAD, *[GOOD] * 3000], [("1/n", "type")]),
        # far behind them
        ({"items": ITEM}, [*[GOOD] * 3000, BAD, {}], [("3000/n", "type")]),
        (
            {"properties": {"list": {"items": ITEM}}, "required": ["name"]},
            {"list": [*[GOOD] * 3000, BAD], "name": "x"},
            [("list/3000/n", "type")],
        ),
        ({"items": {"anyOf": [ITEM, {"type": "null"}]}}, [*[GOOD] * 3000, BAD], [("3000", "anyOf")]),
        # said of the whole, and true for its beginning already
        ({"items": ITEM, "maxItems": 100}, [GOOD] * 3000, [("", "maxItems")]),
        ({"uniqueItems": True}, [1, 1, *range(3000)], [("", "uniqueItems")]),
        ({"type": "object"}, [GOOD] * 3000, [("", "type")]),
        # nothing that is missing from the samples only is told
        ({"minItems": 5000}, [GOOD] * 3000, []),
        ({"contains": {"const": 5}, "items": ITEM}, [GOOD] * 3000, []),
        ({"properties": {"list": {"items": ITEM}}, "required": ["name"]}, {"list": [GOOD] * 3000}, []),
        ({"properties": {"list": {"items": ITEM}, "name": {"type": "string"}}}, {"list": [GOOD] * 3000, "name": 5}, []),
    ],
)
def test_a_large_value(schema: Any, value: Any, expected: list[tuple[str, str]]) -> None:
    assert found(schema, value) == expected


def test_of_many_errors_those_at_the_beginning_are_told() -> None:
    places = found({"items": ITEM}, [BAD] * 3000)
    assert places[:2] == [("0/n", "type"), ("1/n", "type")]
    assert 100 < len(places) < 600


def test_alternatives_weigh_by_their_errors() -> None:
    alternatives = [{"type": "object", "properties": {"n": {"const": index}}, "required": ["m"]} for index in range(20)]
    assert 0 < len(found({"items": {"anyOf": alternatives}}, [{"n": "x"}] * 400)) < 40


def test_arrays_and_items_that_are_too_large_to_be_tried() -> None:
    assert found({"items": ITEM}, [*[GOOD] * 20_000, BAD]) == []
    assert found({"items": {"items": {"type": "integer"}}}, [[1] * 300, [1] * 300, [1] * 300, ["x"]]) == []
    assert found({"required": ["z"]}, {str(index): index for index in range(3000)}) == []
    assert found({"properties": {"b": {"items": ITEM}}}, {"a": [1] * 1000, "b": [*[GOOD] * 1000, BAD]}) == []


def test_deep_values_end() -> None:
    deep: Any = "x"
    for _ in range(300):
        deep = [deep]
    tree = {"$ref": "#/$defs/t", "$defs": {"t": {"anyOf": [{"type": "integer"}, {"type": "array", "items": {"$ref": "#/$defs/t"}}]}}}
    assert found(tree, deep) == []
