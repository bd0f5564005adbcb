"""docs/cli.md is made from the commands, and every variable of the settings is on it."""

from __future__ import annotations

import re
from pathlib import Path

from specgw.cli.app import COMMANDS
from specgw.cli.page import page
from specgw.settings import variables

PAGE = Path(__file__).parents[2] / "docs" / "cli.md"


def test_the_page_is_fresh() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(), "run: python -m specgw.cli.page > docs/cli.md"


def test_every_command_and_every_variable_is_on_it() -> None:
    text = PAGE.read_text(encoding="utf-8")
    assert re.findall(r"^## `specgw (\w+)`$", text, re.MULTILINE) == list(COMMANDS)
    assert re.findall(r"^\| `([A-Z_]+)` \|", text, re.MULTILINE) == [name for name, _ in variables()]


def test_every_command_shows_an_example() -> None:
    for part in re.split(r"^## ", PAGE.read_text(encoding="utf-8"), flags=re.MULTILINE):
        if part.startswith("`specgw"):
            assert re.search(r"^  Examples?:\n    specgw ", part, re.MULTILINE), part
