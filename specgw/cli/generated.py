"""Reading the folder that `specgw build` wrote; what is wrong with it is told without a traceback."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from specgw.cli.specs import Generated, Refused
from specgw.plan.folder import ORIGINS, SECURITY

if TYPE_CHECKING:
    from specgw.plan.model import Plan


def read_plan(generated: Generated) -> Plan:
    """The compiled plan. Raises `Refused` (exit code 2) where it cannot be read or is of another version."""
    from specgw.plan.codec import CodecError, decode

    try:
        return decode(read_bytes(generated))
    except CodecError as error:
        raise Refused(f"{generated.plan}: {error}") from error


def read_bytes(generated: Generated) -> bytes:
    """The same, not decoded yet."""
    try:
        return generated.plan.read_bytes()
    except OSError as error:
        raise Refused(f"{generated.plan}: {error.strerror}") from error


def read_merged(generated: Generated) -> dict[str, dict[str, Any]]:
    """The merged documents by file name, `openapi.json` first."""
    files = sorted(generated.directory.glob("openapi*.json"), key=lambda path: (path.name != "openapi.json", path.name))
    return {path.name: read_json(path) for path in files}


def read_security(generated: Generated) -> dict[str, Any]:
    """The security matrix."""
    return read_json(generated.directory / SECURITY)


def read_origins(generated: Generated) -> dict[str, Any]:
    """Where the settings of every route were written, and the operations that are not served."""
    return read_json(generated.directory / ORIGINS)


def read_json(path: Path) -> dict[str, Any]:
    """A JSON object in a file of the folder. Raises `Refused`."""
    try:
        document: dict[str, Any] = json.loads(path.read_bytes())
    except OSError as error:
        raise Refused(f"{path}: {error.strerror}; build the folder again") from error
    except ValueError as error:
        raise Refused(f"{path} is damaged: {error}") from error
    return document
