"""Values that a schema lists, by `enum` or since there are only two of them; and what else a list makes true of values."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Any

import jsonschema_rs

from specgw.changes.clients.flattening import Schema, key_of

Verdict = tuple[str, Any, Any, tuple[str, ...]]
"""The code, what was before and is now, and the way to the keyword."""

_CHECKED = (
    *(f"{sign}{what}" for sign in ("min", "max") for what in ("imum", "Length", "Items", "Properties")),
    *("exclusiveMinimum", "exclusiveMaximum", "multipleOf", "uniqueItems", "pattern", "format"),
)
_NARROWER = ("limit-narrowed", "pattern-added", "format-added", "format-narrowed")
_WIDER = ("limit-widened", "pattern-removed", "format-removed", "format-widened")
_OTHER = ("limit-changed", "pattern-changed", "format-changed")


def compare(old: Schema, new: Schema, text: bool) -> Iterator[Verdict]:
    """What differs of the lists. `text`: values are written without quotes, so that 1 and "1" are the same."""
    yield from _extensible(old.get("x-extensible-enum"), new.get("x-extensible-enum"))
    before, after = old.get("enum"), new.get("enum")
    if before is None and after is None:
        return
    # "true" and "false" are all that there is.
    before, after = (both if listed is None and said.get("type") == "boolean" else listed
                     for both, listed, said in (([True, False], before, old), ([True, False], after, new)))  # fmt: skip
    if before is None or after is None:
        yield f"enum-{'added' if before is None else 'removed'}", before, after, ("enum",)
        return
    was, now = ({_spelled(value, text) for value in side} for side in (before, after))
    if now - was:
        yield "enum-widened", None, now - was, ("enum",)
    if was - now:
        yield "enum-narrowed", was - now, None, ("enum",)


def implied(code: str, old: Schema, new: Schema) -> bool:
    """Whether a limit, a pattern or a format that differs says nothing, since all values that are listed keep to it anyway."""
    if code in _NARROWER:
        return _keep(old.get("enum"), new)
    if code in _WIDER:
        return _keep(new.get("enum"), old)
    return code in _OTHER and _keep(old.get("enum"), new) and _keep(new.get("enum"), old)


def _keep(values: Any, schema: Schema) -> bool:
    if not isinstance(values, list):
        return False
    # `x-all` has what members of `allOf` say and nobody could put together with the rest.
    checked = [{keyword: said[keyword] for keyword in _CHECKED if keyword in said} for said in (schema, *schema.get("x-all", ()))]
    try:
        valid = jsonschema_rs.Draft202012Validator({"allOf": checked}, validate_formats=True).is_valid
        return all(valid(value) for value in values)
    except (jsonschema_rs.ValidationError, ValueError, OverflowError):
        return False  # a pattern that nothing can read, a number that is too large


def _extensible(before: Any, after: Any) -> Iterator[Verdict]:
    if isinstance(before, list) and isinstance(after, list):
        named, names = ({key_of(value) for value in side} for side in (before, after))
        if names - named:
            yield "extensible-enum-widened", None, names - named, ("x-extensible-enum",)
        if named - names:
            yield "extensible-enum-narrowed", named - names, None, ("x-extensible-enum",)


def _spelled(value: Any, text: bool) -> str:
    if text and isinstance(value, int | float | bool):
        return key_of(json.dumps(value))
    return key_of(value)


def names(members: Sequence[Any]) -> list[str]:
    """What alternatives are called in a report."""
    return [name(member) or key_of(member) for member in members]


def name(member: Any) -> str:
    """What a member is known by: its component, or its title."""
    if not isinstance(member, dict):
        return ""
    reference = member.get("$ref")
    return reference.rpartition("/")[2] if isinstance(reference, str) else str(member.get("title") or "")
