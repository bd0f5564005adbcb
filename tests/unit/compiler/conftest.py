"""Compiles documents that stand in the test itself."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from textwrap import dedent

import pytest

from specgw.compiler.build import Build
from specgw.compiler.compile import compile_documents
from specgw.compiler.inputs import Inputs

Write = Callable[..., tuple[Path, ...]]
Compile = Callable[..., Build]

HEAD = """\
openapi: 3.1.0
info: {title: Users, version: 1.0.0}
servers: [{url: http://127.0.0.1:8081}]
"""


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Write files, by name and text; returns those that are documents. A text without `openapi` gets a usual head."""

    def write(files: dict[str, str]) -> tuple[Path, ...]:
        paths = []
        for name, text in files.items():
            body = dedent(text)
            document = name.endswith("!")
            path = tmp_path / name.removesuffix("!")
            path.parent.mkdir(parents=True, exist_ok=True)
            if not document and not path.name.startswith("gateway") and "openapi:" not in body:
                body = HEAD + body
            path.write_text(body)
            if not document and not path.name.startswith("gateway"):
                paths.append(path)
        return tuple(paths)

    return write


@pytest.fixture
def build(write: Write, tmp_path: Path) -> Compile:
    """Compile `users.yaml`, or several files by name. A name that ends in `!` is only written, for others to refer to.

    A gateway.yaml among them is found beside the documents. `upstream`, `profiles` and `environ` as in `Inputs`.
    """

    def compile(
        files: str | dict[str, str], *, upstream: str | None = None, profiles: tuple[str, ...] = (), environ: dict[str, str] | None = None
    ) -> Build:
        paths = write({"users.yaml": files} if isinstance(files, str) else files)
        return compile_documents(Inputs(paths, profiles=profiles, upstream=upstream, base=tmp_path), environ=environ or {})

    return compile


def findings(build: Build) -> list[tuple[str, str, int]]:
    """Code, file and line of all findings."""
    return [(finding.code, finding.file, finding.line) for finding in build.findings]


@pytest.fixture
def found() -> Callable[[Build], list[tuple[str, str, int]]]:
    """Code, file and line of all findings of a build."""
    return findings
