"""The overlays of one compile, in the order in which they are applied: by the names of their files."""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from pathlib import Path

from specgw.diagnostics import FilePlace, Findings
from specgw.openapi.model import Document
from specgw.openapi.overlays.actions import apply
from specgw.openapi.overlays.changes import Change, changes
from specgw.openapi.overlays.grafting import Grafted
from specgw.openapi.overlays.overlay import Overlay, read_overlay
from specgw.openapi.source import SourceDocument

Load = Callable[[Path], Document | None]


@dataclass(frozen=True, slots=True)
class Applied:
    """What one overlay has changed in one document."""

    overlay: str
    document: str
    changes: tuple[tuple[Change, FilePlace | None], ...]
    """Each with the place where the new value is written; None for what was removed."""

    @property
    def policy(self) -> bool:
        """Whether nothing of the contract was changed, only `x-gateway`."""
        return all(change.policy for change, _ in self.changes)


class Stack:
    """Applies overlays to documents as these are read."""

    def __init__(self, files: Sequence[Path], *, neighbours: Collection[Path], load: Load, findings: Findings) -> None:
        self._findings = findings
        self._overlays: list[tuple[Path, Overlay]] = []
        for path in files:
            document = load(path)
            overlay = read_overlay(document, path, findings) if document is not None else None
            if overlay is not None:
                self._overlays.append((path, overlay))
        self._neighbours = frozenset(neighbours)
        self._idle: dict[tuple[str, str], list[str | None]] = {}
        self._used: set[Path] = set()
        self.applied: list[Applied] = []

    def over(self, document: SourceDocument, path: Path, *, root: bool) -> SourceDocument | Grafted:
        """The document with what overlays say of it. `root`: whether it is one of the documents that were named or found."""
        meant = [(file, overlay) for file, overlay in self._overlays if _meant(overlay, path, root)]
        if not meant:
            return document
        over: SourceDocument | Grafted = document
        for file, overlay in meant:
            grafted = Grafted(over)
            idle = apply(overlay, grafted, self._findings)
            for action in overlay.actions:
                pointer = action.node.pointer
                self._idle.setdefault((overlay.root.file, pointer), []).append(idle.get(pointer, ""))
            self._used.add(file)
            self.applied.append(_applied(overlay, grafted))
            over = grafted
        return over

    def close(self) -> None:
        """Report, once all documents are read, overlays and actions that did nothing."""
        for path, overlay in self._overlays:
            if path not in self._used:
                if overlay.extends is None or path not in self._neighbours:
                    message = "no document that was read is the one that this overlay extends"
                    if overlay.extends is None:
                        message = "there is no document that this overlay could be applied to"
                    place = overlay.root.at("extends")
                    self._findings.add("overlay-without-effect", place, message, hint="name the document, or its folder, as well")
                continue
            for action in overlay.actions:
                hints = self._idle.get((overlay.root.file, action.node.pointer), [])
                if hints and "" not in hints:
                    message = f"'{action.place.value}' selects nothing, so that this action changes nothing"
                    hint = next((hint for hint in hints if hint is not None), None)
                    self._findings.add("overlay-without-effect", action.place, message, hint=hint)


def _meant(overlay: Overlay, path: Path, root: bool) -> bool:
    if overlay.extends is None:
        return root
    return os.path.realpath(overlay.extends) == os.path.realpath(path)


def _applied(overlay: Overlay, document: Grafted) -> Applied:
    found = changes(document.base.value, document.value)
    told = tuple((change, None if change.kind == "removed" else document.written(change.pointer)) for change in found)
    return Applied(overlay.root.file, document.file, told)
