"""References that nothing has followed yet: a `$ref` that leads nowhere is a mistake wherever it stands."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from specgw.openapi.library import Library
from specgw.openapi.model import Document, Node

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
# Known to whoever reads JSON Schema; not fetched.
_META_SCHEMAS = ("https://json-schema.org/", "http://json-schema.org/", "https://spec.openapis.org/")


def check_references(root: Node, library: Library) -> None:
    """Report references that lead nowhere: in the document, and in what it refers to in other files.

    Those of unused components and of responses are followed by nobody else. Where schemas have identifiers (`$id`), a
    reference that is no JSON pointer may mean one of them; such are left to whoever lowers the schema.
    """
    broken: dict[str, tuple[Document, set[str]]] = {}
    seen: set[int] = set()
    waiting: list[tuple[Document, Any]] = [(root.document, root.value)]
    while waiting:
        document, value = waiting.pop()
        references, identified = _inner(value, seen)
        for reference in references:
            if not reference.startswith("#/") and (identified or reference.startswith("#") or reference.startswith(_META_SCHEMAS)):
                continue
            target = library.peek(document, reference)
            if target is None:
                broken.setdefault(document.file, (document, set()))[1].add(reference)
            elif isinstance(target.value, dict | list) and id(target.value) not in seen:
                waiting.append((target.document, target.value))
    for document, references in broken.values():
        for place in _places(Node(document, "", document.value)):
            if place.value in references:
                library.target(place, place.value)


def _inner(value: Any, seen: set[int]) -> tuple[set[str], bool]:
    """The references under a value that was not seen, and whether schemas there have identifiers.

    Fast: nearly always none of them is broken, and no place is needed.
    """
    found: set[str] = set()
    identified = False
    waiting: list[tuple[Any, bool]] = [(value, False)]
    while waiting:
        value, named = waiting.pop()
        if id(value) in seen:
            continue
        seen.add(id(value))
        if value.__class__ is list:
            waiting.extend([(child, False) for child in value if child.__class__ is dict or child.__class__ is list])
            continue
        if not named:
            if value.get("$id").__class__ is str:
                identified = True
                continue
            reference = value.get("$ref")
            if reference.__class__ is str:
                found.add(reference)
        for key, child in value.items():
            if (child.__class__ is dict or child.__class__ is list) and (named or not _data(key, child)):
                waiting.append((child, not named and key in _NAMED and child.__class__ is dict))
    return found, identified


def _data(key: str, value: Any) -> bool:
    """Whether what stands under a key of the specification is data."""
    return key in _DATA or key.startswith("x-") or (key == "examples" and value.__class__ is list)


def _places(root: Node) -> Iterator[Node]:
    """The `$ref`s of a document that are references: by the same rules as `_inner`."""
    waiting = [(root, False)]
    while waiting:
        node, named = waiting.pop()
        if isinstance(node.value, list):
            waiting.extend((child, False) for child in node.elements())
            continue
        if isinstance(node.value, dict) and not named and isinstance(node.value.get("$id"), str):
            continue
        for key, child in node.items():
            if not named and key == "$ref" and isinstance(child.value, str):
                yield child
            elif named or not _data(key, child.value):
                waiting.append((child, not named and key in _NAMED))
