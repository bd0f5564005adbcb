from __future__ import annotations

from pathlib import Path

from specgw.compiler.inputs import Inputs
from specgw.compiler.passes.discovery import begin
from specgw.diagnostics import Findings


def test_a_draft_begins_with_files_and_without_operations(tmp_path: Path) -> None:
    findings = Findings()
    draft = begin(Inputs((tmp_path,)), {}, findings)
    assert draft.findings is findings
    assert (draft.contracts, draft.declared, draft.upstreams, draft.schemas, draft.plan) == ([], [], {}, None, None)
