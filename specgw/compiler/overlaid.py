"""What overlays have changed in the documents: what overlays.json holds, and what `specgw build` says of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any

from specgw.openapi.overlays.stack import Applied

SHOWN = 8
"""Changes of a contract that are told one by one; overlays.json lists all."""


def overlays_document(applied: Iterable[Applied]) -> dict[str, Any]:
    """Every change by overlay and document; `policyOnly` where nothing but `x-gateway` is another than before."""
    return {
        "overlays": [
            {
                "overlay": each.overlay,
                "document": each.document,
                "policyOnly": each.policy,
                "changes": [
                    {
                        "kind": change.kind,
                        "pointer": change.pointer,
                        "file": None if place is None else place.file,
                        "line": None if place is None else place.line,
                    }
                    for change, place in each.changes
                ],
            }
            for each in applied
        ]
    }


def told(applied: Iterable[Applied]) -> Iterator[str]:
    """A line for each overlay and document, and below it what of the contract was changed."""
    for each in applied:
        count = len(each.changes)
        changes = f"{count} change" if count == 1 else f"{count} changes"
        if each.policy:
            yield f"{each.overlay} over {each.document}: {changes}, in x-gateway only; the contract is as it was"
            continue
        kinds = Counter(change.kind for change, _ in each.changes if not change.policy)
        said = ", ".join(f"{number} {kind}" for kind, number in sorted(kinds.items()))
        yield f"{each.overlay} over {each.document}: {changes}; of the contract {said}:"
        contract = [(change, place) for change, place in each.changes if not change.policy]
        for change, place in contract[:SHOWN]:
            yield f"  {change.kind} {change.pointer or '(root)'}" + (f" ({place})" if place is not None else "")
        if len(contract) > SHOWN:
            yield f"  and {len(contract) - SHOWN} more: overlays.json lists them"
