"""What schemas are in XML documents (OpenAPI section "XML Object"): elements, attributes and text, by name and namespace.

The rules of 3.0 and 3.1 are `name`, `namespace`, `prefix`, `attribute` and `wrapped`; 3.2 has `nodeType` beside them, and infers
the name of a component from its place where 3.0 and 3.1 take the property's. What applies to a value at once (`$ref`,
`allOf`), or may (`anyOf`, `oneOf`), is one node: where its parts disagree on what a node is, or where two properties have the
same form, nobody could tell which JSON value was meant. That is a reason not to read such documents at all.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from specgw.openapi.dialects import TYPES, Dialect, dialect_of
from specgw.openapi.model import Node
from specgw.openapi.pointers import tokens_of
from specgw.openapi.shapes import Shapes
from specgw.openapi.targets import Targets
from specgw.plan.model import Xml, XmlNode

# How many nodes one body may have; published schemas have a few hundred.
_MAX_NODES = 5000
# How many `$ref`, `allOf`, `anyOf`, `oneOf` may stand in each other for the same value.
_MAX_IN_PLACE = 200

_APPLICATORS = ("allOf", "anyOf", "oneOf")
# Keywords by which a schema speaks of members whose XML form nothing tells.
_UNTOLD = (
    "patternProperties", "prefixItems", "contains", "unevaluatedProperties", "unevaluatedItems", "dependentSchemas", "if", "$dynamicRef",
)  # fmt: skip


class Unclear(Exception):
    """XML documents of a schema could mean more than one JSON value; the text ends a sentence that says so."""


class XmlRules:
    """Computes what schemas are in XML for a compile."""

    def __init__(self, targets: Targets, shapes: Shapes) -> None:
        self._targets = targets
        self._shapes = shapes

    def of(self, schema: Node, version: str) -> Xml:
        """The nodes of a body with this schema. Raises `Unclear`."""
        return _Document(self._targets, self._shapes, version).root(schema)


@dataclass(frozen=True, slots=True)
class _Rule:
    """What the XML Object of a schema says, and the name of the component that it is, if any."""

    said: dict[str, Any]
    component: str | None
    array: bool
    new: bool
    """Whether `nodeType` has a meaning (3.2)."""

    @property
    def kind(self) -> str:
        """The node type: `element`, `attribute`, `text` (`cdata` is the same to a reader) or `none`."""
        stated = self.said.get("nodeType") if self.new else None
        if isinstance(stated, str):
            return "text" if stated == "cdata" else stated
        if self.said.get("attribute") is True:
            return "attribute"
        return "none" if self.array and self.said.get("wrapped") is not True else "element"

    def text(self, key: str) -> str | None:
        """A string of the XML Object."""
        value = self.said.get(key)
        return value if isinstance(value, str) and value else None


class _Document:
    """The nodes of one body."""

    def __init__(self, targets: Targets, shapes: Shapes, version: str) -> None:
        self._targets = targets
        self._shapes = shapes
        self._version = version
        self._nodes: list[XmlNode] = []
        self._known: dict[tuple[object, ...], int] = {}

    def root(self, schema: Node) -> Xml:
        rule = self._rule(schema)
        if rule.kind == "none":
            raise Unclear("an array that is not wrapped has no root element")
        if rule.kind != "element":
            raise Unclear("its root is no element")
        self._node((schema,), rule.component)
        # Only now, since a node may be one of those that it holds.
        for node in self._nodes:
            self._unmistakable(node.properties)
            child = None if node.items is None else self._nodes[node.items]
            if child is not None and (child.kind != "element" or (child.items is not None and not child.wrapped)):
                raise Unclear("an array whose items are no elements has no form")
        return Xml(nodes=tuple(self._nodes))

    def _node(self, schemas: tuple[Node, ...], inferred: str | None) -> int:
        """The index of the node of a value that several schemas describe; `inferred` is its name unless one is stated."""
        key = (inferred, *sorted({id(schema.value) for schema in schemas}))
        if key in self._known:
            return self._known[key]
        if len(self._nodes) >= _MAX_NODES:
            raise Unclear(f"its XML form has more than {_MAX_NODES} nodes")
        index = self._known[key] = len(self._nodes)
        self._nodes.append(XmlNode())
        rule = self._agreed(schemas)
        parts = list(self._parts(schemas))
        types = self._types(schemas)
        array = "array" in types or (not types and any("items" in part.value for part in parts) and not _says(parts, "properties"))
        if array and not {"array", "null"}.issuperset(types):
            raise Unclear("an array that may be something else as well has no form of its own")
        if rule.text("prefix") is not None and rule.text("namespace") is None:
            raise Unclear("a `prefix` without a `namespace` stands for nothing")
        name = rule.text("name") or (rule.component if rule.new and rule.component else inferred)
        node = XmlNode(
            kind="attribute" if rule.kind == "attribute" else "text" if rule.kind == "text" else "element",
            name=name,
            namespace=rule.text("namespace"),
            types=tuple(types),
        )
        if rule.kind in ("attribute", "text"):
            if array or "object" in types:
                raise Unclear("arrays and objects cannot be attributes or text")
            self._nodes[index] = node
            return index
        if array:
            self._nodes[index] = self._array(node, rule, parts, inferred)
        elif rule.kind == "none":
            raise Unclear("`nodeType: none` is read for arrays only")
        else:
            self._nodes[index] = self._object(node, parts)
        return index

    def _array(self, node: XmlNode, rule: _Rule, parts: list[Node], inferred: str | None) -> XmlNode:
        wrapped = rule.kind == "element"
        items = tuple(child for part in parts if (child := part.get("items")) is not None and isinstance(child.value, dict))
        if not items:
            raise Unclear("an array without `items` has elements without a form")
        # 3.0 "XML Object", the tables of arrays: without a name of their own, items are called as what is around them.
        below = self._node(items, node.name if wrapped else inferred)
        return XmlNode(name=node.name, namespace=node.namespace, types=node.types, items=below, wrapped=wrapped)

    def _object(self, node: XmlNode, parts: list[Node]) -> XmlNode:
        declared: dict[str, list[Node]] = {}
        additional: list[Node] = []
        for part in parts:
            for name, child in (self._targets.properties(part, self._dialect(part)) or {}).items():
                declared.setdefault(name, []).append(child)
            rest = part.get("additionalProperties")
            if rest is not None and isinstance(rest.value, dict) and rest.value:
                additional.append(rest)
        return XmlNode(
            kind="element",
            name=node.name,
            namespace=node.namespace,
            types=node.types,
            properties={name: self._node(tuple(children), name) for name, children in declared.items()},
            additional=self._node(tuple(additional), None) if additional else None,
        )

    def _unmistakable(self, properties: dict[str, int]) -> None:
        """Two properties of one object must not have the same form."""
        taken: dict[tuple[str, str | None, str | None], str] = {}
        for name, index in properties.items():
            node = self._nodes[index]
            shown = self._nodes[node.items] if node.items is not None and not node.wrapped else node
            form = (shown.kind, None, None) if shown.kind == "text" else (shown.kind, shown.name, shown.namespace)
            if form in taken:
                raise Unclear(f"the properties '{taken[form]}' and '{name}' have the same form in XML")
            taken[form] = name

    def _parts(self, schemas: Iterable[Node]) -> Iterator[Node]:
        """The schemas that apply, or may apply, to the same value."""
        stack = list(schemas)
        seen: set[int] = set()
        while stack:
            node = stack.pop(0)
            if not isinstance(node.value, dict) or id(node.value) in seen:
                continue
            if len(seen) > _MAX_IN_PLACE:
                raise Unclear("too many schemas describe the same value")
            seen.add(id(node.value))
            dialect = self._dialect(node)
            if isinstance(node.value.get("$ref"), str):
                target = self._targets.follow(node, dialect)
                if target is None:
                    raise Unclear("a reference leads nowhere")
                stack.append(target)
                if not dialect.reference_siblings:
                    continue
            untold = next((keyword for keyword in _UNTOLD if keyword in node.value), None)
            if untold is not None:
                raise Unclear(f"`{untold}` has no form in XML")
            yield node
            for keyword in _APPLICATORS:
                branches = node.get(keyword)
                if branches is not None:
                    stack.extend(branches.elements())

    def _agreed(self, schemas: tuple[Node, ...]) -> _Rule:
        rules = [self._rule(schema) for schema in schemas]
        if any(rule.said != rules[0].said or rule.component != rules[0].component for rule in rules):
            raise Unclear("a property has different forms in XML, by the schemas that declare it")
        return rules[0]

    def _rule(self, schema: Node) -> _Rule:
        """The XML Object of a schema, its own or that of what it refers to."""
        node: Node | None = schema
        said: dict[str, Any] | None = None
        component: str | None = None
        seen: set[int] = set()
        while node is not None and isinstance(node.value, dict) and id(node.value) not in seen:
            seen.add(id(node.value))
            tokens = tokens_of(node.pointer)
            if len(tokens) == 3 and tokens[:2] == ["components", "schemas"]:
                component = component or tokens[2]
            refers = isinstance(node.value.get("$ref"), str)
            dialect = self._dialect(node)
            own = node.value.get("xml")
            if said is None and isinstance(own, dict) and (not refers or dialect.reference_siblings):
                said = own
            node = self._targets.follow(node, dialect) if refers else None
        return _Rule(said or {}, component, "array" in self._types((schema,)), self._new(schema))

    def _types(self, schemas: tuple[Node, ...]) -> list[str]:
        """The JSON types of a value, in the order of TYPES; empty where nothing is said."""
        found: set[str] = set()
        for schema in schemas:
            types = self._shapes.of(schema, self._version).types
            if not types:
                return []
            found |= set(types)
        return [name for name in TYPES if name in found]

    def _new(self, node: Node) -> bool:
        return (node.document.version or self._version) not in ("3.0", "3.1")

    def _dialect(self, node: Node) -> Dialect:
        return dialect_of(node.document.version or self._version)


def _says(parts: list[Node], keyword: str) -> bool:
    return any(keyword in part.value for part in parts)
