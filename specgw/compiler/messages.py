"""What a server and the child that compiles for it say to each other. Light on purpose: both import it."""

from __future__ import annotations

from pathlib import Path
from typing import IO

import msgspec

from specgw.compiler.inputs import Inputs
from specgw.diagnostics import Diagnostic

_SIZE = 8


def send(stream: IO[bytes], content: bytes) -> None:
    """Write one message, with its size in front: the stream stays open for further ones. Raises OSError."""
    stream.write(len(content).to_bytes(_SIZE, "big") + content)
    stream.flush()


def receive(stream: IO[bytes]) -> bytes | None:
    """Read one message; None where the stream ends before its end."""
    size = stream.read(_SIZE)
    content = stream.read(int.from_bytes(size, "big")) if len(size) == _SIZE else b""
    return content if len(size) == _SIZE and len(content) == int.from_bytes(size, "big") else None


class Request(msgspec.Struct, frozen=True):
    """What the child is asked to do: `Inputs`, and whether warnings count as errors."""

    paths: tuple[str, ...]
    gateway: str | None
    profiles: tuple[str, ...]
    upstream: str | None
    base: str | None
    strict: bool
    remote: tuple[str, ...] = ()
    examples: bool = True

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
            inputs.remote,
            inputs.examples,
        )

    def inputs(self) -> Inputs:
        """The inputs that were asked for."""
        return Inputs(
            tuple(map(Path, self.paths)),
            None if self.gateway is None else Path(self.gateway),
            self.profiles,
            self.upstream,
            None if self.base is None else Path(self.base),
            remote=self.remote,
            examples=self.examples,
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
    beside: tuple[str, ...] = ()
    """Files and folders that only the portal is made of."""
    folder: str = ""
    """gateway.yaml's, from which the relative names of certificate files count."""

    def excerpt(self, file: str, line: int) -> str:
        """The text of a line that a finding stands in; "" for others."""
        return self.excerpts.get(file, {}).get(line, "")
