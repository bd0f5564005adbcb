"""`specgw build`: the compiled plan and what is made with it, as files."""

from __future__ import annotations

from pathlib import Path

import click

from specgw.cli import options


@click.command(short_help="Write the compiled plan, the merged document and the portal.")
@options.SPECS
@click.option("-o", "--output", required=True, metavar="DIR", type=click.Path(path_type=Path, file_okay=False), help="The folder to write.")
@options.STRICT
def build(specs: tuple[Path, ...], output: Path, strict: bool) -> int:
    """Compile the documents into DIR, which `specgw serve DIR` serves without reading them again.

    DIR/portal is a static site about the operations; `specgw serve DIR` has it at /portal/.

    What clients notice of this build, compared with the one that is in DIR, is added to DIR/changes.json, which the changelog
    of the portal is made from.

    What overlays have changed is said, and kept in DIR/overlays.json.

    The files are the same for the same documents, and hold no secret and no absolute path: commit them. Nothing is
    written when an error is among the findings.

    \b
    Example:
      specgw build specs/ -o generated/
    """  # noqa: D301 (click's own mark, see app)
    from specgw.changes.history import written
    from specgw.cli import compiling, history, publishing, terminal
    from specgw.cli.report import printable
    from specgw.cli.specs import Refused, locate_documents
    from specgw.compiler.generated import Part, write_build
    from specgw.plan.folder import CHANGES, PORTAL
    from specgw.portal import site

    settings = compiling.settings()
    documents = locate_documents(specs, settings)
    made = compiling.compiled(documents, settings, base=documents.base)
    publishing.check_guides(made)
    findings = made.findings.settle(strict=strict)
    compiling.report(made, findings, settings, to_stderr=True, base=documents.base)
    if compiling.verdict(findings) or made.plan is None:
        return 1
    if any(file.resolve().parent == output.resolve() for file in made.files):
        raise Refused(f"{output} holds the documents themselves: give the build a folder of its own")
    changes = history.continued(made, made.plan, output, settings)
    try:
        further = {CHANGES: written(changes)}
        pages = site.render(publishing.published(made, changes))
        write_build(made, output, strict=strict, further=further, parts=(Part(PORTAL, pages, site.MARKS),))
    except OSError as error:
        raise Refused(f"{error.filename or output}: {error.strerror}") from error
    if made.overlays:
        from specgw.compiler.overlaid import told

        for line in told(made.overlays):
            terminal.say(printable(line))
    return 0
