"""The document of one service, cut out of a merged one: its operations, and what they refer to."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from typing import Any

from specgw.portal.catalogue import Document, Volume
from specgw.portal.text import mapping, sequence

_REFERENCE = re.compile(r'"#/components/([^"/]+)/([^"/]+)"')
_METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace")
_FURTHER = "x-specgw-additionalOperations"


def excerpt(volume: Volume) -> dict[str, Any]:
    """An OpenAPI 3.1 document of its own; `openapi` stands first."""
    document = volume.document
    wanted: dict[str, set[str]] = {}
    for entry in volume.entries:
        wanted.setdefault(entry.path, set()).add(entry.method)
    paths = {path: _item(mapping(item), wanted[path]) for path, item in mapping(document.get("paths")).items() if path in wanted}
    named = {name for entry in volume.entries for name in sequence(entry.operation.get("tags")) if isinstance(name, str)}
    made: dict[str, Any] = {
        "openapi": document.get("openapi", "3.1.0"),
        "info": {**mapping(volume.said.get("info") or document.get("info")), "title": volume.title, "version": volume.version},
        "servers": document.get("servers") or [{"url": "/"}],
        "tags": [tag for tag in sequence(document.get("tags")) if mapping(tag).get("name") in named],
        "paths": paths,
        "components": _components(document, paths),
    }
    return {key: value for key, value in made.items() if value or key in ("info", "paths")}


def written(document: Document) -> bytes:
    """As a file: short, since it is for programs."""
    return json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "surrogatepass")


def _item(item: Document, methods: set[str]) -> dict[str, Any]:
    kept = {key: value for key, value in item.items() if key not in (*_METHODS, _FURTHER)}
    kept |= {method: item[method] for method in _METHODS if method in item and method.upper() in methods}
    further = {method: value for method, value in mapping(item.get(_FURTHER)).items() if method in methods}
    return {**kept, **({_FURTHER: further} if further else {})}


def _components(document: Document, paths: Document) -> dict[str, Any]:
    """What is referred to from the paths, and from there on; security schemes are referred to by their names alone."""
    components = mapping(document.get("components"))
    found = set(_referred([paths]))
    schemes = {name for item in paths.values() for operation in _operations(item) for name in _asked(operation)}
    found |= {("securitySchemes", name) for name in schemes}
    waiting = list(found)
    while waiting:
        section, name = waiting.pop()
        further = set(_referred([mapping(components.get(section)).get(name)])) - found
        found |= further
        waiting += further
    made = {}
    for section, known in components.items():
        kept = {name: value for name, value in mapping(known).items() if (section, name) in found}
        if kept:
            made[section] = kept
    return made


def _operations(item: Document) -> list[Document]:
    return [mapping(item.get(method)) for method in _METHODS] + [mapping(value) for value in mapping(item.get(_FURTHER)).values()]


def _asked(operation: Document) -> Iterable[str]:
    return (name for requirement in sequence(operation.get("security")) for name in mapping(requirement))


def _referred(values: Iterable[Any]) -> Iterable[tuple[str, str]]:
    for value in values:
        for section, name in _REFERENCE.findall(json.dumps(value, ensure_ascii=False)):
            yield section, json.loads(f'"{name}"').replace("~1", "/").replace("~0", "~")
