"""What cases.yaml does not show: parameters under other names."""

from __future__ import annotations

from datetime import date
from typing import Any

from specgw.changes.clients.messages import compare
from specgw.changes.clients.pair import pair

TODAY = date(2028, 1, 1)


def found(old: dict[str, Any], new: dict[str, Any], names: dict[str, str] | None = None) -> list[tuple[str, str]]:
    return [(difference.place, difference.code) for difference in compare(pair({}, {}), old, new, names or {}, TODAY)]


def test_a_path_parameter_is_known_by_where_it_stands() -> None:
    old, new = ({"parameters": [{"name": name, "in": "path", "required": True, "schema": {"type": kind}}]} for name, kind in
                (("id", "string"), ("key", "integer")))  # fmt: skip
    assert found(old, new, {"id": "key"}) == [("path key", "request-type-narrowed")]


def test_names_of_header_fields_and_media_types_do_not_depend_on_case() -> None:
    old, new = (
        {"requestBody": {"content": {media: {}}}, "parameters": [{"name": name, "in": "header"}]}
        for media, name in (("Text/CSV", "X-A"), ("text/csv", "x-a"))
    )
    assert found(old, new) == []
