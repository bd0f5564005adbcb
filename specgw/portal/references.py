"""Follows `$ref` inside a merged document: there all of them are pointers into it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from specgw.portal.text import mapping

_FARTHEST = 16
"""References that lead to references; a merged document has few, and one that never ends is given up."""


def name_of(value: Any) -> str | None:
    """The name of the component that a Reference Object or a schema refers to; None for what refers to none."""
    reference = mapping(value).get("$ref")
    return _token(reference.rpartition("/")[2]) if isinstance(reference, str) else None


def target(value: Any, document: Mapping[str, Any]) -> Any:
    """What a value refers to; the value itself where it has no reference, None where that leads nowhere."""
    for _ in range(_FARTHEST):
        reference = mapping(value).get("$ref")
        if not isinstance(reference, str):
            return value
        value = _at(reference, document)
    return None


def resolved(value: Any, document: Mapping[str, Any]) -> Mapping[str, Any]:
    """An object behind its references, with what is said beside these over it (OpenAPI 3.1 "Reference Object")."""
    if not isinstance(value, dict):
        return {}
    if "$ref" not in value:
        return value
    found = mapping(target(value, document))
    if len(value) == 1 or found is value:
        return found
    return {**found, **{key: child for key, child in value.items() if key != "$ref"}}


def _at(reference: str, document: Mapping[str, Any]) -> Any:
    if not reference.startswith("#/"):
        return None
    value: Any = document
    for token in reference[2:].split("/"):
        value = mapping(value).get(_token(token))
    return value


def _token(token: str) -> str:
    return token.replace("~1", "/").replace("~0", "~")
