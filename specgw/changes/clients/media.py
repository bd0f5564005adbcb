"""Bodies by media type, and what only people read of them."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Set
from typing import Any

from specgw.changes.clients.flattening import same
from specgw.changes.clients.pair import Pair
from specgw.changes.clients.schemas import Comparison, Direction
from specgw.changes.clients.side import CARRIED, Difference, Tokens

# OpenAPI "Encoding Object": what holds where neither is said.
_WRITTEN = {"style": "form", "explode": True, "allowReserved": False}


def words(old: Mapping[str, Any], new: Mapping[str, Any], place: str, tokens: Tokens) -> Iterator[Difference]:
    """What only people read."""
    if old.get("description") != new.get("description"):
        yield Difference("description", place, tokens=(*tokens, "description"))
    for keyword in ("example", "examples"):
        if not same(old.get(keyword), new.get(keyword)):
            yield Difference("examples", place, tokens=(*tokens, keyword))
            return


def media(
    documents: Pair,
    direction: Direction,
    place: str,
    contents: tuple[dict[str, Any], dict[str, Any]],
    tokens: Tokens,
    kind: str | None = None,
) -> Iterator[Difference]:
    """Bodies by media type. `kind`: what codes begin with, where it is not the direction."""
    before, after = dict(contents[0]), contents[1]
    for was, now, verb in _ranges(before.keys() - after.keys(), after.keys() - before.keys()) if kind is None else ():
        yield Difference(f"{direction}-media-type-{verb}", f"{place} {now}", was, now, (*tokens, "content", now))
        before[now] = before.pop(was)
    for name in before.keys() | after.keys():
        below = (*tokens, "content", name)
        # What is not said by itself is said by its range.
        wider = [None if name in side else _range(name, stated) for side, stated in zip((before, after), contents, strict=True)]
        if any(wider):
            said = (side[range or name] for side, range in zip(({**contents[0], **before}, after), wider, strict=True))
            first, second = map(schema, said)
            yield from Comparison(documents, direction, f"{place} {name}").compare(first, second, (*below, "schema"))
            continue
        if name not in after or name not in before:
            verb = "removed" if name in before else "added"
            yield Difference(f"{kind or direction}-media-type-{verb}", f"{place} {name}", tokens=below)
            continue
        # In a form, values are written as text.
        comparison = Comparison(documents, direction, f"{place} {name}", text=name == "application/x-www-form-urlencoded")
        yield from comparison.compare(schema(before[name]), schema(after[name]), (*below, "schema"))
        yield from words({**before[name], "description": None}, {**after[name], "description": None}, f"{place} {name}", below)
        if direction == "request":
            yield from _encodings(before[name], after[name], f"{place} {name}", (*below, "encoding"))


def _encodings(old: Mapping[str, Any], new: Mapping[str, Any], place: str, tokens: Tokens) -> Iterator[Difference]:
    """How parts of a form are written."""
    before, after = (side.get("encoding") or {} for side in (old, new))
    for part in sorted(before.keys() | after.keys()):
        was, now = ({**_WRITTEN, **(side.get(part) or {})} for side in (before, after))
        types, allowed = ({each.strip().lower() for each in str(side.pop("contentType", "")).split(",")} - {""} for side in (was, now))
        if same(was, now) and types and types < allowed:
            yield Difference("media-types-of-parts-added", f"{place} {part}", types, allowed, (*tokens, part))
        elif types != allowed or not same(was, now):
            yield Difference("encoding-of-parts", f"{place} {part}", tokens=(*tokens, part))


def _range(name: str, known: Collection[str]) -> str | None:
    """The narrowest range among media types that has a media type in it."""
    return max((each for each in known if "*" in each and _covers(each, name)), key=len, default=None)


def _ranges(gone: Set[str], come: Set[str]) -> Iterator[tuple[str, str, str]]:
    """Media ranges that have become narrower or wider (RFC 9110 section 12.5.1); what only loses or gains parameters is one of them."""
    left = set(come)
    for was in sorted(gone):
        for now in sorted(left):
            if _covers(was, now) or _covers(now, was):
                left.remove(now)
                yield was, now, "narrowed" if _covers(was, now) else "widened"
                break


def _covers(wide: str, narrow: str) -> bool:
    broad, _, _ = wide.partition(";")
    essence, _, parameters = narrow.partition(";")
    if broad.strip() == essence.strip():
        return ";" not in wide and bool(parameters)
    return broad == "*/*" or (broad.endswith("/*") and essence.startswith(broad[:-1]))


def content(holder: Mapping[str, Any]) -> dict[str, Any]:
    """Media types are compared without case (RFC 9110 section 8.3.1)."""
    said = holder.get("content")
    return {str(name).lower(): value for name, value in said.items() if isinstance(value, dict)} if isinstance(said, dict) else {}


def schema(entry: Mapping[str, Any]) -> Any:
    """What is said of a body, or of the items of one that is a sequence."""
    return entry.get("schema", entry.get(f"{CARRIED}itemSchema", {}))
