"""Figures into docs/performance.md: each benchmark owns what stands between its two marks."""

from __future__ import annotations

import os
import platform
from pathlib import Path

DOCS = Path(__file__).parents[1] / "docs"
PAGE = DOCS / "performance.md"


def machine() -> str:
    """What the figures of a page depend on besides the programs: "Python 3.11.7, 2 cores, Linux 6.1"."""
    system = f"{platform.system()} {platform.release().partition('-')[0]}"
    return f"Python {platform.python_version()}, {os.cpu_count()} cores, {system}"


def write(text: str, name: str, command: str, path: Path = PAGE) -> None:
    """Put a text between the marks of `name`; raises ValueError where the page has none."""
    page = path.read_text()
    begin, end = f"<!-- {name}: written by `{command}` -->", f"<!-- end of {name} -->"
    start = page.index(begin) + len(begin)
    path.write_text(f"{page[:start]}\n\n{text}\n\n{page[page.index(end) :]}")
