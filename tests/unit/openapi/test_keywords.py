from __future__ import annotations

from typing import Any

import pytest

from specgw.openapi import keywords
from specgw.openapi.keywords import NOTHING


@pytest.mark.parametrize("value", [0, -1, 2.5, 10**300])
def test_numbers(value: Any) -> None:
    reading = keywords.read_number(value)
    assert reading.value == value
    assert reading.fault is None


@pytest.mark.parametrize(("text", "number"), [("3", 3), (" -1 ", -1), ("2.5", 2.5), ("1e3", 1000.0)])
def test_numbers_as_text_are_meant_as_numbers(text: str, number: float) -> None:
    reading = keywords.read_number(text)
    assert (reading.value, reading.lost) == (number, False)
    assert reading.fault is not None


@pytest.mark.parametrize("value", ["x", "1e999", True, [], {}, float("nan"), float("inf"), 10**400, "١"])
def test_what_is_no_number_is_lost(value: Any) -> None:
    assert keywords.read_number(value).lost


def test_a_keyword_without_value_enforces_nothing() -> None:
    for read in (keywords.read_number, keywords.read_count, keywords.read_names, keywords.read_flag, keywords.read_name_map):
        reading = read(None)
        assert (reading.value, reading.lost) == (NOTHING, False)
        assert reading.fault is not None


def test_counts() -> None:
    assert keywords.read_count(3).value == 3
    assert keywords.read_count(3.0).value == 3
    assert isinstance(keywords.read_count(3.0).value, int)
    assert keywords.read_count("3").value == 3
    assert keywords.read_count(-1).lost
    assert keywords.read_count(1.5).lost
    assert keywords.read_count("many").lost


def test_a_negative_lower_limit_asks_for_nothing() -> None:
    reading = keywords.read_least(-1)
    assert (reading.value, reading.lost) == (NOTHING, False)


def test_multiples_are_above_zero() -> None:
    assert keywords.read_positive(0.01).value == 0.01
    assert keywords.read_positive(0).lost
    assert keywords.read_positive(-2).lost


def test_flags() -> None:
    assert keywords.read_flag(False).value is False
    assert keywords.read_flag("True").value is True
    assert keywords.read_flag("true").fault is not None
    assert keywords.read_flag("maybe").lost
    assert keywords.read_flag(1).lost


def test_names() -> None:
    assert keywords.read_names(["a", "b"]) == keywords.KeywordReading(["a", "b"])
    repeated = keywords.read_names(["a", "b", "a"])
    assert (repeated.value, repeated.lost) == (["a", "b"], False)
    assert "'a'" in (repeated.fault or "")
    assert keywords.read_names("a").value == ["a"]
    mixed = keywords.read_names(["a", 1])
    assert (mixed.value, mixed.lost) == (["a"], True)
    assert keywords.read_names({"a": True}).lost


def test_name_maps() -> None:
    assert keywords.read_name_map({"a": ["b"]}) == keywords.KeywordReading({"a": ["b"]})
    assert keywords.read_name_map({"a": "b"}).value == {"a": ["b"]}
    mixed = keywords.read_name_map({"a": ["b"], "c": 3})
    assert (mixed.value, mixed.lost) == ({"a": ["b"]}, True)
    assert keywords.read_name_map([]).lost


@pytest.mark.parametrize(
    ("values", "types", "meant"),
    [
        ([1, 2], ("string",), ["1", "2"]),
        ([1, None], ("string", "null"), ["1", None]),
        (["1", "2"], ("integer",), [1, 2]),
        (["true", "false"], ("boolean",), [True, False]),
    ],
)
def test_enumerated_values_that_yaml_retyped_are_what_the_type_says(values: list[Any], types: tuple[str, ...], meant: list[Any]) -> None:
    reading = keywords.read_enum(values, types)
    assert reading.value == meant
    assert [type(entry) for entry in reading.value] == [type(entry) for entry in meant]
    assert reading.fault is not None


@pytest.mark.parametrize(
    ("values", "types"),
    [(["a", 1], ("string",)), ([1, 2], ()), ([1.5], ("string",)), ([True], ("string",)), (["1"], ("string", "integer"))],
)
def test_other_enumerated_values_stay_as_they_are(values: list[Any], types: tuple[str, ...]) -> None:
    assert keywords.read_enum(values, types) == keywords.KeywordReading(values)


def test_enumerations_of_no_list() -> None:
    assert keywords.read_enum(None, ()).value is NOTHING
    assert not keywords.read_enum(None, ()).lost
    assert keywords.read_enum("a", ()).value == ["a"]
    assert keywords.read_enum([], ()).lost
    assert keywords.read_enum({"a": 1}, ()).lost


def test_repeated_values_count_once_as_json_counts_them() -> None:
    assert keywords.read_enum([1, 1.0, True, "1", 1], ()).value == [1, True, "1"]
    assert keywords.read_enum([{"a": 1}, {"a": 1}], ()).value == [{"a": 1}]


def test_values_that_json_cannot_express() -> None:
    for value in (float("nan"), {1: 2}, [{"a": [float("inf")]}], 10**400, object()):
        assert not keywords.is_json(value)
        assert keywords.read_const(value).lost
        assert keywords.read_enum([value], ()).lost
    assert keywords.is_json({"a": [1, 2.5, None, True, "x"]})


@pytest.mark.parametrize(
    ("value", "name"),
    [(None, "null"), (True, "boolean"), (1, "integer"), (1.0, "integer"), (1.5, "number"), ("", "string"), ([], "array"), ({}, "object")],
)
def test_types_of_values(value: Any, name: str) -> None:
    assert keywords.type_of(value) == name
