from __future__ import annotations

from typing import Any

import pytest

from specgw.plan.model import Shape
from specgw.policies.validation.scalars import Form, arrays, combinations, objects, scalar


def readings(text: str, *types: str) -> list[Any]:
    return list(scalar(frozenset(types))(text))


@pytest.mark.parametrize(
    ("text", "types", "expected"),
    [
        ("5", ("integer",), [5]),
        ("-5", ("integer",), [-5]),
        ("0", ("integer",), [0]),
        ("-0", ("integer",), [0]),
        ("1.0", ("integer",), [1.0]),
        ("1e2", ("number",), [100.0]),
        ("123456789012345678901234567890", ("integer",), [123456789012345678901234567890]),
        ("1.5", ("number",), [1.5]),
        # not by the grammar of JSON: the text stays, and the schema refuses it
        ("+1", ("integer",), ["+1"]),
        ("007", ("integer",), ["007"]),
        ("1_000", ("integer",), ["1_000"]),
        ("0x1F", ("integer",), ["0x1F"]),
        (" 1", ("integer",), [" 1"]),
        ("1\n", ("integer",), ["1\n"]),
        ("٣", ("integer",), ["٣"]),
        ("", ("integer",), [""]),
        ("1.", ("number",), ["1."]),
        (".5", ("number",), [".5"]),
        ("NaN", ("number",), ["NaN"]),
        ("Infinity", ("number",), ["Infinity"]),
        ("1e999", ("number",), ["1e999"]),
        ("9" * 5000, ("integer",), ["9" * 5000]),
        ("true", ("boolean",), [True]),
        ("false", ("boolean",), [False]),
        ("True", ("boolean",), ["True"]),
        ("1", ("boolean",), ["1"]),
        ("5", ("string",), ["5"]),
        ("true", ("string",), ["true"]),
        ("", ("string",), [""]),
        # null
        ("", ("null", "integer"), [None]),
        ("null", ("null", "integer"), [None]),
        ("5", ("null", "integer"), [5]),
        ("", ("null", "string"), [""]),
        ("null", ("null", "string"), ["null"]),
        ("", ("null",), [None]),
        ("x", ("null",), ["x"]),
        # several readings, the most specific first
        ("5", ("integer", "string"), [5, "5"]),
        ("x", ("integer", "string"), ["x"]),
        ("true", ("boolean", "string"), [True, "true"]),
        ("x", ("boolean", "integer"), ["x"]),
        ("5", (), [5, "5"]),
        ("true", (), [True, "true"]),
        ("null", (), ["null"]),
        # where only a structure is admitted a text stays a text
        ("5", ("array",), [5, "5"]),
    ],
)
def test_readings(text: str, types: tuple[str, ...], expected: list[Any]) -> None:
    found = readings(text, *types)
    assert found == expected
    assert [type(value) for value in found] == [type(value) for value in expected]


def test_combinations_begin_with_the_most_specific_and_end_with_the_plainest() -> None:
    parts = [[index, str(index)] for index in range(12)]
    found = list(combinations(parts))
    assert found[0] == tuple(range(12))
    assert found[-1] == tuple(str(index) for index in range(12))
    assert len(found) < 100


def test_arrays_and_objects_of_parts() -> None:
    assert arrays([[1], ["a", "b"]])[:2] == [[1, "a"], [1, "b"]]
    assert objects({"x": [1], "y": [2]}) == [{"x": 1, "y": 2}]
    assert arrays([]) == [[]]
    assert objects({}) == [{}]


def test_a_form_knows_its_members() -> None:
    form = Form(Shape(types=("object", "null"), properties={"a": Shape(types=("integer",))}, additional=Shape(types=("boolean",))))
    assert (form.known, form.object, form.array, form.scalars, form.text) == (True, True, False, True, False)
    assert form.member("a").scalar("5") == (5,)
    assert form.member("b").scalar("true") == [True]
    anything = Form(Shape())
    assert (anything.known, anything.object, anything.array, anything.scalars, anything.text) == (False, True, True, True, True)
    assert anything.items.items.member("x").scalar("x") == ["x"]


def test_what_stands_inside_of_another_value_may_be_a_document() -> None:
    inner = Form(Shape(types=("object", "integer")))
    assert list(inner.part('{"a": [1]}')) == [{"a": [1]}, '{"a": [1]}']
    assert list(inner.scalar('{"a": [1]}')) == ['{"a": [1]}']
    assert list(inner.part("7")) == [7]
    for text in ('{"a": 1, "a": 2}', "{a}", "[" * 40 + "]" * 40):
        assert list(inner.part(text)) == [text]
