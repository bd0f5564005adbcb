"""What the project says about itself in several places, held together: README, CI, lock file, decisions, sessions."""

from __future__ import annotations

import ast
import json
import re
import subprocess
import tomllib
from pathlib import Path
from typing import Any

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[2]
LOCK = (ROOT / "requirements.lock").read_text()


@pytest.fixture(scope="module")
def project() -> dict[str, Any]:
    return tomllib.loads((ROOT / "pyproject.toml").read_text())


def test_ci_runs_the_command_that_the_readme_tells() -> None:
    told = re.search(r"Test it:\n\n```sh\n(.+)\n```", (ROOT / "README.md").read_text())
    assert told is not None
    script = (ROOT / ".ci" / "run").read_text()
    for step in told[1].split(" && "):
        words = step.split()
        assert all(word in script for word in words), step
    assert subprocess.run(["bash", "-n", ROOT / ".ci" / "run"], check=False).returncode == 0


def test_every_requirement_is_locked_within_its_bounds(project: dict[str, Any]) -> None:
    pinned = dict(re.findall(r"^([a-z0-9._-]+)==(\S+)", LOCK, re.MULTILINE))
    wanted = project["project"]["dependencies"] + project["dependency-groups"]["dev"] + project["build-system"]["requires"]
    for text in wanted:
        requirement = Requirement(text)
        version = pinned.get(canonicalize_name(requirement.name))
        assert version is not None, f"{text} is not in requirements.lock: nox -s lock"
        assert version in requirement.specifier, f"{text} does not allow the locked {version}"


def test_lock_holds_versions_and_hashes_and_no_addresses() -> None:
    assert "://" not in LOCK
    assert "index" not in LOCK
    for entry in re.split(r"\n(?=[a-z0-9])", LOCK):
        assert "--hash=sha256:" in entry, entry.splitlines()[0]


def test_node_packages_are_locked_with_hashes_and_no_addresses() -> None:
    packages = json.loads((ROOT / "tests" / "package-lock.json").read_text())["packages"]
    wanted = json.loads((ROOT / "tests" / "package.json").read_text())
    assert packages.pop("")["dependencies"] == wanted["dependencies"]
    assert all("integrity" in package and "resolved" not in package for package in packages.values())


def test_every_session_says_why_it_is_there() -> None:
    tree = ast.parse((ROOT / "noxfile.py").read_text())
    functions = [node for node in tree.body if isinstance(node, ast.FunctionDef)]
    sessions = [node for node in functions if any("session" in ast.unparse(mark) for mark in node.decorator_list)]
    assert sessions
    for session in sessions:
        said = ast.get_docstring(session) or ""
        assert len(said.split()) > 8, session.name


def test_decisions_are_numbered_and_listed() -> None:
    folder = ROOT / "docs" / "decisions"
    pages = sorted(path.name for path in folder.glob("[0-9]*.md"))
    assert [int(name[:4]) for name in pages] == list(range(1, len(pages) + 1))
    assert re.findall(r"\]\((\d{4}-.+?\.md)\)", (folder / "README.md").read_text()) == pages
    for name in pages:
        text = (folder / name).read_text()
        assert text.startswith(f"# {name[:4]} · "), name
        assert all(f"**{part}.**" in text for part in ("Decided", "Why", "Costs")), name


def test_version_has_its_place_in_the_news() -> None:
    news = (ROOT / "CHANGELOG.md").read_text()
    assert re.search(r"^## \[Unreleased\]$", news, re.MULTILINE)
    assert set(re.findall(r"^### (\w+)$", news, re.MULTILINE)) <= {"Added", "Changed", "Deprecated", "Removed", "Fixed", "Security"}


def test_compiled_modules_exist_and_hold_nothing_that_compiling_would_change(project: dict[str, Any]) -> None:
    """The options of a msgspec Struct are lost, an ordinary base class makes every access slow (decision 0016)."""
    modules = project["tool"]["hatch"]["build"]["targets"]["wheel"]["hooks"]["custom"]["modules"]
    assert modules == sorted(set(modules))
    for module in modules:
        tree = ast.parse((ROOT / module).read_text())
        bases = [ast.unparse(base) for node in ast.walk(tree) if isinstance(node, ast.ClassDef) for base in node.bases]
        assert not [base for base in bases if base.rpartition(".")[2] in ("Struct", "Part") or base.startswith("asyncio.")], module


def test_no_ordinary_class_inherits_from_a_compiled_one(project: dict[str, Any]) -> None:
    """It could not be made: "interpreted classes cannot inherit from compiled"."""
    modules = project["tool"]["hatch"]["build"]["targets"]["wheel"]["hooks"]["custom"]["modules"]
    compiled = {module.removesuffix(".py").replace("/", ".") for module in modules}
    wrong = []
    for path in sorted((ROOT / "specgw").rglob("*.py")):
        if path.relative_to(ROOT).as_posix() in modules:
            continue
        tree = ast.parse(path.read_text())
        imported = {
            alias.asname or alias.name: f"{node.module}.{alias.name}"
            for node in ast.walk(tree)
            if isinstance(node, ast.ImportFrom)
            for alias in node.names
        }
        for node in ast.walk(tree):
            for base in node.bases if isinstance(node, ast.ClassDef) else ():
                first, _, rest = ast.unparse(base).partition(".")
                origin = f"{imported.get(first, first)}.{rest}".rstrip(".")
                if origin.rpartition(".")[0] in compiled:
                    wrong.append(f"{path.relative_to(ROOT)}: {ast.unparse(base)}")
    assert wrong == []
