"""docs/cli.md, made from the commands themselves: `python -m specgw.cli.page > docs/cli.md`. A test keeps it fresh."""

from __future__ import annotations

import sys

import click

from specgw.cli.app import COMMANDS, specgw
from specgw.settings import variables

WIDTH = 100
"""Columns of the help texts in the page."""

_INTRODUCTION = """\
# Command line

<!-- Made by `python -m specgw.cli.page > docs/cli.md`. Do not edit: change the commands in specgw/cli/. -->

| exit code | means |
|---|---|
| 0 | no error; warnings are allowed, unless `--strict` |
| 1 | an error among the findings, a part of `specgw up` that ended by itself, or weaker protection that nobody has accepted |
| 2 | wrong usage, a file or folder that cannot be read or written, an address that is taken |
| 130 | Ctrl-C |

What a command was asked for goes to standard output, what is said about it to standard error. There is colour on a
terminal only. `specgw routes | head` is fine: a reader that leaves early is no error.

**SPECS** are files or folders. In a folder, recursively, files whose root has `openapi` are documents, `gateway.yaml` and
`gateway.PROFILE.yaml` belong to them, and others are read where something refers to them. Without SPECS: what
`GATEWAY_CONFIG` names, else `./gateway.yaml`, else `./specs`. **DIR** is what `specgw build` wrote; `serve`, `routes` and
`explain` know it by its `plan.json`.

Completion, in the file that the shell reads at its start: `eval "$(specgw --completion bash)"` for bash, the same with `zsh` for zsh,
`specgw --completion fish | source` for fish. `NO_COLOR` turns colour off on a terminal as well.
"""

_FINDINGS = """\
## Findings

Every finding has a place, a code and, where one is known, a way out. The codes are in [diagnostics.md](diagnostics.md).
A code that occurs more than twenty times in a file is shown five times and counted; `check --format json` always has
all of them, as `{"findings": [{code, severity, message, file, line, column, pointer, hint}]}`. Lines and columns count
from 1, `pointer` is a JSON pointer (RFC 6901). `check --format sarif` has the same as SARIF 2.1.0, with a fingerprint that
does not change when lines are added above; the texts of its rules lead to the sections of that page.

## Routes

`routes --format json` is `{"routes": [{operationId, method, path, upstream, security, enforcement, file, line}]}`, one
entry a declared operation. `security` is written as OpenAPI does, an empty list means public; `upstream` is null where
none is known.
"""


def page() -> str:
    """The whole page."""
    parts = [_INTRODUCTION, _block("specgw", specgw)]
    for name in COMMANDS:
        command = specgw.get_command(click.Context(specgw), name)
        assert command is not None
        parts.append(_block(f"specgw {name}", command))
        if isinstance(command, click.Group):
            parts += [_block(f"specgw {name} {part}", command.commands[part], level=3) for part in command.commands]
    rows = "".join(f"| `{name}` | {meaning} |\n" for name, meaning in variables())
    parts += [_FINDINGS, f"## Environment\n\n| variable | meaning |\n|---|---|\n{rows}"]
    return "\n".join(parts)


def _block(title: str, command: click.Command, *, level: int = 2) -> str:
    context = click.Context(command, info_name=title, terminal_width=WIDTH, max_content_width=WIDTH)
    context.help_option_names = ["-h", "--help"]
    return f"{'#' * level} `{title}`\n\n```text\n{command.get_help(context).rstrip()}\n```\n"


if __name__ == "__main__":
    sys.stdout.write(page())
