"""XML bodies: the JSON value that an element stands for, by the nodes that the compiler made of the schema's `xml` rules.

Elements and attributes are found by name and namespace, in any order ("the order of the nodes is undefined"); prefixes
mean nothing by themselves. Without a `namespace`, an element has none or that of the element around it, so that a default
namespace may be inherited. `xsi:nil="true"` is null (3.2, "Handling null Values"), and so is an attribute that is missing
where null is admitted. White space around numbers and booleans, and between the elements of an object or array, is none of
the value; in strings it is. What the rules do not name becomes a property of its own name, for the schema to judge.
"""

from __future__ import annotations

from collections.abc import Iterable

from specgw.plan.model import Content, XmlNode
from specgw.policies.validation import xml_text
from specgw.policies.validation.escapes import Malformed, escaped
from specgw.policies.validation.explain import explain
from specgw.policies.validation.parameters import Wrong
from specgw.policies.validation.scalars import Readings, Scalar, arrays, objects, scalar
from specgw.policies.validation.validators import Validators
from specgw.policies.validation.xml_text import SCHEMA_INSTANCE, XML, Element
from specgw.problems import Violation

_SPACE = " \t\r\n"


class XmlBody:
    """The bodies of one entry of a `content` map."""

    def __init__(self, content: Content, validators: Validators, *, formats: bool, max_depth: int) -> None:
        assert content.schema is not None, "XML without a schema is not read"
        assert content.xml is not None, "XML without its rules is not read"
        self._validator = validators.get(content.schema, formats=formats)
        self._max_depth = max_depth
        self._forms = [_Form(node) for node in content.xml.nodes]
        for form in self._forms:
            form.connect(self._forms)

    def check(self, charset: str | None, body: bytes) -> Wrong:
        """What is wrong with the body; `charset` is the one of its Content-Type."""
        try:
            root = xml_text.read(body, charset, self._max_depth)
            readings = self._forms[0].root(root)
        except Malformed as malformed:
            return [Violation("body", malformed.message, malformed.keyword, pointer=malformed.pointer)]
        if any(self._validator.is_valid(value) for value in readings):
            return None
        return explain(self._validator, readings[0], "body")


class _Form:
    """One node made ready."""

    __slots__ = (
        "_additional", "_arrays", "_attributes", "_elements", "_item", "_nulls", "_object", "_scalar", "_scalars", "_text", "_trimmed",
        "node",
    )  # fmt: skip

    def __init__(self, node: XmlNode) -> None:
        types = frozenset(node.types)
        self.node = node
        self._scalar: Scalar = scalar(types)
        self._trimmed = bool(types) and "string" not in types
        self._scalars = not types or bool(types - {"array", "object", "null"})
        self._object = not types or "object" in types
        self._elements: dict[str, list[tuple[str, _Form, bool]]] = {}
        self._attributes: dict[tuple[str, str], tuple[str, _Form]] = {}
        self._text: tuple[str, _Form] | None = None
        self._nulls: list[str] = []
        self._arrays: list[str] = []
        self._additional: _Form | None = None
        self._item: _Form | None = None

    def connect(self, forms: list[_Form]) -> None:
        """Find the nodes that this one holds: attributes by namespace and name, elements by their local name first."""
        node = self.node
        self._additional = None if node.additional is None else forms[node.additional]
        self._item = None if node.items is None else forms[node.items]
        for name, index in node.properties.items():
            form = forms[index]
            if form.node.kind == "attribute":
                self._attributes[form.node.namespace or "", form.node.name or name] = (name, form)
                if "null" in form.node.types:
                    self._nulls.append(name)
            elif form.node.kind == "text":
                self._text = (name, form)
            else:
                # In the place of an array that is not wrapped stand its items.
                repeated = form.node.items is not None and not form.node.wrapped
                shown = forms[form.node.items] if form.node.items is not None and repeated else form
                self._elements.setdefault(shown.node.name or name, []).append((name, shown, repeated))
                if repeated:
                    self._arrays.append(name)

    def root(self, element: Element) -> Readings:
        """The readings of the root element. Where no rule speaks of a namespace, it may have any."""
        if not self._called(element, element.namespace):
            name = "any name" if self.node.name is None else f"the name '{self.node.name}'"
            space = "" if self.node.namespace is None else f" in the namespace {self.node.namespace}"
            raise Malformed("xml", f"must have a root element with {name}{space}")
        return self._value(element)

    def _called(self, element: Element, around: str) -> bool:
        """Whether an element is this node; `around` is the namespace of the element that holds it."""
        node = self.node
        if node.name is not None and node.name != element.name:
            return False
        return element.namespace == node.namespace if node.namespace is not None else element.namespace in ("", around)

    def _value(self, element: Element) -> Readings:
        children = element.children
        attributes = {name: value for name, value in element.attributes.items() if name[0] not in (SCHEMA_INSTANCE, XML)}
        text = element.text
        if element.attributes.get((SCHEMA_INSTANCE, "nil")) in ("true", "1") and not (children or text.strip(_SPACE)):
            return (None,)
        if self._item is not None:
            if attributes or text.strip(_SPACE):
                raise Malformed("xml", "must hold elements, and nothing beside them")
            return arrays(self._items(self._item, children, element.namespace))
        if children or attributes:
            if self._object:
                return self._members(element, attributes)
            if children:
                return (_as_it_is(element),)  # for the schema to refuse by its type
            raise Malformed("xml", "must not have attributes")
        if not self._scalars:
            return self._members(element, attributes)
        readings = self._read(text)
        return [*readings, {}] if self._object and not text.strip(_SPACE) else readings

    def _read(self, text: str) -> Readings:
        return self._scalar(text.strip(_SPACE) if self._trimmed else text)

    def _items(self, item: _Form, children: list[Element], around: str) -> list[Readings]:
        found = []
        for index, child in enumerate(children):
            if not item._called(child, around):
                raise Malformed("xml", f"must be an element '{item.node.name}'", f"/{index}")
            found.append(_inside(index, item, child))
        return found

    def _members(self, element: Element, attributes: dict[tuple[str, str], str]) -> Readings:
        parts: dict[str, Readings] = {}
        for (namespace, local), value in attributes.items():
            name, form = self._attributes.get((namespace, local)) or (self._undeclared(local), self._additional)
            _once(name, parts)
            parts[name] = (value,) if form is None else form._read(value)
        same: dict[str, list[Readings]] = {}
        free: dict[str, list[object]] = {}
        for child in element.children:
            name, form, repeated = self._declared(child, element.namespace)
            if form is None:
                free.setdefault(name, []).append(_as_it_is(child))
            elif repeated:
                items = same.setdefault(name, [])
                items.append(_inside(f"{escaped(name)}/{len(items)}", form, child))
            else:
                _once(name, parts)
                parts[name] = _inside(escaped(name), form, child)
        for name, items in same.items():
            _once(name, parts)
            parts[name] = arrays(items)
        for name, values in free.items():
            _once(name, parts)
            # No rule speaks of these, and so none says that there is but one.
            parts[name] = (values if len(values) > 1 else values[0],)
        self._read_text(element.text, parts)
        for name in self._nulls:
            parts.setdefault(name, (None,))
        absent = [name for name in self._arrays if name not in parts]
        # An array without a wrapper that is empty, and one that is not there, are written alike.
        return [*objects(parts), *objects({**parts, **dict.fromkeys(absent, ([],))})] if absent else objects(parts)

    def _declared(self, child: Element, around: str) -> tuple[str, _Form | None, bool]:
        for name, form, repeated in self._elements.get(child.name, ()):
            if form._called(child, around):
                return name, form, repeated
        return self._undeclared(child.name), self._additional, False

    def _undeclared(self, name: str) -> str:
        """The name of a property that no rule speaks of; it must not pass for one that is written otherwise."""
        if name in self.node.properties:
            raise Malformed("xml", "must be written as the `xml` of its schema says", f"/{escaped(name)}")
        return name

    def _read_text(self, text: str, parts: dict[str, Readings]) -> None:
        bare = text.strip(_SPACE)
        if self._text is None:
            if bare:
                raise Malformed("xml", "must not have text beside its elements")
            return
        name, form = self._text
        _once(name, parts)
        if "string" in form.node.types or not form.node.types:
            # White space around a CDATA section is there for the eye, and may be meant all the same.
            parts[name] = [*dict.fromkeys((*form._scalar(bare), *form._scalar(text)))]
        elif bare:
            parts[name] = form._read(text)


def _inside(place: str | int, form: _Form | None, element: Element) -> Readings:
    if form is None:
        return (_as_it_is(element),)
    try:
        return form._value(element)
    except Malformed as malformed:
        raise Malformed(malformed.keyword, malformed.message, f"/{place}{malformed.pointer}") from None


def _once(name: str, parts: Iterable[str]) -> None:
    if name in parts:
        raise Malformed("xml", "must be given only once", f"/{escaped(name)}")


def _as_it_is(element: Element) -> object:
    """The value of an element that no rule speaks of: its text, or an object of what it holds."""
    if not (element.children or element.attributes):
        return element.text
    found: dict[str, object] = {name: value for (_, name), value in element.attributes.items()}
    for child in element.children:
        value = _as_it_is(child)
        before = found.get(child.name)
        if child.name not in found:
            found[child.name] = value
        elif isinstance(before, list):
            before.append(value)
        else:
            found[child.name] = [before, value]
    return found
