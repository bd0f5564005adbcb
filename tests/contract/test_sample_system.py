"""The sample system behind its gateway, held to its merged document by every default check of schemathesis."""

from __future__ import annotations

import pytest

from tests.contract.system import sample_system
from tests.scenarios.process import ROOT, environment, specgw


@pytest.mark.slow
def test_the_gateway_is_what_its_merged_document_says() -> None:
    with sample_system() as url:
        chosen = "--seed", "7", "--examples", "12"
        run = specgw("test", "specs", "--url", url, *chosen, cwd=ROOT, environ=environment(ACTIVE_PROFILES="dev"))
    assert run.returncode == 0, run.stdout + run.stderr
    assert "Selected: 10/10" in run.stdout
    for phase in ("Examples", "Coverage", "Fuzzing", "Stateful"):
        assert f"✅ {phase}" in run.stdout
