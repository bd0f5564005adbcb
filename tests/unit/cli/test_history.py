from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from specgw.cli.app import main

DOCUMENT = """\
openapi: 3.1.0
info: {title: Notes, version: "1"}
servers: [{url: "http://127.0.0.1:9000"}]
paths:
  /notes:
    get:
      operationId: listNotes
      parameters: [{name: page, in: query, schema: {type: integer}}]
      responses: {"200": {description: Notes.}}
  /secrets:
    get:
      x-gateway: {visibility: internal}
      operationId: listSecrets
      responses: {"200": {description: Secrets.}}
"""
REQUIRED = ("in: query,", "in: query, required: true,")


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    for name in ("GATEWAY_CONFIG", "ACTIVE_PROFILES"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1767312000")
    Path("specs").mkdir()
    return tmp_path


def build(*replace: tuple[str, str]) -> int:
    text = DOCUMENT
    for pair in replace:
        assert pair[0] in text
        text = text.replace(*pair)
    Path("specs/notes.yaml").write_text(text, encoding="utf-8")
    return main(["build", "specs", "-o", "generated"])


def entries() -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(Path("generated/changes.json").read_text())["entries"]
    return found


def test_a_build_begins_the_history_and_the_next_continues_it(monkeypatch: pytest.MonkeyPatch) -> None:
    assert build() == 0
    assert entries() == [{"number": 1, "date": "2026-01-02", "versions": {"notes": [None, "1"]}}]
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1769990400")
    assert build(REQUIRED, ('version: "1"', 'version: "2"')) == 0
    assert entries()[0] == {
        "number": 2,
        "date": "2026-02-02",
        "versions": {"notes": ["1", "2"]},
        "counts": {"breaking": 1},
        "changes": [
            {
                "kind": "breaking",
                "code": "parameter-required",
                "service": "notes",
                "operation": "GET /notes",
                "place": "query page",
                "text": "a parameter has become required",
            }
        ],
    }


def test_what_only_the_gateway_enforces_is_told_of_what_is_public() -> None:
    assert build() == 0
    told = ("      operationId: listNotes", "      x-gateway: {timeout: {total: 9s}}\n      operationId: listNotes")
    assert build(told, ("{visibility: internal}", "{visibility: internal, timeout: {total: 9s}}")) == 0
    [change] = entries()[0]["changes"]
    assert (change["code"], change["operation"], change["place"]) == ("timeout-shorter", "GET /notes", "timeout.total")


def test_what_one_line_says_of_a_whole_service_is_told_once() -> None:
    more = ("  /secrets:", "  /more: {get: {operationId: more, responses: {'200': {description: More.}}}}\n  /secrets:")
    assert build(more) == 0
    assert build(more, ("servers:", "x-gateway: {timeout: {total: 9s}}\nservers:")) == 0
    [change] = entries()[0]["changes"]
    assert (change["service"], change.get("operation"), change["place"]) == ("notes", None, "2 operations of notes, timeout.total")
    assert change["operations"] == ["GET /more", "GET /notes"]
    for name in ("listNotes", "more"):
        assert "2 operations of notes, timeout.total" in Path(f"generated/portal/operations/{name}.html").read_text()


def test_a_webhook_is_its_services(folder: Path) -> None:
    shop = DOCUMENT.replace("/notes", "/goods").replace("listNotes", "goods")
    shop = shop.replace("/secrets", "/hidden").replace("listSecrets", "hidden")
    Path("specs/shop.yaml").write_text(shop.replace("Notes", "Shop"), encoding="utf-8")
    assert build() == 0
    called = ("servers:", "webhooks: {changed: {post: {responses: {'200': {description: Taken.}}}}}\nservers:")
    assert build(called) == 0
    [change] = entries()[0]["changes"]
    assert (change["code"], change["service"], change["place"]) == ("webhook-added", "notes", "webhook changed POST")
    Path("specs/shop.yaml").unlink()
    assert build(called) == 0
    assert build() == 0
    assert (entries()[0]["changes"][0]["code"], entries()[0]["changes"][0]["service"]) == ("webhook-removed", "notes")


def test_the_same_documents_give_the_same_bytes() -> None:
    assert build() == 0
    before = {path: path.read_bytes() for path in Path("generated").rglob("*.*")}
    assert build() == 0
    assert {path: path.read_bytes() for path in Path("generated").rglob("*.*")} == before


def test_internal_operations_are_not_told() -> None:
    assert build() == 0
    assert build(("listSecrets", "allSecrets"), ("Secrets.", "More."), ("  /secrets", "  /mysteries")) == 0
    assert len(entries()) == 1
    assert "ecret" not in Path("generated/changes.json").read_text()


@pytest.mark.parametrize("content", ["{}", "<<<<<<< ours", '{"changes": [{"version": "1"}]}'])
def test_a_history_that_cannot_be_continued_is_not_lost(content: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert build() == 0
    Path("generated/changes.json").write_text(content)
    assert build(REQUIRED) == 2
    assert "changes.json is not a changelog that can be continued" in capsys.readouterr().err
    assert Path("generated/changes.json").read_text() == content
    assert '"required": true' not in Path("generated/openapi.json").read_text()


@pytest.mark.parametrize("name", ["openapi.json", "plan.json"])
def test_a_history_without_its_build_is_refused(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert build() == 0
    Path("generated", name).unlink()
    assert build() == 2
    assert "goes with a build that is not there" in capsys.readouterr().err


def test_a_date_that_is_none_is_refused(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "yesterday")
    assert build() == 2
    assert "SOURCE_DATE_EPOCH is 'yesterday'" in capsys.readouterr().err


def test_a_plan_of_an_earlier_format_is_read(capsys: pytest.CaptureFixture[str]) -> None:
    assert build() == 0
    plan = json.loads(Path("generated/plan.json").read_text())
    plan["format"] = 0
    Path("generated/plan.json").write_text(json.dumps(plan))
    assert build(REQUIRED) == 0
    assert entries()[0]["changes"][0]["service"] == "notes"
