"""Where the references of schemas lead: `$ref`, `$dynamicRef` and the identifiers of JSON Schema 2020-12.

OpenAPI 3.0 knows files and JSON pointers only, which the library follows. Under 3.1 a schema may carry `$id`, which
changes what its references are relative to, `$anchor` and `$dynamicAnchor` (2020-12 Core section 8.2). All of them are
resolved here, at compile time, to the place where the schema stands.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Protocol
from urllib.parse import unquote

from specgw.diagnostics import Findings
from specgw.openapi.dialects import Dialect
from specgw.openapi.library import joined
from specgw.openapi.model import Document, Node
from specgw.openapi.pointers import pointer_of, tokens_of

_Path = tuple["_Path", str] | None

# Values under these keys are data, whatever they look like.
_DATA = frozenset(("example", "examples", "enum", "const", "default"))
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.\-]+:")
# Pointers of an OpenAPI document where no schema can stand: its root, containers, and components of other kinds.
_OTHER_OBJECTS = re.compile(
    r"|/(?:info|servers|paths|webhooks|components|security|tags|externalDocs)(?:/[^/]*)?"
    r"|/components/(?:responses|parameters|examples|requestBodies|headers|securitySchemes|links|callbacks|pathItems)/[^/]*"
)


class Follows(Protocol):
    """What is needed of the library: one step of a reference, with a finding where it leads nowhere."""

    def target(self, place: Node, reference: str) -> Node | None:
        """What a URI reference in the document of `place` points to."""

    def peek(self, document: Document, reference: str) -> Node | None:
        """The same without a finding."""

    def base(self, document: Document) -> str:
        """The URI that a document's references are relative to."""


@dataclass(slots=True)
class _Identifiers:
    """The identifiers of one document."""

    uris: dict[str, Node] = field(default_factory=dict)
    """Schemas with `$id`, by absolute URI."""
    bases: dict[str, str] = field(default_factory=dict)
    """The URI of each such schema, by its pointer."""
    anchors: dict[tuple[str, str], Node] = field(default_factory=dict)
    """Schemas by the pointer of the resource they are in ("" is the document) and their anchor."""
    dynamic: dict[str, dict[str, Node]] = field(default_factory=dict)
    """Schemas with a `$dynamicAnchor`, by its name and the pointer of the resource they are in."""


class Targets:
    """Follows the references of schemas; everything that leads nowhere is a finding at the reference."""

    def __init__(self, library: Follows, findings: Findings) -> None:
        self._library = library
        self._findings = findings
        self._identifiers: dict[str, _Identifiers] = {}
        self._endless: dict[tuple[str, str], bool] = {}

    def follow(self, node: Node, dialect: Dialect, keyword: str = "$ref") -> Node | None:
        """The schema that the reference of a schema leads to, one step; None with a finding."""
        place = node.at(keyword)
        reference = place.value
        if not isinstance(reference, str):
            return self._library.target(place, str(reference))
        if not dialect.identifiers:
            return self._library.target(place, reference)
        known = self._of(node.document)
        if known.bases or (reference[:2] != "#/" and reference != "#"):
            found = self._identified(node, reference, known)
            if found is not None:
                return found
            # A document may give a schema an `$id` and go on to refer to `#/components/…`: that is found from its root.
        return self._library.target(place, reference)

    def peek(self, place: Node, reference: str) -> Node | None:
        """Where a reference leads that is no `$ref`, as in `discriminator`; None without a finding."""
        return self._library.peek(place.document, reference)

    def stands(self, place: Node, reference: str) -> bool:
        """Whether a schema stands there."""
        target = self.peek(place, reference)
        return target is not None and can_be_schema(target)

    def properties(self, node: Node, dialect: Dialect) -> dict[str, Node] | None:
        """The properties that a schema declares, by name; None where `properties` is no mapping of schemas.

        OpenAPI has no references in the place of `properties`, yet people write them to share declarations: one that leads
        to a mapping of schemas is followed, and what stands beside it wins.
        """
        declared = node.get("properties")
        found: dict[str, Node] = {}
        passed: set[int] = set()
        while declared is not None and id(declared.value) not in passed:
            if not isinstance(declared.value, dict) or (passed and not _of_schemas(declared.value)):
                return None
            passed.add(id(declared.value))
            shared = isinstance(declared.value.get("$ref"), str)
            for name, child in declared.items():
                if not (shared and name == "$ref"):
                    found.setdefault(name, child)
            if not shared:
                return found
            declared = self.follow(declared, dialect)
        return None

    def endless(self, node: Node, dialect: Dialect) -> bool:
        """Whether the references from a schema on lead from one to the next forever."""
        chain: list[tuple[str, str]] = []
        passed: set[tuple[str, str]] = set()
        current: Node | None = node
        answer = False
        while current is not None and isinstance(current.value, dict) and isinstance(current.value.get("$ref"), str):
            key = (current.file, current.pointer)
            if key in passed or key in self._endless:
                answer = self._endless.get(key, True)
                break
            passed.add(key)
            chain.append(key)
            current = self.follow(current, dialect)
        self._endless.update(dict.fromkeys(chain, answer))
        return answer

    def dynamic(self, node: Node, dialect: Dialect) -> tuple[Node | None, str | None]:
        """The schema that `$dynamicRef` leads to, None with a finding; and the name, where that is a `$dynamicAnchor`.

        Then it is the schema of that name in the outermost resource that was passed on the way (2020-12 Core section 8.2.3.2).
        """
        target = self.follow(node, dialect, "$dynamicRef")
        if target is None:
            return None, None
        name = node.value["$dynamicRef"].partition("#")[2]
        named = isinstance(target.value, dict) and target.value.get("$dynamicAnchor") == name
        return target, name if named else None

    def bearers(self, name: str) -> list[Node]:
        """The schemas with a `$dynamicAnchor` of a name, one for each resource, in the documents that were asked about so far."""
        return [bearer for known in self._identifiers.values() for bearer in known.dynamic.get(name, {}).values()]

    def resource(self, node: Node) -> str:
        """The pointer of the schema with `$id` that a schema belongs to, where that has dynamic anchors; "" for the document."""
        known = self._of(node.document)
        if not known.dynamic or not known.bases:
            return ""
        nearest = ""
        for ancestor in _ancestors(node):
            if ancestor.pointer in known.bases:
                nearest = ancestor.pointer
        return nearest if any(nearest in bearers for bearers in known.dynamic.values()) else ""

    def recursive(self, node: Node) -> Node | None:
        """The schema that draft 2019-09's `$recursiveRef: "#"` means: the nearest around it with `$recursiveAnchor: true`."""
        nearest = None
        for ancestor in _ancestors(node):
            if isinstance(ancestor.value, dict) and ancestor.value.get("$recursiveAnchor") is True:
                nearest = ancestor
        return nearest

    def _identified(self, node: Node, reference: str, known: _Identifiers) -> Node | None:
        """The target by `$id` and anchors; None where they don't tell."""
        resource = Node(node.document, "", node.document.value)
        uri = self._library.base(node.document)
        for ancestor in _ancestors(node) if known.bases else ():
            if ancestor.pointer in known.bases:
                resource, uri = ancestor, known.bases[ancestor.pointer]
        address, _, fragment = joined(uri, reference).partition("#") if reference[:1] != "#" else (uri, "", reference[1:])
        if address != uri:
            found = self._embedded(address)
            if found is None:
                if _SCHEME.match(reference) or not fragment or fragment[0] == "/":
                    return None
                root = self._library.target(node.at("$ref"), reference.partition("#")[0])
                if root is None:
                    return None
                found = root
            resource = found
        if not fragment or fragment[0] == "/":
            return resource.descend(unquote(fragment))
        within = self._of(resource.document)
        return within.anchors.get((resource.pointer, unquote(fragment)))

    def _embedded(self, address: str) -> Node | None:
        for known in self._identifiers.values():
            if address in known.uris:
                return known.uris[address]
        return None

    def _of(self, document: Document) -> _Identifiers:
        known = self._identifiers.get(document.file)
        if known is None:
            known = self._identifiers[document.file] = _scan(document, self._library.base(document))
        return known


def can_be_schema(target: Node) -> bool:
    """Whether what a reference leads to may be a schema: other objects of an OpenAPI document are none."""
    return isinstance(target.value, dict | bool | None) and not (target.document.version and _OTHER_OBJECTS.fullmatch(target.pointer))


def _of_schemas(value: dict[str, Any]) -> bool:
    """Whether a mapping that `properties` refers to declares properties, and is not itself a schema."""
    return all(isinstance(child, dict | bool) or name == "$ref" for name, child in value.items()) and value.keys() != {"properties"}


def _ancestors(node: Node) -> Iterator[Node]:
    """The values on the way from the document's root to a node, itself included."""
    current: Node | None = Node(node.document, "", node.document.value)
    for token in tokens_of(node.pointer):
        if current is None:
            return
        yield current
        current = current.step(token)
    if current is not None:
        yield current


def _scan(document: Document, base: str) -> _Identifiers:
    """Find the identifiers of a document, taking every mapping outside of examples and values for a schema."""
    found = _Identifiers()
    stack: list[tuple[Any, _Path, str, str]] = [(document.value, None, "", base)]
    while stack:
        value, path, resource, uri = stack.pop()
        if isinstance(value, dict):
            if "$id" in value and isinstance(value["$id"], str):
                uri = joined(uri, value["$id"]).rstrip("#")
                resource = _pointer(path)
                found.bases[resource] = uri
                found.uris.setdefault(uri, Node(document, resource, value))
            for keyword in ("$anchor", "$dynamicAnchor"):
                if keyword in value and isinstance(value[keyword], str):
                    name = value[keyword]
                    found.anchors.setdefault((resource, name), Node(document, _pointer(path), value))
                    if keyword == "$dynamicAnchor":
                        found.dynamic.setdefault(name, {}).setdefault(resource, Node(document, _pointer(path), value))
            for key, child in value.items():
                if isinstance(child, dict | list) and key not in _DATA:
                    stack.append((child, (path, key), resource, uri))
        else:
            for index, child in enumerate(value if isinstance(value, list) else ()):
                if isinstance(child, dict | list):
                    stack.append((child, (path, str(index)), resource, uri))
    return found


def _pointer(path: _Path) -> str:
    tokens = []
    while path is not None:
        path, token = path
        tokens.append(token)
    return pointer_of(reversed(tokens))
