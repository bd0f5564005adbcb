"""`specgw routes`: what is served, where it goes, how it is protected and checked, and where that was written."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from specgw.cli import options

if TYPE_CHECKING:
    from rich.table import Table

    from specgw.cli.specs import Documents, Generated
    from specgw.compiler.listing import Entry
    from specgw.settings import Settings

NO_UPSTREAM = "none (503)"
"""What stands for an upstream where none is known."""


@click.command(short_help="List what is served, and how it is protected.")
@options.SPECS_OR_DIR
@click.option("--security", is_flag=True, help="Show what each route asks of its caller: schemes, credentials, scopes.")
@options.FORMAT
def routes(specs: tuple[Path, ...], security: bool, form: str) -> int:
    """List every declared operation: its public path, its upstream, its security, how much of it is enforced.

    ENFORCEMENT is full; partial (something of the contract cannot be checked, said below the table); off; or
    disabled. DIR is what `specgw build` wrote.

    \b
    Examples:
      specgw routes specs/
      specgw routes --format json generated/ | jq '.routes[].path'
    """  # noqa: D301 (click's own mark, see app)
    from specgw.cli import compiling, terminal
    from specgw.cli.specs import locate

    settings = compiling.settings()
    known = _documents(locate(specs, settings), settings)
    if known is None:
        return 1
    entries, matrix = known
    if form == "json":
        document = matrix() if security else {"routes": [entry.as_json() for entry in entries]}
        terminal.write(json.dumps(document, indent=2, ensure_ascii=False) + "\n")
        return 0
    screen = terminal.styled(sys.stdout, no_color=settings.no_color)
    with screen.capture() as capture:
        screen.print(security_table(matrix()) if security else table(entries))
    text = "".join(f"{line.rstrip()}\n" for line in capture.get().splitlines())
    terminal.write(text + ("" if security else "".join(remarks(entries))))
    return 0


def table(entries: Iterable[Entry]) -> Table:
    """One line an operation."""
    listed = _columns("METHOD", "PATH", "UPSTREAM", "SECURITY", "ENFORCEMENT", "SOURCE")
    for entry in entries:
        style = {"full": "", "disabled": "dim"}.get(entry.enforcement, "yellow")
        listed.add_row(
            entry.method,
            entry.path,
            f"→ {entry.upstream or NO_UPSTREAM}",
            requirement([[(scheme.name, scheme.scopes) for scheme in alternative] for alternative in entry.security]),
            entry.enforcement,
            f"{entry.file}:{entry.line}",
            style=style,
        )
    return listed


def security_table(matrix: Mapping[str, Any]) -> Table:
    """One line an alternative: who meets every scheme of one of an operation's lines may call it."""
    beyond = ["BEYOND"] if any("require" in operation for operation in matrix["operations"]) else []
    listed = _columns("METHOD", "PATH", "SCHEMES", "CREDENTIALS", "SCOPES", *beyond)
    for operation in matrix["operations"]:
        for number, alternative in enumerate(operation["alternatives"] or [[]]):
            listed.add_row(
                operation["method"] if number == 0 else "or",
                operation["path"],
                " and ".join(scheme["scheme"] for scheme in alternative) or "public",
                ", ".join(_credential(scheme) for scheme in alternative),
                " ".join(scope for scheme in alternative for scope in scheme["scopes"]),
                *(_beyond(operation.get("require") or {}) for _ in beyond),
            )
    return listed


def _credential(scheme: Mapping[str, Any]) -> str:
    """A credential, and who verifies it where that is not the gateway."""
    said = scheme["credential"] or "unknown"
    return str(said) + {"upstream": " (verified by the service)", "nobody": " (verified by nobody: 401)"}.get(scheme["verifiedBy"], "")


def _beyond(require: Mapping[str, Any]) -> str:
    """What is required beyond `security`, in one phrase."""
    parts = [f"role {' or '.join(require['roles'])}"] if require.get("roles") else []
    parts += [f"scope {scope}" for scope in require.get("scopes", ())]
    parts += [f"{name} = {json.dumps(value, ensure_ascii=False)}" for name, value in require.get("claims", {}).items()]
    parts += [require["when"]] if require.get("when") else []
    return ", ".join(parts)


def requirement(alternatives: Sequence[Sequence[tuple[str, Sequence[str]]]]) -> str:
    """A security requirement in one phrase: `oauth(read write) or key and session`; `public` where nothing is asked."""

    def scheme(name: str, scopes: Sequence[str]) -> str:
        return f"{name}({' '.join(scopes)})" if scopes else name

    return " or ".join(" and ".join(scheme(*part) for part in alternative) or "public" for alternative in alternatives) or "public"


def remarks(entries: Iterable[Entry]) -> list[str]:
    """What cannot be enforced, operation by operation."""
    lines = [f"  {entry.method} {entry.path}: {said}\n" for entry in entries for said in entry.unenforced]
    return ["\nnot enforced:\n", *lines] if lines else []


def _columns(*names: str) -> Table:
    from rich.table import Table

    listed = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="bold")
    for name in names:
        listed.add_column(name, overflow="fold", no_wrap=name in ("METHOD", "ENFORCEMENT"))
    return listed


def _documents(located: Documents | Generated, settings: Settings) -> tuple[Sequence[Entry], Callable[[], Mapping[str, Any]]] | None:
    """The operations, and how to get the security matrix; None, with the findings printed, where nothing compiles."""
    from specgw.cli import compiling
    from specgw.cli.generated import read_origins, read_plan, read_security
    from specgw.cli.specs import Generated
    from specgw.compiler.listing import Entry, of_plan

    if isinstance(located, Generated):
        unserved = map(Entry.of_json, read_origins(located)["unserved"])
        return of_plan(read_plan(located), unserved), lambda: read_security(located)
    build = compiling.compiled(located, settings)
    if build.plan is None:
        compiling.report(build, build.findings.settle(), settings, to_stderr=True)
        return None
    return build.listing, lambda: build.security
