"""`specgw diff`: what differs between two states of the documents: what clients notice of it, and whether it lets more people in."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from collections.abc import Sequence

    from specgw.changes.change import Change
    from specgw.changes.clients.side import Locate, Side
    from specgw.changes.enforced.side import Enforced
    from specgw.plan.model import Origin
    from specgw.settings import Settings


@click.command(short_help="Say what a change does to clients and to protection.")
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
    """Compare what clients notice, and who may call what. OLD and NEW are documents or what `specgw build` wrote, each of them either.

    Every change that a client fails at which keeps to OLD is breaking. Every change that lets somebody in who was kept out
    before is weaker protection, and so is one of which that cannot be ruled out, such as another condition. Exit code 1 if
    there is one of either that --accept does not name, or an error among the findings.

    \b
    Examples:
      specgw diff generated/ specs/
      specgw diff main/specs branch/specs --accept accepted-changes.txt --format markdown
    """  # noqa: D301 (click's own mark, see app)
    from specgw.changes.acceptance import Unreadable, read_accepted, unaccepted, unused
    from specgw.changes.clients import operations
    from specgw.changes.compare import compare, ordered
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
    states = [_state(path, settings) for path in (old, new)]
    before, after = states
    if before is None or after is None:
        return 1
    today = datetime.now(tz=UTC).date()
    changes = ordered([*compare(before[0], after[0]), *operations.compare(before[1], after[1], today)])
    if form == "json":
        terminal.write(json.dumps(as_json(changes, accepted), indent=2, ensure_ascii=False) + "\n")
    else:
        terminal.write(printable(as_markdown(changes, accepted) if form == "markdown" else as_text(changes, accepted)))
    for mark in unused(changes, accepted):
        terminal.say(f"note: {accept} accepts {mark}, and there is no such change")
    wrong = unaccepted(changes, accepted)
    if wrong:
        terminal.say(f"error: {_verdict(wrong)}; --accept FILE takes their marks once they are wanted")
    return int(bool(wrong))


def _verdict(wrong: list[Change]) -> str:
    weaker = sum(change.grade == "weaker" for change in wrong)
    counted = ((len(wrong) - weaker, "breaks clients", "break clients"), (weaker, "weakens protection", "weaken protection"))
    return ", ".join(f"1 change {one}" if count == 1 else f"{count} changes {many}" for count, one, many in counted if count)


def _state(path: Path, settings: Settings) -> tuple[Enforced, Side] | None:
    """What is enforced, and the merged documents of what was named; None, with the findings printed, where there is none."""
    from specgw.changes.clients.side import Side
    from specgw.changes.enforced.side import Enforced
    from specgw.cli import compiling
    from specgw.cli.specs import Generated, locate

    located = locate((path,), settings)
    if isinstance(located, Generated):
        from specgw.cli.generated import read_merged, read_origins, read_plan

        enforced = Enforced(read_plan(located), read_origins(located))
        origins = {(route.method, route.path): route.origin for route in enforced.plan.routes}

        def of_route(method: str, path: str, tokens: Sequence[str]) -> Origin | None:
            return origins.get((method, path)) if method else enforced.shared(*tokens[:2])

        return enforced, Side(read_merged(located), _beside(enforced, of_route))
    build = compiling.compiled(located, settings)
    findings = build.findings.settle()
    if build.plan is None:
        compiling.report(build, findings, settings, to_stderr=True)
        return None
    from specgw.compiler.places import Places

    enforced = Enforced(build.plan, build.origins)
    return enforced, Side(build.merged, _beside(enforced, Places(build.declared, build.follow).locate))


def _beside(enforced: Enforced, locate: Locate) -> Locate:
    """The same, and where gateway.yaml says how clients reach the gateway: it is `servers` in a merged document."""

    def found(method: str, path: str, tokens: Sequence[str]) -> Origin | None:
        if tuple(tokens) == ("servers",):
            return enforced.gateway("listen.publicUrl")
        return locate(method, path, tuple(tokens))

    return found
