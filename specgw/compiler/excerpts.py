"""Lines of the files that were compiled, for findings that show what they speak of."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from specgw.openapi.discover import Sources
from specgw.openapi.library import Library


class Excerpts:
    """Answers with lines as they were when they were read; of a file that could not be parsed, as they are now."""

    def __init__(self, sources: Sources, library: Library, beside: Iterable[Path] = ()) -> None:
        """`beside`: files that are no documents."""
        self._library = library
        self._beside = {sources.label(path): path for path in beside}
        self._paths = {sources.label(path): path for path in library.files}

    def line(self, file: str, number: int) -> str:
        """The text of a line, from 1, without its end; "" beyond the file, and for files that were not read."""
        path = self._paths.get(file)
        if file in self._beside:
            return _line(self._beside[file], number)
        if path is None:
            remote = self._library.fetched(file)
            return "" if remote is None else remote.line(number)
        document = self._library.load(path)
        if document is not None:
            return document.line(number)
        return _line(path, number)


def _line(path: Path, number: int) -> str:
    try:
        lines = path.read_text(encoding="utf-8-sig", errors="replace").splitlines()
    except OSError:
        return ""
    return lines[number - 1] if 0 < number <= len(lines) else ""
