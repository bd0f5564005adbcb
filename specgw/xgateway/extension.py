"""Where `x-gateway` stands in a document: blocks are read here, near misses and stray ones found."""

from __future__ import annotations

import difflib
from collections.abc import Iterator
from functools import lru_cache

from specgw.diagnostics import Findings
from specgw.openapi.model import Contract, Node
from specgw.xgateway.inheritance import Inheritance

KEY = "x-gateway"

# Below each object of OpenAPI: its members that are objects too. "[]" is a list of them, "{}" a map by free names,
# which may well contain "x-gateway". Schemas and examples are data and not looked into.
_OBJECTS: dict[str, dict[str, str]] = {
    "document": {
        "info": "info",
        "servers": "server[]",
        "tags": "tag[]",
        "paths": "paths",
        "webhooks": "webhook{}",
        "components": "components",
    },
    "info": {"contact": "contact", "license": "license"},
    "paths": {},
    "components": {
        "parameters": "parameter{}",
        "headers": "header{}",
        "requestBodies": "request body{}",
        "responses": "response{}",
        "callbacks": "callback{}",
        "links": "link{}",
        "schemas": "schema{}",
        "pathItems": "path item{}",
        "securitySchemes": "security scheme{}",
    },
    "path item": {"parameters": "parameter[]", "servers": "server[]"},
    "operation": {
        "parameters": "parameter[]",
        "servers": "server[]",
        "requestBody": "request body",
        "responses": "response{}",
        "callbacks": "callback{}",
    },
    "webhook": {},
    "callback": {},
    "server": {},
    "parameter": {"schema": "schema", "content": "media type{}"},
    "header": {"schema": "schema", "content": "media type{}"},
    "request body": {"content": "media type{}"},
    "response": {"headers": "header{}", "content": "media type{}", "links": "link{}"},
    "media type": {"schema": "schema"},
    "link": {},
    "schema": {},
    "tag": {},
    "contact": {},
    "license": {},
    "security scheme": {},
}
_READ_FROM = ("document", "path item", "operation", "components", "security scheme")


def examine(contract: Contract, inheritance: Inheritance, findings: Findings) -> None:
    """Read what no operation asks for, every block; and find names that only look like `x-gateway`.

    An `x-gateway` in an object that it is never read from is an error: it would be accepted and ignored.
    """
    components = contract.root.get("components")
    if components is not None:
        blocks = components.get(KEY)
        if blocks is not None:
            inheritance.blocks(blocks)
    looked: set[tuple[str, str]] = set()
    for kind, node in _parts(contract):
        if (node.file, node.pointer) not in looked:
            looked.add((node.file, node.pointer))
            _look(kind, node, inheritance, findings)


def _parts(contract: Contract) -> Iterator[tuple[str, Node]]:
    yield from _below("document", contract.root)
    for operation in contract.operations:
        yield from _below("path item", operation.path_item)
        yield from _below("operation", operation.node)


def _below(kind: str, node: Node) -> Iterator[tuple[str, Node]]:
    """An object and the objects inside it, without those behind references."""
    value = node.value
    if not isinstance(value, dict) or ("$ref" in value and kind != "path item"):
        return
    yield kind, node
    for member, inner in _OBJECTS[kind].items():
        if member not in value:
            continue
        child = node.get(member)
        assert child is not None
        if inner.endswith("[]"):
            for element in child.elements():
                yield from _below(inner[:-2], element)
        elif inner.endswith("{}"):
            for _, element in child.items():
                yield from _below(inner[:-2], element)
        else:
            yield from _below(inner, child)


def _look(kind: str, node: Node, inheritance: Inheritance, findings: Findings) -> None:
    for key in node.value:
        if not isinstance(key, str) or key[:1] not in "xX":
            continue
        if key == KEY:
            if kind not in _READ_FROM:
                hint = "it is read at the document's root, in path items, operations, security schemes and 'components'"
                findings.add("stray-extension", node.at(key), f"'x-gateway' has no meaning in a {kind} object", hint=hint)
        elif kind in _READ_FROM and near_miss(key):
            message = f"'{key}' looks like 'x-gateway' and has no effect"
            inner = key[len("x-gateway-") :] if key.lower().startswith("x-gateway-") else ""
            hint = f"did you mean '{inner}' inside of 'x-gateway'?" if inner and inheritance.knows(inner) else "did you mean 'x-gateway'?"
            findings.add("misspelt-extension", node.at(key), message, hint=hint)


@lru_cache(maxsize=1024)
def near_miss(key: str) -> bool:
    """Whether a key other than `x-gateway` was probably meant as it."""
    lower = key.lower().replace("_", "-")
    return lower.startswith("x-gateway") or lower == "xgateway" or difflib.SequenceMatcher(None, lower, KEY).ratio() >= 0.88
