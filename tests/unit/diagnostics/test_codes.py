"""The catalogue of findings."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

import specgw
from specgw.diagnostics import CATALOGUE, CODES, Code, codes

PACKAGE = Path(specgw.__file__).parent


def test_no_code_stands_there_twice() -> None:
    stated = [code.code for code in CODES]
    assert [code for code in CATALOGUE if stated.count(code) > 1] == []


@pytest.mark.parametrize("code", CODES, ids=lambda code: code.code)
def test_a_code(code: Code) -> None:
    assert re.fullmatch(r"[a-z]+(-[a-z0-9]+)*", code.code)
    assert code.title
    assert not code.title.endswith(".")
    assert code.meaning.endswith(".")


def test_every_code_is_found_by_something() -> None:
    texts = set()
    for path in PACKAGE.rglob("*.py"):
        if path != Path(codes.__file__):
            tree = ast.parse(path.read_text(encoding="utf-8"))
            texts |= {node.value for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str)}
    assert [code for code in CATALOGUE if code not in texts] == []
