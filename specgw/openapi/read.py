"""From a document to its Contract: the operations with everything that they inherit, references followed.

Structural faults become findings and what they touch is left out; the rest is read on, so that one compile shows all
of them.
"""

from __future__ import annotations

import re
from dataclasses import replace

from specgw.diagnostics import Findings, closest
from specgw.http import TOKEN
from specgw.openapi.bodies import read_request_body
from specgw.openapi.fields import METHODS
from specgw.openapi.library import Library
from specgw.openapi.model import Contract, Document, Node, Operation, Parameter, kind_of
from specgw.openapi.parameters import Key, Parameters
from specgw.openapi.reading import Reading
from specgw.openapi.references import check_references
from specgw.openapi.responses import Responses
from specgw.openapi.security import Security
from specgw.openapi.servers import Servers
from specgw.openapi.templates import Template, read_template

# OpenAPI section "Components Object".
_COMPONENT_NAME = re.compile(r"[A-Za-z0-9._-]+")


def read(document: Document, library: Library, findings: Findings) -> Contract | None:
    """Read an OpenAPI root document; None, with an error among the findings, where it is of no version that is read."""
    root = Node(document, "", document.value)
    if not _readable(root, findings):
        return None
    reading = Reading(library, findings, document.version)
    reading.check(root, "OpenAPI")
    title = _title(root, reading)
    for tag in reading.elements(root, "tags"):
        reading.object(tag, "Tag")
    components = root.get("components")
    if components is not None and isinstance(components.value, dict):
        reading.check(components, "Components")
        _check_names(components, reading)
    security = Security(reading, root)
    operations = _Operations(reading, root, security).all()
    check_references(root, library)
    return Contract(root, document.version, title, tuple(operations), security.schemes)


def _readable(root: Node, findings: Findings) -> bool:
    """Whether this is a document of a version that can be read."""
    value = root.value
    if not isinstance(value, dict):
        findings.add(
            "not-openapi", root, f"this is not an OpenAPI document: its root is {kind_of(value)}", hint="it begins with 'openapi: 3.1.0'"
        )
        return False
    if "openapi" not in value and "swagger" not in value:
        seen = ", ".join(list(value)[:5]) or "nothing"
        close = next((key for key in value if key.lower() in ("openapi", "swagger")), None)
        hint = f"write 'openapi' instead of '{close}'" if close is not None else "it begins with 'openapi: 3.1.0'"
        findings.add("not-openapi", root, f"this is not an OpenAPI document: its root has no `openapi`, but {seen}", hint=hint)
        return False
    if root.document.version:
        return True
    if "openapi" not in value:
        stated, place = value["swagger"], root.at("swagger")
        message = f"Swagger {stated if isinstance(stated, str | int | float) else kind_of(stated)} is not read"
        hint = "of Swagger, 2.0 is read: \"swagger: '2.0'\""
    else:
        stated = value["openapi"]
        shown = f"'{stated}'" if isinstance(stated, str | int | float) else kind_of(stated)
        message, place = f"{shown} is not a version of OpenAPI that is read", root.at("openapi")
        hint = "3.0, 3.1 and 3.2 are read: 'openapi: 3.1.0'"
    findings.add("unsupported-version", place, message, hint=hint)
    return False


def _title(root: Node, reading: Reading) -> str:
    info = reading.object(root.get("info"), "Info") if isinstance(root.value.get("info"), dict) else None
    if info is None:
        if "info" not in root.value:
            reading.findings.add("incomplete", root, "the document has no `info`", hint="add 'info: {title: …, version: …}'")
        return ""
    for key in ("title", "version"):
        if key not in info.value:
            reading.findings.add("incomplete", info, f"`info` lacks '{key}'")
    title = info.value.get("title")
    return title if isinstance(title, str) else ""


def _check_names(components: Node, reading: Reading) -> None:
    """Component names are made of few characters, so that they can stand in references and in generated code."""
    for section, members in components.items():
        if not section.startswith("x-"):
            for name, member in members.items():
                if not _COMPONENT_NAME.fullmatch(name):
                    message = f"'{name}' is not a name that a component can have"
                    reading.findings.add("component-name", member, message, hint="names are made of letters, digits, '.', '-' and '_'")


class _Operations:
    """Reads all operations of a contract."""

    def __init__(self, reading: Reading, root: Node, security: Security) -> None:
        self._reading = reading
        self._root = root
        self._parameters = Parameters(reading)
        self._responses = Responses(reading, self._parameters)
        self._servers = Servers(reading)
        self._security = security
        self._servers.of(root)
        self._ids: dict[str, Operation] = {}

    def all(self) -> list[Operation]:
        """The operations in the order of the document."""
        reading, root = self._reading, self._root
        operations: list[Operation] = []
        if not isinstance(root.value.get("paths"), dict):
            self._no_paths()
            return operations
        for path, item in reading.members(root, "paths", extensible=True):
            template = read_template(path, item, reading.findings)
            levels = self._levels(item)
            shared: dict[Key, Parameter] = {}
            for level in reversed(levels):
                shared |= self._parameters.listed(level)
            for method, stated, level in self._declared(levels):
                operation = self._operation(template, method, stated, level, levels, shared)
                if operation is not None:
                    operations.append(operation)
        return operations

    def _no_paths(self) -> None:
        root, reading = self._root, self._reading
        if root.value.get("paths") is None and (reading.version == "3.0" or not ("webhooks" in root.value or "components" in root.value)):
            reading.findings.add("missing-field", root.at("paths"), "the document has no `paths`, so that there is nothing to serve")

    def _levels(self, item: Node) -> tuple[Node, ...]:
        """A path item and those that its `$ref` leads to, the nearest first: what a nearer one says is in force."""
        reading = self._reading
        levels: list[Node] = []
        node: Node | None = item
        while node is not None:
            if node.value is None:
                reading.findings.add("empty-field", node, "this path item holds nothing", hint="leave it out, or give it a method")
                break
            if not isinstance(node.value, dict):
                reading.findings.add("wrong-type", node, f"a path item has to be a mapping, not {kind_of(node.value)}")
                break
            if any(level.file == node.file and level.pointer == node.pointer for level in levels):
                reading.library.resolve(item)  # reports the circle
                break
            reading.check(node, "Path Item")
            for key in node.value:
                hidden = next((level for level in levels if key in level.value), None)
                if hidden is not None and key != "$ref" and not key.startswith("x-"):
                    message = f"'{key}' stands in the referenced path item as well; this one is taken"
                    reading.findings.add(
                        "reference-siblings", hidden.at(key), message, hint="OpenAPI leaves open which one counts: keep one"
                    )
            levels.append(node)
            node = reading.library.follow(node) if "$ref" in node.value else None
        return tuple(levels)

    def _declared(self, levels: tuple[Node, ...]) -> list[tuple[str, Node, Node]]:
        """The methods of a path item in the order in which they stand there, each with its operation and the level that it is of."""
        found: dict[str, tuple[Node, Node]] = {}
        for level in levels:
            for key, stated in level.items():
                if key in METHODS and self._reading.has("Path Item", key):
                    found.setdefault(key.upper(), (stated, level))
                elif key == "additionalOperations" and self._reading.has("Path Item", key):
                    for method, further in self._reading.members(level, key):
                        if self._additional(method, further):
                            found.setdefault(method, (further, level))
        return [(method, *places) for method, places in found.items()]

    def _additional(self, method: str, place: Node) -> bool:
        """Whether a key of `additionalOperations` is a method that can be served from there."""
        add = self._reading.findings.add
        if method.lower() in METHODS:
            message = f"`additionalOperations` cannot hold '{method}', which is a field of the path item"
            add("wrong-value", place, message, hint=f"move it to '{method.lower()}' of the path item")
            return False
        if method == "CONNECT" or TOKEN.fullmatch(method) is None:
            message = f"'{method}' is no method of an operation; it is left out"
            hint = "CONNECT asks for a tunnel, which a gateway does not open" if method == "CONNECT" else "a method is a token, like COPY"
            add("wrong-value", place, message, hint=hint)
            return False
        if not isinstance(place.value, dict):
            add("wrong-type", place, f"an operation has to be a mapping, not {kind_of(place.value)}")
            return False
        return True

    def _operation(
        self, template: Template, method: str, stated: Node, level: Node, levels: tuple[Node, ...], shared: dict[Key, Parameter]
    ) -> Operation | None:
        reading = self._reading
        node = reading.object(stated, "Operation") if isinstance(stated.value, dict) else None
        if node is None:
            return None
        parameters = self._in_path(template, shared | self._parameters.listed(node), node)
        operation = Operation(
            node=node,
            path_item=level,
            root=self._root,
            path=template.path,
            method=method,
            operation_id=reading.field(node, "operationId", str) or None,
            parameters=parameters,
            request_body=read_request_body(reading, node, method),
            responses=self._responses.of(node),
            security=self._security.of(node),
            servers=self._servers.of(node, *levels, self._root),
            deprecated=reading.flag(node, "deprecated"),
            tags=self._tags(node),
            query=template.query,
            path_levels=tuple(reversed(levels)),
        )
        self._identify(operation)
        return operation

    def _tags(self, node: Node) -> tuple[str, ...]:
        tags = []
        for tag in self._reading.elements(node, "tags"):
            if isinstance(tag.value, str):
                tags.append(tag.value)
            else:
                self._reading.findings.add("unquoted-text", tag, f"a tag has to be a string, not {kind_of(tag.value)}")
        return tuple(tags)

    def _in_path(self, template: Template, parameters: dict[Key, Parameter], node: Node) -> tuple[Parameter, ...]:
        """The parameters of an operation, path parameters held against the template."""
        findings = self._reading.findings
        path, names = template.path, template.names
        for name, first in template.repeated.items():
            if ("path", first) in parameters:
                parameters.setdefault(("path", name), replace(parameters["path", first], name=name))
        declared = [name for location, name in parameters if location == "path"]
        for name in names:
            if name not in declared:
                message = f"'{{{name}}}' of '{path}' is not declared as a path parameter, so its value is not checked"
                close = closest(name, (other for other in declared if other not in names))
                hint = f"add '- {{name: {name}, in: path, required: true, schema: {{type: string}}}}'"
                if close is not None:
                    hint = f"did you mean '{close}', which is declared?"
                findings.add("undeclared-path-parameter", node, message, hint=hint)
        self._one_way(parameters, node)
        kept = []
        for parameter in parameters.values():
            if parameter.location == "path" and parameter.name not in names:
                message = f"the path parameter '{parameter.name}' does not occur in '{path}'; it is left out"
                close = closest(parameter.name, names)
                hint = f"did you mean '{close}'?" if close is not None else f"remove it, or put '{{{parameter.name}}}' into the path"
                findings.add("unused-path-parameter", parameter.node, message, hint=hint)
                continue
            kept.append(parameter)
        return tuple(kept)

    def _one_way(self, parameters: dict[Key, Parameter], node: Node) -> None:
        """3.2: a "querystring" parameter stands alone, and not beside "query" parameters."""
        whole = [parameter for parameter in parameters.values() if parameter.location == "querystring"]
        others = [parameter for parameter in parameters.values() if parameter.location == "query"]
        for parameter in (*whole[1:], *(others if whole else ())):
            message = f"'{whole[0].name}' is the whole query string, so that there is nothing left for '{parameter.name}'"
            self._reading.findings.add("ambiguous-parameter", parameter.node, message, hint="describe it in the schema of the former")

    def _identify(self, operation: Operation) -> None:
        """Hold operationIds against each other: they are unique in a document."""
        name = operation.operation_id
        if name is None:
            return
        first = self._ids.setdefault(name, operation)
        # Two paths that refer to one path item share its operations, and with them the operationId.
        if first is not operation and (first.node.file, first.node.pointer) != (operation.node.file, operation.node.pointer):
            place = first.node.at("operationId").written()
            message = f"the operationId '{name}' is taken by {first.method} {first.path} ({place})"
            self._reading.findings.add(
                "duplicate-operation-id", operation.node.at("operationId"), message, hint="give each operation a name of its own"
            )
