"""Following `$ref`s of documents that were found to be sound, without a finding where one leads nowhere."""

from __future__ import annotations

from collections.abc import Callable

from specgw.openapi.model import Document, Node

Follow = Callable[[Document, str], Node | None]
"""Where a reference that stands in a document leads, one step; None when nowhere."""


def final(node: Node, follow: Follow) -> Node | None:
    """What a Reference Object leads to in the end, any other node itself; None for nothing, and for a circle."""
    seen: set[tuple[str, str]] = set()
    while isinstance(node.value, dict) and isinstance(node.value.get("$ref"), str):
        target = follow(node.document, node.value["$ref"])
        if target is None or (target.file, target.pointer) in seen:
            return None
        seen.add((target.file, target.pointer))
        node = target
    return node
