"""The command: from documents, from a built folder, as JSON, and its exit codes."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from specgw.cli.app import main

DOCUMENT = """\
openapi: 3.1.0
info: {title: Notes, version: "1"}
servers: [{url: "http://127.0.0.1:9000"}]
x-gateway: {mount: /api, timeout: {total: 9s}}
paths:
  /notes/{id}:
    parameters: [{name: id, in: path, required: true, schema: {type: integer}}]
    get: {operationId: getNote, responses: {"200": {description: ok}}}
  /old: {get: {x-gateway: {enabled: false}, responses: {"200": {description: ok}}}}
"""


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    for name in ("GATEWAY_CONFIG", "ACTIVE_PROFILES"):
        monkeypatch.delenv(name, raising=False)
    Path("specs").mkdir()
    Path("specs/notes.yaml").write_text(DOCUMENT, encoding="utf-8")
    return tmp_path


def test_a_built_folder_says_what_its_documents_say(capsys: pytest.CaptureFixture[str]) -> None:
    told = []
    assert main(["build", "specs", "-o", "built"]) == 0
    for specs in ("specs", "built"):
        capsys.readouterr()
        assert main(["explain", "GET", "/api/notes/7", specs]) == 0
        told.append(capsys.readouterr().out)
        assert main(["explain", "GET", "/api/old", specs]) == 1
        told[-1] += capsys.readouterr().out
    assert told[0] == told[1]
    assert "the route getNote" in told[0]
    assert "root, specs/notes.yaml:4" in told[0]
    assert "not served: `enabled: false`" in told[0]
    assert "\x1b" not in told[0]


def test_json(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["explain", "get", "http://x.example/api/notes/7?a=1", "specs", "--format", "json", "-H", "X-A: b"]) == 0
    explanation = json.loads(capsys.readouterr().out)
    assert explanation["request"] == {"method": "GET", "path": "/api/notes/7", "query": "a=1", "host": "x.example"}
    assert explanation["route"]["pathParameters"] == {"id": "7"}
    [total] = [said for said in explanation["settings"] if said["name"] == "timeout.total"]
    assert total == {"name": "timeout.total", "value": "9s", "from": "root", "file": "specs/notes.yaml", "line": 4}


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["GET", "/api/notes/7", "specs"], 0),
        (["OPTIONS", "/api/notes/7", "specs"], 0),
        (["GET", "/healthz", "specs"], 0),
        (["PUT", "/api/notes/7", "specs"], 1),
        (["GET", "/nothing", "specs"], 1),
        (["GET", "/a//b", "specs"], 1),
        (["GET", "nothing", "specs"], 2),
        (["GET", "/api/notes/7", "nowhere"], 2),
        (["GET"], 2),
    ],
)
def test_exit_codes(arguments: list[str], code: int) -> None:
    assert main(["explain", *arguments]) == code


def test_documents_with_errors_are_not_explained(capsys: pytest.CaptureFixture[str]) -> None:
    Path("specs/notes.yaml").write_text(DOCUMENT.replace("mount", "mont"), encoding="utf-8")
    assert main(["explain", "GET", "/api/notes/7", "specs"]) == 1
    printed = capsys.readouterr()
    assert (printed.out, "unknown-key" in printed.err) == ("", True)


def test_a_folder_of_an_older_build_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["build", "specs", "-o", "built"]) == 0
    Path("built/origins.json").unlink()
    assert main(["explain", "GET", "/api/notes/7", "built"]) == 2
    assert "build the folder again" in capsys.readouterr().err
