from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

from specgw.compiler.child import outcome as outcome_of
from specgw.compiler.compile import compile_documents
from specgw.compiler.inputs import Inputs


def test_every_finding_has_its_line(write: Any, tmp_path: Path) -> None:
    inputs = Inputs(write({"users.yaml": "paths: {a: {}, b: {}}\nx-gateway: {mout: /a}"}), base=tmp_path)
    outcome = outcome_of(compile_documents(inputs), strict=False)
    assert [finding.line for finding in outcome.findings] == [4, 4, 5]
    assert outcome.excerpts == {"users.yaml": {4: "paths: {a: {}, b: {}}", 5: "x-gateway: {mout: /a}"}}
    assert outcome.plan is None


def test_a_request_that_is_none_ends_with_a_traceback() -> None:
    child = subprocess.run([sys.executable, "-m", "tests.unit.compiler.counting"], input=b"{}", capture_output=True, check=False)
    assert child.returncode == 1
    assert b"DecodeError" in child.stderr
    assert child.stdout == b""
