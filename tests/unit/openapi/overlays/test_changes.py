"""The differences between a document before and after."""

from __future__ import annotations

from typing import Any

import pytest

from specgw.openapi.overlays.changes import Change, changes


@pytest.mark.parametrize(
    ("before", "after", "found"),
    [
        ({"a": 1}, {"a": 1}, []),
        ({"a": 1}, {"a": True}, ["changed /a"]),
        ({"a": 1, "b": {}}, {"a": 2, "c": {}}, ["changed /a", "removed /b", "added /c"]),
        ({"a": {"b/c": {"d": 1}}}, {"a": {"b/c": {"d": 1, "e": 2}}}, ["added /a/b~1c/e"]),
        ([1, 2, 3], [1, 3], ["removed /1"]),
        ([1, 2], [1, 2, 3], ["added /2"]),
        ([1, {"x": 1}], [1, {"x": 2}], ["changed /1/x"]),
        ([1, 2, 3], [3, 4], ["removed /0", "removed /1", "added /1"]),
        ({"a": {}}, {"a": []}, ["changed /a"]),
        ({}, [], ["changed "]),
    ],
)
def test_changes(before: Any, after: Any, found: list[str]) -> None:
    assert [f"{change.kind} {change.pointer}" for change in changes(before, after)] == found


def test_what_is_policy() -> None:
    assert Change("added", "/paths/~1a/get/x-gateway").policy
    assert Change("changed", "/x-gateway/mount").policy
    assert not Change("added", "/paths/~1x-gateway").policy
