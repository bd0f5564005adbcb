"""Calls that clients get, as webhooks and callbacks: what they have to take, and what they may answer.

The directions are those of the client: it gets parameters and body, as otherwise an answer, and sends the answer, as
otherwise a request.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from specgw.changes.clients.media import content, media, words
from specgw.changes.clients.own import covering
from specgw.changes.clients.pair import Pair
from specgw.changes.clients.schemas import Comparison
from specgw.changes.clients.side import Difference, Tokens, resolve

Item = Mapping[str, Any]
_METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace")


def webhooks(documents: Pair) -> Iterator[tuple[str, Difference]]:
    """What differs of webhooks, each with what it is called."""
    old, new = ((document.get("webhooks") or {}) for document in (documents.old, documents.new))
    for name in old.keys() | new.keys():
        before, after = (_calls(*pair) for pair in ((documents.old, old.get(name)), (documents.new, new.get(name))))
        for method in before.keys() | after.keys():
            subject, tokens = f"webhook {name} {method.upper()}", ("webhooks", name, method)
            if method not in before or method not in after:
                yield subject, Difference("webhook-removed" if method in before else "webhook-added", tokens=tokens)
            else:
                for difference in _call(documents, before[method], after[method], "", tokens):
                    yield subject, difference


def callbacks(documents: Pair, old: Item, new: Item) -> Iterator[Difference]:
    """What differs of the callbacks of an operation."""
    old = _renamed(documents, old, new)
    for name in old.keys() | new.keys():
        place, tokens = f"callback {name}", ("callbacks", name)
        if name not in old or name not in new:
            yield Difference("callback-removed" if name in old else "callback-added", place, tokens=tokens)
            continue
        before, after = ({key: value for key, value in resolve(*side).items() if not key.startswith("x-")}
                         for side in ((documents.old, old[name]), (documents.new, new[name])))  # fmt: skip
        gone, come = before.keys() - after.keys(), after.keys() - before.keys()
        if len(gone) == len(come) == 1:
            was, now = gone.pop(), come.pop()
            yield Difference("callback-moved", place, was, now, (*tokens, now))
            before[now] = before.pop(was)
        for address in before.keys() | after.keys():
            yield from _addressed(documents, (before.get(address), after.get(address)), f"{place} {address}", (*tokens, address))


def _renamed(documents: Pair, old: Item, new: Item) -> Item:
    """The callbacks of before, under the name of now where that is all that has changed: nobody is called by a name."""
    gone, come = ([name for name in one if name not in other] for one, other in ((old, new), (new, old)))
    names: dict[str, str] = {}
    for name in gone:
        addresses = set(resolve(documents.old, old[name]) or ())
        for other in come:
            if other not in names.values() and addresses and addresses == set(resolve(documents.new, new[other]) or ()):
                names[name] = other
                break
    return {names.get(name, name): value for name, value in old.items()}


def _addressed(documents: Pair, items: tuple[Any, Any], place: str, tokens: Tokens) -> Iterator[Difference]:
    before, after = _calls(documents.old, items[0]), _calls(documents.new, items[1])
    for method in before.keys() | after.keys():
        where, below = f"{place} {method.upper()}", (*tokens, method)
        if method not in before or method not in after:
            yield Difference("callback-removed" if method in before else "callback-added", where, tokens=below)
        else:
            yield from _call(documents, before[method], after[method], where, below)


def _calls(document: Item, item: Any) -> dict[str, Item]:
    """The operations of a path item by method, with the parameters that it has for all of them."""
    known = resolve(document, item) if isinstance(item, dict) else {}
    shared = known.get("parameters") or []
    return {
        method: {**known[method], "parameters": [*(known[method].get("parameters") or []), *shared]}
        for method in _METHODS
        if isinstance(known.get(method), dict)
    }


def _call(documents: Pair, old: Item, new: Item, place: str, tokens: Tokens) -> Iterator[Difference]:
    if (old.get("deprecated") is True) != (new.get("deprecated") is True):
        yield Difference("deprecated" if new.get("deprecated") is True else "undeprecated", place, tokens=(*tokens, "deprecated"))
    yield from words(old, new, place, tokens)
    if old.get("operationId") != new.get("operationId"):
        yield Difference("operation-id", place, old.get("operationId"), new.get("operationId"), (*tokens, "operationId"))
    yield from _parameters(documents, old, new, place, tokens)
    yield from _body(documents, old.get("requestBody"), new.get("requestBody"), place, tokens)
    before, after = (side.get("responses") or {} for side in (old, new))
    for status in before.keys() | after.keys():
        where, below = _within(place, f"answer {status}"), (*tokens, "responses", str(status))
        was, now = (status if status in side else covering(str(status), side) for side in (before, after))
        if was is None or now is None:
            yield Difference("call-status-removed" if status in before else "call-status-added", where, tokens=below)
            continue
        contents = content(resolve(documents.old, before[was])), content(resolve(documents.new, after[now]))
        yield from media(documents, "request", where, contents, below, kind="call-answer")


def _parameters(documents: Pair, old: Item, new: Item, place: str, tokens: Tokens) -> Iterator[Difference]:
    before, after = _listed(documents.old, old), _listed(documents.new, new)
    for location, name in before.keys() | after.keys():
        was, now = before.get((location, name)), after.get((location, name))
        where, below = _within(place, f"{location} {name}"), (*tokens, "parameters")
        if was is None or now is None:
            removed = "required-call-parameter-removed" if was and was.get("required") is True else "call-parameter-removed"
            yield Difference("call-parameter-added" if was is None else removed, where, tokens=below)
            continue
        needed, needs = (side.get("required") is True for side in (was, now))
        if needed != needs:
            yield Difference(f"call-parameter-{'required' if needs else 'optional'}", where, tokens=below)
        comparison = Comparison(documents, "response", where, text=True)
        yield from comparison.compare(was.get("schema", {}), now.get("schema", {}), below)


def _listed(document: Item, call: Item) -> dict[tuple[str, str], Item]:
    found: dict[tuple[str, str], Item] = {}
    for value in call["parameters"]:
        parameter = resolve(document, value)
        if isinstance(parameter, dict):
            name, location = str(parameter.get("name")), str(parameter.get("in"))
            found.setdefault((location, name.lower() if location == "header" else name), parameter)
    return found


def _body(documents: Pair, old: Any, new: Any, place: str, tokens: Tokens) -> Iterator[Difference]:
    before, after = resolve(documents.old, old), resolve(documents.new, new)
    where, below = _within(place, "body"), (*tokens, "requestBody")
    if not isinstance(before, dict) or not isinstance(after, dict):
        if before is not after:
            yield Difference("call-body-removed" if isinstance(before, dict) else "call-body-added", where, tokens=below)
        return
    needed, needs = (side.get("required") is True for side in (before, after))
    if needed != needs:
        yield Difference(f"call-body-{'required' if needs else 'optional'}", where, tokens=below)
    yield from media(documents, "response", where, (content(before), content(after)), below, kind="call")


def _within(place: str, part: str) -> str:
    return f"{place} {part}" if place else part
