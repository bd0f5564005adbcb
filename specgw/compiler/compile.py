"""Documents to Plan: one ordered list of passes over one draft.

Never raises for what a user wrote. A pass leaves out what is wrong, with a finding, and the others go on with the
rest, so that one compile shows everything; in the end there is a Plan only if no finding is an error.
"""

from __future__ import annotations

import gc
import os
from collections.abc import Callable, Mapping

from specgw.compiler.build import Build
from specgw.compiler.checks import (
    ambiguous_paths,
    builtin_paths,
    certificates,
    duplicate_routes,
    examples,
    links,
    requirements,
    rewrite_templates,
    security,
    sign_in,
    token_schemes,
    unused_upstreams,
    websocket_methods,
)
from specgw.compiler.draft import Draft
from specgw.compiler.excerpts import Excerpts
from specgw.compiler.inputs import Inputs
from specgw.compiler.passes import addresses, assembly, contracts, discovery, inheritance, lowering, portal, sandbox, schemes, upstreams
from specgw.diagnostics import Findings

# The order, and the reason for each place. `discovery` is not in the list: it makes the draft.
PASSES: tuple[Callable[[Draft], None], ...] = (
    contracts.run,  # what the documents say, before anything can be said about it
    inheritance.run,  # what x-gateway says about each operation: everything below asks it
    schemes.run,  # which credentials there are; services have their names by now
    upstreams.run,  # where requests go
    addresses.run,  # where requests come in: whoever cannot be reached needs no schemas
    lowering.run,  # what is checked on the way
    sandbox.run,  # what is answered without a service: like lowering, only for what can be reached
    duplicate_routes.run,  # from here on: what only shows when all operations are known
    ambiguous_paths.run,
    builtin_paths.run,
    rewrite_templates.run,
    websocket_methods.run,
    examples.run,
    links.run,
    security.run,
    token_schemes.run,
    requirements.run,
    unused_upstreams.run,
    certificates.run,  # of gateway.yaml alone: it could stand anywhere
    portal.run,  # likewise, and of files that nobody else reads
    sign_in.run,
    assembly.run,  # last: it makes a Plan only if nothing above found an error
)


def compile_documents(inputs: Inputs, *, environ: Mapping[str, str] | None = None) -> Build:
    """Compile what `inputs` name. `environ` resolves `specs` of gateway.yaml and nothing else; None: the process's own."""
    # A compile makes millions of objects that live until its end: collecting garbage meanwhile finds none, and takes
    # a third of the time.
    collecting = gc.isenabled()
    gc.disable()
    try:
        return _compile(inputs, os.environ if environ is None else environ)
    finally:
        if collecting:
            gc.enable()


def _compile(inputs: Inputs, environ: Mapping[str, str]) -> Build:
    findings = Findings()
    draft = discovery.begin(inputs, environ, findings)
    for step in PASSES:
        step(draft)
    return Build(
        plan=draft.plan,
        findings=findings,
        declared=tuple(draft.declared),
        files=draft.library.files,
        edge=draft.edge,
        schemes=draft.schemes,
        said=draft.gateway.said,
        folder=None if draft.sources.gateway is None else draft.sources.gateway.parent,
        follow=draft.library.peek,
        excerpt=Excerpts(draft.sources, draft.library, draft.portal.files).line,
        portal=draft.portal,
        overlays=() if draft.library.overlays is None else tuple(draft.library.overlays.applied),
    )
