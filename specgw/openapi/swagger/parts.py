"""What all parts of one upgrade share: where references lead, the findings, and the places of what is made."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import quote

from specgw.diagnostics import Findings
from specgw.openapi.model import Document, Node
from specgw.openapi.upgraded import Origins

Follow = Callable[[Document, str], Node | None]
"""What a reference leads to, as it was written; None where it leads nowhere."""

_MOST_STEPS = 32


class Upgrade:
    """One upgrade. Nodes are those of the files as they were written."""

    def __init__(self, root: Node, follow: Follow, findings: Findings, origins: Origins) -> None:
        self.root = root
        self.findings = findings
        self.put, self.append = origins.put, origins.append
        self._follow = follow

    def foreign(self, node: Node) -> bool:
        """Whether a node stands in another file, so that its references count from there."""
        return node.document is not self.root.document

    def target(self, node: Node) -> Node | None:
        """What a node's `$ref`s lead to, or the node itself; None where they lead nowhere."""
        found: Node | None = node
        for _ in range(_MOST_STEPS):
            reference = found.value.get("$ref") if found is not None and isinstance(found.value, dict) else None
            if found is None or not isinstance(reference, str):
                return found
            found = self._follow(found.document, reference)
        return None

    def schema(self, node: Node) -> Any:
        """A schema: the author's own, or a reference to it where it stands in another file."""
        if not self.foreign(node):
            return node.value
        start = os.path.dirname(self.root.file) or "."
        return {"$ref": f"{quote(os.path.relpath(node.file, start))}#{quote(node.pointer, safe='/~')}"}

    def copy(self, node: Node, made: dict[str, Any], *leaving: str) -> dict[str, Any]:
        """Take over the members of a node, apart from some."""
        for key, child in node.items():
            if key not in leaving:
                self.put(made, key, child.value, child)
        return made

    def lose(self, node: Node, message: str, hint: str | None = None) -> None:
        """Say what could not be carried over."""
        self.findings.add("upgrade-loss", node, message, hint=hint)


def elements(node: Node, key: str) -> Iterator[Node]:
    """The elements of the list under a key; nothing where there is no list."""
    held = node.get(key)
    return held.elements() if held is not None else iter(())
