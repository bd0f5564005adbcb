"""Sandboxes, held to their merged documents by schemathesis; what is left out says why."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.contract.system import STATELESS, keeping, sandbox
from tests.contract.verdict import outcome
from tests.scenarios.process import ROOT, environment, specgw


@pytest.mark.slow
def test_the_sandbox_of_the_sample_system_is_what_its_merged_document_says(tmp_path: Path) -> None:
    specs = keeping(tmp_path)
    with sandbox(specs) as url:
        chosen = "--sandbox", "--seed", "7", "--examples", "8"
        run = specgw("test", specs, "--url", url, *chosen, cwd=ROOT, environ=environment())
    assert run.returncode == 0, run.stdout + run.stderr
    assert "identity 1 with key, identity 2 with key" in run.stderr
    assert "Selected: 10/10" in run.stdout


@pytest.mark.slow
def test_the_sandbox_of_a_document_with_many_features_is_what_its_merged_document_says() -> None:
    """What published documents have: OAuth 2.0 beside keys, links, problems, XML, unions, fields, and an operation without responses."""
    document = ROOT / "tests/contract/documents/ferries.yaml"
    with sandbox(document) as url:
        chosen = "--sandbox", *STATELESS, "--seed", "7", "--examples", "5"
        run = specgw("test", document, "--url", url, *chosen, cwd=ROOT, environ=environment())
    assert run.returncode == 0, run.stdout + run.stderr
    assert "Selected: 4/4" in run.stdout


@pytest.mark.slow
def test_what_a_sandbox_cannot_make_is_declared_though_the_gateway_does_not_mock_it(tmp_path: Path) -> None:
    """The merged document leaves such an operation to its service. That nothing was tested there is told, by the one check for it."""
    document = tmp_path / "openapi.yaml"
    document.write_text(
        """\
openapi: 3.1.0
info: {title: Things, version: "1"}
paths:
  /things:
    get:
      x-gateway: {mock: {mode: "off"}}
      responses: {"200": {description: never, content: {application/json: {schema: {type: integer, minimum: 2, maximum: 1}}}}}
"""
    )
    run = outcome(document, seed=7, examples=5)
    assert {(failure.operation, failure.code) for failure in run.failures} == {("GET /things", "ST101")}, run.said
    assert "no-mock" in run.said
