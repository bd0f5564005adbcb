from __future__ import annotations

import asyncio
import contextlib
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from specgw.compiler.inputs import Inputs
from specgw.compiler.messages import Outcome
from specgw.compiler.process import ChildFailed, Compiling
from specgw.plan.codec import decode

USERS = "paths: {/users: {get: {operationId: listUsers, responses: {default: {description: ok}}}}}"


MODULE = "tests.unit.compiler.counting"


@contextlib.contextmanager
def compiling(inputs: Inputs, *, strict: bool = False) -> Iterator[Compiling]:
    child = Compiling(inputs, MODULE, strict=strict)
    try:
        yield child
    finally:
        child.end()
        assert child._child.returncode is not None


def run(inputs: Inputs, *, strict: bool = False, **limit: float) -> Outcome:
    with compiling(inputs, strict=strict) as child:
        return asyncio.run(child.outcome(**limit))


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


def test_what_else_there_is_is_made_of_the_same_documents_in_another_loop_too(write: Any, tmp_path: Path) -> None:
    inputs = Inputs(write({"users.yaml": USERS}), base=tmp_path)
    with compiling(inputs) as child:
        asyncio.run(child.outcome())
        write({"users.yaml": "paths: {}"})
        assert asyncio.run(child.further(limit=60)) == b"1 operation"
        assert child._child.wait() == 0


def test_a_child_that_nobody_asks_ends_with_its_server(write: Any, tmp_path: Path) -> None:
    with compiling(Inputs(write({"users.yaml": USERS}), base=tmp_path)) as child:
        asyncio.run(child.outcome())
        assert child._child.stdin is not None
        child._child.stdin.close()
        assert child._child.wait() == 0


def test_whoever_stops_waiting_leaves_no_child(write: Any, tmp_path: Path) -> None:
    with compiling(Inputs(write({"users.yaml": USERS}), base=tmp_path)) as child:

        async def scene() -> None:
            waiting = asyncio.ensure_future(child.outcome())
            await asyncio.sleep(0)
            waiting.cancel()
            with pytest.raises(asyncio.CancelledError):
                await waiting

        asyncio.run(scene())
        assert child._child.wait() != 0


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
