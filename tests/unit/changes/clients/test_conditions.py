"""What cases.yaml does not show: how conditions are told."""

from __future__ import annotations

from typing import Any

import pytest

from specgw.changes.clients.conditions import compare


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ({}, {"not": {"const": 1}}, [("constraint-added", "not", "none", 'not {"const": 1}')]),
        ({"dependentRequired": {"a": ["b"]}}, {}, [("constraint-removed", "dependentRequired", "a → b", "none")]),
        ({"contains": {}}, {"contains": True}, []),
        (
            {"contains": {"const": 1}, "minContains": 2},
            {"contains": {"const": 1}},
            [("limit-widened", "minContains", "minContains 2", "no minContains")],
        ),
        ({}, {"x-all": [{"format": "a"}]}, [("constraint-added", "allOf", "none", '{"format": "a"}')]),
    ],
)
def test_a_condition_is_told_by_its_keyword(old: dict[str, Any], new: dict[str, Any], told: list[Any]) -> None:
    assert list(compare(old, new, lambda side, value: value)) == told
