"""Where a server's plan comes from, the first time and again: documents, compiled in a child process, or a built folder."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from msgspec.structs import replace

from specgw.cli import options
from specgw.cli.generated import read_bytes
from specgw.cli.publication import MODULE, mark, rendered
from specgw.cli.specs import Documents, Generated, Refused
from specgw.compiler.inputs import Inputs
from specgw.compiler.process import ChildFailed, Compiling
from specgw.dataplane.site import built_files
from specgw.dataplane.slices import sliced, uncollected
from specgw.diagnostics import Diagnostic
from specgw.plan.codec import CodecError, decoding
from specgw.plan.files import file_names
from specgw.plan.model import Plan
from specgw.settings import Settings


@dataclass(frozen=True, slots=True)
class Reading:
    """What a source gave: a plan, or the findings that say why there is none."""

    plan: Plan | None
    findings: tuple[Diagnostic, ...] = ()
    excerpt: Callable[[str, int], str] = lambda file, line: ""
    files: tuple[Path, ...] = ()
    """Every file that was read."""
    beside: tuple[Path, ...] = ()
    """Files, and folders of them, that only the portal is made of."""
    mark: str = ""
    """The same for the same plan; empty where that has to be found by comparing."""
    child: Compiling | None = field(default=None, repr=False, compare=False)
    """The process that has compiled it and can render it, until that is done or nobody wants it."""

    def drop(self) -> None:
        """Nothing more is made of it. Does nothing the second time."""
        if self.child is not None:
            self.child.end()

    def repeats(self, other: Reading) -> bool:
        """Whether there is a plan, and it is that of another reading."""
        return self.plan is not None and (self.mark == other.mark if self.mark else self.plan == other.plan)


class Source(Protocol):
    """Gives a plan as often as it is asked."""

    @property
    def roots(self) -> tuple[Path, ...]:
        """The files and folders to watch for changes, together with the files of the last reading."""

    quick: bool
    """Whether its portal is there already, and needs no rendering."""

    async def read(self) -> Reading:
        """The plan as it is now. Raises `Refused` where it cannot be had for a reason outside of the documents."""

    async def portal(self, reading: Reading) -> dict[str, bytes]:
        """The portal that belongs to a reading, packed, by path; asked for once. Raises `Refused` where it cannot be had."""


class Compiled:
    """Documents, compiled anew for each reading, in a child process."""

    quick = False

    def __init__(self, documents: Documents, settings: Settings, *, upstream: str | None, strict: bool) -> None:
        self._inputs = Inputs(
            documents.paths,
            gateway=documents.gateway,
            profiles=settings.active_profiles,
            upstream=upstream,
            remote=options.allowed_hosts(),
            # A warning that stops nothing is not worth a later start.
            examples=strict,
        )
        self._strict = strict
        named = documents.paths if documents.gateway is None else (*documents.paths, documents.gateway)
        self.roots: tuple[Path, ...] = named

    async def read(self) -> Reading:
        """Compile the documents as they are now."""
        child = Compiling(self._inputs, MODULE, strict=self._strict)
        kept = False
        try:
            outcome = await child.outcome()
            files, beside = tuple(map(Path, outcome.files)), tuple(map(Path, outcome.beside))
            if outcome.plan is None:
                return Reading(None, outcome.findings, outcome.excerpt, files, beside)
            with uncollected():
                plan = _placed(await sliced(decoding(outcome.plan)), Path(outcome.folder))
            kept = True
            return Reading(plan, outcome.findings, outcome.excerpt, files, beside, mark(outcome.plan, outcome.folder), child)
        except ChildFailed as failure:
            raise Refused(str(failure)) from failure
        finally:
            if not kept:
                child.end()

    async def portal(self, reading: Reading) -> dict[str, bytes]:
        """Have the child render it that has compiled the reading: the first answer of the gateway does not wait for it."""
        if reading.child is None:
            return {}
        try:
            return await rendered(reading.child)
        except ChildFailed as failure:
            raise Refused(str(failure)) from failure
        finally:
            reading.drop()


class Built:
    """A folder that `specgw build` wrote."""

    quick = True

    def __init__(self, generated: Generated) -> None:
        self._generated = generated
        # Written last by a build, so that its change means that the build is complete.
        self.roots: tuple[Path, ...] = (generated.plan,)

    async def read(self) -> Reading:
        """The plan in the folder as it is now."""
        data = read_bytes(self._generated)
        try:
            with uncollected():
                plan = await sliced(decoding(data))
        except CodecError as error:
            raise Refused(f"{self._generated.plan}: {error}") from error
        return Reading(_placed(plan, self._generated.directory / plan.edge.folder), mark=mark(data, ""))

    async def portal(self, reading: Reading) -> dict[str, bytes]:
        """The portal in the folder as it is now."""
        try:
            return await asyncio.to_thread(built_files, self._generated.directory)
        except OSError as error:
            raise Refused(f"{error.filename}: {error.strerror}") from error


def _placed(plan: Plan, folder: Path) -> Plan:
    """The plan with the folder from which its file names count, told as short as it can be; only where there are such names."""
    if not any(file_names(plan)):
        return plan
    place = os.path.abspath(folder)
    short = os.path.relpath(place) if Path(place).is_relative_to(Path.cwd()) else place
    return replace(plan, edge=replace(plan.edge, folder=short))
