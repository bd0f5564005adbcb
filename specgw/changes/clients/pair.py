"""The two documents of a comparison, and which of their schemas need no look since they say the same all the way down."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, NamedTuple

from specgw.changes.clients.flattening import key_of

_REFERENCE = re.compile(r'"\$ref": "([^"]*)"')
_SCHEMAS = "#/components/schemas/"


class Pair(NamedTuple):
    """Both merged documents."""

    old: Mapping[str, Any]
    new: Mapping[str, Any]
    changed: frozenset[str]
    """References to schemas that differ, or that lead to one that does."""

    def untouched(self, old: str, new: str) -> bool:
        """Whether two schemas, as `key_of` has them, are the same all the way down."""
        return old == new and self.changed.isdisjoint(_REFERENCE.findall(old))


def pair(old: Mapping[str, Any], new: Mapping[str, Any]) -> Pair:
    """Look at every component once."""
    before, after = (_texts(document) for document in (old, new))
    changed = {name for name in before.keys() | after.keys() if before.get(name) != after.get(name)}
    leads = {name: set(_REFERENCE.findall(text)) for name, text in after.items()}
    waiting = changed
    while waiting:
        waiting = {name for name, references in leads.items() if name not in changed and references & waiting}
        changed = changed | waiting
    return Pair(old, new, frozenset(changed))


def _texts(document: Mapping[str, Any]) -> dict[str, str]:
    schemas = (document.get("components") or {}).get("schemas") or {}
    return {f"{_SCHEMAS}{name.replace('~', '~0').replace('/', '~1')}": key_of(schema) for name, schema in schemas.items()}
