"""Which files there are, and what gateway.yaml says.

Stands first: nothing can be read before. The two belong together, since gateway.yaml may name the documents, and the
documents' folder may hold gateway.yaml.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from specgw.compiler.draft import Draft
from specgw.compiler.inputs import Inputs
from specgw.diagnostics import Findings
from specgw.openapi.discover import Sources, discover
from specgw.openapi.library import Library
from specgw.openapi.remote import Remote
from specgw.xgateway.settings import GatewayFile


def begin(inputs: Inputs, environ: Mapping[str, str], findings: Findings) -> Draft:
    """The draft that all other passes fill in."""
    if not inputs.paths and inputs.gateway is not None:
        draft = _from_gateway(inputs, inputs.gateway, environ, findings)
    else:
        draft = _from_paths(inputs, environ, findings)
    if draft.sources.overlays:
        # Only where there are any: what reads JSONPath takes a while to import.
        from specgw.openapi.overlays.stack import Stack

        sources, library = draft.sources, draft.library
        library.overlays = Stack(sources.overlays, neighbours=sources.neighbours, load=library.load, findings=findings)
    return draft


def _from_paths(inputs: Inputs, environ: Mapping[str, str], findings: Findings) -> Draft:
    sources = discover(inputs.paths, findings, base=inputs.base)
    if inputs.gateway is not None:
        sources = _with_gateway(sources, inputs.gateway)
    library = Library(sources, findings, Remote(inputs.remote))
    gateway = GatewayFile()
    if sources.gateway is not None:
        gateway = _load_gateway(sources.gateway, inputs, environ, findings, library)
    return Draft(inputs, findings, sources, library, gateway, edge=gateway.edge)


def _from_gateway(inputs: Inputs, path: Path, environ: Mapping[str, str], findings: Findings) -> Draft:
    """gateway.yaml says which documents there are; where it does not, they stand beside it."""
    path = Path(os.path.abspath(path))
    current = Path.cwd()
    base = inputs.base or (current if path.is_relative_to(current) else path.parent)
    alone = Library(Sources(base, (path.parent,), gateway=path), findings)
    gateway = _load_gateway(path, inputs, environ, findings, alone)
    if not gateway.readable and not gateway.specs:
        sources = Sources(base, (path.parent,), gateway=path)
    else:
        sources = _with_gateway(discover(gateway.specs or (path.parent,), findings, base=base), path)
    library = Library(sources, findings, Remote(inputs.remote))
    for file in alone.files:
        library.load(file)
    return Draft(inputs, findings, sources, library, gateway, edge=gateway.edge)


def _load_gateway(path: Path, inputs: Inputs, environ: Mapping[str, str], findings: Findings, library: Library) -> GatewayFile:
    # Only where there is one: see `xgateway.settings`.
    from specgw.xgateway.gateway_file import load_gateway

    return load_gateway(path, inputs.profiles, environ, findings, library)


def _with_gateway(sources: Sources, path: Path) -> Sources:
    """A gateway.yaml that was named counts, whatever lies in the folders."""
    path = Path(os.path.abspath(path))
    return replace(sources, gateway=path, roots=tuple(dict.fromkeys((*sources.roots, path.parent))))
