"""`specgw check`: every finding of the compiler, for people or for programs."""

from __future__ import annotations

from pathlib import Path

import click

from specgw.cli import options


@click.command(short_help="Say what is wrong in the documents.")
@options.SPECS
@options.STRICT
@options.FINDINGS_FORMAT
def check(specs: tuple[Path, ...], strict: bool, form: str) -> int:
    """Say what is wrong in the documents, each finding with its place and the way out.

    Exit code 1 when an error is among the findings; warnings are allowed, unless --strict.

    \b
    Examples:
      specgw check specs/
      specgw check --format json specs/ | jq '.findings[].code'
      specgw check --format sarif specs/ > findings.sarif
    """  # noqa: D301 (click's own mark, see app)
    from specgw.cli import compiling, terminal
    from specgw.cli.specs import locate_documents
    from specgw.compiler.generated import document_bytes, findings_document

    settings = compiling.settings()
    build = compiling.compiled(locate_documents(specs, settings), settings)
    findings = build.findings.settle(strict=strict)
    if form == "json":
        terminal.write(document_bytes(findings_document(findings)).decode())
    elif form == "sarif":
        from specgw.cli.sarif import sarif_document

        terminal.write(document_bytes(sarif_document(findings, build.excerpt)).decode())
    else:
        compiling.report(build, findings, settings, to_stderr=False)
    return compiling.verdict(findings)
