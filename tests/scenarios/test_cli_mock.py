"""`specgw mock` as people start it: who may call is printed, and what is printed works."""

from __future__ import annotations

import shutil
import signal
from pathlib import Path

import httpx

from tests.scenarios.process import ROOT, running, specgw

ADDRESS = r"the sandbox answers (\d+) operations on (http://\S+)"


def test_the_printed_credentials_work_and_nothing_else_does(tmp_path: Path) -> None:
    with running("mock", ROOT / "specs", "--port", "0", cwd=tmp_path) as sandbox:
        count, url = sandbox.expect(ADDRESS).groups()
        field, key = sandbox.expect(r"^    (X-[\w-]+): (\S+)$").groups()
        assert int(count) >= 10
        answer = httpx.get(f"{url}/api/users", headers={field: key})
        assert answer.status_code == 200
        assert answer.headers["content-type"].startswith("application/json")
        assert httpx.get(f"{url}/api/users", headers={field: key}).content == answer.content
        assert httpx.get(f"{url}/api/users", headers={field: "DEV_KEY_12345"}).status_code == 401
        assert httpx.get(f"{url}/api/users").status_code == 401
        assert httpx.get(f"{url}/api/users", headers={field: key, "Accept": ";;;"}).status_code == 200
        assert httpx.get(f"{url}/healthz").status_code == 200


def test_a_built_folder_is_enough_and_no_environment_is_needed(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "specs", tmp_path / "specs")
    assert specgw("build", "specs", "-o", "built", cwd=tmp_path).returncode == 0
    with running("mock", "built", "--port", "0", cwd=tmp_path) as sandbox:
        url = sandbox.expect(ADDRESS)[2]
        assert httpx.get(f"{url}/api/users").status_code == 401
        sandbox.process.send_signal(signal.SIGTERM)
        assert sandbox.process.wait(timeout=30) == 0
