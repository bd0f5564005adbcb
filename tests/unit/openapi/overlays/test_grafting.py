"""Merging into a document, removing from it, and where the parts of the result were written."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from specgw.openapi.overlays.grafting import Conflict, Grafted, Origin, Part
from tests.unit.openapi.overlays.documents import document

BASE: dict[str, Any] = {"info": {"title": "T"}, "tags": ["a", "b"], "deep": {"list": [{"x": 1}, {"y": 2}]}, "none": None}


def grafted() -> Grafted:
    return Grafted(document(BASE))


def part(value: Any) -> Part:
    other = document(value, "over.json")
    return Part(other.value, Origin(other, ""))


def test_merging_follows_the_specification() -> None:
    made = grafted()
    made.merge((), part({"info": {"title": "N", "version": "1"}, "tags": ["c"], "none": {"now": 1}, "new": [1]}))
    assert made.value == {**BASE, "info": {"title": "N", "version": "1"}, "tags": ["a", "b", "c"], "none": {"now": 1}, "new": [1]}
    assert made.base.value == BASE


def test_a_list_takes_elements_of_a_list_or_one_value() -> None:
    made = grafted()
    made.merge(("tags",), part(["c", "d"]))
    made.merge(("tags",), part("e"))
    made.merge(("deep", "list"), part({"z": 3}))
    assert made.value["tags"] == ["a", "b", "c", "d", "e"]
    assert made.value["deep"]["list"] == [{"x": 1}, {"y": 2}, {"z": 3}]


@pytest.mark.parametrize(
    ("location", "value", "where"),
    [
        ((), [1], ()),
        ((), {"tags": {"x": 1}}, ("tags",)),
        ((), {"info": ["x"]}, ("info",)),
        ((), {"info": "x"}, ("info",)),
        (("info", "title"), {"x": 1}, ("info", "title")),
        ((), {"deep": {"list": 1}}, ("deep", "list")),
    ],
)
def test_values_of_different_kinds_conflict(location: tuple[str, ...], value: Any, where: tuple[str, ...]) -> None:
    with pytest.raises(Conflict) as conflict:
        grafted().merge(location, part(value))
    assert conflict.value.location == where


def test_null_into_a_container_changes_nothing_and_is_noted() -> None:
    made = grafted()
    made.merge((), part({"tags": None, "info": {"title": None}}))
    assert made.value == {**BASE, "info": {"title": None}}
    assert [origin.pointer for origin in made.empty] == ["/tags"]


def test_removing() -> None:
    made = grafted()
    for location in (("tags", 1), ("tags", 0), ("deep", "list", 0, "x"), ("info",), ("info", "title"), ("tags", 7), ("none", "x")):
        made.remove(location)
    assert made.value == {"tags": [], "deep": {"list": [{}, {"y": 2}]}, "none": None}
    assert made.base.value == BASE


def test_one_value_merged_twice_stays_two() -> None:
    made, new = grafted(), part({"inner": {"list": [1]}})
    made.merge(("info",), new)
    made.merge(("deep",), new)
    made.merge(("info", "inner", "list"), part([2]))
    assert (made.value["info"]["inner"], made.value["deep"]["inner"]) == ({"list": [1, 2]}, {"list": [1]})


def test_a_clone_is_not_reached_by_later_changes() -> None:
    made = grafted()
    made.merge(("deep",), part({"more": {"z": 1}}))
    clone = made.clone(made.part(("deep",)))
    before = copy.deepcopy(clone.value)
    made.merge(("deep", "more"), part({"later": 1}))
    made.merge(("info",), clone)
    made.merge(("info", "more"), part({"own": 1}))
    assert clone.value["list"] == before["list"]
    assert made.value["deep"]["more"] == {"z": 1, "later": 1}
    assert made.value["info"]["more"]["z"] == 1


def test_every_part_knows_where_it_was_written() -> None:
    made = grafted()
    made.merge((), part({"info": {"version": "1"}, "tags": ["c"]}))
    made.remove(("tags", 0))
    made.remove(("deep", "list", 0))
    made.merge(("deep",), made.clone(made.part(("info",))))
    places = {pointer: made.written(pointer) for pointer in POINTERS}
    told = {pointer: (place.file, place.pointer) for pointer, place in places.items()}
    assert told == POINTERS


POINTERS = {
    "": ("api.json", ""),
    "/info": ("api.json", "/info"),
    "/info/title": ("api.json", "/info/title"),
    "/info/version": ("over.json", "/info/version"),
    "/info/absent": ("api.json", "/info"),
    "/tags/0": ("api.json", "/tags/1"),
    "/tags/1": ("over.json", "/tags/0"),
    "/tags/2": ("api.json", "/tags"),
    "/deep/list/0/y": ("api.json", "/deep/list/1/y"),
    "/deep/list/0/y/absent": ("api.json", "/deep/list/1/y/absent"),
    "/deep/version": ("over.json", "/info/version"),
    "/deep/title": ("api.json", "/info/title"),
}


def test_an_overlay_over_an_overlay_keeps_both_places() -> None:
    made = grafted()
    made.merge(("info",), part({"version": "1"}))
    again = Grafted(made)
    again.merge(("info",), Part({"third": 3}, Origin(document({"third": 3}, "third.json"), "")))
    assert [again.written(f"/info/{key}").file for key in again.value["info"]] == ["api.json", "over.json", "third.json"]
    assert made.value["info"] == {"title": "T", "version": "1"}
    assert again.line(1) == "{"
