"""The sample system behind its gateway, held to its merged document by every default check of schemathesis."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

import pytest

from tests.scenarios.process import ROOT, Running, environment, running, specgw


@pytest.fixture(scope="module")
def gateway() -> Iterator[str]:
    """The gateway before both services, under the development profile; its address."""
    with contextlib.ExitStack() as stack:
        urls = {}
        for name in ("users", "products"):
            service = Running("--port", "0", cwd=ROOT, module=f"sample_services.{name}")
            stack.callback(service.kill)
            urls[f"{name.upper()}_URL"] = service.expect(r"serving on (http://\S+)")[1]
        environ = environment(ACTIVE_PROFILES="dev", **urls)
        yield stack.enter_context(running("serve", "specs", "--port", "0", "--admin", "off", cwd=ROOT, environ=environ)).address()


@pytest.mark.slow
def test_the_gateway_is_what_its_merged_document_says(gateway: str) -> None:
    chosen = "--seed", "7", "--examples", "12"
    run = specgw("test", "specs", "--url", gateway, *chosen, cwd=ROOT, environ=environment(ACTIVE_PROFILES="dev"))
    assert run.returncode == 0, run.stdout + run.stderr
    assert "Selected: 10/10" in run.stdout
    for phase in ("Examples", "Coverage", "Fuzzing", "Stateful"):
        assert f"✅ {phase}" in run.stdout
