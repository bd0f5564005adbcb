"""The contracts of pyproject.toml: who may import whom, and that they speak of every package there is."""

from __future__ import annotations

import ast
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "specgw"
RUN_TIME = {"dataplane", "policies", "mock", "upstreams", "identity", "state", "telemetry", "plan"}
COMPILE_TIME = {"openapi", "xgateway", "compiler", "export"}
BEHIND_ANOTHER = {"httptools"}
"""Needed by a part of a dependency that is imported: uvicorn's httptools protocol."""


@pytest.fixture(scope="module")
def project() -> dict[str, Any]:
    return tomllib.loads((ROOT / "pyproject.toml").read_text())


def modules(folder: Path) -> list[Path]:
    return sorted(folder.rglob("*.py"))


def packages() -> set[str]:
    return {path.name for path in PACKAGE.iterdir() if path.is_dir() and path.name != "__pycache__"}


def imported(folder: Path) -> set[str]:
    """Top-level names of everything that is imported below a folder."""
    names: set[str] = set()
    for path in modules(folder):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Import):
                names |= {alias.name.partition(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                names.add(node.module.partition(".")[0])
    return names


def test_contracts_are_kept() -> None:
    command = [str(Path(sys.executable).with_name("lint-imports")), "--no-logo", "--no-cache"]
    lint = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert lint.returncode == 0, lint.stdout + lint.stderr


def test_forbidden_contract_names_every_package_of_its_kind(project: dict[str, Any]) -> None:
    contract = next(contract for contract in project["tool"]["importlinter"]["contracts"] if contract["id"] == "plan-only")
    assert set(contract["source_modules"]) == {f"specgw.{name}" for name in RUN_TIME & packages()}
    assert set(contract["forbidden_modules"]) == {f"specgw.{name}" for name in COMPILE_TIME & packages()}


def test_layers_in_parentheses_are_those_that_do_not_exist_yet(project: dict[str, Any]) -> None:
    contract = next(contract for contract in project["tool"]["importlinter"]["contracts"] if contract["id"] == "layers")
    layers = [layer.strip() for line in contract["layers"] for layer in line.split("|")]
    optional = {layer.strip("()") for layer in layers if layer.startswith("(")}
    assert not optional & {path.stem for path in PACKAGE.iterdir()}


def names(requirements: list[str]) -> set[str]:
    """The modules that requirements give."""
    modules = (requirement.partition(">")[0].lower().replace("-", "_") for requirement in requirements)
    known = {"pyyaml": "yaml", "pyjwt": "jwt", "common_expression_language": "cel", "markdown_it_py": "markdown_it"}
    return {known.get(name, name) for name in modules}


def foreign(*folders: str) -> set[str]:
    """What folders import that is neither Python's nor the repository's own."""
    ours = {"specgw", "sample_services", "tests", "benchmarks"}
    return {name for folder in folders for name in imported(ROOT / folder)} - sys.stdlib_module_names - ours


def test_every_import_is_declared_and_every_dependency_imported(project: dict[str, Any]) -> None:
    declared = names(project["project"]["dependencies"])
    used = foreign("specgw", "sample_services") - {"pydantic_core"}  # a part of pydantic
    assert used - declared == set(), "imported, but not declared in pyproject.toml"
    assert declared - used == BEHIND_ANOTHER, "declared in pyproject.toml, but never imported"


def test_every_import_of_tests_is_declared(project: dict[str, Any]) -> None:
    declared = names(project["project"]["dependencies"] + project["dependency-groups"]["dev"])
    assert foreign("tests", "benchmarks") - {"pydantic_core"} - declared == set()
