from __future__ import annotations

from typing import Any

from specgw.openapi.model import Node
from specgw.xgateway.tree import Tree, find, merge, place, plain, plant, strip


def tree(folder: Any, text: str, name: str = "a.yaml") -> Tree:
    return plant(folder.read(text, name))


def test_a_planted_tree_is_the_value_again(folder: Any) -> None:
    text = "a: {b: [1, {c: 2}], d: null}\ne: x"
    assert plain(tree(folder, text)) == {"a": {"b": [1, {"c": 2}], "d": None}, "e": "x"}


def test_mappings_merge_and_lists_are_replaced(folder: Any) -> None:
    weak = tree(folder, "a: {b: 1, c: [1, 2]}\nd: 1", "weak.yaml")
    strong = tree(folder, "a: {c: [3], e: 4}", "strong.yaml")
    assert plain(merge(weak, strong)) == {"a": {"b": 1, "c": [3], "e": 4}, "d": 1}


def test_whole_keys_are_replaced_at_the_top_only(folder: Any) -> None:
    weak = tree(folder, "a: {b: 1}\nc: {a: {b: 1}}", "weak.yaml")
    strong = tree(folder, "a: {d: 2}\nc: {a: {d: 2}}", "strong.yaml")
    assert plain(merge(weak, strong, whole={"a"})) == {"a": {"d": 2}, "c": {"a": {"b": 1, "d": 2}}}


def test_null_removes_what_is_weaker(folder: Any) -> None:
    weak = tree(folder, "a: {b: 1, c: 2}\nd: 1", "weak.yaml")
    strong = tree(folder, "a: {b: null}\nd: null", "strong.yaml")
    assert plain(strip(merge(weak, strong))) == {"a": {"c": 2}}


def test_a_mapping_over_a_null_is_cut_off_from_what_is_weaker(folder: Any) -> None:
    weak = tree(folder, "a: {b: 1}", "weak.yaml")
    null = tree(folder, "a: null", "null.yaml")
    strong = tree(folder, "a: {c: 2}", "strong.yaml")
    assert plain(merge(weak, merge(null, strong))) == {"a": {"c": 2}}


def test_folded_keys_compare_without_case(folder: Any) -> None:
    weak = tree(folder, "headers: {request: {set: {X-Caller: a, X-B: b}}}\nother: {X: 1}", "weak.yaml")
    strong = tree(folder, "headers: {request: {set: {x-caller: c}}}\nother: {x: 2}", "strong.yaml")
    merged = plain(merge(weak, strong, folded={"headers"}))
    assert merged == {"headers": {"request": {"set": {"X-B": "b", "x-caller": "c"}}}, "other": {"X": 1, "x": 2}}


def test_every_part_knows_the_file_that_said_it(folder: Any) -> None:
    weak = tree(folder, "a: {b: 1, c: 2}", "weak.yaml")
    strong = tree(folder, "a: {c: 3}", "strong.yaml")
    merged = merge(weak, strong)
    assert [place(merged, ("a", key)).file for key in ("b", "c")] == ["weak.yaml", "strong.yaml"]
    assert place(merged, ("a", "b")).pointer == "/a/b"


def test_a_place_inside_of_lists_and_of_what_is_absent(folder: Any) -> None:
    planted = tree(folder, "a: [{b: 1}]")
    assert place(planted, ("a", 0, "b")).pointer == "/a/0/b"
    assert place(planted, ("a", 0, "x", "y")).pointer == "/a/0/x/y"
    assert place(planted, ("x/y",)).pointer == "/x~1y"


def test_find_returns_nothing_for_what_nobody_says(folder: Any) -> None:
    planted = tree(folder, "a: {b: [{c: 1}]}")
    found = find(planted, ("a", "b", 0, "c"))
    assert isinstance(found, Node)
    assert found.pointer == "/a/b/0/c"
    assert find(planted, ("a", "x")) is None
    assert find(planted, ("a", "b", 3)) is None
    assert find(planted, ("a", "b", 0, "c", "d")) is None
    assert find(None, ("a",)) is None
