"""The fixture, in a pytest of its own as its users have it: found by the entry point, verdicts as tests."""

from __future__ import annotations

import subprocess
import sys
from importlib.metadata import entry_points
from pathlib import Path

from tests.scenarios.process import environment, service

DOCUMENT = """\
openapi: 3.1.0
info: {title: Notes, version: "1"}
servers: [{url: "http://127.0.0.1:9000"}]
paths:
  /note:
    get:
      security: [{key: []}]
      responses: {"200": {description: ok, content: {application/json: {schema: {type: object, required: [id]}}}}}
components: {securitySchemes: {key: {type: apiKey, in: header, name: X-Key}}}
"""

TESTS = """\
QUICK = {{"phases": ["fuzzing"], "skip_checks": ["ignored_auth", "negative_data_rejection"], "examples": 1, "seed": 1}}

def test_clean(specgw_contract):
    specgw_contract("notes.yaml", url="{right}", credentials={{"key": ["first", "second"]}}, **QUICK)

def test_broken(specgw_contract):
    specgw_contract("notes.yaml", url="{wrong}", junit="report.xml", operations=[], **QUICK)

def test_misused(specgw_contract):
    specgw_contract("notes.yaml", url="{right}", credentials={{"kee": "secret-value"}})

def test_misspelt(specgw_contract):
    specgw_contract("notes.yaml", url="{right}", exampels=3)

def test_without_url(specgw_contract):
    specgw_contract("notes.yaml")
"""


def test_the_entry_point_names_the_plugin() -> None:
    [found] = [entry for entry in entry_points(group="pytest11") if entry.name == "specgw"]
    assert found.value == "specgw.contract.plugin"


def test_verdicts_are_tests(tmp_path: Path) -> None:
    (tmp_path / "notes.yaml").write_text(DOCUMENT)
    with service({"id": 1}) as right, service([]) as wrong:
        (tmp_path / "test_contract.py").write_text(TESTS.format(right=right, wrong=wrong))
        command = [sys.executable, "-m", "pytest", "-rA", "-p", "no:schemathesis", "-p", "no:cacheprovider", "test_contract.py"]
        ended = subprocess.run(command, cwd=tmp_path, env=environment(), capture_output=True, text=True, timeout=110, check=False)
    assert "4 failed, 1 passed" in ended.stdout, ended.stdout
    assert "identity 1 with key, identity 2 with key" in ended.stdout
    assert "GET /note" in ended.stdout
    assert "Response violates schema" in ended.stdout
    assert "did you mean 'key'" in ended.stdout
    assert "no keyword 'exampels'; did you mean 'examples'?" in ended.stdout
    assert "specgw_contract needs url=" in ended.stdout
    assert "TypeError" not in ended.stdout
    assert "secret-value" not in ended.stdout
    assert (tmp_path / "report.xml").is_file()
