"""The tree itself: what may stand where, how long a file may be, that every source file has its test file."""

from __future__ import annotations

import ast
import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "specgw"
LONGEST = 500

# The design card, and the files that every project has.
TOP_LEVEL = {
    ".ci", ".gitignore", "benchmarks", "deploy", "docs", "generated", "sample_services", "specgw", "specs", "tests",
    "CHANGELOG.md", "CONTRIBUTING.md", "LICENSE", "README.md", "noxfile.py", "pyproject.toml", "requirements.lock",
}  # fmt: skip

# Names that say nothing about what is inside.
EMPTY_WORDS = {"utils", "util", "common", "core", "helper", "helpers", "manager", "managers", "misc", "base_utils", "handler", "handlers"}


def tracked() -> list[str]:
    command = ["git", "ls-files"]
    listing = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if listing.returncode:
        pytest.skip("not a git checkout")
    return [name for name in listing.stdout.splitlines() if (ROOT / name).exists()]


def sources() -> list[Path]:
    return [path for path in sorted(PACKAGE.rglob("*.py")) if path.name != "__init__.py"]


def test_top_level_holds_only_what_the_design_names() -> None:
    assert {name.partition("/")[0] for name in tracked()} <= TOP_LEVEL


def test_no_file_is_longer_than_the_limit() -> None:
    lengths = {name: len((ROOT / name).read_text().splitlines()) for name in tracked() if name.endswith(".py")}
    assert {name: length for name, length in lengths.items() if length > LONGEST} == {}


def test_no_module_has_a_name_that_says_nothing() -> None:
    words = {part for name in tracked() if name.endswith(".py") for part in name.removesuffix(".py").split("/")}
    assert words & EMPTY_WORDS == set()


def test_every_module_has_its_test_file() -> None:
    missing = []
    for path in sources():
        name = path.relative_to(PACKAGE)
        expected = ROOT / "tests" / "unit" / name.with_name(f"test_{name.stem.strip('_')}.py")
        if not expected.exists():
            missing.append(f"{name} → {expected.relative_to(ROOT)}")
    assert not missing, "without a test file:\n" + "\n".join(missing)


def test_every_unit_test_file_has_its_module() -> None:
    stems = {path.relative_to(PACKAGE).with_name(path.stem.strip("_")).as_posix() for path in sources()}
    orphans = []
    for path in sorted((ROOT / "tests" / "unit").rglob("test_*.py")):
        name = path.relative_to(ROOT / "tests" / "unit")
        if name.with_name(path.stem.removeprefix("test_")).as_posix() not in stems:
            orphans.append(name.as_posix())
    assert orphans == []


def test_every_module_says_what_it_is() -> None:
    silent = [path for path in sorted(PACKAGE.rglob("*.py")) if not ast.get_docstring(ast.parse(path.read_text()))]
    assert [path.relative_to(ROOT).as_posix() for path in silent] == []


def test_nothing_is_left_for_later() -> None:
    mark = re.compile(r"\b(TO[D]O|FIXM[E]|X[X]X)\b")
    left = {name: mark.findall((ROOT / name).read_text()) for name in tracked() if name.endswith((".py", ".md", ".yaml", ".toml"))}
    assert {name: marks for name, marks in left.items() if marks} == {}
