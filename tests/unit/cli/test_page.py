from __future__ import annotations

import click

from specgw.cli.app import COMMANDS, specgw
from specgw.cli.page import WIDTH, page
from specgw.settings import variables


def test_every_command_has_its_help_and_every_variable_its_line() -> None:
    text = page()
    assert all(f"Usage: specgw {name} " in text for name in COMMANDS)
    assert all(f"| `{name}` | {meaning} |" in text for name, meaning in variables())


def test_the_page_does_not_depend_on_the_terminal() -> None:
    blocks = page().split("```")[1::2]
    commands = [specgw.get_command(click.Context(specgw), name) for name in COMMANDS]
    parts = [part for command in commands if isinstance(command, click.Group) for part in command.commands]
    assert len(blocks) == 1 + len(COMMANDS) + len(parts)
    assert max(len(line) for block in blocks for line in block.splitlines()) in range(WIDTH - 20, WIDTH + 1)
