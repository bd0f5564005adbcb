"""What a compile is asked to do. Light on purpose: the server process imports it, the compiler it does not."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Inputs:
    """Files and folders to compile, and what the caller decides beside them."""

    paths: tuple[Path, ...]
    """Files and folders; empty: what gateway.yaml names under `specs`."""
    gateway: Path | None = None
    """A gateway.yaml named by the caller; None: the one found beside the documents, if any."""
    profiles: tuple[str, ...] = ()
    """Names whose `gateway.NAME.yaml` is merged over gateway.yaml, in this order."""
    upstream: str | None = None
    """A URL that replaces every upstream, base path included; rewrites are dropped."""
    base: Path | None = None
    """The folder that findings and origins are relative to; None: derived from the paths."""
    thorough: bool = False
    """Whether the Plan has every schema, those that `validate` says are not to be checked too."""
    examples: bool = True
    """Whether examples are judged by their schemas, which takes half as long again as the rest: a server starts without."""
    remote: tuple[str, ...] = ()
    """Hosts, `NAME` or `NAME:PORT`, that documents may be fetched from."""
