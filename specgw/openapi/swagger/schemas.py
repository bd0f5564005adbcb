"""Words of Swagger 2.0's Schema Object that 3.0 says otherwise: `x-nullable`, and a `discriminator` that is a name.

Said in place, before anybody reads the document: schemas stay where they are, with their references and their lines. Files
that such a document refers to are treated alike.
"""

from __future__ import annotations

from typing import Any

from specgw.openapi.source import SourceDocument

_DATA = frozenset(("example", "examples", "default", "enum"))
_NAMED = frozenset(("properties", "definitions", "patternProperties", "parameters", "responses", "paths", "headers"))


def normalise(document: SourceDocument) -> None:
    """Change the value of a document that was just read."""
    waiting: list[tuple[Any, bool]] = [(document.value, False)] if isinstance(document.value, dict | list) else []
    seen: set[int] = set()
    while waiting:
        value, named = waiting.pop()
        if id(value) in seen:
            continue
        seen.add(id(value))
        if isinstance(value, list):
            waiting.extend((child, False) for child in value if isinstance(child, dict | list))
            continue
        if not named:
            _schema(document, value)
        for key, child in value.items():
            if isinstance(child, dict | list) and (named or (key not in _DATA and not key.startswith("x-"))):
                waiting.append((child, not named and key in _NAMED and isinstance(child, dict)))


def _schema(document: SourceDocument, value: dict[str, Any]) -> None:
    name = value.get("discriminator")
    if isinstance(name, str):
        marks = document.marks.of(value)
        place = marks[2 * list(value).index("discriminator") + 1]
        value["discriminator"] = {"propertyName": name}
        document.marks.add(value["discriminator"], [place, place])
    if value.get("x-nullable") is True and "nullable" not in value:
        marks = document.marks.of(value)
        at = 2 * list(value).index("x-nullable")
        # `of` counts members: the marks are taken before there is one more.
        document.marks.add(value, [*marks, marks[at], marks[at + 1]])
        value["nullable"] = True
