"""Where a part of an operation of the merged document was written: the same way through the source, references followed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from specgw.compiler.declared import Declared
from specgw.compiler.references import Follow, final
from specgw.openapi.model import Node
from specgw.plan.model import Origin
from specgw.plan.template import parse

Address = tuple[str, tuple[tuple[str, ...], ...]]


@dataclass(slots=True)
class Places:
    """Finds parts by method and public path."""

    declared: Sequence[Declared]
    follow: Follow
    _known: dict[Address, Declared] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Know every address; of several operations with one, the first."""
        for declared in self.declared:
            for route in declared.routes:
                self._known.setdefault((route.method, parse(route.path).key), declared)

    def locate(self, method: str, path: str, tokens: Sequence[str]) -> Origin | None:
        """The nearest part that is written down; None for what nobody declared. Without a method: what is of no operation."""
        if not method:
            return self._shared(tokens) if len(tokens) > 1 else None
        declared = self._known.get((method, parse(path).key))
        if declared is None:
            return None
        node, left = declared.operation.node, list(tokens)
        if len(left) > 1 and left[0] == "parameters":
            location, _, name = left[1].partition(":")
            wanted = name.lower() if location == "header" else name
            named = [each for each in declared.operation.parameters if each.location == location]
            found = [each for each in named if (each.name.lower() if location == "header" else each.name) == wanted]
            # It may have moved.
            found = found or [each for each in declared.operation.parameters if each.name.lower() == name.lower()]
            if not found:
                return _origin(node)
            node, left = found[0].node, left[2:]
        return _origin(self._below(node, left))

    def _shared(self, tokens: Sequence[str]) -> Origin | None:
        """A part of a document that is of no operation: of a webhook or a security scheme, by its name in the merged document."""
        kind, name, *left = tokens
        roots = {id(declared.contract): declared for declared in self.declared}.values()
        for declared in roots:
            for known in (name, name.removeprefix(f"{declared.service}.")):
                holder = declared.contract.root if kind == "webhooks" else declared.contract.root.at("components")
                found = holder.at(kind).get(known)
                if found is not None:
                    return _origin(self._below(found, left))
        return None

    def _below(self, node: Node, tokens: Sequence[str]) -> Node:
        """The last part on a way that is written down."""
        for token in tokens:
            child = self._child(node, token, 0)
            if child is None:
                break
            node = child
        return node

    def _child(self, node: Node, token: str, depth: int) -> Node | None:
        """A child, whether this says it, what this refers to, or a member of `allOf`."""
        target = final(node, self.follow)
        if target is None or depth > 10:
            return None
        # Beside a reference there may be more (JSON Schema 2020-12 section 8.2.3.1).
        found = node.step(token) or target.step(token)
        found = found or next((child for key, child in target.items() if key.lower() == token.lower()), None)
        if found is not None:
            return found
        members = target.get("allOf")
        listed = members.elements() if members is not None else ()
        return next((child for member in listed if (child := self._child(member, token, depth + 1)) is not None), None)


def _origin(node: Node) -> Origin:
    place = node.written()
    return Origin(file=place.file, line=place.line)
