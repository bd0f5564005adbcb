"""The README's first command works without a checkout: what a wheel holds is enough for `specgw up`."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import httpx
import pytest

from tests.docs.test_readme import up
from tests.scenarios import process

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the wheel's contents, as pip would put them into site-packages."""
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    # Without compiled modules, which take long: `nox -s compiled` has them.
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True, env={**os.environ, "SPECGW_PURE": "1"})
    wheel = next(folder.glob("specgw-*.whl"))
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(folder / "site")
    return folder / "site"


def test_wheel_holds_what_the_code_reads(installed: Path) -> None:
    def data(root: Path) -> set[str]:
        files = (path for path in root.rglob("*") if path.is_file() and "__pycache__" not in path.parts)
        return {path.relative_to(root).as_posix() for path in files}

    assert data(installed / "specgw") == data(ROOT / "specgw")
    assert data(installed / "sample_services" / "specs") == data(ROOT / "specs")


def test_up_from_the_wheel_in_an_empty_folder(installed: Path, tmp_path: Path) -> None:
    environment = process.environment(PYTHONPATH=str(installed))
    where = [sys.executable, "-c", "import specgw; print(specgw.__file__)"]
    assert subprocess.check_output(where, cwd=tmp_path, env=environment, text=True).startswith(str(installed))
    with up(tmp_path, environment) as address:
        key = {"X-API-Key": "DEV_KEY_12345"}
        assert httpx.get(f"{address}/api/users/1").status_code == 401
        assert httpx.get(f"{address}/api/users/1", headers=key).json()["name"] == "Ada Lovelace"
        assert httpx.get(f"{address}/api/products?sort=price", headers=key).json()["items"][0]["name"] == "Folding rule"
        assert httpx.post(f"{address}/api/users", json={"name": ""}, headers=key).status_code == 400
