"""The documented examples of every operation's responses, resolved. What generated/mocks/ holds."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from specgw.compiler.declared import Declared
from specgw.compiler.names import unused
from specgw.compiler.references import Follow, final
from specgw.openapi.model import MediaTypeEntry, Node

_FOREIGN = re.compile(r"[^A-Za-z0-9._-]+")


def mock_files(declared: Iterable[Declared], follow: Follow) -> dict[str, dict[str, Any]]:
    """By file name: method, path, and by status and media type the examples by name; one file a served operation."""
    files: dict[str, dict[str, Any]] = {}
    taken: set[str] = set()
    for operation in declared:
        if not operation.routes:
            continue
        route = operation.routes[0]
        name = _file_name(route.id, taken)
        taken.add(name.lower())
        files[name] = {
            "route": route.id,
            "method": route.method,
            "path": route.path,
            "responses": {
                response.status: {entry.media_range: _examples(entry, follow) for entry in response.content}
                for response in operation.operation.responses
            },
        }
    return files


def _file_name(route_id: str, taken: set[str]) -> str:
    """A name that every file system can hold, unique even where case makes no difference."""
    base = _FOREIGN.sub("-", route_id).strip("-.")[:120] or "operation"
    return unused(base, lambda name: name.lower() in taken, end=".json")


def _examples(entry: MediaTypeEntry, follow: Follow) -> dict[str, Any]:
    return {name: node.value for name, node in documented(entry, follow)}


def documented(entry: MediaTypeEntry, follow: Follow) -> list[tuple[str, Node]]:
    """`example` as "default", the named `examples`, and where there is neither the example of the schema; each with its place."""
    found = []
    if (single := entry.node.get("example")) is not None:
        found.append(("default", single))
    for name, node in entry.node.at("examples").items():
        target = final(node, follow)
        value = None if target is None else target.get("dataValue") or target.get("value")
        if value is not None:
            found.append((name, value))
    if found or entry.schema is None:
        return found
    schema = final(entry.schema, follow)
    if schema is None:
        return found
    if (single := schema.get("example")) is not None:
        return [("default", single)]
    several = schema.get("examples")
    first = None if several is None else several.get(0)
    return [] if first is None else [("default", first)]
