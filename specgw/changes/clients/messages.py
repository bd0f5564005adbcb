"""Parameters, bodies and responses of an operation that both sides have."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from specgw.changes.clients import calls
from specgw.changes.clients.flattening import flatten, key_of, same, types_of
from specgw.changes.clients.media import content, media, schema, words
from specgw.changes.clients.own import covering, declared, declared_content
from specgw.changes.clients.pair import Pair
from specgw.changes.clients.schemas import Comparison
from specgw.changes.clients.side import CARRIED, Difference, Tokens, resolve
from specgw.changes.clients.sunset import over, sunsets

Operation = Mapping[str, Any]

# OpenAPI "Parameter Object": what holds where neither is said.
_STYLES = {"query": "form", "cookie": "form", "path": "simple", "header": "simple"}


def compare(documents: Pair, old: Operation, new: Operation, names: Mapping[str, str], today: date) -> Iterator[Difference]:
    """`names`: path parameters of the old path by their names in the new one. `today`: whether a sunset is over."""
    yield from _parameters(documents, old, new, names, today)
    yield from _body(documents, old.get("requestBody"), new.get("requestBody"))
    yield from _responses(documents, old.get("responses") or {}, new.get("responses") or {})
    yield from calls.callbacks(documents, old.get("callbacks") or {}, new.get("callbacks") or {})


def _parameters(documents: Pair, old: Operation, new: Operation, names: Mapping[str, str], today: date) -> Iterator[Difference]:
    before = _listed(documents.old, old, names)
    after = _listed(documents.new, new, {})
    for key in before.keys() & after.keys():
        yield from _parameter(documents, key, before[key], after[key])
    left, come = before.keys() - after.keys(), after.keys() - before.keys()
    for location, name in left:
        tokens = ("parameters", f"{location}:{name}")
        other = next((where for where, known in sorted(come) if known.lower() == name.lower() and where != location), None)
        if other is not None:
            yield Difference("parameter-moved", f"{location} {name}", location, other, tokens)
            come = {key for key in come if key[0] != other or key[1].lower() != name.lower()}
        elif location != "path":
            gone = over(before[location, name], today)
            yield Difference("parameter-removed-after-sunset" if gone else "parameter-removed", f"{location} {name}", tokens=tokens)
    for location, name in come:
        if location != "path":
            code = "required-parameter-added" if after[location, name].get("required") is True else "parameter-added"
            yield Difference(code, f"{location} {name}", tokens=("parameters", f"{location}:{name}"))


def _listed(document: Mapping[str, Any], operation: Operation, names: Mapping[str, str]) -> dict[tuple[str, str], dict[str, Any]]:
    found = {}
    query = operation.get(f"{CARRIED}querystring")
    for value in (*(operation.get("parameters") or ()), *(() if query is None else (query,))):
        parameter = resolve(document, value)
        if isinstance(parameter, dict):
            location, name = str(parameter.get("in")), str(parameter.get("name"))
            # RFC 9110 section 5.1: names of fields do not depend on case.
            name = names.get(name, name) if location == "path" else name.lower() if location == "header" else name
            found[location, name] = parameter
    return found


def _parameter(documents: Pair, key: tuple[str, str], old: dict[str, Any], new: dict[str, Any]) -> Iterator[Difference]:
    location, name = key
    place, tokens = f"{location} {name}", ("parameters", f"{location}:{name}")

    def flag(keyword: str) -> tuple[bool, bool]:
        return old.get(keyword) is True, new.get(keyword) is True

    for keyword, yes, no in (
        ("required", "parameter-required", "parameter-optional"),
        ("deprecated", "parameter-deprecated", "parameter-undeprecated"),
        ("allowEmptyValue", "parameter-empty-allowed", "parameter-empty-refused"),
        ("allowReserved", "parameter-reserved-allowed", "parameter-reserved-refused"),
    ):
        was, now = flag(keyword)
        if was != now and not (location == "path" and keyword == "required"):
            yield Difference(yes if now else no, place, tokens=(*tokens, keyword))
    # "When this is true, ... for array or object": of anything else it says nothing (OpenAPI "Parameter Object").
    several = _several(documents.old, old) and _several(documents.new, new)
    written, writes = _written(location, old, several), _written(location, new, several)
    if written != writes:
        yield Difference("parameter-style", place, written, writes, tokens)
    yield from sunsets(old, new, place, tokens)
    yield from words(old, new, place, tokens)
    first, second = content(old), content(new)
    if first.keys() != second.keys():
        yield Difference("parameter-media-type", place, ", ".join(first) or "none", ", ".join(second) or "none", (*tokens, "content"))
        return
    yield from Comparison(documents, "request", place, text=True).compare(old.get("schema", {}), new.get("schema", {}), (*tokens, "schema"))
    for name in first:
        below = (*tokens, "content", name, "schema")
        yield from Comparison(documents, "request", place).compare(schema(first[name]), schema(second[name]), below)


def _several(document: Mapping[str, Any], parameter: Mapping[str, Any], *types: str) -> bool:
    """Whether values may have parts of their own."""
    return not types_of(flatten(document, parameter.get("schema", {}))).isdisjoint(types or ("array", "object"))


def _written(location: str, parameter: dict[str, Any], several: bool) -> str:
    if "content" in parameter:
        return ""
    style = parameter.get(f"{CARRIED}style") or parameter.get("style", _STYLES.get(location, "form"))
    explode = parameter.get("explode", style in ("form", "cookie"))
    return f"{style}{', explode' if explode and several else ''}"


def _body(documents: Pair, old: Any, new: Any) -> Iterator[Difference]:
    before, after = (resolve(document, body) for document, body in zip((documents.old, documents.new), (old, new), strict=True))
    tokens, place = ("requestBody",), "request body"
    if not isinstance(before, dict) or not isinstance(after, dict):
        if isinstance(before, dict):
            yield Difference("body-removed", tokens=tokens)
        elif isinstance(after, dict):
            yield Difference("required-body-added" if after.get("required") is True else "body-added", tokens=tokens)
        return
    was, now = before.get("required") is True, after.get("required") is True
    if was != now:
        yield Difference("body-required" if now else "body-optional", tokens=(*tokens, "required"))
    yield from words(before, after, place, tokens)
    yield from media(documents, "request", place, (content(before), content(after)), tokens)


def _responses(documents: Pair, old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[Difference]:
    before, after = declared(documents.old, old), declared(documents.new, new)
    for status in before.keys() | after.keys():
        tokens, place = ("responses", status), f"response {status}"
        # A range, or `default`, speaks of what is not said by itself.
        was, now = (status if status in side else covering(status, side) for side in (before, after))
        if was is not None and now is not None:
            yield from _response(documents, place, resolve(documents.old, before[was]), resolve(documents.new, after[now]), tokens)
        elif status in before:
            narrower = not status.startswith("2") or (status == "2XX" and any(each.startswith("2") for each in after))
            yield Difference("status-removed" if narrower else "success-status-removed", place, tokens=tokens)
        elif was is None:
            yield Difference("status-added", place, tokens=tokens)


def _response(documents: Pair, place: str, old: dict[str, Any], new: dict[str, Any], tokens: Tokens) -> Iterator[Difference]:
    yield from words(old, new, place, tokens)
    first, second = ({"content": declared_content(*pair)} for pair in zip((documents.old, documents.new), (old, new), strict=True))
    yield from media(documents, "response", place, (content(first), content(second)), tokens)
    yield from _links(documents, place, old.get("links") or {}, new.get("links") or {}, tokens)
    before, after = ({name.lower(): resolve(document, each) for name, each in (side.get("headers") or {}).items()}
                     for document, side in zip((documents.old, documents.new), (old, new), strict=True))  # fmt: skip
    for name in before.keys() | after.keys():
        where, below = f"{place} header {name}", (*tokens, "headers", name)
        if name not in after:
            code = "required-header-removed" if before[name].get("required") is True else "header-removed"
            yield Difference(code, where, tokens=below)
        elif name not in before:
            yield Difference("header-added", where, tokens=below)
        else:
            yield from _header(documents, where, before[name], after[name], below)


def _header(documents: Pair, place: str, old: dict[str, Any], new: dict[str, Any], tokens: Tokens) -> Iterator[Difference]:
    for keyword, yes, no in (
        ("required", "header-required", "header-optional"),
        ("deprecated", "header-deprecated", "header-undeprecated"),
    ):
        was, now = old.get(keyword) is True, new.get(keyword) is True
        if was != now:
            yield Difference(yes if now else no, place, tokens=(*tokens, keyword))
    yield from words(old, new, place, tokens)
    first, second = content(old), content(new)
    if first.keys() != second.keys():
        yield Difference("header-media-type", place, ", ".join(first) or "none", ", ".join(second) or "none", (*tokens, "content"))
        return
    both = _several(documents.old, old, "object") and _several(documents.new, new, "object")
    before, after = ("explode" if side.get("explode") is True else "no explode" for side in (old, new))
    if both and before != after:
        yield Difference("header-style", place, before, after, (*tokens, "explode"))
    yield from Comparison(documents, "response", place, text=True).compare(
        old.get("schema", {}), new.get("schema", {}), (*tokens, "schema")
    )
    for name in first:
        below = (*tokens, "content", name, "schema")
        yield from Comparison(documents, "response", place).compare(schema(first[name]), schema(second[name]), below)


def _links(documents: Pair, place: str, old: Mapping[str, Any], new: Mapping[str, Any], tokens: Tokens) -> Iterator[Difference]:
    for name in old.keys() | new.keys():
        where, below = f"{place} link {name}", (*tokens, "links", name)
        if name not in new or name not in old:
            yield Difference("link-removed" if name in old else "link-added", where, tokens=below)
            continue
        before, after = resolve(documents.old, old[name]), resolve(documents.new, new[name])
        was, now = ({key: value for key, value in side.items() if key != "description"} for side in (before, after))
        if not same(was, now):
            yield Difference("link-changed", where, key_of(was), key_of(now), below)
