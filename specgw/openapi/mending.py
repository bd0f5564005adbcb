"""Keys of `paths` whose meaning is plain although OpenAPI writes them otherwise: `users` for `/users`, `GET` for `get`.

Said in place, before anybody reads the document: operations stay where they are, with their lines, and whoever reads
`paths` after this, in whichever version, finds what was meant.
"""

from __future__ import annotations

from typing import Any

from specgw.diagnostics import FilePlace, Findings
from specgw.openapi.fields import METHODS
from specgw.openapi.pointers import pointer_of
from specgw.openapi.source import SourceDocument


def mend_paths(document: SourceDocument, findings: Findings) -> None:
    """Give the keys of a document's `paths` the form that they were meant to have, with a finding for each."""
    paths = document.value.get("paths") if isinstance(document.value, dict) else None
    if not isinstance(paths, dict):
        return
    for path, item in paths.items():
        if isinstance(item, dict):
            stated = [key for key, value in item.items() if isinstance(value, dict) and key not in METHODS]
            methods = {key: key.lower() for key in stated if key.lower() in METHODS}
            _rename(document, ("paths", path), item, methods, "methods are written in lower case", findings)
    slashless = {path: f"/{path}" for path in paths if path[:1] != "/" and path[:2] != "x-" and path != "$ref" and "://" not in path}
    _rename(document, ("paths",), paths, slashless, "a path starts with '/'", findings)


def _rename(
    document: SourceDocument, at: tuple[str, ...], holder: dict[str, Any], meant: dict[str, str], rule: str, findings: Findings
) -> None:
    """Rename keys of a mapping in place and in order, so that the marks of its members stay true; never over another key."""
    names: dict[str, str] = {}
    for key, name in meant.items():
        if name in holder or name in names.values():
            continue
        names[key] = name
        pointer = pointer_of((*at, key))
        place = FilePlace(document.file, *document.position(pointer), pointer)
        findings.add("read-as-meant", place, f"'{key}' is read as '{name}': {rule}", hint=f"write '{name}'")
    if names:
        members = [(names.get(key, key), value) for key, value in holder.items()]
        holder.clear()
        for name, value in members:
            holder[name] = value
