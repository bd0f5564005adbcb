"""One of the two states that are compared, as clients see it, and how a difference becomes a change."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from specgw.changes.change import Change
from specgw.changes.clients.kinds import KINDS
from specgw.plan.model import Origin

Tokens = tuple[str, ...]
"""The way from an operation to one of its parts; after `parameters` comes `query:limit`."""
CARRIED = "x-specgw-"
"""What names of OpenAPI 3.2 begin with in a merged document, which is one of 3.1."""
Locate = Callable[[str, str, Tokens], Origin | None]
"""Where a part of an operation was written, by method, path and the way to it."""


@dataclass(frozen=True, slots=True)
class Side:
    """The merged documents by file name, and where their parts were written."""

    documents: Mapping[str, Mapping[str, Any]]
    locate: Locate = lambda method, path, tokens: None


@dataclass(frozen=True, slots=True)
class Difference:
    """What differs at a place of an operation that both sides have."""

    code: str
    place: str = ""
    """In words: `query limit`, `request body application/json /name`."""
    before: Any = None
    after: Any = None
    tokens: Tokens = ()


def resolve(document: Mapping[str, Any], value: Any) -> Any:
    """What a Reference Object of a merged document leads to, any other value itself."""
    for _ in range(20):
        if not isinstance(value, dict) or not isinstance(value.get("$ref"), str) or not value["$ref"].startswith("#/"):
            return value
        found: Any = document
        for token in value["$ref"][2:].split("/"):
            found = found.get(token.replace("~1", "/").replace("~0", "~")) if isinstance(found, dict) else None
        value = found
    return {}


def change(subject: str, difference: Difference, old: Origin | None, new: Origin | None, *, operation: str = "") -> Change:
    """A difference as a change of an operation, or of something else that has no operation."""
    kind = KINDS[difference.code]
    before, after = shown(difference.before), shown(difference.after)
    values = {(True, True): f": {before} before, {after} now", (True, False): f": {before}", (False, True): f": {after}"}
    return Change(
        grade=kind.grade,
        code=difference.code,
        subject=f"{subject}, {difference.place}" if difference.place else subject,
        message=kind.effect + values.get((bool(before), bool(after)), ""),
        before=before,
        after=after,
        old=old,
        new=new,
        operation=operation,
    )


def shown(value: Any) -> str:
    """A value for people: text as it is, lists of text with commas, anything else as JSON; long ones are cut."""
    if value is None:
        return ""
    if isinstance(value, list | tuple | set | frozenset):
        text = ", ".join(sorted(shown(each) for each in value))
    else:
        text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, sort_keys=True)
    return text if len(text) <= 120 else f"{text[:117]}..."
