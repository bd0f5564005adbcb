"""The command `specgw`: finds the command that was named, and turns what happened into an exit code.

Exit codes: 0 no error (warnings allowed), 1 an error among the findings, 2 wrong usage or unreadable files, 130 Ctrl-C.
A command's module is imported when it is called: `serve` starts without what the others need.
"""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Sequence
from importlib import import_module
from importlib.machinery import EXTENSION_SUFFIXES
from pathlib import Path

import click

from specgw import __version__
from specgw.cli import INTERRUPTED, terminal
from specgw.cli.specs import Refused

COMMANDS = ("up", "check", "build", "serve", "mock", "routes", "explain", "diff", "test", "keys")
"""In the order of `specgw --help`; each is the function of that name in the module of that name."""


class Commands(click.Group):
    """A group whose commands are modules of this package."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The names of all commands."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of a name, or None where there is none."""
        if cmd_name not in COMMANDS:
            return None
        command = getattr(import_module(f"specgw.cli.{cmd_name}"), cmd_name)
        assert isinstance(command, click.Command)
        return command

    def resolve_command(self, ctx: click.Context, args: list[str]) -> tuple[str | None, click.Command | None, list[str]]:
        """The command and its arguments; an unknown name is a usage error that suggests the closest."""
        if args and not args[0].startswith("-") and args[0] not in COMMANDS:
            from specgw.diagnostics import did_you_mean

            ctx.fail(f"There is no command '{args[0]}'; {did_you_mean(args[0], COMMANDS)}")
        return super().resolve_command(ctx, args)


def _form() -> str:
    """Whether the hot path's modules are compiled, without importing any (docs/decisions/0016-compiled-modules.md)."""
    folder = Path(__file__).parents[1] / "dataplane"
    return "compiled" if any((folder / f"listener{suffix}").exists() for suffix in EXTENSION_SUFFIXES) else "pure Python"


def _completion(ctx: click.Context, _: click.Parameter, shell: str | None) -> None:
    if shell is None or ctx.resilient_parsing:
        return
    from click.shell_completion import get_completion_class

    script = get_completion_class(shell)
    assert script is not None
    terminal.write(script(ctx.command, {}, "specgw", "_SPECGW_COMPLETE").source() + "\n")
    ctx.exit()


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="specgw", message=f"%(prog)s %(version)s ({_form()})")
@click.option(
    "--completion",
    type=click.Choice(["bash", "zsh", "fish"]),
    expose_value=False,
    is_eager=True,
    callback=_completion,
    help='Print the completion script of a shell: eval "$(specgw --completion bash)".',
)
def specgw() -> None:
    """An API gateway that is compiled from OpenAPI documents.

    Every path the documents declare is served, everything else is refused, and every request is checked against its
    schema before a service sees it.

    \b
    Examples:
      specgw up                 try it: two sample services and the gateway
      specgw check specs/       is something wrong in the documents?
      specgw serve specs/       serve them on http://127.0.0.1:8080

    SPECS are files or folders. Where none are given: what GATEWAY_CONFIG names, else ./gateway.yaml, else ./specs.
    """  # noqa: D301 (click wants the character \b itself: it keeps the lines of a paragraph)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line; returns the exit code."""
    if sys.stdout is None:  # `specgw … >&-`: nobody listens
        sys.stdout = io.StringIO()
    for stream in (sys.stdout, sys.stderr):
        # A file name or an excerpt may hold what the terminal's encoding cannot: shown as an escape, never a traceback.
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")
    try:
        result = specgw.main(args=arguments, prog_name="specgw", standalone_mode=False)
    except Refused as refused:
        terminal.say(f"error: {refused.message}")
        return refused.exit_code
    except click.ClickException as misused:
        misused.show()
        return misused.exit_code
    except (click.Abort, KeyboardInterrupt):
        return INTERRUPTED
    return result if isinstance(result, int) else os.EX_OK
