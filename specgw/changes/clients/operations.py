"""Which operations clients can call, before and now, and what is said of each as a whole."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from specgw.changes.alternatives import PUBLIC, Alternatives, beyond, shown
from specgw.changes.change import GATEWAY, Change
from specgw.changes.clients import calls, messages, schemes
from specgw.changes.clients.pair import Pair, pair
from specgw.changes.clients.side import CARRIED, Difference, Side, change
from specgw.changes.clients.sunset import over, sunsets
from specgw.plan.template import parse

METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace")

_Key = tuple[str, str, tuple[tuple[str, ...], ...]]


@dataclass(frozen=True, slots=True)
class _Known:
    """One operation of a merged document."""

    document: Mapping[str, Any]
    path: str
    method: str
    value: Mapping[str, Any]

    @property
    def subject(self) -> str:
        return f"{self.method} {self.path}"


def compare(old: Side, new: Side, today: date) -> Iterator[Change]:
    """Everything that clients may notice. `today`: whether a sunset is over."""
    before, after = _operations(old), _operations(new)
    _refile(before, after)
    pairs: dict[tuple[int, int], Pair] = {}
    for key in before.keys() | after.keys():
        was, now = before.get(key), after.get(key)
        of = now or was
        assert of is not None
        for difference in _differences(was, now, (before, after), today, pairs):
            places = tuple(
                None if known is None else side.locate(known.method, known.path, difference.tokens)
                for side, known in ((old, was), (new, now))
            )
            yield change(of.subject, difference, places[0], places[1], operation=of.subject)
    yield from _servers(old, new)
    for name in old.documents.keys() & new.documents.keys():
        both = old.documents[name], new.documents[name]
        shared = pairs.setdefault((id(both[0]), id(both[1])), pair(*both))
        for subject, difference in (*calls.webhooks(shared), *schemes.compare(*both)):
            was_at, now_at = (side.locate("", "", difference.tokens) for side in (old, new))
            yield change(subject, difference, was_at, now_at)


def _operations(side: Side) -> dict[_Key, _Known]:
    found: dict[_Key, _Known] = {}
    for name, document in side.documents.items():
        for path, item in (document.get("paths") or {}).items():
            listed = {method: item[method] for method in METHODS if isinstance(item.get(method), dict)}
            for method, value in {**listed, **(item.get(f"{CARRIED}additionalOperations") or {})}.items():
                found[name, method.upper(), parse(path).key] = _Known(document, path, method.upper(), value)
    return found


def _refile(before: dict[_Key, _Known], after: dict[_Key, _Known]) -> None:
    """Operations that only stand in another file than before are known by that one: another document may have taken their place."""
    for key in sorted(before.keys() - after.keys()):
        moved = next((other for other in sorted(after.keys() - before.keys()) if other[1:] == key[1:]), None)
        if moved is not None:
            before[moved] = before.pop(key)


def _differences(
    was: _Known | None,
    now: _Known | None,
    sides: tuple[Mapping[_Key, _Known], Mapping[_Key, _Known]],
    today: date,
    pairs: dict[tuple[int, int], Pair],
) -> Iterator[Difference]:
    if now is None and was is not None:
        left = any(key[2] == parse(was.path).key for key in sides[1])
        yield Difference("removed-after-sunset" if over(was.value, today) else "method-removed" if left else "path-removed")
    elif was is None and now is not None:
        known = any(key[2] == parse(now.path).key for key in sides[0])
        yield Difference("method-added" if known else "path-added")
    elif was is not None and now is not None:
        yield from _whole(was, now)
        names = dict(zip(parse(was.path).names, parse(now.path).names, strict=False))
        documents = id(was.document), id(now.document)
        if documents not in pairs:
            pairs[documents] = pair(was.document, now.document)
        yield from messages.compare(pairs[documents], was.value, now.value, names, today)


def _whole(was: _Known, now: _Known) -> Iterator[Difference]:
    if _deprecated(was) != _deprecated(now):
        yield Difference("deprecated" if _deprecated(now) else "undeprecated", tokens=("deprecated",))
    yield from sunsets(was.value, now.value)
    for keyword, code in (("operationId", "operation-id"), ("tags", "tags")):
        before, after = was.value.get(keyword), now.value.get(keyword)
        if before != after and not (code == "tags" and set(before or ()) == set(after or ())):
            yield Difference(code, "", before, after, (keyword,))
    words = [keyword for keyword in ("summary", "description", "externalDocs") if was.value.get(keyword) != now.value.get(keyword)]
    if words:
        yield Difference("description", "", None, words, (words[0],))
    asked, asks = _alternatives(was), _alternatives(now)
    # The routes have it that more people get in; here it is about those who are kept out.
    if beyond(asked, asks) and not _renamed(asked, asks, was, now):
        yield Difference("credentials", "", shown(asked), shown(asks), ("security",))


def _deprecated(known: _Known) -> bool:
    return known.value.get("deprecated") is True


def _alternatives(known: _Known) -> Alternatives:
    listed = known.value.get("security", known.document.get("security")) or ()
    found = frozenset(frozenset((name, scope) for name, scopes in alternative.items() for scope in ("", *scopes)) for alternative in listed)
    return found or PUBLIC


def _renamed(asked: Alternatives, asks: Alternatives, was: _Known, now: _Known) -> bool:
    """Whether they ask for the same under other names of schemes."""
    return _spelled(asked, was) == _spelled(asks, now)


def _spelled(asked: Alternatives, known: _Known) -> frozenset[frozenset[tuple[str, str]]]:
    schemes = (known.document.get("components") or {}).get("securitySchemes") or {}
    return frozenset(frozenset((str(schemes.get(name, name)), scope) for name, scope in alternative) for alternative in asked)


def _servers(old: Side, new: Side) -> Iterator[Change]:
    for name in old.documents.keys() & new.documents.keys():
        before, after = ([server.get("url") for server in side.documents[name].get("servers") or ()] for side in (old, new))
        if before != after:
            places = (side.locate("", "", ("servers",)) for side in (old, new))
            yield change(GATEWAY, Difference("server", "", before, after, ("servers",)), *places)
