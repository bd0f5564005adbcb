"""Which documents a command works on: the SPECS argument, or what stands in for it.

Where none are given: what GATEWAY_CONFIG names, else ./gateway.yaml, else ./specs.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import click

from specgw.plan.folder import PLAN
from specgw.settings import Settings


class Refused(click.ClickException):
    """What was asked for cannot be done, for a reason outside of the documents. Exit code 2."""

    exit_code = 2


@dataclass(frozen=True, slots=True)
class Documents:
    """Files and folders to compile. Without paths, `gateway` says in its `specs` which ones."""

    paths: tuple[Path, ...]
    gateway: Path | None = None

    @property
    def base(self) -> Path:
        """The folder that files have their names from in what is kept: decided by what was named, not by where the command runs.

        A named folder gives its own name too (`specs/users.yaml`), unless the command runs inside of it: then its name is
        that of a checkout, which every machine calls otherwise.
        """
        current = Path.cwd()
        named = [Path(os.path.abspath(path)) for path in self.paths or (self.gateway or Path(),)]
        return Path(os.path.commonpath([path if current.is_relative_to(path) else path.parent for path in named]))


@dataclass(frozen=True, slots=True)
class Generated:
    """A folder that `specgw build` wrote."""

    directory: Path

    @property
    def plan(self) -> Path:
        """The compiled plan in it."""
        return self.directory / PLAN


def locate(given: Sequence[Path], settings: Settings) -> Documents | Generated:
    """What SPECS mean. Raises `Refused` (exit code 2) for what does not exist, or where there is nothing at all."""
    for path in given:
        if not path.exists():
            raise Refused(f"{path}: no such file or folder")
    built = [path for path in given if (path / PLAN).is_file()]
    if built and len(given) == 1:
        return Generated(built[0])
    if built:
        raise Refused(f"{built[0]} is what `specgw build` wrote: it is served alone, not together with other SPECS")
    gateway = settings.gateway_config
    if gateway is not None and not gateway.is_file():
        raise Refused(f"{gateway}: no such file (GATEWAY_CONFIG names it)")
    if given or gateway is not None:
        return Documents(tuple(given), gateway)
    if Path("gateway.yaml").is_file():
        return Documents((), Path("gateway.yaml"))
    if Path("specs").is_dir():
        return Documents((Path("specs"),))
    raise Refused(
        "no SPECS: name OpenAPI files or folders. None were given, GATEWAY_CONFIG is not set, and there is neither "
        "./gateway.yaml nor ./specs here"
    )


def locate_documents(given: Sequence[Path], settings: Settings) -> Documents:
    """As `locate`, for commands that compile: what `specgw build` wrote is refused."""
    located = locate(given, settings)
    if isinstance(located, Generated):
        raise Refused(f"{located.directory} is what `specgw build` wrote; name the documents that it was built from")
    return located
