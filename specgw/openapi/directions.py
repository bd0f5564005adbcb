"""What `readOnly` and `writeOnly` change in requests and responses.

OpenAPI 3.0 (Schema Object, fixed fields): a readOnly property "MAY be sent as part of a response but SHOULD NOT be sent
as part of the request. If the property is marked as readOnly being true and is in the required list, the required will
take effect on the response only"; writeOnly the other way round. 3.1 takes both from JSON Schema 2020-12 (Validation
section 9.4) as annotations: `required` beside them means what it says, and "the behavior of readOnly in particular
differs from that specified by version 3.0" (3.1.1, "Validating readOnly and writeOnly"). A writeOnly value "is never
present when the instance is retrieved". So:

- In a request of 3.0 a readOnly property is not required, from 3.1 on it is where `required` lists it. Sent, it is checked
  against its schema and let through, so that clients may put back what they got.
- In a response a writeOnly property is not required, and its presence is a violation, in both versions: it is what the
  service promised never to show, and a password that leaks is what response validation is for.
- A property marked both ways, which 3.0 forbids, is treated as neither.

A property is marked by its own schema, through `$ref` and `allOf`. `required` and the mark may stand in different
branches of one `allOf`. Below `not` and `if` nothing changes: what a relaxed condition means is not what its author said.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from specgw.openapi.dialects import Dialect
from specgw.openapi.model import Direction, Node
from specgw.openapi.targets import Targets

Names = frozenset[str]
NO_NAMES: Names = frozenset()

_MARKS: dict[Direction, tuple[str, str]] = {"request": ("readOnly", "writeOnly"), "response": ("writeOnly", "readOnly")}
_Key = tuple[int, str, str]


class Directions:
    """Answers which properties are hidden in a direction: readOnly ones in requests, writeOnly ones in responses."""

    def __init__(self, targets: Targets) -> None:
        self._targets = targets
        self._marked: dict[_Key, Names] = {}
        self._hidden: dict[_Key, Names] = {}
        self._required: dict[_Key, Names] = {}

    def hidden(self, schema: Node, dialect: Dialect, direction: Direction) -> bool:
        """Whether a property with this schema is hidden in this direction."""
        value = schema.value
        if not isinstance(value, dict) or (direction == "request" and not dialect.read_only_optional):
            return False
        mark, opposite = _MARKS[direction]
        if "$ref" not in value and "allOf" not in value:
            return value.get(mark) is True and value.get(opposite) is not True
        marks = self._gather(schema, dialect, "", self._marked, lambda node: _marks(node.value))
        return mark in marks and opposite not in marks

    def hidden_names(self, schema: Node, dialect: Dialect, direction: Direction) -> Names:
        """The hidden properties that a schema declares, itself or through `$ref` and `allOf`."""

        def declared(node: Node) -> Iterator[str]:
            if "properties" in node.value:
                for name, child in (self._targets.properties(node, dialect) or {}).items():
                    if self.hidden(child, dialect, direction):
                        yield name

        return self._gather(schema, dialect, direction, self._hidden, declared)

    def relaxable(self, names: Names, target: Node, dialect: Dialect, direction: Direction) -> Names:
        """Those of the names that a schema requires without declaring them hidden itself."""
        left = names & self._gather(target, dialect, "", self._required, lambda node: _required(node.value), positive=True)
        return left - self.hidden_names(target, dialect, direction) if left else NO_NAMES

    def _gather(
        self,
        schema: Node,
        dialect: Dialect,
        kind: str,
        known: dict[_Key, Names],
        own: Callable[[Node], Iterator[str]],
        *,
        positive: bool = False,
    ) -> Names:
        """The names that a schema has itself or through what applies together with it; `known` keeps those of each schema."""

        def key_of(node: Node) -> _Key:
            return id(node.value), dialect.version, kind

        found: dict[_Key, tuple[set[str], list[_Key]]] = {}
        stack = [schema]
        while stack:
            node = stack.pop()
            key = key_of(node)
            if key in known or key in found:
                continue
            if not isinstance(node.value, dict):
                known[key] = NO_NAMES
                continue
            together = list(self._together(node, dialect, positive=positive))
            siblings = dialect.reference_siblings or not isinstance(node.value.get("$ref"), str)
            found[key] = set(own(node)) if siblings else set(), [key_of(other) for other in together]
            stack.extend(together)
        # What was found last mostly depends on nothing before it; circles need another turn until nothing is new.
        growing = bool(found)
        while growing:
            growing = False
            for names, others in reversed(found.values()):
                before = len(names)
                for other in others:
                    names |= known[other] if other in known else found[other][0]
                growing |= len(names) > before
        known.update((key, frozenset(names)) for key, (names, _) in found.items())
        return known[key_of(schema)]

    def _together(self, schema: Node, dialect: Dialect, *, positive: bool) -> Iterator[Node]:
        """What applies to the same value as a schema: `$ref`, `allOf`; `positive`: also what may apply, outside of `oneOf`."""
        value = schema.value
        if isinstance(value.get("$ref"), str):
            target = self._targets.follow(schema, dialect)
            if target is not None:
                yield target
            if not dialect.reference_siblings:
                return
        for keyword in ("allOf", "anyOf") if positive else ("allOf",):
            branches = schema.get(keyword)
            if branches is not None:
                yield from branches.elements() if isinstance(branches.value, list) else (branches,)
        if positive:
            for keyword in ("then", "else"):
                branch = schema.get(keyword)
                if branch is not None:
                    yield branch
            dependent = schema.get("dependentSchemas")
            if dependent is not None:
                yield from (child for _, child in dependent.items())


def _marks(value: dict[str, Any]) -> Iterator[str]:
    return (mark for mark in ("readOnly", "writeOnly") if value.get(mark) is True)


def _required(value: dict[str, Any]) -> Iterator[str]:
    listed = value.get("required")
    entries: list[Any] = listed if isinstance(listed, list) else [listed]
    return (entry for entry in entries if isinstance(entry, str))
