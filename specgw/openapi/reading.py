"""How one object of a document is read: references followed, types and field names checked, every fault a finding."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from specgw.diagnostics import Findings, closest
from specgw.openapi.fields import FIELDS, MOVED, REFERABLE, REFERABLE_32, SINCE, Type
from specgw.openapi.library import Library
from specgw.openapi.model import Node, kind_of

_EXPECTED: dict[Type, tuple[str, type | tuple[type, ...]]] = {
    "text": ("a string", str),
    "string": ("a string", str),
    "flag": ("true or false", bool),
    "mapping": ("a mapping", dict),
    "list": ("a list", list),
    "schema": ("a schema, which is a mapping", dict),
}

# Fields that the gateway does not act on: losing one of them to a typing error harms readers only.
_PROSE = frozenset(("contact", "license", "tags", "externalDocs", "example", "examples", "links", "callbacks", "webhooks", "deprecated"))


# Where nothing at all may be said, people leave out the braces as well.
_MAY_BE_EMPTY = frozenset(("Media Type", "Header", "Response"))


class Reading:
    """Reads the objects of one contract. What is wrong is reported once, and then treated as absent."""

    def __init__(self, library: Library, findings: Findings, version: str) -> None:
        self.library = library
        self.findings = findings
        self.version = version
        self._checked: set[tuple[str, str, str]] = set()

    def object(self, node: Node | None, kind: str) -> Node | None:
        """The OpenAPI object at a node, `$ref` followed and fields checked; None, with a finding, if it is not one."""
        if node is None:
            return None
        found = self.follow(node, kind)
        if found is None:
            return None
        if found.value is None and kind in _MAY_BE_EMPTY:
            self.findings.add("empty-field", found, f"this {kind} Object has no value", hint="write '{}' where nothing is to be said")
            return Node(found.document, found.pointer, {})
        if not isinstance(found.value, dict):
            self.findings.add("wrong-type", found, f"this has to be a mapping, the {kind} Object, not {kind_of(found.value)}")
            return None
        self.check(found, kind)
        return found

    def follow(self, node: Node, kind: str) -> Node | None:
        """The node, or what its `$ref` leads to; says where a reference may not stand, or has neighbours in vain."""
        value = node.value
        if not isinstance(value, dict) or "$ref" not in value:
            return node
        if kind not in (REFERABLE if self.version < "3.2" else REFERABLE_32):
            self._misplaced(node, kind if kind.startswith("`") else f"the {kind} Object")
        for key in value:
            if key not in ("$ref", "summary", "description") and (key == "x-gateway" or not key.startswith("x-")):
                self.findings.add(
                    "reference-siblings",
                    node.at(key),
                    f"'{key}' has no effect beside `$ref`",
                    hint="move it to what the reference leads to",
                )
        return self.library.resolve(node)

    def _misplaced(self, node: Node, kind: str) -> None:
        """Say it once for a file: who splits a document this way does so everywhere."""
        mark = (node.file, "$ref", kind)
        if mark not in self._checked:
            self._checked.add(mark)
            message = f"OpenAPI has no `$ref` in place of {kind}; here and elsewhere in this file it is followed all the same"
            self.findings.add("misplaced-reference", node.at("$ref"), message, hint="other tools may refuse it")

    def check(self, node: Node, kind: str) -> None:
        """Report fields that the object does not have, or that have the wrong type; once for each object."""
        mark = (node.file, node.pointer, kind)
        if mark in self._checked:
            return
        self._checked.add(mark)
        fields = FIELDS[kind]
        for key, value in list(node.value.items()):
            expected = fields.get(key)
            if expected is None:
                if not key.startswith("x-") and key != "$ref":
                    self._unknown(node, key, kind)
            elif expected != "any" and not isinstance(value, _EXPECTED[expected][1]):
                if not self._meant(node, key, value, expected):
                    self._mistyped(node, key, value, expected)
            elif not self.has(kind, key):
                since = SINCE[kind, key]
                message = f"'{key}' came with OpenAPI {since} and has no effect here"
                self.findings.add("unknown-field", node.at(key), message, hint=f"say 'openapi: {since}.0'")

    def has(self, kind: str, key: str) -> bool:
        """Whether the version that is read has a field of an object."""
        return SINCE.get((kind, key), "3.0") <= self.version

    def field(self, node: Node, key: str, expected: type) -> Any:
        """The value of a field if it has the expected type, else None. Faults were reported by `check`."""
        value = node.value.get(key)
        return value if isinstance(value, expected) else None

    def flag(self, node: Node, key: str, default: bool = False) -> bool:
        """The value of a boolean field."""
        value = node.value.get(key)
        return value if isinstance(value, bool) else default

    def elements(self, node: Node, key: str) -> Iterator[Node]:
        """The elements of a list field; nothing where it is absent or no list."""
        child = self._container(node, key)
        return child.elements() if child is not None else iter(())

    def members(self, node: Node, key: str, *, extensible: bool = False) -> Iterator[tuple[str, Node]]:
        """The members of a mapping field; nothing where it is absent or no mapping.

        `extensible` leaves out those whose names start with `x-`; where names are the author's own, they do not.
        """
        child = self._container(node, key)
        if child is not None:
            for name, member in child.items():
                if not extensible or not name.startswith("x-"):
                    yield name, member

    def schema(self, node: Node, key: str = "schema") -> Node | None:
        """The `schema` of a node where there is one that can be one: a mapping, or a boolean since OpenAPI 3.1."""
        schema = node.get(key)
        if schema is None or not isinstance(schema.value, dict | bool) or (isinstance(schema.value, bool) and self.version == "3.0"):
            return None
        return schema

    def _container(self, node: Node, key: str) -> Node | None:
        child = node.get(key)
        if child is not None and isinstance(child.value, dict) and isinstance(child.value.get("$ref"), str):
            return self.follow(child, f"`{key}`")
        return child

    def _unknown(self, node: Node, key: str, kind: str) -> None:
        place = node.at(key)
        message = f"'{key}' is not a field of the {kind} Object"
        moved = MOVED.get((kind, key))
        if moved is not None:
            self.findings.add("unknown-field", place, message, hint=moved)
            return
        meant = _looked_for(key, kind, node.value)
        if meant is not None:
            harmless = FIELDS[kind][meant] == "text" or meant in _PROSE
            self.findings.add("unknown-field" if harmless else "misspelt-field", place, message, hint=f"did you mean '{meant}'?")
            return
        self.findings.add("unknown-field", place, message, hint="fields of your own start with 'x-'")

    def _meant(self, node: Node, key: str, value: Any, expected: Type) -> bool:
        """Put the value in place that a text, a number or a reference plainly stands for; False where nothing does."""
        if expected == "flag" and isinstance(value, str) and value.lower() in ("true", "false"):
            meant: Any = value.lower() == "true"
            message = f"'{key}' is a text; it is read as {value.lower()}"
            self.findings.add("read-as-meant", node.at(key), message, hint="leave out the quotes")
        elif expected == "string" and isinstance(value, int):
            meant = _shown(value)
            message = f"'{key}' has to be {_EXPECTED[expected][0]}, not {kind_of(value)}"
            self.findings.add("unquoted-text", node.at(key), message, hint=f"put it in quotes: {key}: '{meant}'")
        elif expected == "text" and isinstance(value, dict) and isinstance(value.get("$ref"), str):
            target = self.follow(node.at(key), f"`{key}`")
            if target is None or not isinstance(target.value, str):
                return False
            meant = target.value
        else:
            return False
        node.value[key] = meant
        return True

    def _mistyped(self, node: Node, key: str, value: Any, expected: Type) -> None:
        if isinstance(value, bool) and expected == "schema" and self.version != "3.0":
            return
        if expected == "mapping" or expected == "list":
            container = self._container(node, key)
            if container is None or (container.value is not value and isinstance(container.value, _EXPECTED[expected][1])):
                return
        place = node.at(key)
        if value is None:
            self.findings.add("empty-field", place, f"'{key}' has no value", hint="leave it out, or give it one")
            return
        message = f"'{key}' has to be {_EXPECTED[expected][0]}, not {kind_of(value)}"
        if expected in ("text", "string") and not isinstance(value, dict | list):
            hint = f"put it in quotes: {key}: '{_shown(value)}'"
        elif expected == "flag" and isinstance(value, str):
            hint = "write true or false, without quotes"
        else:
            hint = None
        code = "unquoted-text" if expected == "text" else "ignored-value" if key in _PROSE or key == "servers" else "wrong-type"
        self.findings.add(code, place, message, hint=hint)


def _shown(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _looked_for(key: str, kind: str, present: dict[str, Any]) -> str | None:
    """The field that a key looks like, if that is not there as well."""
    fields = [field for field in FIELDS[kind] if field not in present]
    folded = {field.lower(): field for field in fields}
    plain = key.lower().replace("-", "").replace("_", "")
    if plain in folded:
        return folded[plain]
    # 0.8: one wrong letter in five. Looser, and any word of prose is somebody's typing error. Methods are short, and nothing
    # else in a path item is a mapping: there one wrong letter in three is seen.
    method = kind == "Path Item" and isinstance(present[key], dict)
    close = closest(plain, folded, likeness=0.65 if method else 0.8)
    return None if close is None else folded[close]
