from __future__ import annotations

from typing import Any

import pytest

from specgw.changes.clients.flattening import flatten, same, types_of

DOCUMENT = {
    "components": {"schemas": {"Name": {"type": "string", "maxLength": 9}, "Loop": {"allOf": [{"$ref": "#/components/schemas/Loop"}]}}}
}


@pytest.mark.parametrize(
    ("schema", "flat"),
    [
        (True, {}),
        (False, {"not": {}}),
        ({"const": 1}, {"enum": [1]}),
        ({"$ref": "#/components/schemas/Name", "maxLength": 5}, {"type": "string", "maxLength": 5}),
        ({"allOf": [{"minimum": 1}, {"minimum": 3}]}, {"minimum": 3}),
        ({"allOf": [{"required": ["a"]}, {"required": ["b", "a"]}]}, {"required": ["a", "b"]}),
        ({"allOf": [{"enum": [1, 2]}, {"enum": [2, True]}]}, {"enum": [2]}),
        ({"allOf": [{"type": ["string", "null"]}, {"type": "string"}]}, {"type": ["string"]}),
        ({"anyOf": [{"type": "string"}, {"type": "null"}]}, {"type": ["null", "string"]}),
        ({"$ref": "#/components/schemas/Loop"}, {}),
    ],
)
def test_what_only_structures_is_put_together(schema: Any, flat: dict[str, Any]) -> None:
    assert flatten(DOCUMENT, schema) == flat


def test_two_conditions_that_cannot_be_one_are_both_kept() -> None:
    assert flatten({}, {"allOf": [{"pattern": "a"}, {"pattern": "b"}]}) == {"pattern": "b", "x-all": [{"pattern": "a"}]}


def test_types_come_from_listed_values_where_nothing_else_says_them() -> None:
    assert types_of({"enum": ["a", None, 1]}) == {"string", "null", "integer"}
    assert types_of({"type": ["integer", "number"]}) == {"number"}


def test_true_is_not_one() -> None:
    assert not same(True, 1)
    assert same({"a": 1, "b": 2}, {"b": 2, "a": 1})
