"""What `readOnly` and `writeOnly` change in requests and responses.

OpenAPI 3.0 (Schema Object, fixed fields): a readOnly property "MAY be sent as part of a response but SHOULD NOT be sent
as part of the request. If the property is marked as readOnly being true and is in the required list, the required will
take effect on the response only"; writeOnly the other way round. 3.1 takes both from JSON Schema 2020-12 (Validation
section 9.4), where a readOnly value sent to its owner may be ignored or refused, and a writeOnly value "is never present
when the instance is retrieved". One rule for both versions:

- In a request a readOnly property is not required. Sent all the same it is checked against its schema and let through,
  so that clients may put back what they got.
- In a response a writeOnly property is not required, and its presence is a violation: it is what the service promised
  never to show, and a password that leaks is what response validation is for.
- A property marked both ways, which 3.0 forbids, is treated as neither.

A property is marked by its own schema, through `$ref` and `allOf`. `required` and the mark may stand in different
branches of one `allOf`. Below `not` and `if` nothing changes: what a relaxed condition means is not what its author said.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from specgw.openapi.dialects import Dialect
from specgw.openapi.model import Direction, Node
from specgw.openapi.targets import Targets

Names = frozenset[str]
NO_NAMES: Names = frozenset()

_MARKS: dict[Direction, tuple[str, str]] = {"request": ("readOnly", "writeOnly"), "response": ("writeOnly", "readOnly")}


class Directions:
    """Answers which properties are hidden in a direction: readOnly ones in requests, writeOnly ones in responses."""

    def __init__(self, targets: Targets) -> None:
        self._targets = targets
        self._hidden: dict[tuple[int, str, Direction], bool] = {}
        self._names: dict[tuple[int, str, Direction], Names] = {}
        self._required: dict[tuple[int, str], Names] = {}

    def hidden(self, schema: Node, dialect: Dialect, direction: Direction) -> bool:
        """Whether a property with this schema is hidden in this direction."""
        value = schema.value
        if not isinstance(value, dict):
            return False
        mark, opposite = _MARKS[direction]
        if "$ref" not in value and "allOf" not in value:
            return value.get(mark) is True and value.get(opposite) is not True
        key = (id(value), dialect.version, direction)
        known = self._hidden.get(key)
        if known is None:
            branches = [branch.value for branch in self._together(schema, dialect)]
            known = any(branch.get(mark) is True for branch in branches) and not any(branch.get(opposite) is True for branch in branches)
            self._hidden[key] = known
        return known

    def hidden_names(self, schema: Node, dialect: Dialect, direction: Direction) -> Names:
        """The hidden properties that a schema declares, itself or through `$ref` and `allOf`."""
        key = (id(schema.value), dialect.version, direction)
        known = self._names.get(key)
        if known is None:
            names: set[str] = set()
            for branch in self._together(schema, dialect):
                properties = branch.get("properties")
                if properties is not None:
                    names.update(name for name, child in properties.items() if self.hidden(child, dialect, direction))
            known = self._names[key] = frozenset(names)
        return known

    def relaxable(self, names: Names, target: Node, dialect: Dialect, direction: Direction) -> Names:
        """Those of the names that a schema requires without declaring them hidden itself."""
        if not names or not isinstance(target.value, dict):
            return NO_NAMES
        key = (id(target.value), dialect.version)
        required = self._required.get(key)
        if required is None:
            found: set[str] = set()
            for branch in self._together(target, dialect, positive=True):
                listed = branch.value.get("required")
                entries: list[Any] = [listed] if isinstance(listed, str) else listed if isinstance(listed, list) else []
                found.update(entry for entry in entries if isinstance(entry, str))
            required = self._required[key] = frozenset(found)
        left = names & required
        return left - self.hidden_names(target, dialect, direction) if left else NO_NAMES

    def _together(self, schema: Node, dialect: Dialect, *, positive: bool = False) -> Iterator[Node]:
        """The schema and what applies together with it: `$ref`, `allOf`; `positive`: and what may apply, outside of `oneOf`."""
        stack = [schema]
        seen: set[int] = set()
        while stack:
            current = stack.pop()
            value = current.value
            if not isinstance(value, dict) or id(value) in seen:
                continue
            seen.add(id(value))
            if isinstance(value.get("$ref"), str):
                target = self._targets.follow(current, dialect)
                if target is not None:
                    stack.append(target)
                if not dialect.reference_siblings:
                    continue
            yield current
            for keyword in ("allOf", "anyOf") if positive else ("allOf",):
                branches = current.get(keyword) if keyword in value else None
                if branches is not None:
                    stack.extend(branches.elements() if isinstance(branches.value, list) else (branches,))
            if positive:
                stack.extend(child for keyword in ("then", "else") if (child := current.get(keyword)) is not None)
                dependent = current.get("dependentSchemas")
                stack.extend(child for _, child in (dependent.items() if dependent is not None else ()))
