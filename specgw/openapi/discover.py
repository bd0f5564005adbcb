"""Which files are meant: SPECS of the command line, files or folders, become documents, gateway.yaml and overlays."""

from __future__ import annotations

import codecs
import os
import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from yaml import YAMLError
from yaml.cyaml import CParser  # type: ignore[attr-defined]  # PyYAML exports it, its stubs do not say so
from yaml.events import (
    DocumentEndEvent,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
    StreamEndEvent,
)

from specgw.diagnostics import FilePlace, Findings, closest
from specgw.openapi.folders import SUFFIXES, walk
from specgw.openapi.json_text import parse_json
from specgw.openapi.marks import MAX_BYTES, Unreadable
from specgw.openapi.source import decode
from specgw.plan.folder import SIGNS

GATEWAY_FILE = "gateway.yaml"
_OVERLAY_ENDINGS = tuple(".overlay" + suffix for suffix in SUFFIXES)


# The version keeps other meanings of the word apart.
_OVERLAY_KEY = re.compile(rb"""^(?:["']?|\{?\s*")overlay["']?[ \t]*:[ \t]*["']?1\.[0-9]""", re.MULTILINE)
_HEAD = 4096

_ROOT_KEYS = ("openapi", "swagger")
_ANY_KEY = re.compile(rb"openapi|swagger", re.IGNORECASE)
# Characters of a file that cannot be read in which the key is looked for.
_SEEN = 1 << 16
# Where nearly every document has the key: behind nothing but comments. Most files are decided by this alone.
_FIRST_KEY = re.compile(
    r"""(?:[ \t]*(?:\#[^\n]*)?\r?\n | ---[ \t]*\r?\n)* (?: ["']?(?:openapi|swagger)["']?:[ \t\r\n] | \s*\{\s*"(?:openapi|swagger)"\s*: )""",
    re.VERBOSE,
)
# For files that cannot be parsed: the key at the beginning of a line, or indented a little in JSON.
_SOME_KEY = re.compile(r"""^(?:["']?|[ \t]{1,4}")(?:openapi|swagger)["']?[ \t]*:""", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Sources:
    """What discovery found. All paths are absolute; `roots` are the folders that references may not leave."""

    base: Path
    roots: tuple[Path, ...]
    documents: tuple[Path, ...] = ()
    """Files whose root has `openapi` or `swagger`, and those that were named, sorted by label."""
    gateway: Path | None = None
    overlays: tuple[Path, ...] = ()
    neighbours: tuple[Path, ...] = ()
    """Those of the overlays that were named by nobody, but stand beside a file that was."""

    def label(self, path: Path) -> str:
        """The name of a file in findings and plans: relative to `base`, with forward slashes."""
        return Path(os.path.relpath(path, self.base)).as_posix()


def discover(paths: Sequence[Path], findings: Findings, *, base: Path | None = None) -> Sources:
    """Find the documents that files and folders stand for.

    Labels are relative to `base`: the current folder where every path is under it, otherwise the common ancestor of
    the paths' parents. A named file is a document whatever it holds; in a folder, recursively, only a file whose root
    has `openapi` or `swagger` is one, and the others are read when something refers to them.
    """
    named = [Path(os.path.abspath(path)) for path in paths]
    base = Path(os.path.abspath(base)) if base is not None else _base(named)
    label = Sources(base, ()).label
    before = len(findings)
    roots: dict[Path, None] = {}
    # By their real path: a file that is found under two names is one document.
    documents: dict[str, Path] = {}
    overlays: dict[str, Path] = {}
    gateways: dict[str, Path] = {}
    misnamed: dict[str, Path] = {}
    neighbours: set[str] = set()
    inside: set[str] = set()
    for path in named:
        if os.path.isdir(path):
            roots.setdefault(path)
            candidates = _files(path, label, findings)
            reached = True
        elif os.path.isfile(path):
            reached = False
            roots.setdefault(path.parent)
            # A link that is named leads where its author meant it to lead.
            roots.setdefault(Path(os.path.realpath(path)).parent)
            beside = _beside(path)
            neighbours |= {os.path.realpath(file) for file in beside}
            candidates = iter([path, *beside])
        else:
            _missing(path, label, findings)
            continue
        for file in candidates:
            real = os.path.realpath(file)
            if file.name == GATEWAY_FILE:
                gateways.setdefault(real, file)
            elif file.name.endswith(_OVERLAY_ENDINGS):
                overlays.setdefault(real, file)
                if reached or file == path:
                    inside.add(real)
            elif real not in documents and (file == path or _holds_openapi(file, label, findings)):
                documents[real] = file
            elif real not in documents and (_looks_like_gateway(file) or (file != path and _looks_like_overlay(file))):
                misnamed[real] = file
    if not documents and len(findings) == before:
        _nothing(named, label, findings)
    for file in misnamed.values():
        if not _looks_like_gateway(file):
            message = f"'{file.name}' is not applied: a file with an overlay is called NAME.overlay.yaml"
            findings.add("misnamed-overlay", FilePlace(label(file)), message, hint=f"rename it to {file.stem}.overlay{file.suffix}")
            continue
        message = f"'{file.name}' is not read: the file that speaks of the gateway is called {GATEWAY_FILE}"
        findings.add("misnamed-gateway-file", FilePlace(label(file)), message, hint=f"rename it to {GATEWAY_FILE}")
    return Sources(
        base,
        tuple(roots),
        tuple(sorted(documents.values(), key=label)),
        _gateway(sorted(gateways.values(), key=lambda file: (len(file.parts), label(file))), label, findings),
        tuple(sorted(overlays.values(), key=label)),
        tuple(sorted((overlays[real] for real in (neighbours & overlays.keys()) - inside), key=label)),
    )


def _beside(path: Path) -> list[Path]:
    """What belongs to a document that was named alone: gateway.yaml and overlays in its folder."""
    with suppress(OSError):
        names = sorted(os.listdir(path.parent))
        belonging = (name for name in names if name == GATEWAY_FILE or (name.endswith(_OVERLAY_ENDINGS) and not name.startswith(".")))
        return [file for name in belonging if os.path.isfile(file := path.parent / name) and file != path]
    return []


def _base(named: Sequence[Path]) -> Path:
    current = Path.cwd()
    if all(path.is_relative_to(current) for path in named):
        return current
    return Path(os.path.commonpath([path.parent for path in named]))


def _files(folder: Path, label: Callable[[Path], str], findings: Findings) -> Iterator[Path]:
    """The files under a folder that may be documents."""

    def unreadable(error: OSError) -> None:
        place = FilePlace(label(Path(error.filename)))
        findings.add("file-not-found", place, f"the folder cannot be read: {error.strerror}")

    for parent, names in walk(folder, unreadable):
        yield from (path for name in names if os.path.isfile(path := parent / name))


def _holds_openapi(file: Path, label: Callable[[Path], str], findings: Findings) -> bool:
    """Whether the file's root is a mapping with `openapi` or `swagger`; reads no further than it takes to know."""
    try:
        large = file.stat().st_size > MAX_BYTES
        with file.open("rb") as opened:
            data = opened.read(_SEEN if large else -1)
    except OSError as error:
        findings.add("file-not-found", FilePlace(label(file)), f"the file cannot be read: {error.strerror}")
        return False
    utf16 = data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE, codecs.BOM_UTF32_BE))
    if not utf16 and _ANY_KEY.search(data) is None:
        return False
    text = None if large else decode(data, label(file), Findings())
    if text is not None:
        if _FIRST_KEY.match(text):
            return True
        try:
            return any(key.lower() in _ROOT_KEYS for key in root_keys(text))
        except (YAMLError, Unreadable):
            pass
    # It cannot be read, or breaks before the key was met. If the key seems to be there, the author wants to hear what is wrong.
    seen = text if text is not None else data[:_SEEN].decode("latin-1")
    return _FIRST_KEY.match(seen) is not None or _SOME_KEY.search(seen) is not None


def root_keys(text: str) -> Iterator[str]:
    """The keys of a text's root mapping, as far as they are asked for; raises YAMLError or Unreadable where it is broken."""
    if text.lstrip(" \t\r\n").startswith("{"):
        with suppress(Unreadable):
            yield from parse_json(text).value
            return
    get = CParser(text).get_event
    depth = 0
    key_next = False
    while (event := get()) is not None and not isinstance(event, StreamEndEvent | DocumentEndEvent):
        if isinstance(event, MappingStartEvent | SequenceStartEvent):
            depth += 1
            if depth == 1:
                if isinstance(event, SequenceStartEvent):
                    return
                key_next = True
            elif depth == 2:
                key_next = not key_next
        elif isinstance(event, MappingEndEvent | SequenceEndEvent):
            depth -= 1
        elif depth == 1:
            if key_next and isinstance(event, ScalarEvent):
                yield event.value
            key_next = not key_next


def _looks_like_gateway(file: Path) -> bool:
    return file.name.lower() in ("gateway.yml", GATEWAY_FILE)


def _looks_like_overlay(file: Path) -> bool:
    """Whether the file begins as an overlay does; one by another name would leave out the policy that is in it."""
    with suppress(OSError), file.open("rb") as opened:
        return _OVERLAY_KEY.search(opened.read(_HEAD)) is not None
    return False


def _gateway(found: Sequence[Path], label: Callable[[Path], str], findings: Findings) -> Path | None:
    for further in found[1:]:
        message = f"there is a second {GATEWAY_FILE}; {label(found[0])} was found as well"
        findings.add(
            "several-gateway-files",
            FilePlace(label(further)),
            message,
            hint="one gateway has one gateway.yaml: merge them, or name the files",
        )
    return found[0] if found else None


def _missing(path: Path, label: Callable[[Path], str], findings: Findings) -> None:
    message = "this file or folder does not exist"
    if os.path.lexists(path):
        message = "this link leads nowhere" if path.is_symlink() else "this is neither a file nor a folder"
    close = closest_file(path)
    findings.add("file-not-found", FilePlace(label(path)), message, hint=f"did you mean '{close}'?" if close else None)


def closest_file(path: Path) -> str | None:
    """The name beside a missing file or folder that is most like its own, the ending left aside; None when none is close."""
    try:
        names = {Path(name).stem: name for name in sorted(os.listdir(path.parent)) if not name.startswith(".")}
    except OSError:
        return None
    close = closest(path.stem, names)
    return None if close is None else names[close]


def _nothing(named: Sequence[Path], label: Callable[[Path], str], findings: Findings) -> None:
    for path in named:
        if all(os.path.isfile(path / name) for name in SIGNS):
            message, hint = "this folder holds what `specgw build` wrote, no documents", "name the folder that it was built from"
        else:
            message = "no OpenAPI document was found here"
            hint = "a document is a .yaml, .yml or .json file with `openapi` at its root; hidden files and node_modules are left out"
        findings.add("no-documents", FilePlace(label(path)), message, hint=hint)
    if not named:
        findings.add("no-documents", FilePlace("."), "no file or folder was named")
