"""Guides, logo and colours of the portal.

Reads files that nobody else reads, and decides nothing that is served: it could stand anywhere.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable
from pathlib import Path

from specgw.compiler.draft import Draft
from specgw.compiler.logo import Unusable, checked
from specgw.compiler.portal import Guide, Portal
from specgw.diagnostics import FilePlace, closest
from specgw.openapi.discover import closest_file
from specgw.xgateway.colours import LEAST, Mode, legibility, readable

LARGEST = 1 << 20
"""Bytes of a guide that are read."""
_FOLDER = "guides"
_ENDING = ".md"

_FRONT = re.compile(r"---[ \t]*\r?\n(.*?)^---[ \t]*(?:\r?\n|\Z)", re.DOTALL | re.MULTILINE)
_LINE = re.compile(r"([A-Za-z]+)[ \t]*:[ \t]*(.*?)[ \t]*")
_KEYS = ("order",)
_FOREIGN = re.compile(r"[^A-Za-z0-9._-]+")


def run(draft: Draft) -> None:
    """Fill in `portal`."""
    settings = draft.gateway.portal
    _judge(draft, "accent", settings.accent, "light")
    _judge(draft, "accentDark", settings.accent_dark, "dark")
    files: list[Path] = []
    logo, suffix = _logo(draft, files)
    draft.portal = Portal(settings, tuple(_guides(draft, files)), logo, suffix, tuple(files))


def _judge(draft: Draft, key: str, colour: str, mode: Mode) -> None:
    place = draft.gateway.place(f"portal.colors.{key}")
    if not colour or place is None or (found := legibility(colour, mode)) >= LEAST:
        return
    message = f"text in {colour} has a contrast of {found:.1f} on {mode} pages of the portal, and needs {LEAST} (WCAG 2.2)"
    draft.findings.add("low-contrast", place, message, hint=f"the nearest colour that can be read is '{readable(colour, mode)}'")


def _logo(draft: Draft, files: list[Path]) -> tuple[bytes | None, str]:
    name, place = draft.gateway.portal.logo, draft.gateway.place("portal.logo")
    if not name or place is None or draft.sources.gateway is None:
        return None, ""
    path = draft.sources.gateway.parent / name
    files.append(path)
    try:
        suffix, data = checked(path.read_bytes())
    except OSError as error:
        draft.findings.add("unusable-logo", place, f"{name}: {error.strerror}", hint=_meant(path))
    except Unusable as fault:
        draft.findings.add("unusable-logo", place, f"{name}: {fault}", hint="the portal is shown without it")
    else:
        return data, suffix
    return None, ""


def _guides(draft: Draft, files: list[Path]) -> Iterable[Guide]:
    """The guides in the order in which they are shown. Two of one name are told apart by a number."""
    said = draft.gateway.portal.guides
    if said is None:
        found = _ordered(draft, [path for folder in dict.fromkeys(_beside(draft)) for path in _inside(folder, files)], files)
    else:
        found = [guide for number, name in enumerate(said) for guide in _named(draft, name, number, files)]
    taken: set[str] = set()
    for guide in found:
        name, number = guide.name, 2
        while name.lower() in taken:
            name, number = f"{guide.name}-{number}", number + 1
        taken.add(name.lower())
        yield Guide(name, guide.file, guide.text, guide.line)


def _beside(draft: Draft) -> Iterable[Path]:
    """The folders beside the documents in which guides are looked for."""
    places = [*draft.sources.roots, *(file.parent for file in (draft.sources.gateway,) if file is not None)]
    return (folder / _FOLDER for folder in places)


def _named(draft: Draft, name: str, number: int, files: list[Path]) -> Iterable[Guide]:
    place = draft.gateway.place("portal.guides")
    if place is None or draft.sources.gateway is None:
        return []
    path = draft.sources.gateway.parent / name
    if path.is_dir():
        return _ordered(draft, _inside(path, files), files)
    if not path.is_file():
        files.append(path)
        draft.findings.add("file-not-found", place.at(number), f"{name}: there is no such file or folder", hint=_meant(path))
        return []
    return _ordered(draft, [path], files)


def _inside(folder: Path, files: list[Path]) -> list[Path]:
    files.append(folder)
    try:
        return [folder / name for name in sorted(os.listdir(folder)) if name.endswith(_ENDING) and not name.startswith(".")]
    except OSError:
        return []  # most documents have no guides


def _ordered(draft: Draft, paths: Iterable[Path], files: list[Path]) -> list[Guide]:
    """Those with an `order` first, by it; then by their names."""
    found = [(order, path.name, guide) for path in paths if path.is_file() for order, guide in _read(draft, path, files)]
    return [guide for _, _, guide in sorted(found, key=lambda entry: entry[:2])]


def _read(draft: Draft, path: Path, files: list[Path]) -> Iterable[tuple[float, Guide]]:
    files.append(path)
    label = draft.sources.label(path)
    try:
        with path.open("rb") as opened:
            text = opened.read(LARGEST).decode("utf-8-sig", errors="replace")
    except OSError as error:
        draft.findings.add("file-not-found", FilePlace(label), f"the guide cannot be read: {error.strerror}")
        return
    front = _FRONT.match(text)
    order = float("inf")
    if front is not None:
        order = _order(draft, label, front[1])
        text = text[front.end() :]
    name = _FOREIGN.sub("-", path.stem).strip("-.") or "guide"
    yield order, Guide(name, label, text, 1 if front is None else front[0].count("\n") + 1)


def _order(draft: Draft, label: str, front: str) -> float:
    """What the lines between `---` say: only `order` has a meaning."""
    order = float("inf")
    for number, line in enumerate(front.splitlines(), start=2):
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        said = _LINE.fullmatch(line)
        where = FilePlace(label, number)
        if said is None or said[1] not in _KEYS:
            key = line.partition(":")[0].strip()
            close = closest(key, _KEYS)
            hint = f"did you mean '{close}'?" if close else "only 'order' has a meaning here: a whole number, the lowest stands first"
            draft.findings.add("guide-front-matter", where, f"unknown key '{key}' in the front matter of a guide", hint=hint)
        elif not re.fullmatch(r"-?[0-9]{1,9}", said[2]):
            draft.findings.add("guide-front-matter", where, f"'order' must be a whole number, not '{said[2]}'")
        else:
            order = float(said[2])
    return order


def _meant(path: Path) -> str | None:
    close = closest_file(path)
    return f"did you mean '{close}'?" if close else None
