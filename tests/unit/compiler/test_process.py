from __future__ import annotations

import asyncio
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from specgw.compiler.inputs import Inputs
from specgw.compiler.messages import Outcome
from specgw.compiler.process import ChildFailed, compile_in_child
from specgw.plan.codec import decode

USERS = "paths: {/users: {get: {operationId: listUsers, responses: {default: {description: ok}}}}}"


def run(inputs: Inputs, **options: Any) -> Outcome:
    return asyncio.run(compile_in_child(inputs, **options))


def test_a_plan_comes_back(write: Any, tmp_path: Path) -> None:
    outcome = run(Inputs(write({"users.yaml": USERS}), base=tmp_path, upstream="http://127.0.0.1:1"))
    assert outcome.plan is not None
    plan = decode(outcome.plan)
    assert [route.id for route in plan.routes] == ["listUsers"]
    assert list(plan.upstreams) == ["upstream"]
    assert outcome.findings == ()
    assert outcome.files == (str(tmp_path / "users.yaml"),)


def test_findings_come_back_with_their_lines(write: Any, tmp_path: Path) -> None:
    outcome = run(Inputs(write({"users.yaml": "paths: []"}), base=tmp_path))
    assert outcome.plan is None
    [finding] = outcome.findings
    assert (finding.code, finding.file, finding.line) == ("wrong-type", "users.yaml", 4)
    assert outcome.excerpt("users.yaml", 4) == "paths: []"
    assert outcome.excerpt("users.yaml", 1) == ""


def test_strict_holds_the_plan_back(write: Any, tmp_path: Path) -> None:
    inputs = Inputs(write({"users.yaml": "openapi: 3.1.0\ninfo: {title: a, version: '1'}\n" + USERS}), base=tmp_path)
    assert run(inputs).plan is not None
    outcome = run(inputs, strict=True)
    assert outcome.plan is None
    assert {finding.severity for finding in outcome.findings} == {"error"}


def test_a_child_that_takes_too_long_is_ended(write: Any) -> None:
    with pytest.raises(ChildFailed, match=r"longer than 0\.001 seconds"):
        run(Inputs(write({"users.yaml": USERS})), limit=0.001)


def test_a_child_that_breaks_says_why(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(sys, "executable", "/bin/false")
    with pytest.raises(ChildFailed, match="ended with 1"):
        run(Inputs((tmp_path,)))


def test_this_side_imports_nothing_of_the_compiler() -> None:
    code = (
        "import sys, specgw.compiler.process; "
        "sys.exit(any(name.split('.')[:2] in (['specgw', 'openapi'], ['specgw', 'xgateway']) or name.split('.')[0] in ('yaml', 'pydantic')"
        " or name == 'specgw.compiler.compile' for name in sys.modules))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
