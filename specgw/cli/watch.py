"""What `--watch` looks at: the files that a compile read, and the folders in which another one could appear.

The operating system's events only wake it up. Whether something changed is decided by comparing states, so that an
editor's rename, the exchanged link of a ConfigMap and a burst of saves are all the same: one change. Where there are no
events (network and bind mounts), it looks once a second.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
from collections.abc import AsyncIterator, Iterable
from pathlib import Path

from specgw.openapi.folders import documents, walk

Stamp = tuple[int, int, int] | None
"""Modification time in nanoseconds, size and inode. None: only the name counts, or there is no such file."""

_SETTLED_MS = 50
"""Milliseconds without another event after which a burst of them is over."""
_AT_LAST_MS = 400
"""Milliseconds after which a burst is looked at although it goes on."""
_LOOK_MS = 1000


class Watch:
    """The state on disk of what a build depends on. `roots` are the files and folders that were named."""

    def __init__(self, roots: Iterable[Path]) -> None:
        self._roots = tuple(Path(os.path.abspath(root)) for root in roots)
        self._files: tuple[Path, ...] = ()
        self._seen = self._state()

    def read(self, files: Iterable[Path]) -> None:
        """A compile read these files, and what is in these folders: they count too from now on.

        What changed while it ran is still seen as changed.
        """
        self._files = tuple(Path(os.path.abspath(file)) for file in files)
        self._seen = {**self._state(), **self._seen}

    def changed(self) -> bool:
        """Whether something is different from when this was last asked."""
        state = self._state()
        different = state != self._seen
        self._seen = state
        return different

    def folders(self) -> tuple[Path, ...]:
        """Every folder whose events matter, each without those below it."""
        beside = {path if path.is_dir() else path.parent for path in self._files}
        beside |= {path.parent for path in self._roots if not path.is_dir()}
        return tuple(sorted(folder for folder in beside.union(self._trees()) if folder.is_dir()))

    async def changes(self) -> AsyncIterator[None]:
        """One item for each time that something changed, for ever. `read` may be called between two of them."""
        from watchfiles import awatch

        while True:
            folders = self.folders()
            events = awatch(
                *folders,
                watch_filter=None,
                recursive=False,
                step=_SETTLED_MS,
                debounce=_AT_LAST_MS,
                rust_timeout=_LOOK_MS,
                yield_on_timeout=True,
            )
            async with contextlib.aclosing(events):
                async for _ in events:
                    if await asyncio.to_thread(self.changed):
                        yield
                    if await asyncio.to_thread(self.folders) != folders:
                        break

    def _trees(self) -> set[Path]:
        """The named folders and those below them in which documents are looked for."""
        return {folder for root in self._roots for folder, _ in walk(root)}

    def _state(self) -> dict[Path, Stamp]:
        trees = self._trees()
        state: dict[Path, Stamp] = {}
        for folder in self.folders():
            for path in _documents(folder):
                # Beside a file that was named or read, another one matters only by being there (gateway.dev.yaml).
                state[path] = _stamp(path) if folder in trees else None
        for path in (*self._roots, *self._files):
            if not path.is_dir():
                state[path] = _stamp(path)
        for folder in self._files:
            if folder.is_dir():  # one whose files were read: another one in it counts
                state |= {folder / name: state.get(folder / name) for name in _names(folder)}
        return state


def _documents(folder: Path) -> list[Path]:
    return [folder / name for name in documents(_names(folder))]


def _names(folder: Path) -> list[str]:
    with contextlib.suppress(OSError):
        return os.listdir(folder)
    return []


def _stamp(path: Path) -> Stamp:
    try:
        status = path.stat()
    except OSError:
        return None
    return status.st_mtime_ns, status.st_size, status.st_ino
