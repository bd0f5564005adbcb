"""`specgw diff`: what differs between two states of the documents, and whether it lets more people in."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from specgw.plan.model import Plan
    from specgw.settings import Settings


@click.command(short_help="Say what a change does to protection.")
@click.argument("old", type=click.Path(path_type=Path))
@click.argument("new", type=click.Path(path_type=Path))
@click.option(
    "--accept",
    "accept",
    metavar="FILE",
    type=click.Path(path_type=Path, dir_okay=False),
    help="A file with the marks of changes that are wanted, one a line; what follows a mark is for people.",
)
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json", "markdown"]),
    default="text",
    show_default=True,
    help="For people, for programs, or for the comment of a review.",
)
def diff(old: Path, new: Path, accept: Path | None, form: str) -> int:
    """Compare who may call what. OLD and NEW are documents or what `specgw build` wrote, each of them either.

    Every change that lets somebody in who was kept out before is weaker protection, and so is one of which that cannot
    be ruled out, such as another condition. Exit code 1 if there is one that --accept does not name, or an error
    among the findings.

    \b
    Examples:
      specgw diff generated/ specs/
      specgw diff main/specs branch/specs --accept accepted-changes.txt --format markdown
    """  # noqa: D301 (click's own mark, see app)
    from specgw.changes.acceptance import Unreadable, read_accepted, unaccepted, unused
    from specgw.changes.compare import compare
    from specgw.changes.report import as_json, as_markdown, as_text
    from specgw.cli import compiling, terminal
    from specgw.cli.report import printable
    from specgw.cli.specs import Refused

    # Each side's own gateway.yaml counts: what GATEWAY_CONFIG names cannot be that of both.
    settings = replace(compiling.settings(), gateway_config=None)
    try:
        accepted = frozenset() if accept is None else read_accepted(accept.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, Unreadable) as error:
        raise Refused(f"{accept}: {error.strerror if isinstance(error, OSError) else error}") from error
    plans = [_plan(path, settings) for path in (old, new)]
    before, after = plans
    if before is None or after is None:
        return 1
    changes = compare(before, after)
    if form == "json":
        terminal.write(json.dumps(as_json(changes, accepted), indent=2, ensure_ascii=False) + "\n")
    else:
        terminal.write(printable(as_markdown(changes, accepted) if form == "markdown" else as_text(changes, accepted)))
    for mark in unused(changes, accepted):
        terminal.say(f"note: {accept} accepts {mark}, and there is no such change")
    wrong = unaccepted(changes, accepted)
    if wrong:
        how_many = f"{len(wrong)} of {len(changes)} changes weaken protection"
        terminal.say(f"error: {how_many}; --accept FILE takes their marks once they are wanted")
    return int(bool(wrong))


def _plan(path: Path, settings: Settings) -> Plan | None:
    """The plan of documents or of a built folder; None, with the findings printed, where there is none."""
    from specgw.cli import compiling
    from specgw.cli.specs import Generated, locate

    located = locate((path,), settings)
    if isinstance(located, Generated):
        from specgw.cli.generated import read_plan

        return read_plan(located)
    build = compiling.compiled(located, settings)
    findings = build.findings.settle()
    if build.plan is None:
        compiling.report(build, findings, settings, to_stderr=True)
    return build.plan
