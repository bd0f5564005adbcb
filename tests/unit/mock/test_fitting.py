from __future__ import annotations

from typing import Any

import pytest

from specgw.mock.fitting import MISFIT, Fitting
from specgw.mock.generation import Generator
from specgw.policies.validation.validators import Validators

THING: dict[str, Any] = {"type": "object", "required": ["id"], "properties": {"id": {"type": "integer"}, "name": {"type": "string"}}}
THINGS: dict[str, Any] = {"type": "array", "items": THING}


def fitting(schema: dict[str, Any]) -> Fitting:
    schemas = {"x:/s": {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}}
    return Fitting(Generator(schemas, Validators(schemas)), "test")


def test_an_object_is_completed_with_what_it_lacks_and_no_more() -> None:
    found = fitting(THING).completed("x:/s", {"name": "a"}, (), 1)
    assert found.keys() == {"id", "name"}
    assert fitting(THING).completed("x:/s", {"id": 1}, (), 1) == {"id": 1}
    assert fitting({**THING, "required": []}).completed("x:/s", {}, ("name",), 1).keys() == {"name"}


def test_what_breaks_the_schema_is_left_out() -> None:
    found = fitting(THING).completed("x:/s", {"id": 3, "name": 5}, (), 1)
    assert found["id"] == 3
    assert isinstance(found["name"], str)


@pytest.mark.parametrize(
    ("schema", "shown"),
    [
        (THING, {"id": 1, "name": "a"}),
        ({"type": "object", "required": ["data"], "properties": {"data": THING}}, {"data": {"id": 1, "name": "a"}}),
        ({**THING, "properties": {**THING["properties"], "name": False}}, {"id": 1}),
        ({"type": "object", "required": ["done"], "properties": {"done": {"const": True}}, "additionalProperties": False}, MISFIT),
        ({"type": "string"}, MISFIT),
    ],
)
def test_an_object_is_shown_as_the_answer_has_it(schema: dict[str, Any], shown: Any) -> None:
    assert fitting(schema).one("x:/s", {"id": 1, "name": "a"}) == shown


@pytest.mark.parametrize(
    ("schema", "shown"),
    [
        (THINGS, [{"id": 1, "name": "a"}, {"id": 2}]),
        ({**THINGS, "maxItems": 1}, [{"id": 2}]),
        (
            {
                "type": "object",
                "required": ["tags", "data", "count"],
                "properties": {"tags": {"type": "array", "items": {"const": "t"}}, "data": THINGS, "count": {"type": "integer"}},
            },
            {"tags": ["t", "t"], "data": [{"id": 1, "name": "a"}, {"id": 2}], "count": 2},
        ),
        ({**THINGS, "items": {**THING, "additionalProperties": False, "properties": {"id": {"type": "integer"}}}}, [{"id": 1}, {"id": 2}]),
        ({"type": "array", "items": {"type": "string"}}, MISFIT),
        ({"type": "object", "properties": {"n": {"const": 1}}}, MISFIT),
    ],
)
def test_objects_are_listed_as_the_answer_has_it(schema: dict[str, Any], shown: Any) -> None:
    assert fitting(schema).many("x:/s", [{"id": 1, "name": "a"}, {"id": 2}]) == shown
