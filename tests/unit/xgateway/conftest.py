from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from specgw.diagnostics import Findings
from specgw.openapi.discover import Sources
from specgw.openapi.library import Library
from specgw.openapi.model import Node


class Folder:
    """A folder with documents that are written as YAML text and read by the real library."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.findings = Findings()
        self.library = Library(Sources(base=path, roots=(path,), documents=(), gateway=None, overlays=()), self.findings)

    def write(self, text: str, name: str = "api.yaml") -> Path:
        (self.path / name).write_text(text, encoding="utf-8")
        return self.path / name

    def read(self, text: str, name: str = "api.yaml") -> Node:
        document = self.library.load(self.write(text, name))
        assert document is not None, list(self.findings)
        return Node(document, "", document.value)

    def said(self) -> list[str]:
        """Every finding as `code pointer: message (hint)`."""
        return [f"{found.code} {found.pointer}: {found.message}" + (f" ({found.hint})" if found.hint else "") for found in self.findings]

    def codes(self) -> list[tuple[str, str]]:
        return [(found.code, found.pointer) for found in self.findings]


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    return Folder(tmp_path)


@pytest.fixture
def make_folder(tmp_path: Path) -> Callable[[], Folder]:
    return lambda: Folder(tmp_path)
