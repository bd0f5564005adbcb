"""Style sheets and scripts, each named by what is in it, so that browsers may keep them for ever."""

from __future__ import annotations

import hashlib
import re
from functools import cache
from pathlib import Path

SHEETS = ("base.css", "layout.css", "operation.css", "tryit.css", "search.css", "changes.css", "keys.css")
"""The order in which style sheets become one; those that are not there are left out."""

_STATIC = Path(__file__).parent / "static"
_IMPORT = re.compile(r'((?:from|import)\s*\(?\s*)"\./([A-Za-z0-9_-]+\.js)"')


class Assets:
    """The assets of the portal. `missing` names raise KeyError: a template asks for what is not there."""

    def __init__(self, folder: Path) -> None:
        self.files: dict[str, bytes] = {}
        """Contents by path below the portal."""
        self._paths: dict[str, str] = {}
        sheets = [folder / name for name in SHEETS if (folder / name).is_file()]
        self._add("style.css", b"/* specgw portal */\n" + b"\n".join(sheet.read_bytes() for sheet in sheets))
        self._sources = {path.name: path.read_text(encoding="utf-8") for path in sorted(folder.glob("*.js"))}
        for name in self._sources:
            self._script(name, ())
        for picture in sorted(folder.glob("*.svg")):
            self._add(picture.name, picture.read_bytes())

    def path(self, name: str) -> str:
        """Where an asset stands, from the portal's root."""
        return self._paths[name]

    def _script(self, name: str, inside: tuple[str, ...]) -> str:
        """The path of a module. What it imports is named first, since its own name depends on that; circles are refused."""
        if name in self._paths:
            return self._paths[name]
        if name in inside:
            raise ValueError(f"scripts import each other in a circle: {' -> '.join((*inside, name))}")

        def renamed(match: re.Match[str]) -> str:
            hashed = self._script(match[2], (*inside, name)).removeprefix("assets/")
            return f'{match[1]}"./{hashed}"'

        return self._add(name, b"/* specgw portal */\n" + _IMPORT.sub(renamed, self._sources[name]).encode())

    def _add(self, name: str, content: bytes) -> str:
        path = hashed(name, content)
        self.files[path] = content
        self._paths[name] = path
        return path


def hashed(name: str, content: bytes) -> str:
    """Where an asset of this content stands."""
    stem, _, suffix = name.rpartition(".")
    return f"assets/{stem}.{hashlib.sha256(content).hexdigest()[:16]}.{suffix}"


@cache
def assets() -> Assets:
    """The assets of this package."""
    return Assets(_STATIC)
