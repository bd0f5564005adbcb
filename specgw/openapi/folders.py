"""What is looked at when a folder is named. Light on purpose: who watches folders for changes asks it too."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path

from specgw.plan.folder import SIGNS

SUFFIXES = (".yaml", ".yml", ".json")

# What installed packages bring along is theirs, not the team's.
_SKIPPED = frozenset(("node_modules", "__pycache__", "site-packages"))


def documents(names: list[str]) -> list[str]:
    """Those of the names in a folder that may be documents, sorted; hidden files are none."""
    return sorted(name for name in names if name.endswith(SUFFIXES) and not name.startswith("."))


def walk(folder: Path, unreadable: Callable[[OSError], None] | None = None) -> Iterator[tuple[Path, list[str]]]:
    """A folder and those below it, each with its `documents`.

    Hidden folders, installed packages and what `specgw build` wrote are left out. `unreadable` is called for folders
    that cannot be read.
    """
    for parent, folders, names in os.walk(folder, onerror=unreadable):
        if all(name in names for name in SIGNS):
            folders.clear()
            continue
        folders[:] = sorted(name for name in folders if not name.startswith(".") and name not in _SKIPPED)
        yield Path(parent), documents(names)
