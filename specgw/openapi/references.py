"""References that nothing uses yet: a `$ref` that leads nowhere is a mistake wherever it stands."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from specgw.openapi.library import Library
from specgw.openapi.model import Node

# Their values are data, in which `$ref` means nothing; `value` is that of an Example Object.
_DATA = frozenset(("example", "default", "enum", "const", "value"))
# Mappings whose keys are names that the author chose, so that `example` or `default` are names among them.
_NAMED = frozenset(
    (
        "properties", "patternProperties", "dependentSchemas", "$defs", "definitions", "schemas", "responses", "parameters", "examples",
        "requestBodies", "headers", "securitySchemes", "links", "callbacks", "pathItems", "paths", "webhooks", "content", "encoding",
        "variables", "mapping",
    )
)  # fmt: skip


def check_references(root: Node, library: Library) -> None:
    """Report references inside a document that lead nowhere, those included that no operation comes upon."""
    broken = {reference for reference in _inner(root.value) if not _leads(root.value, reference)}
    if broken:
        for place in _places(root):
            if place.value in broken:
                library.target(place, place.value)


def _inner(root: Any) -> set[str]:
    """All references to the document itself. Fast: nearly always, none of them is broken and no place is needed."""
    found: set[str] = set()
    waiting = [root]
    while waiting:
        value = waiting.pop()
        if value.__class__ is dict:
            reference = value.get("$ref")
            if reference.__class__ is str and reference.startswith("#/"):
                found.add(reference)
            waiting.extend([child for child in value.values() if child.__class__ is dict or child.__class__ is list])
        elif value.__class__ is list:
            waiting.extend([child for child in value if child.__class__ is dict or child.__class__ is list])
    return found


def _leads(value: Any, reference: str) -> bool:
    """Whether a reference without percent-escapes leads somewhere; those with escapes are left to a closer look."""
    for token in reference[2:].split("/"):
        token = token.replace("~1", "/").replace("~0", "~")
        if isinstance(value, dict) and token in value:
            value = value[token]
        elif isinstance(value, list) and token.isascii() and token.isdigit() and len(token) < 10 and int(token) < len(value):
            value = value[int(token)]
        else:
            return False
    return True


def _places(root: Node) -> Iterator[Node]:
    """The `$ref`s of a document that are references: not those in examples, extensions, or under an `$id` of its own."""
    waiting = [(root, False)]
    while waiting:
        node, named = waiting.pop()
        if isinstance(node.value, list):
            waiting.extend((child, False) for child in node.elements())
            continue
        if isinstance(node.value, dict) and isinstance(node.value.get("$id"), str) and not named:
            continue
        for key, child in node.items():
            if named:
                waiting.append((child, False))
            elif key == "$ref" and isinstance(child.value, str):
                yield child
            elif key not in _DATA and not key.startswith("x-") and not (key == "examples" and isinstance(child.value, list)):
                waiting.append((child, key in _NAMED))
