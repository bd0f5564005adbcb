"""docs/semantics.md lists every format that is enforced."""

from __future__ import annotations

from pathlib import Path

from specgw.plan.formats import FORMATS

PAGE = Path(__file__).parents[2] / "docs" / "semantics.md"


def test_the_page_lists_every_enforced_format() -> None:
    rows = [f"| `{each.name}` | {each.source} | {each.checks} |" for each in FORMATS]
    table = PAGE.read_text().partition("| format | where it is defined | what is checked |\n|---|---|---|\n")[2].partition("\n\n")[0]
    assert table.split("\n") == rows
