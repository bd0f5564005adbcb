"""What contract tests meet: the sample system behind its gateway under the development profile, and sandboxes."""

from __future__ import annotations

import contextlib
import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path

from tests.scenarios.process import ROOT, Running, environment, running

STATELESS = ("--skip-checks", "use_after_free,object_level_authorization")
"""A sandbox without `mock: {state: crud}` keeps nothing, so that nothing can be gone, and nothing belongs to anybody."""


def keeping(folder: Path) -> Path:
    """The documents of the sample system, copied into a folder, with a sandbox that keeps what is created."""
    specs = Path(shutil.copytree(ROOT / "specs", folder / "specs"))
    settings = specs / "gateway.yaml"
    text = settings.read_text()
    assert text.count("  defaults:\n") == 1
    settings.write_text(text.replace("  defaults:\n", "  defaults:\n    mock: {state: crud}\n"))
    return specs


@contextlib.contextmanager
def sample_system() -> Iterator[str]:
    """The gateway's address, for as long as the block lasts."""
    with contextlib.ExitStack() as stack:
        urls = {}
        for name in ("users", "products"):
            service = Running("--port", "0", cwd=ROOT, module=f"sample_services.{name}")
            stack.callback(service.kill)
            urls[f"{name.upper()}_URL"] = service.expect(r"serving on (http://\S+)")[1]
        environ = environment(ACTIVE_PROFILES="dev", **urls)
        yield stack.enter_context(running("serve", "specs", "--port", "0", "--admin", "off", cwd=ROOT, environ=environ)).address()


@contextlib.contextmanager
def sandbox(*specs: str | Path, environ: Mapping[str, str] | None = None) -> Iterator[str]:
    """The address of a sandbox of documents, for as long as the block lasts."""
    with running("mock", *specs, "--port", "0", cwd=ROOT, environ=environ) as mock:
        yield mock.expect(r"the sandbox answers .*? on (http://\S+)")[1]
