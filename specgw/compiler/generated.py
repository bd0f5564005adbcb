"""Writes generated/: the Plan, the merged documents, mocks, the security matrix and the findings.

Deterministic, and free of absolute paths and values of the environment, so that it can be committed and compared.
Everything is first written into a temporary folder and then put in its place file by file, each by one rename;
plan.json last, so that whoever finds a new Plan finds what belongs to it. What an earlier build left is removed; files that no
build writes are not touched.
"""

from __future__ import annotations

import os
import re
import shutil
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

import msgspec
from msgspec.structs import replace

from specgw.compiler.build import Build
from specgw.diagnostics import Diagnostic
from specgw.plan.codec import written
from specgw.plan.files import file_names
from specgw.plan.folder import FINDINGS, MOCKS, ORIGINS, OVERLAYS, PLAN, SECURITY
from specgw.plan.model import Plan

_LONGEST_BEGIN = 256
"""Bytes that say who wrote a file."""
_MERGED_BEGIN = b'{\n  "openapi": "3.1.0"'
_MOCK_BEGIN = b'{\n  "route": '
_OVERLAYS_BEGIN = b'{\n  "overlays": ['
_MERGED = re.compile(r"openapi(\.[a-z0-9._-]+)?\.json")


@dataclass(frozen=True, slots=True)
class Part:
    """A folder of the build: what is in it, and how its files are told from those that somebody else put there."""

    folder: str
    files: Mapping[str, bytes]
    """Contents by path in the folder."""
    marks: Mapping[str, bytes | tuple[bytes, ...]]
    """How a file begins that a build wrote, by suffix (`.html`) or by a pattern of names (`logo.*.png`); one of several."""

    def wrote(self, entry: Path) -> bool:
        """Whether a file in the folder is one that a build wrote."""
        keys = [key for key in self.marks if (entry.suffix == key if key[0] == "." else fnmatchcase(entry.name, key))]
        return any(_begins(entry, self.marks[key]) for key in keys)


def write_build(
    build: Build, directory: Path, *, strict: bool = False, parts: Sequence[Part] = (), further: Mapping[str, bytes] | None = None
) -> None:
    """Write a build into a folder, which is made if it is missing. Raises OSError where that cannot be done.

    `parts`: what others made of the build, such as its portal. `further`: single files by name, which no build removes.
    A build with errors writes nothing: the caller looks at the findings first.
    """
    if build.plan is None:
        return
    mocks = {name: document_bytes(document) for name, document in build.mocks.items()}
    parts = (Part(MOCKS, mocks, {".json": _MOCK_BEGIN}), *parts)
    contents = {
        **{name: document_bytes(document) for name, document in build.merged.items()},
        **{f"{part.folder}/{name}": content for part in parts for name, content in part.files.items()},
        SECURITY: document_bytes(build.security),
        ORIGINS: document_bytes(build.origins),
        **_overlays(build),
        **(further or {}),
        FINDINGS: document_bytes(findings_document(build.findings.settle(strict=strict))),
        PLAN: written(_placed(build.plan, build.folder, directory)),
    }
    directory.mkdir(parents=True, exist_ok=True)
    # Inside the folder, not beside it: it is the one place that can surely be written, and on the same file system.
    staging = Path(tempfile.mkdtemp(prefix=".build-", dir=directory))
    try:
        for name, content in contents.items():
            (staging / name).parent.mkdir(parents=True, exist_ok=True)
            (staging / name).write_bytes(content)
        for name in contents:
            (directory / name).parent.mkdir(parents=True, exist_ok=True)
            os.replace(staging / name, directory / name)
    finally:
        shutil.rmtree(staging)
    for stale in _written(directory, parts):
        if stale not in contents:
            (directory / stale).unlink()


def _overlays(build: Build) -> dict[str, bytes]:
    """overlays.json, where there are overlays."""
    if not build.overlays:
        return {}
    # Imported here: it knows JSONPath, which most builds never need.
    from specgw.compiler.overlaid import overlays_document

    return {OVERLAYS: document_bytes(overlays_document(build.overlays))}


def _placed(plan: Plan, folder: Path | None, directory: Path) -> Plan:
    """The plan with the way from its folder to gateway.yaml's, where names of files count from there."""
    if folder is None or all(map(os.path.isabs, file_names(plan))):
        return plan
    return replace(plan, edge=replace(plan.edge, folder=Path(os.path.relpath(folder, directory)).as_posix()))


def document_bytes(document: Any) -> bytes:
    """JSON as people can read and compare it: indented by two, keys in the order given, one newline at the end."""
    return msgspec.json.format(msgspec.json.encode(document), indent=2) + b"\n"


def findings_document(findings: Iterable[Diagnostic]) -> dict[str, Any]:
    """What findings.json and `check --format json` hold."""
    return {"findings": [finding.as_json() for finding in findings]}


def _written(directory: Path, parts: Iterable[Part]) -> list[str]:
    """The files in the folder that are written like a build writes them."""
    found = [entry for entry in directory.iterdir() if _MERGED.fullmatch(entry.name) and _begins(entry, _MERGED_BEGIN)]
    found += [entry for entry in (directory / OVERLAYS,) if _begins(entry, _OVERLAYS_BEGIN)]
    for part in parts:
        entries = (directory / part.folder).rglob("*")
        found += [entry for entry in entries if part.wrote(entry)]
    return [entry.relative_to(directory).as_posix() for entry in found]


def _begins(path: Path, starts: bytes | tuple[bytes, ...]) -> bool:
    if not path.is_file():
        return False
    with path.open("rb") as file:
        return file.read(_LONGEST_BEGIN).startswith(starts)
