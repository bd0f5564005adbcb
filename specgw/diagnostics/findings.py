"""Findings: what is wrong in a document, where it stands, and the way out.

A compile never raises for what a user wrote. It collects `Diagnostic`s in a `Findings`, all at once, and the
command line prints them as text, JSON or SARIF.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Protocol

from specgw.diagnostics.codes import CATALOGUE, Code, Severity

# What is found when a file is read, and leaves no value, or another one, in that place.
_UNREAD = frozenset(("syntax", "recursive-alias", "unsupported-tag", "number-out-of-range"))


class Place(Protocol):
    """What a finding speaks of. Where it was written is looked up only when the finding is settled, since that costs."""

    @property
    def file(self) -> str:
        """Path of the document: relative, never absolute."""

    @property
    def pointer(self) -> str:
        """RFC 6901 JSON pointer of the value in that document; "" is the root."""

    def written(self) -> FilePlace:
        """Where its text stands: of a value that an overlay brought, in the overlay."""


@dataclass(frozen=True, slots=True)
class FilePlace:
    """A place in a file, as findings show it: line and column of a key (or of an element), both from 1; its JSON pointer."""

    file: str
    line: int = 1
    column: int = 1
    pointer: str = ""

    def __str__(self) -> str:
        return f"{self.file}:{self.line}"

    def written(self) -> FilePlace:
        """Here."""
        return self


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

    def withdraw(self, code: str, place: Place) -> None:
        """Forget what was found at a place, since something else says it better."""
        for key in [key for key in self._pending if key[:3] == (code, place.file, place.pointer)]:
            del self._pending[key]

    @property
    def errors(self) -> bool:
        """Whether an error is among the findings."""
        return any(kind.severity is Severity.ERROR for kind, *_ in self._pending.values())

    def __len__(self) -> int:
        return len(self._pending)

    def __iter__(self) -> Iterator[Diagnostic]:
        return iter(self.settle())

    def settle(self, *, strict: bool = False) -> list[Diagnostic]:
        """All findings with their positions, ordered by file and line; `strict` turns warnings into errors.

        Where a value could not be read, what else was found of it speaks of nothing that its author wrote.
        """
        unread = {(file, pointer) for code, file, pointer, _ in self._pending if code in _UNREAD and pointer}
        # What an overlay brings to many places is wrong in one: where it was written.
        settled: dict[Diagnostic, None] = {}
        for kind, place, message, hint in self._pending.values():
            if (place.file, place.pointer) in unread and kind.code not in _UNREAD:
                continue
            at = place.written()
            severity = Severity.ERROR if strict else kind.severity
            settled[Diagnostic(at.file, at.line, at.column, kind.code, severity, message, at.pointer, hint)] = None
        return sorted(settled, key=lambda finding: (finding.file, finding.line, finding.column, finding.code, finding.message))


def did_you_mean(word: str, candidates: Iterable[str]) -> str | None:
    """A hint with the closest candidate, or with all of them when none is close; None when there is none at all."""
    known = sorted(candidates)
    if not known:
        return None
    close = closest(word, known)
    return f"did you mean '{close}'?" if close is not None else "allowed: " + ", ".join(known)


def closest(word: str, candidates: Iterable[str], *, likeness: float = 0.6) -> str | None:
    """The candidate that the word was most likely meant to be; None when none has this much in common with it (1: all)."""
    close = difflib.get_close_matches(word, list(candidates), n=1, cutoff=likeness)
    return close[0] if close else None
