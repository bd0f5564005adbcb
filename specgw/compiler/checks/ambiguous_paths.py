"""Templates that share a path while neither is the more concrete one, as `/a/{x}/c` and `/a/b/{y}`.

A literal beside a parameter is no finding: OpenAPI says that the concrete path wins. Nor are two templates whose common paths
all belong to a third one, as `/a/b/c` beside these: it is more concrete than both.
"""

from __future__ import annotations

from collections import Counter
from itertools import islice

from specgw.compiler.declared import Address, Declared
from specgw.compiler.draft import Draft
from specgw.compiler.overlap import more_concrete, overlapping, preferred, shared

MOST_TOLD = 20
"""Clashes of one path that are told one by one: beyond, it is the same mistake again and again."""
MOST_PAIRS = 100_000
"""Pairs of paths that are looked at, so that no document takes minutes."""


def run(draft: Draft) -> None:
    """Report each pair of paths once, with a path that both match and the one that the gateway takes."""
    hosts: dict[str | None, dict[object, tuple[Declared, Address]]] = {}
    for declared in draft.declared:
        for address in declared.addresses if declared.served and declared.settings.path_match == "exact" else ():
            for host in declared.settings.host or (None,):
                hosts.setdefault(host, {}).setdefault(address.template.key, (declared, address))
    told: set[tuple[object, object]] = set()
    clashes: Counter[object] = Counter()
    for places in hosts.values():
        for first, second, witness in islice(overlapping(address.template for _, address in places.values()), MOST_PAIRS):
            if more_concrete(first, second) is not None or shared(first, second) in places or (first.key, second.key) in told:
                continue
            told.add((first.key, second.key))
            declared, here = places[second.key]
            clashes[second.key] += 1
            if clashes[second.key] == MOST_TOLD + 1:
                message = f"{here.path} shares paths with more than {MOST_TOLD} others in which neither is more concrete"
                hint = "`specgw explain` tells which operation a URL gets"
                draft.findings.add("ambiguous-paths", declared.operation.path_item, message, hint=hint)
            if clashes[second.key] > MOST_TOLD:
                continue
            other, there = places[first.key]
            taken = preferred(first, second).text
            message = (
                f"{here.path} and {there.path} ({other.operation.path_item.written()}) both match '{witness}', "
                f"and OpenAPI does not say which is meant; the gateway takes {taken}"
            )
            hint = "change one of them, so that no path matches both"
            draft.findings.add("ambiguous-paths", declared.operation.path_item, message, hint=hint)
