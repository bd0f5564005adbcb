"""A document that was written in one version and is read in another: its values are new, their places are the author's."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from specgw.diagnostics import FilePlace
from specgw.openapi.model import Document, Node
from specgw.openapi.pointers import escape, pointer_of, tokens_of


class Origins:
    """Where the members of containers that an upgrade made were written; containers that it only moved are not in here."""

    def __init__(self) -> None:
        self._places: dict[int, dict[str, Node]] = {}
        self._kept: list[Any] = []

    def put(self, holder: dict[str, Any], key: str, value: Any, place: Node) -> None:
        """Give a mapping that the upgrade makes a member, written at a place."""
        holder[key] = value
        self._note(holder)[key] = place

    def append(self, holder: list[Any], value: Any, place: Node) -> None:
        """The same for a list."""
        self._note(holder)[str(len(holder))] = place
        holder.append(value)

    def of(self, container: Any) -> dict[str, Node] | None:
        """The places of a made container's members; None where the container is the author's own."""
        return self._places.get(id(container))

    def _note(self, holder: Any) -> dict[str, Node]:
        noted = self._places.get(id(holder))
        if noted is None:
            noted = self._places[id(holder)] = {}
            self._kept.append(holder)  # identities are only good while it lives
        return noted


class UpgradedDocument:
    """What an upgrade made of a file. Pointers are those of the new value; `written` tells the author's place."""

    __slots__ = ("_moved", "_origins", "file", "source", "value", "version")

    def __init__(self, source: Document, value: Any, version: str, origins: Origins) -> None:
        self.file = source.file
        self.value = value
        self.version = version
        self.source = source
        self._origins = origins
        self._moved: dict[tuple[str, ...], tuple[str, ...]] | None = None

    def line(self, number: int) -> str:
        """The text of a line of the file."""
        return self.source.line(number)

    def written(self, pointer: str) -> FilePlace:
        """Where what the value at a pointer was made from was written."""
        return self._origin(pointer).written()

    def _origin(self, pointer: str) -> Node:
        container, place = self.value, Node(self.source, "", self.source.value)
        for token in tokens_of(pointer):
            made = self._origins.of(container)
            if made is None and isinstance(container, dict | list):
                place = Node(place.document, f"{place.pointer}/{escape(token)}", None)
            elif made is not None and token in made:
                place = made[token]
            container = _child(container, token)
        return place

    def moved(self, pointer: str) -> str:
        """Where what is written at a pointer of the file is found: the other way round."""
        if self._moved is None:
            self._moved = self._places()
        tokens = tuple(tokens_of(pointer))
        for length in range(len(tokens), 0, -1):
            place = self._moved.get(tokens[:length])
            if place is not None:
                return pointer_of((*place, *tokens[length:]))
        return pointer

    def _places(self) -> dict[tuple[str, ...], tuple[str, ...]]:
        found: dict[tuple[str, ...], tuple[str, ...]] = {}
        waiting: list[tuple[Any, tuple[str, ...]]] = [(self.value, ())]
        while waiting:
            container, path = waiting.pop()
            for token, written in (self._origins.of(container) or {}).items():
                place = (*path, token)
                if written.document is self.source:
                    found.setdefault(tuple(tokens_of(written.pointer)), place)
                waiting.append((_child(container, token), place))
        return found


def _child(container: Any, token: str) -> Any:
    if isinstance(container, dict):
        return container.get(token)
    if isinstance(container, Sequence) and not isinstance(container, str) and token.isdigit() and int(token) < len(container):
        return container[int(token)]
    return None
