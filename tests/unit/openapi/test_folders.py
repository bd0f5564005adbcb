from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from specgw.openapi.folders import documents, walk


def fill(folder: Path, *names: str) -> None:
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text("{}")


def test_documents_are_yaml_and_json_that_is_not_hidden() -> None:
    assert documents(["b.yml", "a.yaml", ".a.yaml", "c.json", "d.txt", "yaml", "e.YAML"]) == ["a.yaml", "b.yml", "c.json"]


def test_folders_come_in_order_with_their_documents(tmp_path: Path) -> None:
    fill(tmp_path, "z.yaml", "a.yaml", "b/c.json", "a/x.txt", "a/deep/d.yaml")
    assert [(folder.relative_to(tmp_path).as_posix(), names) for folder, names in walk(tmp_path)] == [
        (".", ["a.yaml", "z.yaml"]),
        ("a", []),
        ("a/deep", ["d.yaml"]),
        ("b", ["c.json"]),
    ]


@pytest.mark.parametrize("name", [".git", "node_modules", "__pycache__", "site-packages"])
def test_folders_that_are_passed_over(tmp_path: Path, name: str) -> None:
    fill(tmp_path, f"{name}/a.yaml", f"below/{name}/deeper/a.yaml")
    assert [folder.name for folder, _ in walk(tmp_path)] == [tmp_path.name, "below"]


def test_what_a_build_wrote_is_passed_over(tmp_path: Path) -> None:
    fill(tmp_path, "generated/plan.json", "generated/findings.json", "generated/mocks/a.json", "half/plan.json")
    assert [folder.name for folder, _ in walk(tmp_path)] == [tmp_path.name, "half"]


def test_a_folder_that_is_none_holds_nothing_and_is_told_of(tmp_path: Path) -> None:
    told: list[OSError] = []
    assert list(walk(tmp_path / "none", told.append)) == list(walk(tmp_path / "none")) == []
    assert [error.filename for error in told] == [str(tmp_path / "none")]


def test_it_costs_nothing_to_import() -> None:
    code = "import sys, specgw.openapi.folders; sys.exit('yaml' in sys.modules or 'msgspec' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
