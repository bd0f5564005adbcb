from __future__ import annotations

import json
from pathlib import Path

import pytest

from specgw.cli.app import main

GOOD = """\
openapi: 3.1.0
info: {title: Notes, version: "1"}
servers: [{url: "http://127.0.0.1:9000"}]
paths:
  /notes:
    get:
      operationId: listNotes
      responses: {"200": {description: Notes.}}
"""
WARNED = GOOD.replace('[{url: "http://127.0.0.1:9000"}]', "[{url: /v1}]")
BAD = GOOD.replace("operationId: listNotes", "operationId: listNotes\n      x-gateway: {timout: {response: 5s}}")


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    for name in ("GATEWAY_CONFIG", "ACTIVE_PROFILES"):
        monkeypatch.delenv(name, raising=False)
    return tmp_path


def check(capsys: pytest.CaptureFixture[str], text: str, *options: str) -> tuple[int, str]:
    Path("notes.yaml").write_text(text, encoding="utf-8")
    code = main(["check", "notes.yaml", *options])
    printed = capsys.readouterr()
    assert printed.err == ""
    return code, printed.out


def test_good_documents(capsys: pytest.CaptureFixture[str]) -> None:
    assert check(capsys, GOOD) == (0, "no findings in 1 document, 1 route\n")


def test_a_mistake_is_shown_with_its_place_and_the_way_out(capsys: pytest.CaptureFixture[str]) -> None:
    code, text = check(capsys, BAD)
    assert code == 1
    assert " --> notes.yaml:8:19\n" in text
    assert "8 |       x-gateway: {timout: {response: 5s}}\n  |                   ^^^^^^\n" in text
    assert "help: did you mean 'timeout'?" in text
    assert text.endswith("\n1 error in 1 document\n")


def test_a_warning_is_allowed_unless_strict(capsys: pytest.CaptureFixture[str]) -> None:
    code, text = check(capsys, WARNED)
    assert (code, text.endswith("\n1 warning in 1 document, 1 route\n")) == (0, True)
    code, text = check(capsys, WARNED, "--strict")
    assert (code, text.endswith("\n1 error in 1 document, 1 route\n")) == (1, True)


@pytest.mark.parametrize(("text", "code", "severities"), [(GOOD, 0, []), (WARNED, 0, ["warning"]), (BAD, 1, ["error"])])
def test_json_has_the_same_verdict(capsys: pytest.CaptureFixture[str], text: str, code: int, severities: list[str]) -> None:
    got, out = check(capsys, text, "--format", "json")
    findings = json.loads(out)["findings"]
    assert (got, [finding["severity"] for finding in findings]) == (code, severities)
    assert all(set(finding) == {"code", "severity", "message", "file", "line", "column", "pointer", "hint"} for finding in findings)
    assert all(finding["file"] == "notes.yaml" for finding in findings)


def test_gateway_yaml_here_says_what_is_checked(capsys: pytest.CaptureFixture[str]) -> None:
    Path("gateway.yaml").write_text("gateway:\n  specs: [api]\n", encoding="utf-8")
    Path("api").mkdir()
    Path("api/notes.yaml").write_text(GOOD, encoding="utf-8")
    assert main(["check"]) == 0
    assert capsys.readouterr().out == "no findings in 2 documents, 1 route\n"


def test_a_folder_without_documents_is_an_error(capsys: pytest.CaptureFixture[str]) -> None:
    Path("specs").mkdir()
    assert main(["check"]) == 1
    assert "error[no-documents]" in capsys.readouterr().out


def test_json_is_what_a_build_writes_as_findings_json(capsys: pytest.CaptureFixture[str]) -> None:
    code, text = check(capsys, WARNED.replace("Notes.", "größer"), "--format", "json")
    assert main(["build", "notes.yaml", "-o", "out"]) == code == 0
    assert Path("out", "findings.json").read_text(encoding="utf-8") == text


def test_examples_are_proved_where_that_is_asked_for(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    document = tmp_path / "notes.yaml"
    document.write_text(
        "openapi: 3.1.0\ninfo: {title: Notes, version: '1'}\nservers: [{url: 'http://127.0.0.1:9000'}]\npaths:\n  /notes:\n    get:\n"
        "      parameters: [{name: limit, in: query, schema: {type: integer}, example: many}]\n"
        "      responses: {'200': {description: ok, content: {application/xml: {example: {a: 1}}}}}\n"
    )
    assert main(["check", str(document)]) == 0
    capsys.readouterr()
    assert main(["check", "--examples", str(document)]) == 1
    told = capsys.readouterr()
    assert "this example of the query parameter 'limit' is refused: must be an integer" in told.out
    assert "examples: 0 of 1 hold, 1 not tried:" in told.err
    assert "notes.yaml:8: the response 200 (application/xml)" in told.err
