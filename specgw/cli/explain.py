"""`specgw explain`: what the gateway would do with a request, and why, down to the line that says so."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import click

from specgw.cli import options


@click.command(short_help="Say what happens to a request, and why.")
@click.argument("method")
@click.argument("url")
@options.SPECS_OR_DIR
@click.option("-H", "--header", "headers", multiple=True, metavar="LINE", help="A header of the request, such as 'X-Beta: on'.")
@options.FORMAT
def explain(method: str, url: str, specs: tuple[Path, ...], headers: tuple[str, ...], form: str) -> int:
    """Say which route METHOD and URL have, which others were candidates and why they are not taken, and every
    effective setting with the line that it comes from; or why the answer is 400, 404 or 405.

    URL is a path (/api/users/7) or a whole URL, whose host then counts. Nothing is sent. DIR is what `specgw build` wrote.

    Exit code 0 where a route, the fallback or a page of the gateway answers, 1 where the gateway refuses the request.

    \b
    Examples:
      specgw explain GET /api/users/7 specs/
      specgw explain GET https://api.example.com/users -H 'X-Beta: on' generated/
    """  # noqa: D205, D301 (two lines say it; click's own mark, see app)
    from specgw.cli import compiling, terminal
    from specgw.cli.explaining.asked import NotARequest, read_asked
    from specgw.cli.explaining.explanation import explain as explained
    from specgw.cli.explaining.text import as_text
    from specgw.cli.generated import read_origins, read_plan, read_security
    from specgw.cli.specs import Generated, locate

    try:
        asked = read_asked(method, url, headers)
    except NotARequest as fault:
        raise click.UsageError(str(fault)) from None
    settings = compiling.settings()
    located = locate(specs, settings)
    if isinstance(located, Generated):
        explanation = explained(read_plan(located), read_origins(located), read_security(located), asked)
    else:
        build = compiling.compiled(located, settings)
        if build.plan is None:
            compiling.report(build, build.findings.settle(), settings, to_stderr=True)
            return 1
        explanation = explained(build.plan, build.origins, build.security, asked)
    if form == "json":
        terminal.write(json.dumps(explanation, indent=2, ensure_ascii=False) + "\n")
    else:
        terminal.styled(sys.stdout, no_color=settings.no_color).print(as_text(explanation), end="")
    status = explanation["answer"]["status"]
    return int(status is not None and status >= 400)
