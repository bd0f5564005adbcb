"""Every finding of the compiler: what can be wrong in a document, where it stands, and the way out.

A compile never raises for what a user wrote. It collects `Diagnostic`s in a `Findings`, all at once, and the
command line prints them as text, JSON or SARIF. The catalogue below is the only list of codes; a test holds it
against the code that raises them and the page in docs/diagnostics.md.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol


class Severity(StrEnum):
    """How a finding weighs: an error stops the build, a warning does not (unless `--strict`)."""

    ERROR = "error"
    WARNING = "warning"


class Place(Protocol):
    """Where a finding stands. Positions are looked up only when the finding is settled, since that costs."""

    @property
    def file(self) -> str:
        """Path of the document as findings show it: relative, never absolute."""

    @property
    def pointer(self) -> str:
        """RFC 6901 JSON pointer of the value in that document; "" is the root."""

    def position(self) -> tuple[int, int]:
        """Line and column of the value (or of its key), both from 1."""


@dataclass(frozen=True, slots=True)
class FilePlace:
    """A place that is known by line and column already, or only by its file."""

    file: str
    line: int = 1
    column: int = 1
    pointer: str = ""

    def position(self) -> tuple[int, int]:
        """Line and column as given."""
        return self.line, self.column


@dataclass(frozen=True, slots=True)
class Code:
    """One kind of finding: its code, how it weighs, and what it means for the author."""

    code: str
    severity: Severity
    title: str
    meaning: str


@dataclass(frozen=True, slots=True, order=True)
class Diagnostic:
    """One finding at its place. `hint` says what to do about it, where that can be said."""

    file: str
    line: int
    column: int
    code: str
    severity: Severity
    message: str
    pointer: str = ""
    hint: str | None = None

    def as_json(self) -> dict[str, object]:
        """The members that `check --format json` and findings.json show."""
        return {
            "code": self.code,
            "severity": self.severity.value,
            "message": self.message,
            "file": self.file,
            "line": self.line,
            "column": self.column,
            "pointer": self.pointer,
            "hint": self.hint,
        }


class Findings:
    """Collects what a compile finds. The same finding at the same place is kept once."""

    def __init__(self) -> None:
        self._pending: dict[tuple[str, str, str, str], tuple[Code, Place, str, str | None]] = {}

    def add(self, code: str, place: Place, message: str, *, hint: str | None = None) -> None:
        """Note a finding of the catalogue at a place; an unknown code is our own mistake and raises KeyError."""
        kind = CATALOGUE[code]
        self._pending.setdefault((code, place.file, place.pointer, message), (kind, place, message, hint))

    @property
    def errors(self) -> bool:
        """Whether an error is among the findings."""
        return any(kind.severity is Severity.ERROR for kind, *_ in self._pending.values())

    def __len__(self) -> int:
        return len(self._pending)

    def __iter__(self) -> Iterator[Diagnostic]:
        return iter(self.settle())

    def settle(self, *, strict: bool = False) -> list[Diagnostic]:
        """All findings with their positions, ordered by file and line; `strict` turns warnings into errors."""
        settled = []
        for kind, place, message, hint in self._pending.values():
            line, column = place.position()
            severity = Severity.ERROR if strict else kind.severity
            settled.append(Diagnostic(place.file, line, column, kind.code, severity, message, place.pointer, hint))
        return sorted(settled, key=lambda finding: (finding.file, finding.line, finding.column, finding.code, finding.message))


def did_you_mean(word: str, candidates: Iterable[str]) -> str | None:
    """A hint with the closest candidate, or with all of them when none is close; None when there is none at all."""
    known = sorted(candidates)
    if not known:
        return None
    close = difflib.get_close_matches(word, known, n=1, cutoff=0.6)
    if close:
        return f"did you mean '{close[0]}'?"
    return "allowed: " + ", ".join(known)


def _error(code: str, title: str, meaning: str) -> Code:
    return Code(code, Severity.ERROR, title, meaning)


def _warning(code: str, title: str, meaning: str) -> Code:
    return Code(code, Severity.WARNING, title, meaning)


# Ordered as a compile meets them: files, references, OpenAPI, schemas, x-gateway, gateway.yaml, routes.
CODES: tuple[Code, ...] = (
    _error("file-not-found", "File not found", "A file or folder that was named does not exist or cannot be read."),
    _error("several-gateway-files", "More than one gateway.yaml", "What was named holds several gateway.yaml; a gateway has one."),
    _error("no-documents", "No documents", "Nothing that was named holds an OpenAPI document."),
    _error("syntax", "Not YAML or JSON", "The file cannot be parsed; the place is where the parser gave up."),
    _error("duplicate-key", "Repeated key", "A mapping has the same key twice; only one of them could take effect."),
    _error("empty-document", "Empty file", "The file holds no value at all: nothing, or only comments."),
    _error("invalid-encoding", "Not UTF-8", "The file's bytes are not text in UTF-8, nor in what its byte order mark says."),
    _error("several-documents", "More than one YAML document", "A file holds one document; what follows `---` would be ignored."),
    _error("recursive-alias", "Alias inside its own anchor", "A YAML alias stands inside the value that it repeats, which would never end."),
    _error("unsupported-tag", "YAML tag without meaning", "OpenAPI allows the types of JSON only; a tag like `!!binary` or `!include` has no meaning in it."),
    _error("number-out-of-range", "Number too large", "A number is larger than programs can compute with, so that it could not be checked."),
    _error("document-limits", "Too large or too deep", "The file, or what its aliases repeat, is larger or nests deeper than a contract can sensibly be."),
    # references
    _error("invalid-reference", "Not a reference", "A `$ref` is not a string, or not a URI reference as RFC 3986 has it."),
    _error("broken-reference", "Reference that leads nowhere", "Nothing stands where a `$ref` points to: no such file, or no such value in it."),
    _error("reference-cycle", "References in a circle", "A chain of `$ref`s comes back to itself before it reaches a value."),
    _error(
        "reference-outside", "Reference out of the folder",
        "A `$ref`, or a link in the file system, leads out of the folders that were named. Files there are not read.",
    ),
    _error("remote-reference", "Reference to another host", "A `$ref` leads to a URL. Documents are not fetched over the network."),
    _warning("reference-siblings", "Keys beside `$ref`", "Keys beside a `$ref` have no effect here; OpenAPI allows only `summary` and `description`."),
)

CATALOGUE: dict[str, Code] = {code.code: code for code in CODES}
