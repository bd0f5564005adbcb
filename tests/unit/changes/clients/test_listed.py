"""Lists of values, and what they make true of limits, patterns and formats."""

from __future__ import annotations

from typing import Any

import pytest

from specgw.changes.clients import listed


@pytest.mark.parametrize(
    ("old", "new", "text", "codes"),
    [
        ({}, {}, False, []),
        ({"type": "boolean"}, {"enum": [True, False]}, False, []),
        ({"type": "boolean"}, {"type": "boolean", "enum": [True]}, False, ["enum-narrowed"]),
        ({"enum": [False]}, {"type": "boolean"}, False, ["enum-widened"]),
        ({"type": "boolean"}, {"type": "string"}, True, []),
        ({"type": ["boolean", "null"]}, {"enum": [True, False]}, False, ["enum-added"]),
        ({"enum": [1]}, {"enum": ["1"]}, False, ["enum-widened", "enum-narrowed"]),
        ({"enum": [1, True, None, "a"]}, {"enum": ["1", "true", None, "a"]}, True, []),
        ({"enum": [1]}, {"enum": [True]}, False, ["enum-widened", "enum-narrowed"]),
    ],
)
def test_lists(old: dict[str, Any], new: dict[str, Any], text: bool, codes: list[str]) -> None:
    assert [code for code, *_ in listed.compare(old, new, text)] == codes


@pytest.mark.parametrize(
    ("code", "old", "new", "said"),
    [
        ("limit-narrowed", {"enum": [1, 2]}, {"maximum": 2}, True),
        ("limit-narrowed", {"enum": [1, 3]}, {"maximum": 2}, False),
        ("limit-narrowed", {}, {"maximum": 2}, False),
        ("limit-widened", {"maxLength": 2}, {"enum": ["ab"]}, True),
        ("pattern-added", {"enum": ["ab"]}, {"pattern": "("}, False),
        ("pattern-changed", {"enum": ["ab"], "pattern": "^a"}, {"enum": ["ab"], "pattern": "b$"}, True),
        ("pattern-changed", {"enum": ["ab"], "pattern": "^a"}, {"pattern": "b$"}, False),
        ("format-removed", {"format": "date"}, {"enum": ["2024-02-30"]}, False),
        ("format-removed", {"format": "date"}, {"enum": ["2024-02-28"]}, True),
        ("limit-narrowed", {"enum": [10**400]}, {"maximum": 2}, False),
        ("type-narrowed", {"enum": [1]}, {"enum": [1]}, False),
    ],
)
def test_what_a_list_implies(code: str, old: dict[str, Any], new: dict[str, Any], said: bool) -> None:
    assert listed.implied(code, old, new) is said


def test_members_are_known_by_component_or_title() -> None:
    assert listed.names([{"$ref": "#/components/schemas/Cat"}, {"title": "Dog"}, {"type": "string"}, True]) == [
        "Cat", "Dog", '{"type": "string"}', "true",
    ]  # fmt: skip
