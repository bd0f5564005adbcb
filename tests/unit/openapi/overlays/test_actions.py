"""Actions on a document, in their order; what cannot be done is in tests/golden/overlays."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from specgw.diagnostics import Findings
from specgw.openapi.overlays.actions import apply
from specgw.openapi.overlays.grafting import Grafted
from specgw.openapi.overlays.overlay import read_overlay
from tests.unit.openapi.overlays.documents import document


def applied(base: Any, *actions: dict[str, Any]) -> tuple[Any, dict[str, str | None], list[str]]:
    findings = Findings()
    value = {"overlay": "1.1.0", "info": {"title": "T", "version": "1"}, "actions": list(actions)}
    overlay = read_overlay(document(value, "x.overlay.json"), Path("x.overlay.json"), findings)
    assert overlay is not None
    made = Grafted(document(base))
    idle = apply(overlay, made, findings)
    return made.value, idle, [finding.code for finding in findings]


def test_each_action_sees_what_those_before_it_left() -> None:
    value, idle, codes = applied(
        {"a": {"x": 1}},
        {"target": "$.b", "update": {"y": 1}},
        {"target": "$", "update": {"b": {}}},
        {"target": "$.b", "update": {"y": 2}},
        {"target": "$.a", "remove": True},
        {"target": "$.a", "update": {"z": 3}},
    )
    assert value == {"b": {"y": 2}}
    assert list(idle) == ["/actions/0", "/actions/4"]
    assert codes == []


def test_elements_of_a_list_are_removed_whatever_their_order_and_depth() -> None:
    base = {"list": [0, 1, 2, {"inner": [3, 4, 5]}, 6]}
    value, _, codes = applied(base, {"target": "$.list[0, 2, 4]", "remove": True}, {"target": "$..inner[?@ > 3]", "remove": True})
    assert (value, codes) == ({"list": [1, {"inner": [3]}]}, [])


def test_a_parent_and_its_child_may_both_be_selected() -> None:
    value, _, codes = applied({"a": {"a": {"a": 1}}, "b": 1}, {"target": "$..a", "remove": True})
    assert (value, codes) == ({"b": 1}, [])


def test_a_node_that_is_selected_twice_is_changed_once() -> None:
    value, _, _ = applied({"tags": ["x"]}, {"target": "$['tags', 'tags']", "update": "y"})
    assert value == {"tags": ["x", "y"]}


def test_a_node_may_be_copied_into_itself() -> None:
    value, _, codes = applied({"a": {"b": {}}}, {"target": "$.a.b", "copy": "$.a"})
    assert (value, codes) == ({"a": {"b": {"b": {}}}}, [])


def test_a_copy_into_several_places_makes_as_many() -> None:
    value, _, _ = applied(
        {"from": {"list": [1]}, "to": {"a": {}, "b": {}}},
        {"target": "$.to.*", "copy": "$.from"},
        {"target": "$.to.a.list", "update": 2},
    )
    assert value == {"from": {"list": [1]}, "to": {"a": {"list": [1, 2]}, "b": {"list": [1]}}}


def test_nodes_of_several_kinds_are_left_alone() -> None:
    value, _, codes = applied({"a": {}, "b": []}, {"target": "$.*", "update": {"x": 1}})
    assert (value, codes) == ({"a": {}, "b": []}, ["incompatible-update"])
