"""`specgw check`: every finding of the compiler, for people or for programs."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from specgw.cli import options

if TYPE_CHECKING:
    from specgw.cli.specs import Documents
    from specgw.compiler.build import Build
    from specgw.settings import Settings


@click.command(short_help="Say what is wrong in the documents.")
@options.SPECS
@options.STRICT
@click.option("--examples", is_flag=True, help="Send every documented example through the checks that requests and answers get.")
@options.FINDINGS_FORMAT
def check(specs: tuple[Path, ...], strict: bool, examples: bool, form: str) -> int:
    """Say what is wrong in the documents, each finding with its place and the way out.

    Exit code 1 when an error is among the findings; warnings are allowed, unless --strict.

    \b
    Examples:
      specgw check specs/
      specgw check --examples specs/
      specgw check --format json specs/ | jq '.findings[].code'
      specgw check --format sarif specs/ > findings.sarif
    """  # noqa: D301 (click's own mark, see app)
    from specgw.cli import compiling, publishing, terminal
    from specgw.cli.specs import locate_documents
    from specgw.compiler.generated import document_bytes, findings_document

    settings = compiling.settings()
    located = locate_documents(specs, settings)
    build = compiling.compiled(located, settings)
    if examples and build.plan is not None:
        _prove(located, build, settings)
    publishing.check_guides(build)
    findings = build.findings.settle(strict=strict)
    if form == "json":
        terminal.write(document_bytes(findings_document(findings)).decode())
    elif form == "sarif":
        from specgw.cli.sarif import sarif_document

        terminal.write(document_bytes(sarif_document(findings, build.excerpt)).decode())
    else:
        compiling.report(build, findings, settings, to_stderr=False)
    return compiling.verdict(findings)


def _prove(located: Documents, build: Build, settings: Settings) -> None:
    """Prove the examples: what is refused is added to the findings, and how many there are goes to standard error."""
    from specgw.cli import compiling, terminal
    from specgw.contract.examples.proof import prove

    # Compiled once more with the schemas that nothing else needs; what is found in those alone is nobody's concern.
    proved = prove(compiling.compiled(located, settings, thorough=True), build.findings)
    tried = proved.tried - len(proved.untried)
    terminal.say(f"examples: {tried - proved.refused} of {tried} hold" + (f", {len(proved.untried)} not tried:" if proved.untried else ""))
    for line in dict.fromkeys(f"  {example.node.written()}: {example.what}: {reason}" for example, reason in proved.untried):
        terminal.say(line)
