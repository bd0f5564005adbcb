from __future__ import annotations

from typing import Any

import pytest

from specgw.changes.clients.limits import compare


@pytest.mark.parametrize(
    ("old", "new", "found"),
    [
        ({"maximum": 5}, {"maximum": 5.0}, []),
        ({"maximum": 5, "exclusiveMaximum": 4}, {"exclusiveMaximum": 4}, []),
        ({}, {"exclusiveMinimum": 2}, [("narrowed", "exclusiveMinimum", "no minimum", "minimum 2 exclusive")]),
        ({"minLength": 1}, {"minLength": 0}, [("widened", "minLength", "minLength 1", "no minLength")]),
        ({"multipleOf": 0.1}, {"multipleOf": 0.3}, [("narrowed", "multipleOf", "multipleOf 0.1", "multipleOf 0.3")]),
        ({"uniqueItems": False}, {}, []),
        ({"maxItems": True}, {}, []),
    ],
)
def test_which_allows_more(old: dict[str, Any], new: dict[str, Any], found: list[tuple[str, ...]]) -> None:
    assert list(compare(old, new)) == found
