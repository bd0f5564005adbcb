"""Compiles in a child process, so that a server's loop does not stop while a large document is read.

This side is light on purpose: it imports nothing of the compiler.
"""

from __future__ import annotations

import asyncio
import os
import sys
from pathlib import Path

import msgspec

import specgw
from specgw.compiler.inputs import Inputs
from specgw.diagnostics import Diagnostic


class ChildFailed(Exception):
    """The child broke or took too long. That is not the documents' fault; the text says what happened."""


class Request(msgspec.Struct, frozen=True):
    """What the child is asked to do: `Inputs`, and whether warnings count as errors."""

    paths: tuple[str, ...]
    gateway: str | None
    profiles: tuple[str, ...]
    upstream: str | None
    base: str | None
    strict: bool

    @classmethod
    def of(cls, inputs: Inputs, *, strict: bool) -> Request:
        """The request for some inputs."""
        return cls(
            tuple(map(str, inputs.paths)),
            None if inputs.gateway is None else str(inputs.gateway),
            inputs.profiles,
            inputs.upstream,
            None if inputs.base is None else str(inputs.base),
            strict,
        )

    def inputs(self) -> Inputs:
        """The inputs that were asked for."""
        return Inputs(
            tuple(map(Path, self.paths)),
            None if self.gateway is None else Path(self.gateway),
            self.profiles,
            self.upstream,
            None if self.base is None else Path(self.base),
        )


class Outcome(msgspec.Struct, frozen=True):
    """What a compile in a child gives back."""

    plan: bytes | None
    """As `plan.codec` writes it; None when there is an error among the findings."""
    findings: tuple[Diagnostic, ...]
    excerpts: dict[str, dict[int, str]]
    """Lines of the files that findings name: by file and line."""
    files: tuple[str, ...]
    """Every file that was read."""

    def excerpt(self, file: str, line: int) -> str:
        """The text of a line that a finding stands in; "" for others."""
        return self.excerpts.get(file, {}).get(line, "")


async def compile_in_child(inputs: Inputs, *, limit: float = 120.0, strict: bool = False) -> Outcome:
    """Compile in a child process. Raises ChildFailed when it breaks, or takes longer than `limit` seconds."""
    # The package that is running, not one that happens to lie in the current folder.
    path = os.pathsep.join(filter(None, (str(Path(specgw.__file__).parent.parent), os.environ.get("PYTHONPATH"))))
    child = await asyncio.create_subprocess_exec(
        sys.executable,
        "-P",
        "-m",
        "specgw.compiler.child",
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": path},
    )
    try:
        async with asyncio.timeout(limit):
            output, errors = await child.communicate(msgspec.json.encode(Request.of(inputs, strict=strict)))
    except TimeoutError:
        raise ChildFailed(f"compiling took longer than {limit:g} seconds") from None
    finally:
        if child.returncode is None:
            child.kill()
            await child.wait()
    if child.returncode != 0:
        raise ChildFailed(f"the compiler ended with {child.returncode}: {errors.decode(errors='replace').strip()[-4000:]}")
    return msgspec.msgpack.decode(output, type=Outcome)
