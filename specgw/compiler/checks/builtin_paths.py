"""Paths of documents that stand in front of what the gateway itself answers."""

from __future__ import annotations

from specgw.compiler.declared import Address, Declared
from specgw.compiler.draft import Draft
from specgw.policies.auth.resource import WELL_KNOWN, described

PROBES = ("/healthz", "/readyz")
PAGES = ("/metrics", "/portal/", "/sandbox/", "/openapi.json")


def run(draft: Draft) -> None:
    """Report each path that takes the place of a built-in one. Routes of certain hosts only leave the others alone."""
    metadata = (WELL_KNOWN,) if any(map(described, draft.schemes.values())) else ()
    for declared in draft.declared:
        for address in declared.addresses if declared.served and not declared.settings.host else ():
            for builtin in _hidden(declared, address, PROBES + metadata):
                message = f"{address.path} takes the place of {builtin}, which the gateway answers itself; the document wins"
                hint = "give the document a `mount`, or change the path"
                draft.findings.add("hides-builtin-path", declared.operation.path_item, message, hint=hint)


def _hidden(declared: Declared, address: Address, needed: tuple[str, ...]) -> list[str]:
    """What is `needed` and the template matches, even by a parameter: machines depend on it. Pages that it names."""
    everything = declared.settings.path_match == "prefix" and address.path == "/"
    hidden = [path for path in needed if everything or address.template.match(path) is not None]
    return hidden + [path for path in PAGES if f"{address.path}/".startswith(f"{path.rstrip('/')}/")]
