"""An operation of a collection that keeps what is created (`mock.state: crud`): create, read, replace, merge, delete, list."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import quote, unquote

import orjson

from specgw.http import parse_media_type
from specgw.mock.fitting import MISFIT, Fitting
from specgw.mock.objects import Objects, Place
from specgw.mock.responder import Asked, Chosen, Responder
from specgw.plan.sandbox import Resource
from specgw.policies.base import Exchange
from specgw.problems import NO_SUCH_OBJECT, Problem

_TRIES = 20
"""Made ids that are tried beyond plain numbers."""
_GONE = Problem(NO_SUCH_OBJECT, "this caller has created nothing that is at this path now")

Outcome = Chosen | Problem | None


class Collection:
    """Answers one operation from what its callers have created; None where it has nothing to say."""

    def __init__(self, resource: Resource, objects: Objects, responder: Responder, fitting: Fitting) -> None:
        self._resource = resource
        self._objects = objects
        self._responder = responder
        self._fitting = fitting

    def answer(self, exchange: Exchange, asked: Asked) -> Outcome:
        """The answer to a valid request."""
        resource, values = self._resource, exchange.path_values
        place = (resource.collection, *(unquote(values.get(name, "")) for name in resource.parents))
        caller = "" if exchange.identity is None else exchange.identity.consumer or exchange.identity.subject
        action = resource.action
        if action == "list":
            return self._list(caller, place, asked)
        body = None if action in ("read", "delete") else _object_of(exchange)
        if body is None and action in ("create", "replace", "merge"):
            return None
        if action == "create":
            return self._create(exchange, asked, caller, place, body or {}, None)
        name = unquote(values.get(resource.parameter, ""))
        kept = self._objects.find(caller, place, name)
        if kept is None:
            if action == "replace" and self._responder.declares_exactly(201):
                return self._create(exchange, asked, caller, place, body or {}, name)
            return self._responder.refusal(404, asked) or _GONE
        if action == "delete":
            self._objects.remove(caller, place, name)
            return None
        if action == "read":
            return self._shown(kept, asked)
        return self._changed(asked, caller, place, name, kept, body or {})

    def _list(self, caller: str, place: Place, asked: Asked) -> Outcome:
        values = self._objects.all(caller, place)
        counted = {"x-total-count": (len(values),)}
        return self._responder.holding(self._responder.usual, asked, lambda schema: self._fitting.many(schema, values), counted)

    def _shown(self, value: dict[str, Any], asked: Asked) -> Outcome:
        return self._responder.holding(self._responder.usual, asked, lambda schema: self._fitting.one(schema, value))

    def _create(self, exchange: Exchange, asked: Asked, caller: str, place: Place, body: dict[str, Any], wanted: str | None) -> Outcome:
        resource = self._resource
        own = body.get(resource.id) if resource.id is not None and resource.id not in resource.generated else None
        if wanted is None and own is not None and self._objects.find(caller, place, _text(own)) is not None:
            conflict = self._responder.refusal(409, asked) if self._responder.declares(409) else None
            if conflict is not None:
                return conflict
        number = self._objects.number()
        name, value = wanted or str(number), body
        for candidate in (own,) if own is not None and wanted is None else self._ids(wanted, number):
            if wanted is None and own is None and self._objects.find(caller, place, _text(candidate)) is not None:
                continue
            value = body if resource.id is None else {**body, resource.id: candidate}
            break
        value = self._whole(value, number)
        if value is MISFIT:
            return None
        if wanted is None and resource.id in value:
            name = _text(value[resource.id])
        path = exchange.path.decode("latin-1")
        location = path if wanted is not None else f"{path.rstrip('/')}/{quote(name, safe='')}"
        host = next((field for key, field in exchange.headers if key == b"host"), b"localhost").decode("latin-1")
        fields = {"location": (location, f"{exchange.scheme}://{host}{location}")}
        status = 201 if wanted is not None else self._responder.usual
        chosen = self._responder.holding(status, asked, lambda schema: self._fitting.one(schema, value), fields)
        if isinstance(chosen, Chosen):
            self._objects.put(caller, place, name, value)
        return chosen

    def _ids(self, wanted: str | None, number: int) -> Iterator[Any]:
        """Values for the id property, of which the first that the schema accepts is taken."""
        resource = self._resource
        if resource.id is None or resource.schema is None:
            yield wanted if wanted is not None else number
            return
        base, accepts = self._fitting.made(resource.schema), self._fitting.accepts(resource.schema)
        if wanted is not None:
            plain: tuple[Any, ...] = (wanted, int(wanted)) if wanted.isascii() and wanted.isdigit() and len(wanted) < 16 else (wanted,)
        else:
            plain = (number, str(number))
        for candidate in plain:
            if isinstance(base, dict) and accepts({**base, resource.id: candidate}):
                yield candidate
        for step in range(_TRIES if wanted is None else 0):
            made = self._fitting.made(resource.schema, number + step)
            candidate = made.get(resource.id) if isinstance(made, dict) else None
            # A path segment holds no slash, however it is written.
            if isinstance(candidate, str | int) and candidate != "" and "/" not in str(candidate):
                yield candidate

    def _whole(self, value: dict[str, Any], number: int) -> Any:
        resource = self._resource
        return value if resource.schema is None else self._fitting.completed(resource.schema, value, resource.generated, number)

    def _changed(self, asked: Asked, caller: str, place: Place, name: str, kept: dict[str, Any], body: dict[str, Any]) -> Outcome:
        """Replace or merge. Its id and the properties that are made stay as they were."""
        resource = self._resource
        fixed = {key: kept[key] for key in (*resource.generated, resource.id) if key is not None and key in kept}
        value = merged(kept, body) if resource.action == "merge" else dict(body)
        value = self._whole({**value, **fixed}, 0)
        if value is MISFIT:
            return None
        chosen = self._shown(value, asked)
        if isinstance(chosen, Chosen):
            self._objects.put(caller, place, name, value)
        return chosen


def merged(target: Any, patch: Any) -> Any:
    """JSON Merge Patch (RFC 7396 section 2)."""
    if not isinstance(patch, dict):
        return patch
    found = dict(target) if isinstance(target, dict) else {}
    for name, member in patch.items():
        if member is None:
            found.pop(name, None)
        else:
            found[name] = merged(found.get(name), member)
    return found


def _object_of(exchange: Exchange) -> dict[str, Any] | None:
    """The JSON object that a request brings; None for everything else."""
    kind = next((field for key, field in exchange.headers if key == b"content-type"), b"")
    media = parse_media_type(kind.decode("latin-1"))
    if exchange.body is None or media is None or not media.json:
        return None
    try:
        found = orjson.loads(exchange.body)
    except orjson.JSONDecodeError:
        return None
    return found if isinstance(found, dict) else None


def _text(value: Any) -> str:
    """An id as it stands in a path."""
    return value if isinstance(value, str) else orjson.dumps(value).decode()
