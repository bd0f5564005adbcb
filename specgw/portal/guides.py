"""Guides: Markdown files in the folder `guides` beside the documents."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from specgw.portal.text import Names

LARGEST = 1 << 20
"""Bytes of a guide that are read."""


def read(paths: Iterable[Path]) -> dict[str, str]:
    """The guides of folders of documents, by name, in the order of their file names. Raises OSError."""
    names = Names()
    folders = [path / "guides" for path in paths if path.is_dir()]
    files = sorted((file for folder in folders for file in folder.glob("*.md") if file.is_file()), key=lambda file: file.name)
    found = {}
    for file in files:
        with file.open("rb") as opened:
            found[names.unique(file.stem, "guide")] = opened.read(LARGEST).decode("utf-8", errors="replace")
    return found
