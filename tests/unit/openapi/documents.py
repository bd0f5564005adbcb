"""Documents on disk for the tests of this folder: written, discovered, loaded and read as a compile does it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from specgw.diagnostics import Diagnostic, Findings
from specgw.openapi.discover import Sources, discover
from specgw.openapi.library import Library
from specgw.openapi.model import Contract, Node, Operation
from specgw.openapi.read import read

HEAD = "openapi: 3.1.0\ninfo: {title: Test, version: '1'}\n"


@dataclass
class Reading:
    """What came out of reading one document."""

    contract: Contract | None
    findings: Findings
    library: Library

    @property
    def found(self) -> list[tuple[str, int]]:
        """Code and line of every finding, in their order."""
        return [(finding.code, finding.line) for finding in self.findings]

    @property
    def only(self) -> Diagnostic:
        """The one finding that there is."""
        (finding,) = self.findings
        return finding

    @property
    def operations(self) -> tuple[Operation, ...]:
        """The operations that were read."""
        assert self.contract is not None
        return self.contract.operations

    @property
    def operation(self) -> Operation:
        """The one operation that there is."""
        (operation,) = self.operations
        return operation


def write(folder: Path, **files: str) -> None:
    """Write files; a double underscore in a name stands for "/", and ".yaml" is added."""
    for name, text in files.items():
        path = folder / (name.replace("__", "/") + ".yaml")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)


def load(folder: Path, **files: str) -> tuple[Node, Library, Findings]:
    """The root of `api.yaml` after writing the files, with the library that holds it."""
    write(folder, **files)
    findings = Findings()
    sources = Sources(folder, (folder,))
    library = Library(sources, findings)
    document = library.load(folder / "api.yaml")
    assert document is not None, list(findings)
    return Node(document, "", document.value), library, findings


def reading(folder: Path, text: str, *, head: str = HEAD, **files: str) -> Reading:
    """Read `text` as the document api.yaml, behind a head of two lines unless another one is given."""
    write(folder, api=head + text, **files)
    findings = Findings()
    library = Library(discover([folder / "api.yaml"], findings, base=folder), findings)
    document = library.load(folder / "api.yaml")
    contract = read(document, library, findings) if document is not None else None
    return Reading(contract, findings, library)
