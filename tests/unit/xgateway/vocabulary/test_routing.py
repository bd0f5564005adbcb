from __future__ import annotations

from typing import Any

import pytest

from specgw.xgateway.vocabulary.routing import Match, Rewrite, Timeout, Validation, Version, distinct, kind


@pytest.mark.parametrize(("value", "name"), [("a", "text"), ({}, "mapping"), ([], "list"), (5, None), (True, None), (None, None)])
def test_the_kinds_of_values(value: object, name: str | None) -> None:
    assert kind(value) == name


def test_names_are_distinct_without_case() -> None:
    assert distinct({"A": 1, "B": 2}) == {"A": 1, "B": 2}
    with pytest.raises(ValueError, match="'A' and 'a' are the same header"):
        distinct({"A": 1, "a": 2})


@pytest.mark.parametrize("text", ["{headers: {A: b}}", "{query: {a: true}}", "{headers: {A: true}, query: {b: ''}}"])
def test_conditions(read: Any, text: str) -> None:
    assert isinstance(read(Match, text), Match)


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("{}", [": a mapping with at least one condition under 'headers' or 'query'"]),
        ("{headers: {}, query: {}}", [": a mapping with at least one condition under 'headers' or 'query'"]),
        ("{headers: {A: ' b'}}", ["headers.A: a header value: text in one line of printable ASCII, without blanks at its ends"]),
        ("{query: {a: '${B}'}}", ["query.a: plain text"]),
        ("{query: {a: null}}", ["query.a: the value to compare with, or 'true' where the presence is enough"]),
        ("{header: {A: b}}", ["header: extra_forbidden"]),
    ],
)
def test_conditions_that_are_none(read: Any, text: str, wrong: list[str]) -> None:
    assert read(Match, text) == wrong


@pytest.mark.parametrize(
    ("text", "right"),
    [
        ("{prefix: /a}", True),
        ("{template: '/{a}'}", True),
        ("{}", False),
        ("{prefix: /a, template: /b}", False),
        ("{prefix: '/{a}'}", False),
    ],
)
def test_rewrites(read: Any, text: str, right: bool) -> None:
    assert isinstance(read(Rewrite, text), Rewrite) is right


def test_deep_parts_take_null(read: Any) -> None:
    assert read(Timeout, "{connect: null, total: 5s}") == Timeout(total="5s")  # type: ignore[arg-type]
    assert read(Validation, "{request: null}") == Validation()
    assert read(Version, "{name: null}") == Version()


@pytest.mark.parametrize("name", ["v1", "2024-01-01", "1.0"])
def test_versions(read: Any, name: str) -> None:
    assert read(Version, f"name: '{name}'").name == name


@pytest.mark.parametrize("name", ["'..'", "'.'", "'a/b'", "''", "1.0", "'v 1'"])
def test_a_version_is_one_segment(read: Any, name: str) -> None:
    assert read(Version, f"name: {name}") == ["name: a version name such as 'v1': letters, digits, '.', '_' and '-'"]
