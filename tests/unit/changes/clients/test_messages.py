"""What cases.yaml does not show: parameters under other names, and callbacks."""

from __future__ import annotations

from typing import Any

from specgw.changes.clients.messages import compare
from specgw.changes.clients.pair import pair


def found(old: dict[str, Any], new: dict[str, Any], names: dict[str, str] | None = None) -> list[tuple[str, str]]:
    return [(difference.place, difference.code) for difference in compare(pair({}, {}), old, new, names or {})]


def test_a_path_parameter_is_known_by_where_it_stands() -> None:
    old, new = ({"parameters": [{"name": name, "in": "path", "required": True, "schema": {"type": kind}}]} for name, kind in
                (("id", "string"), ("key", "integer")))  # fmt: skip
    assert found(old, new, {"id": "key"}) == [("path key", "request-type-changed")]


def test_names_of_header_fields_and_media_types_do_not_depend_on_case() -> None:
    old, new = (
        {"requestBody": {"content": {media: {}}}, "parameters": [{"name": name, "in": "header"}]}
        for media, name in (("Text/CSV", "X-A"), ("text/csv", "x-a"))
    )
    assert found(old, new) == []


def test_callbacks_are_held_against_each_other_as_a_whole() -> None:
    assert found({"callbacks": {"done": {}}}, {}) == [("", "callbacks")]
