"""Sandboxes, held to their merged documents by schemathesis; what is left out says why."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.contract.system import keeping, sandbox
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
