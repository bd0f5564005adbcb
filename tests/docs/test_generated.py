"""generated/ is what `specgw build specs/` writes, file for file: `pytest tests/docs --update-golden` builds it anew."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
GENERATED = ROOT / "generated"


def build(directory: Path, environment: dict[str, str]) -> None:
    """Run the command as a person does, in the repository."""
    command = [sys.executable, "-m", "specgw", "build", "specs/", "-o", str(directory)]
    subprocess.run(command, cwd=ROOT, env=environment, check=True, capture_output=True)


def contents(directory: Path) -> dict[str, bytes]:
    """Every file below a folder, by its relative path."""
    return {path.relative_to(directory).as_posix(): path.read_bytes() for path in sorted(directory.rglob("*")) if path.is_file()}


def test_generated_is_fresh(tmp_path: Path, request: pytest.FixtureRequest) -> None:
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "USERS_URL": "http://never-written.example", "PYTHONHASHSEED": "7"}
    if request.config.getoption("--update-golden"):
        build(GENERATED, environment)
    # The changelog tells of earlier builds: the same documents add nothing to it.
    shutil.copy(GENERATED / "changes.json", tmp_path)
    for name in ("plan.json", *(path.name for path in GENERATED.glob("openapi*.json"))):
        shutil.copy(GENERATED / name, tmp_path)
    build(tmp_path, environment)
    fresh, committed = contents(tmp_path), contents(GENERATED)
    assert sorted(fresh) == sorted(committed)
    stale = [name for name in fresh if fresh[name] != committed[name]]
    assert stale == [], "specgw build specs/ -o generated/ writes these anew"


def test_generated_holds_no_value_of_the_environment_and_no_absolute_path() -> None:
    for name, content in contents(GENERATED).items():
        assert b"never-written" not in content, name
        assert os.fsencode(ROOT) not in content, name
        assert not re.search(rb'"(/home|/root|/tmp|/Users)/', content), name
