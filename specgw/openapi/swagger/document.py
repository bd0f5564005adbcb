"""A whole Swagger 2.0 document as an OpenAPI 3.0 one.

By the OpenAPI Specification 2.0, section by section. What 3.0 cannot say is a finding at its place, and where that is a rule
for values the routes are marked; nothing is lost in silence.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from specgw.diagnostics import Findings
from specgw.openapi.fields import METHODS
from specgw.openapi.model import Document, Node
from specgw.openapi.swagger import payloads, security, values
from specgw.openapi.swagger.parts import Follow, Upgrade, elements
from specgw.openapi.swagger.servers import servers
from specgw.openapi.upgraded import Origins, UpgradedDocument

_ROOT = ("swagger", "host", "basePath", "schemes", "consumes", "produces", "paths", "definitions", "parameters", "responses")
_METHODS = frozenset(METHODS) - {"trace", "query"}
# Fields of OpenAPI 3 that people write into documents of 2.0: they have their meaning, and other tools ignore them.
_LATER = frozenset(("servers", "components", "webhooks", "jsonSchemaDialect", "requestBody", "callbacks"))


def upgrade(source: Document, follow: Follow, findings: Findings) -> UpgradedDocument:
    """The document as OpenAPI 3.0. `follow` leads to what stands in files as written."""
    origins = Origins()
    root = Node(source, "", source.value)
    value = _Document(Upgrade(root, follow, findings, origins), root).value()
    return UpgradedDocument(source, value, "3.0", origins)


class _Document:
    def __init__(self, upgrade: Upgrade, root: Node) -> None:
        self._upgrade = upgrade
        self._root = root
        self._consumes = payloads.media_types(root.get("consumes"))
        self._produces = payloads.media_types(root.get("produces"))
        self._unsaid = False

    def value(self) -> dict[str, Any]:
        """The root."""
        root, put = self._root, self._upgrade.put
        made: dict[str, Any] = {}
        put(made, "openapi", "3.0.3", root.at("swagger"))
        self._later(root)
        self._upgrade.copy(root, made, *_ROOT, "securityDefinitions", "components")
        listed = servers(self._upgrade, root)
        if listed:
            put(made, "servers", listed, root.get("host") or root.at("basePath"))
        if (paths := root.get("paths")) is not None:
            put(made, "paths", self._paths(paths), paths)
        components: dict[str, Any] = {}
        if (own := root.get("components")) is not None:
            self._upgrade.copy(own, components)
        self._components(components)
        if components:
            put(made, "components", components, root)
        return made

    def _later(self, part: Node) -> None:
        for key, child in part.items():
            if key in _LATER:
                message = f"'{key}' is a field of OpenAPI 3; it is read as one, but Swagger 2.0 does not have it"
                self._upgrade.findings.add("unknown-field", child, message, hint="say 'openapi: 3.0.3', or leave it out")

    def _components(self, made: dict[str, Any]) -> None:
        root, put = self._root, self._upgrade.put
        if (definitions := root.get("definitions")) is not None:
            put(made, "schemas", definitions.value, definitions)
        sections: dict[str, dict[str, Any]] = {}
        for name, part in _members(root, "parameters"):
            target = self._upgrade.target(part)
            location = target.value.get("in") if target is not None and isinstance(target.value, dict) else None
            if target is None or not isinstance(target.value, dict):
                put(sections.setdefault("parameters", {}), name, part.value, part)
            elif location == "body":
                put(sections.setdefault("requestBodies", {}), name, payloads.body(self._upgrade, target, self._consumes), part)
            elif location != "formData":
                put(sections.setdefault("parameters", {}), name, values.parameter(self._upgrade, target), part)
        for name, part in _members(root, "responses"):
            put(sections.setdefault("responses", {}), name, self._response(part, self._produces), part)
        for name, part in _members(root, "securityDefinitions"):
            put(sections.setdefault("securitySchemes", {}), name, security.scheme(self._upgrade, part), part)
        for section, members in sections.items():
            written = {"requestBodies": "parameters", "securitySchemes": "securityDefinitions"}.get(section, section)
            put(made, section, members, root.at(written))

    def _paths(self, paths: Node) -> Any:
        if not isinstance(paths.value, dict):
            return paths.value
        made: dict[str, Any] = {}
        for path, item in paths.items():
            put = self._upgrade.put
            put(made, path, item.value if path.startswith("x-") else self._path_item(item), item)
        return made

    def _path_item(self, item: Node) -> Any:
        target = self._upgrade.target(item)
        if target is None or not isinstance(target.value, dict):
            return item.value
        made: dict[str, Any] = {}
        parts = [item, target] if target is not item else [item]
        shared: list[Node] = []
        for part in parts:
            shared = [*shared, *self._listed(part)]
        described = [self._described(part) for part in shared if not _of_body(self._target(part))]
        for part in parts:
            for key, child in part.items():
                if key in ("$ref", "parameters") or key in made:
                    continue
                value = self._operation(child, shared) if key in _METHODS and isinstance(child.value, dict) else child.value
                self._upgrade.put(made, key, value, child)
        if described:
            self._upgrade.put(made, "parameters", self._list(described), (target.get("parameters") or item))
        return made

    def _operation(self, operation: Node, shared: Sequence[Node]) -> dict[str, Any]:
        upgrade, put = self._upgrade, self._upgrade.put
        consumes = payloads.media_types(operation.get("consumes")) if "consumes" in operation.value else self._consumes
        produces = payloads.media_types(operation.get("produces")) if "produces" in operation.value else self._produces
        made: dict[str, Any] = {}
        self._later(operation)
        upgrade.copy(operation, made, "consumes", "produces", "schemes", "parameters", "responses")
        own = self._listed(operation)
        described = [self._described(part) for part in own if not _of_body(self._target(part))]
        place = operation.get("parameters") or operation
        if described:
            put(made, "parameters", self._list(described), place)
        elif "parameters" in operation.value and not isinstance(operation.value["parameters"], list):
            put(made, "parameters", operation.value["parameters"], place)
        body = self._body(operation, own, shared, consumes)
        if body is not None:
            put(made, "requestBody", body, place)
        responses = operation.get("responses")
        if responses is not None:
            put(made, "responses", self._responses(responses, produces), responses)
        if "schemes" in operation.value:
            listed = servers(upgrade, self._root, operation)
            if listed:
                put(made, "servers", listed, (operation.get("schemes") or operation))
        return made

    def _body(self, operation: Node, own: Sequence[Node], shared: Sequence[Node], consumes: Sequence[str]) -> dict[str, Any] | None:
        """The request body that the parameters of an operation, and those of its path, mean."""
        found = [target for part in own if _of_body(target := self._target(part))]
        named = [(_location(part), _name(part)) for part in found]  # a list: what is written there may be anything
        for part in shared:
            target = self._target(part)
            location = _location(target)
            repeated = any(_location(other) == "body" for other in found) if location == "body" else (location, _name(target)) in named
            if _of_body(target) and not repeated:
                found.append(target)
        bodies = [part for part in found if _location(part) == "body"]
        fields = [part for part in found if _location(part) == "formData"]
        nameless = [part for part in fields if not isinstance(part.value.get("name"), str)]
        for part in nameless:
            self._upgrade.findings.add("missing-field", part, "this parameter lacks its name")
        fields = [part for part in fields if part not in nameless]
        if not bodies and not fields:
            return None
        if len(bodies) > 1 or (bodies and fields):
            made: dict[str, Any] = {}
            content: dict[str, Any] = {}
            place = (bodies or fields)[-1]
            self._upgrade.put(made, "content", content, place)
            entry: dict[str, Any] = {}
            self._upgrade.put(entry, "x-specgw-unenforced", "its parameters contradict each other", place)
            self._upgrade.put(content, "*/*", entry, place)
            message = "an operation has one body parameter, or form parameters; bodies are not checked here"
            self._upgrade.lose(place, message, "put both into one schema")
            return made
        if bodies:
            if not consumes and not self._unsaid:
                self._unsaid = True
                message = "nothing `consumes` says which types bodies have; here and elsewhere in this document they are taken for JSON"
                self._upgrade.lose(operation, message, "add 'consumes: [application/json]'")
            return payloads.body(self._upgrade, bodies[0], consumes)
        return payloads.form(self._upgrade, fields, operation, consumes)

    def _responses(self, responses: Node, produces: Sequence[str]) -> Any:
        if not isinstance(responses.value, dict):
            return responses.value
        made: dict[str, Any] = {}
        for status, part in responses.items():
            value = part.value if status.startswith("x-") else self._response(part, produces)
            self._upgrade.put(made, status, value, part)
        return made

    def _response(self, part: Node, produces: Sequence[str]) -> Any:
        target = self._upgrade.target(part)
        if target is None:
            return part.value
        # One that is shared says the same everywhere, unless an operation produces something else.
        if self._shared(part, "#/responses/") and tuple(produces) == self._produces:
            return part.value
        return payloads.response(self._upgrade, target, produces)

    def _listed(self, part: Node) -> list[Node]:
        return list(elements(part, "parameters"))

    def _target(self, part: Node) -> Node:
        return self._upgrade.target(part) or part

    def _described(self, part: Node) -> tuple[Any, Node]:
        """A parameter that is not of the body, and its place: a reference to a shared one stays one."""
        target = self._upgrade.target(part)
        if target is None or not isinstance(target.value, dict) or self._shared(part, "#/parameters/"):
            return part.value, part
        return values.parameter(self._upgrade, target), part

    def _shared(self, part: Node, prefix: str) -> bool:
        """Whether a node is a reference to a component of this document."""
        reference = part.value.get("$ref") if isinstance(part.value, dict) else None
        return isinstance(reference, str) and reference.startswith(prefix) and not self._upgrade.foreign(part)

    def _list(self, described: Sequence[tuple[Any, Node]]) -> list[Any]:
        made: list[Any] = []
        for value, place in described:
            self._upgrade.append(made, value, place)
        return made


def _location(part: Node) -> Any:
    return part.value.get("in") if isinstance(part.value, dict) else None


def _name(part: Node) -> Any:
    return part.value.get("name") if isinstance(part.value, dict) else None


def _of_body(part: Node) -> bool:
    return _location(part) in ("body", "formData")


def _members(root: Node, section: str) -> list[tuple[str, Node]]:
    held = root.get(section)
    return [] if held is None else [(name, part) for name, part in held.items() if not name.startswith("x-")]
