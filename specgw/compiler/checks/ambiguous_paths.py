"""Templates that share a path while neither is the more concrete one, as `/a/{x}/c` and `/a/b/{y}`.

A literal beside a parameter is no finding: OpenAPI says that the concrete path wins. Nor are two templates whose common paths
all belong to a third one, as `/a/b/c` beside these: it is more concrete than both.
"""

from __future__ import annotations

from specgw.compiler.declared import Address, Declared
from specgw.compiler.draft import Draft
from specgw.compiler.overlap import more_concrete, overlapping, preferred, shared


def run(draft: Draft) -> None:
    """Report each pair of paths once, with a path that both match and the one that the gateway takes."""
    hosts: dict[str | None, dict[object, tuple[Declared, Address]]] = {}
    for declared in draft.declared:
        for address in declared.addresses if declared.served and declared.settings.path_match == "exact" else ():
            for host in declared.settings.host or (None,):
                hosts.setdefault(host, {}).setdefault(address.template.key, (declared, address))
    told: set[tuple[object, object]] = set()
    for places in hosts.values():
        for first, second, witness in overlapping(address.template for _, address in places.values()):
            if more_concrete(first, second) is not None or shared(first, second) in places or (first.key, second.key) in told:
                continue
            told.add((first.key, second.key))
            other, there = places[first.key]
            declared, here = places[second.key]
            taken = preferred(first, second).text
            message = (
                f"{here.path} and {there.path} ({other.operation.path_item.written()}) both match '{witness}', "
                f"and OpenAPI does not say which is meant; the gateway takes {taken}"
            )
            hint = "change one of them, so that no path matches both"
            draft.findings.add("ambiguous-paths", declared.operation.path_item, message, hint=hint)
