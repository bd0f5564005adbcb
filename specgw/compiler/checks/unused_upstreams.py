"""Upstreams of gateway.yaml that nothing uses: often a name that was misspelt where it should have been used."""

from __future__ import annotations

from specgw.compiler.draft import Draft
from specgw.xgateway.tree import find


def run(draft: Draft) -> None:
    """Report each of them at its place."""
    if draft.inputs.upstream is not None:
        return
    for name in draft.gateway.upstreams:
        place = find(draft.gateway.said, ("gateway", "upstreams", name))
        if name not in draft.upstreams and place is not None:
            hint = "name it with `upstream` in a document, or remove it"
            draft.findings.add("unused-upstream", place, f"no operation uses the upstream '{name}'", hint=hint)
