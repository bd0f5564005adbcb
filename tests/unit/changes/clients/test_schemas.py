"""What cases.yaml does not show: places within values, and schemas that contain themselves."""

from __future__ import annotations

from typing import Any

from specgw.changes.clients.pair import pair
from specgw.changes.clients.schemas import Comparison


def compare(old: Any, new: Any, schemas: tuple[dict[str, Any], dict[str, Any]] = ({}, {})) -> list[tuple[str, str]]:
    before, after = ({"components": {"schemas": each}} for each in schemas)
    comparison = Comparison(pair(before, after), "request", "body")
    return sorted((found.place, found.code) for found in comparison.compare(old, new, ()))


def test_a_place_is_named_as_the_value_has_it() -> None:
    old, new = ({"properties": {"a": {"type": "array", "items": {"properties": {"b": {"type": kind}}}}}} for kind in ("string", "integer"))
    assert compare(old, new) == [("body /a/*/b", "request-type-changed")]


def test_equal_changes_at_two_places_are_two() -> None:
    old, new = ({"properties": {"a": {"type": kind}, "b": {"type": kind}}} for kind in ("string", "integer"))
    assert [place for place, _ in compare(old, new)] == ["body /a", "body /b"]


def test_a_schema_that_contains_itself_ends() -> None:
    loop = {"$ref": "#/components/schemas/T"}
    trees = tuple({"T": {"properties": {"v": {"type": kind}, "next": loop}}} for kind in ("string", "integer"))
    assert compare(loop, loop, (trees[0], trees[1])) == [("body /v", "request-type-changed")]
    unrolled = {"properties": {"v": {"type": "string"}, "next": {"properties": {"v": {"type": "string"}, "next": loop}}}}
    assert compare(loop, unrolled, (trees[0], trees[0])) == []


def test_members_are_known_by_their_component() -> None:
    old, new = ({"oneOf": [{"$ref": "#/components/schemas/A"}, {"$ref": f"#/components/schemas/{other}"}]} for other in "BC")
    kinds = {name: {"type": "object", "properties": {"v": {"const": name}}} for name in "ABC"}
    assert compare({**old}, {**new}, (kinds, kinds)) == [
        ("body (C) /v".replace(" /", "/"), "request-enum-narrowed"),
        ("body (C)/v", "request-enum-widened"),
    ]
