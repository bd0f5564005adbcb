"""Figures into docs/performance.md: each benchmark owns what stands between its two marks."""

from __future__ import annotations

from pathlib import Path

DOCS = Path(__file__).parents[1] / "docs"
PAGE = DOCS / "performance.md"


def write(text: str, name: str, command: str, path: Path = PAGE) -> None:
    """Put a text between the marks of `name`; raises ValueError where the page has none."""
    page = path.read_text()
    begin, end = f"<!-- {name}: written by `{command}` -->", f"<!-- end of {name} -->"
    start = page.index(begin) + len(begin)
    path.write_text(f"{page[:start]}\n\n{text}\n\n{page[page.index(end) :]}")
