"""Which operations belong to a collection whose objects the sandbox keeps (`mock.state: crud`), and what its objects look like.

A collection is a path that ends in a name, `/things`, beside a path that has one parameter more, `/things/{id}`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from specgw.compiler.declared import Declared
from specgw.compiler.references import Follow, final
from specgw.http import parse_media_type
from specgw.openapi.model import MediaTypeEntry, Node
from specgw.openapi.schemas import Schemas
from specgw.plan.sandbox import Resource

_ITEM = re.compile(r"(?P<collection>.*/[^{}/]+)/\{(?P<name>[^{}]+)\}")
_NAME = re.compile(r"\{([^{}]*)\}")
_OF_A_COLLECTION = {"GET": "list", "HEAD": "list", "POST": "create"}
_OF_AN_ITEM = {"GET": "read", "HEAD": "read", "PUT": "replace", "PATCH": "merge", "DELETE": "delete"}
# What shows an object best, the best first: where it is read, then what writing it is answered with.
_TELLING = ("GET", "PUT", "PATCH")


class Collections:
    """The collections of all documents."""

    def __init__(self, declared: Sequence[Declared], schemas: Schemas, follow: Follow) -> None:
        self._schemas = schemas
        self._follow = follow
        self._known: dict[tuple[str, str], Resource] = {}
        stateful = [one for one in declared if one.served and one.settings.mock.state == "crud"]
        for one in stateful:
            found = _ITEM.fullmatch(one.operation.path)
            key = None if found is None else (_service(one), _plain(found["collection"]))
            if key is not None and found is not None and key not in self._known:
                alike = [other for other in stateful if _service(other) == key[0]]
                self._known[key] = self._described(found["name"], key, alike)

    def resource(self, declared: Declared) -> Resource | None:
        """What an operation does with a collection; None for one that has nothing to do with any."""
        if declared.settings.mock.state != "crud":
            return None
        path, method, service = declared.operation.path, declared.operation.method, _service(declared)
        found = _ITEM.fullmatch(path)
        actions, collection = (_OF_A_COLLECTION, path) if found is None else (_OF_AN_ITEM, found["collection"])
        known = self._known.get((service, _plain(collection)))
        action = actions.get(method)
        if known is None or action is None:
            return None
        name = "" if found is None else found["name"]
        if any(one.location == "path" and one.style != "simple" for one in declared.operation.parameters):
            return None
        return Resource(
            action=action,  # type: ignore[arg-type]  # the values of both tables are its words
            collection=known.collection,
            parents=tuple(_NAME.findall(collection)),
            parameter=name,
            id=known.id,
            generated=known.generated,
            schema=known.schema,
        )

    def _described(self, name: str, key: tuple[str, str], alike: Sequence[Declared]) -> Resource:
        """What is the same for all operations of a collection."""
        items = [one for one in alike if (found := _ITEM.fullmatch(one.operation.path)) and _plain(found["collection"]) == key[1]]
        items.sort(key=lambda one: _TELLING.index(one.operation.method) if one.operation.method in _TELLING else len(_TELLING))
        creating = [one for one in alike if one.operation.method == "POST" and _plain(one.operation.path) == key[1]]
        shown = next(((one, node) for one in (*items, *creating) for node in self._answered(one)), None)
        sent = [node for one in creating for node in self._bodies(one)]
        properties = self._properties(sent[0]) if sent else {}
        if shown is None:
            return Resource(action="list", collection=" ".join(key), id=_id(name, properties))
        one, node = shown
        declared = self._properties(node)
        if properties and not properties.keys() & declared.keys():
            # An envelope: the object is what has something of what is sent.
            inner = next((child for child in declared.values() if properties.keys() & self._properties(child).keys()), None)
            if inner is not None:
                node, declared = inner, self._properties(inner)
        return Resource(
            action="list",
            collection=" ".join(key),
            id=_id(name, declared),
            generated=tuple(member for member, child in declared.items() if self._read_only(child)),
            schema=self._schemas.lower(node, one.contract.version, "response").reference,
        )

    def _answered(self, declared: Declared) -> Iterator[Node]:
        """The schemas of its JSON answers, success alone."""
        for response in sorted(declared.operation.responses, key=lambda response: response.status):
            if response.status[0] == "2":
                yield from _json(response.content)

    def _bodies(self, declared: Declared) -> Iterator[Node]:
        body = declared.operation.request_body
        yield from _json(() if body is None else body.content)

    def _properties(self, schema: Node) -> dict[str, Node]:
        """The properties that a schema declares, itself and through `$ref`, `allOf`, `oneOf` and `anyOf`."""
        found: dict[str, Node] = {}
        seen: set[tuple[str, str]] = set()
        stack = [schema]
        while stack:
            node = final(stack.pop(), self._follow)
            if node is None or (node.file, node.pointer) in seen:
                continue
            seen.add((node.file, node.pointer))
            for name, child in node.at("properties").items():
                found.setdefault(name, child)
            for keyword in ("anyOf", "oneOf", "allOf"):
                stack += list(node.at(keyword).elements())[::-1]
        return found

    def _read_only(self, schema: Node) -> bool:
        target = final(schema, self._follow)
        nodes = [schema] if target is None else [schema, target]
        return any(isinstance(node.value, dict) and node.value.get("readOnly") is True for node in nodes)


def _id(name: str, properties: dict[str, Node]) -> str | None:
    """The property with an object's id: what the path parameter is called, else `id`; None where neither is declared."""
    if name in properties:
        return name
    return "id" if "id" in properties or not properties else None


def _json(content: Sequence[MediaTypeEntry]) -> Iterator[Node]:
    for entry in content:
        media = parse_media_type(entry.media_range)
        if entry.schema is not None and (entry.media_range == "*/*" or (media is not None and media.json)):
            yield entry.schema


def _service(declared: Declared) -> str:
    """Whose collections they are: those of two versions have nothing to do with each other."""
    return declared.service if declared.version is None else f"{declared.service}@{declared.version}"


def _plain(path: str) -> str:
    return _NAME.sub("{}", path)
