"""What is read of an overlay; what is said about wrong ones is in tests/golden/overlays."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from specgw.diagnostics import Findings
from specgw.openapi.overlays.overlay import Overlay, read_overlay
from tests.unit.openapi.overlays.documents import document


def read(value: Any, path: Path) -> tuple[Overlay | None, list[str]]:
    findings = Findings()
    overlay = read_overlay(document(value, path.name), path, findings)
    return overlay, [finding.code for finding in findings]


def overlay_of(**members: Any) -> dict[str, Any]:
    return {"overlay": "1.1.0", "info": {"title": "T", "version": "1"}, **members}


def test_an_overlay(tmp_path: Path) -> None:
    (tmp_path / "a b.yaml").touch()
    actions = [
        {"target": "$.info", "update": {"x": 1}, "description": "why", "x-mine": 1},
        {"target": "$.tags", "remove": True},
        {"target": "$.info", "copy": "$.info"},
    ]
    overlay, codes = read(overlay_of(extends="./a%20b.yaml", actions=actions, **{"x-team": "core"}), tmp_path / "x.overlay.json")
    assert codes == []
    assert overlay is not None
    assert (overlay.version, overlay.extends) == ("1.1", tmp_path / "a b.yaml")
    assert [action.verb for action in overlay.actions] == ["update", "remove", "copy"]
    assert overlay.actions[2].place.pointer == "/actions/2/target"


def test_an_update_with_null_is_an_update(tmp_path: Path) -> None:
    overlay, codes = read(overlay_of(actions=[{"target": "$.x", "update": None}]), tmp_path / "x.overlay.json")
    assert overlay is not None
    assert (codes, [action.verb for action in overlay.actions]) == ([], ["update"])


def test_a_version_may_be_a_number_in_yaml(tmp_path: Path) -> None:
    overlay, codes = read(overlay_of(actions=[{"target": "$", "update": {}}]) | {"overlay": 1.1}, tmp_path / "x.overlay.json")
    assert overlay is not None
    assert (overlay.version, codes) == ("1.1", [])
