"""Compiling in this process: what `check`, `build`, `routes` and `up` do first. `serve` compiles in a child process."""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from specgw.cli import options, terminal
from specgw.cli.report import as_text, summary
from specgw.cli.specs import Documents
from specgw.diagnostics import Diagnostic, Severity
from specgw.settings import Settings, read_settings

if TYPE_CHECKING:
    from specgw.compiler.build import Build


def settings() -> Settings:
    """The settings that the environment of this process gives."""
    return read_settings(os.environ)


def compiled(documents: Documents, chosen: Settings, *, base: Path | None = None, thorough: bool = False) -> Build:
    """Compile the documents; on a terminal something moves meanwhile. `base` and `thorough` as in `Inputs`."""
    from specgw.compiler.compile import compile_documents
    from specgw.compiler.inputs import Inputs

    inputs = Inputs(
        documents.paths,
        gateway=documents.gateway,
        profiles=chosen.active_profiles,
        base=base,
        thorough=thorough,
        # Whoever compiles once more for the schemas has had the findings.
        examples=not thorough,
        remote=options.allowed_hosts(),
    )
    with _progress(chosen):
        return compile_documents(inputs)


def report(build: Build, findings: Iterable[Diagnostic], chosen: Settings, *, to_stderr: bool, base: Path | None = None) -> None:
    """Print findings with their excerpts, and the line that sums up. `base` is what was given to `compiled`."""

    def name(file: str) -> str:
        here, path = Path.cwd(), (base or Path()) / file
        return path.relative_to(here).as_posix() if path.is_relative_to(here) else file

    listed = list(findings)
    text = as_text(listed, build.excerpt, name=name)
    text.append_text(summary(listed, documents=len(build.files), routes=None if build.plan is None else len(build.plan.routes)))
    terminal.styled(sys.stderr if to_stderr else sys.stdout, no_color=chosen.no_color).print(text, end="")


def verdict(findings: Iterable[Diagnostic]) -> int:
    """The exit code: 1 when an error is among the findings, else 0."""
    return int(any(finding.severity is Severity.ERROR for finding in findings))


@contextlib.contextmanager
def _progress(chosen: Settings) -> Iterator[None]:
    if chosen.no_color or not sys.stderr.isatty() or os.environ.get("TERM") == "dumb":
        yield  # who wants no colour gets no other control sequences either
        return
    with terminal.styled(sys.stderr).status("compiling"):
        yield
