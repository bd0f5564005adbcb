from __future__ import annotations

from pathlib import Path

import pytest

from specgw.cli.app import main


def test_documents_with_an_error_are_not_answered_for(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "a.yaml").write_text("openapi: 3.1.0\ninfo: {title: a, version: '1'}\nx-gateway: {mok: {}}\npaths: {}\n")
    assert main(["mock", str(tmp_path)]) == 1
    assert "unknown-key" in capsys.readouterr().err


def test_what_does_not_exist_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["mock", "/does/not/exist.yaml"]) == 2
    assert "no such file" in capsys.readouterr().err
