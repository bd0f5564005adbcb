"""Parameters, bodies and responses of an operation that both sides have."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from specgw.changes.clients.flattening import same
from specgw.changes.clients.own import declared, declared_content
from specgw.changes.clients.pair import Pair
from specgw.changes.clients.schemas import Comparison, Direction
from specgw.changes.clients.side import Difference, Tokens, resolve

Operation = Mapping[str, Any]

# OpenAPI "Parameter Object": what holds where neither is said.
_STYLES = {"query": "form", "cookie": "form", "path": "simple", "header": "simple"}


def compare(documents: Pair, old: Operation, new: Operation, names: Mapping[str, str]) -> Iterator[Difference]:
    """`names`: path parameters of the old path by their names in the new one."""
    yield from _parameters(documents, old, new, names)
    yield from _body(documents, old.get("requestBody"), new.get("requestBody"))
    yield from _responses(documents, old.get("responses") or {}, new.get("responses") or {})
    if not same(old.get("callbacks"), new.get("callbacks")):
        yield Difference("callbacks", tokens=("callbacks",))


def _parameters(documents: Pair, old: Operation, new: Operation, names: Mapping[str, str]) -> Iterator[Difference]:
    before = _listed(documents.old, old, names)
    after = _listed(documents.new, new, {})
    for key in before.keys() & after.keys():
        yield from _parameter(documents, key, before[key], after[key])
    gone, come = before.keys() - after.keys(), after.keys() - before.keys()
    for location, name in gone:
        tokens = ("parameters", f"{location}:{name}")
        other = next((where for where, known in come if known.lower() == name.lower()), None)
        if other is not None:
            yield Difference("parameter-moved", f"{location} {name}", location, other, tokens)
            come = {key for key in come if key[1].lower() != name.lower()}
        elif location != "path":
            yield Difference("parameter-removed", f"{location} {name}", tokens=tokens)
    for location, name in come:
        if location != "path":
            code = "required-parameter-added" if after[location, name].get("required") is True else "parameter-added"
            yield Difference(code, f"{location} {name}", tokens=("parameters", f"{location}:{name}"))


def _listed(document: Mapping[str, Any], operation: Operation, names: Mapping[str, str]) -> dict[tuple[str, str], dict[str, Any]]:
    found = {}
    for value in operation.get("parameters") or ():
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
    ):
        was, now = flag(keyword)
        if was != now and not (location == "path" and keyword == "required"):
            yield Difference(yes if now else no, place, tokens=(*tokens, keyword))
    written, writes = _written(location, old), _written(location, new)
    if written != writes:
        yield Difference("parameter-style", place, written, writes, tokens)
    if old.get("description") != new.get("description"):
        yield Difference("description", place, tokens=(*tokens, "description"))
    first, second = _content(old), _content(new)
    if first.keys() != second.keys():
        yield Difference("parameter-media-type", place, ", ".join(first) or "none", ", ".join(second) or "none", (*tokens, "content"))
        return
    comparison = Comparison(documents, "request", place)
    yield from comparison.compare(old.get("schema", {}), new.get("schema", {}), (*tokens, "schema"))
    for media in first:
        yield from comparison.compare(_schema(first[media]), _schema(second[media]), (*tokens, "content", media, "schema"))


def _written(location: str, parameter: dict[str, Any]) -> str:
    if "content" in parameter:
        return ""
    style = parameter.get("style", _STYLES.get(location, "form"))
    explode = parameter.get("explode", style in ("form", "cookie"))
    return f"{style}{', explode' if explode else ''}{', allowReserved' if parameter.get('allowReserved') is True else ''}"


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
    if before.get("description") != after.get("description"):
        yield Difference("description", place, tokens=(*tokens, "description"))
    yield from _media(documents, "request", place, (_content(before), _content(after)), tokens)


def _responses(documents: Pair, old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[Difference]:
    before, after = declared(documents.old, old), declared(documents.new, new)
    for status in before.keys() | after.keys():
        tokens, place = ("responses", status), f"response {status}"
        if status not in after:
            covered = not status.startswith("2") or f"{status[0]}XX" in after
            yield Difference("status-removed" if covered else "success-status-removed", place, tokens=tokens)
        elif status not in before:
            yield Difference("status-added", place, tokens=tokens)
        else:
            yield from _response(documents, place, resolve(documents.old, before[status]), resolve(documents.new, after[status]), tokens)


def _response(documents: Pair, place: str, old: dict[str, Any], new: dict[str, Any], tokens: Tokens) -> Iterator[Difference]:
    if old.get("description") != new.get("description"):
        yield Difference("description", place, tokens=(*tokens, "description"))
    first, second = ({"content": declared_content(*pair)} for pair in zip((documents.old, documents.new), (old, new), strict=True))
    yield from _media(documents, "response", place, (_content(first), _content(second)), tokens)
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
    if old.get("description") != new.get("description"):
        yield Difference("description", place, tokens=(*tokens, "description"))
    yield from Comparison(documents, "response", place).compare(old.get("schema", {}), new.get("schema", {}), (*tokens, "schema"))


def _media(
    documents: Pair, direction: Direction, place: str, contents: tuple[dict[str, Any], dict[str, Any]], tokens: Tokens
) -> Iterator[Difference]:
    before, after = contents
    for media in before.keys() | after.keys():
        below = (*tokens, "content", media)
        if media not in after or media not in before:
            verb = "removed" if media in before else "added"
            yield Difference(f"{direction}-media-type-{verb}", f"{place} {media}", tokens=below)
            continue
        comparison = Comparison(documents, direction, f"{place} {media}")
        yield from comparison.compare(_schema(before[media]), _schema(after[media]), (*below, "schema"))
        if direction == "request" and not same(before[media].get("encoding"), after[media].get("encoding")):
            yield Difference("encoding-of-parts", f"{place} {media}", tokens=(*below, "encoding"))


def _content(holder: Mapping[str, Any]) -> dict[str, Any]:
    """Media types are compared without case (RFC 9110 section 8.3.1)."""
    content = holder.get("content")
    return {str(media).lower(): value for media, value in content.items() if isinstance(value, dict)} if isinstance(content, dict) else {}


def _schema(media: Mapping[str, Any]) -> Any:
    return media.get("schema", media.get("x-oai-itemSchema", {}))
