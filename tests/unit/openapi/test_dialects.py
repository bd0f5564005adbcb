from __future__ import annotations

from typing import Any

import pytest

from specgw.openapi.dialects import OPENAPI_30, OPENAPI_31, dialect_of, known_dialect, misspelt, read_type


def test_versions_have_their_dialect() -> None:
    assert dialect_of("3.0") is OPENAPI_30
    assert dialect_of("3.1") is OPENAPI_31
    assert "const" in OPENAPI_30.foreign
    assert "const" not in OPENAPI_31.foreign
    assert "dependencies" in OPENAPI_31.foreign


@pytest.mark.parametrize(
    ("value", "types"), [("string", ("string",)), (["integer", "null"], ("integer", "null")), (["string", None], ("string", "null"))]
)
def test_types(value: Any, types: tuple[str, ...]) -> None:
    assert read_type(value, alone=False).types == types


@pytest.mark.parametrize(
    ("value", "types", "implied"),
    [
        ("String", ("string",), None),
        ("int", ("integer",), None),
        ("bool", ("boolean",), None),
        ("file", ("string",), None),
        ("datetime", ("string",), "date-time"),
        ("long", ("integer",), "int64"),
        ("dict", ("object",), None),
        (["string", "string"], ("string",), None),
    ],
)
def test_names_of_other_languages_have_a_plain_meaning(value: Any, types: tuple[str, ...], implied: str | None) -> None:
    result = read_type(value, alone=False)
    assert (result.types, result.format, result.reading.lost) == (types, implied, False)
    assert result.reading.fault is not None


def test_any_type_is_no_restriction() -> None:
    result = read_type("any", alone=False)
    assert (result.types, result.reading.lost) == (None, False)


@pytest.mark.parametrize("value", ["widget", [], {"type": "string"}, 7, [["string"]], ["string", "widget"]])
def test_what_names_no_type_is_lost(value: Any) -> None:
    result = read_type(value, alone=False)
    assert result.types is None
    assert result.reading.lost


def test_an_unknown_type_gets_a_suggestion() -> None:
    assert read_type("Strnig", alone=False).reading.hint == "did you mean 'string'?"


def test_null_without_quotes() -> None:
    assert read_type(None, alone=True).types == ("null",)
    assert read_type(None, alone=False).types is None
    assert not read_type(None, alone=False).reading.lost


@pytest.mark.parametrize(
    ("key", "meant"),
    [
        ("maxlength", "maxLength"),
        ("propertes", "properties"),
        ("minimum", None),
        ("x-minimun", None),
        ("title", None),
        ("colour", None),
        ("id", None),
    ],
)
def test_misspelt_keywords(key: str, meant: str | None) -> None:
    assert misspelt(key) == meant


def test_known_dialects() -> None:
    assert known_dialect("https://json-schema.org/draft/2020-12/schema#")
    assert known_dialect("https://spec.openapis.org/oas/3.1/dialect/base")
    assert not known_dialect("http://json-schema.org/draft-07/schema#")
    assert not known_dialect(None)


@pytest.mark.parametrize(
    ("value", "fault"),
    [
        (["string", None], "lists null, without quotes; it is read as 'null'"),
        (["string", "int"], "lists 'int'; it is read as 'integer'"),
        ("int", "is 'int'; it is read as 'integer'"),
        (["string", "string"], "lists 'string' twice"),
    ],
)
def test_faults_are_told_in_the_words_of_the_document(value: Any, fault: str) -> None:
    assert read_type(value, alone=False).reading.fault == fault
