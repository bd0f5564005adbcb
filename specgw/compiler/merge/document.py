"""Writes one merged OpenAPI 3.1 document from what several contracts publish.

What a contract says once for many operations (root `security`, parameters of a path) is said at each operation here,
since paths of several contracts may meet. The only server is the gateway.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Sequence
from dataclasses import dataclass, replace
from typing import Any

import msgspec

from specgw.compiler.declared import Declared
from specgw.compiler.merge import answers
from specgw.compiler.merge.bundle import Bundler, Scope
from specgw.compiler.merge.components import SECTIONS, Component, Pointer, Reference
from specgw.compiler.merge.fields import fitting
from specgw.compiler.merge.later import METHODS_OF_32, QUERYSTRING, put
from specgw.compiler.merge.operations import Directory
from specgw.compiler.merge.overview import info, overview_extensions, tags
from specgw.compiler.merge.split import Published, entries, split
from specgw.compiler.references import Follow, final
from specgw.compiler.retirement import extensions
from specgw.diagnostics import FilePlace
from specgw.openapi.model import Node
from specgw.openapi.responses import status_key
from specgw.plan.model import Conditions, Edge, Route
from specgw.plan.template import parse

# 3.1.0 rather than a later patch: patches change no meaning, and some tools know only the first.
VERSION = "3.1.0"


def merge(declared: Sequence[Declared], edge: Edge, follow: Follow) -> dict[str, dict[str, Any]]:
    """The merged documents by file name. The same for the same documents, in whichever order they were given."""
    everything = entries(declared)
    published = [entry for entry in everything if entry.route.visibility == "public"]
    # Internal routes are not shown, and yet they take requests.
    overshadowed = answers.overshadowing(everything)
    return {name: _Writer(held, declared, edge, follow, overshadowed).document() for name, held in split(published).items()}


def merge_service(declared: Sequence[Declared], follow: Follow, service: str, kept: Container[str]) -> dict[str, Any] | None:
    """The document of one service as it has to keep it itself: the paths that it gets, its own answers alone.

    `kept`: the schemes, by their key in the Plan, whose credentials reach the service; others are nothing that it could ask for.
    None where no document has this name, or none of its operations is served.
    """
    own = [operation for operation in declared if operation.service == service]
    behind = [
        replace(entry, route=route, template=parse(route.path))
        for entry in entries(own)
        for route in (msgspec.structs.replace(entry.route, path=_behind(entry.route), hosts=(), conditions=Conditions()),)
    ]
    first = list({(entry.route.method, entry.template.key): entry for entry in reversed(behind)}.values())[::-1]
    return _Writer(first, own, Edge(), follow, kept=kept).document() if first else None


def _behind(route: Route) -> str:
    """The path template that the service gets: the document's own, unless it is rewritten."""
    if route.rewrite is None:
        return route.document_path
    return route.rewrite.template or f"{route.rewrite.prefix or ''}{route.document_path}"


@dataclass(slots=True)
class _Gateway:
    """Stands in for a document where a component is the gateway's own."""

    file: str = "gateway"
    value: None = None
    version: str = "3.1"

    def written(self, pointer: str) -> FilePlace:
        """Nowhere."""
        return FilePlace(self.file)

    def line(self, number: int) -> str:
        """No text."""
        return ""


class _Writer:
    """Makes one document."""

    def __init__(
        self,
        entries: Sequence[Published],
        declared: Sequence[Declared],
        edge: Edge,
        follow: Follow,
        overshadowed: Callable[[Published], bool] | None = None,
        *,
        kept: Container[str] | None = None,
    ) -> None:
        """`overshadowed` and `kept`: either the gateway's own view, with its own answers, or a service's."""
        self._entries = entries
        self._declared = declared
        self._edge = edge
        self._follow = follow
        self._overshadowed = overshadowed
        self._kept = kept
        self._directory = Directory(entries, follow)
        self._bundler = Bundler(follow, self._directory.link)
        self._references: list[Reference] = []

    def document(self) -> dict[str, Any]:
        """The whole document."""
        contracts = list({entry.declared.contract.root.file: entry.declared for entry in self._entries}.values())
        known, renamed = tags(self._entries, self._declared)
        paths: dict[str, dict[str, Any]] = {}
        for entry in self._entries:
            path = self._directory.path(entry)
            item = paths.setdefault(path, self._path_item(path))
            put(item, entry.route.method, self._operation(entry, renamed))
        document: dict[str, Any] = {
            "openapi": VERSION,
            "info": info([operation.contract for operation in contracts]),
            "servers": [{"url": _server(self._edge)}],
            "tags": known,
            "paths": paths,
        }
        if len(contracts) == 1:
            document |= overview_extensions(contracts[0].contract)
        webhooks = self._webhooks(contracts)
        self._bundler.finish(self._references)
        components = {section: found for section in SECTIONS if (found := self._bundler.components.section(section))}
        optional = {"tags": known, "webhooks": webhooks, "components": components}
        return {key: value for key, value in {**document, **optional}.items() if key not in optional or value}

    def _scope(self, declared: Declared, node: Node) -> Scope:
        owner = declared.service if declared.version is None else f"{declared.service}.{declared.version}"
        contract = declared.contract
        return Scope(node.document, contract.root, contract.version, owner, self._references, schemes=contract.schemes)

    def _path_item(self, path: str) -> dict[str, Any]:
        """What is said of a path as a whole, where all documents that share it say the same."""
        items = [entry.declared.operation.path_item.value for entry in self._directory.sharing(path)]
        said = [{key: value for key, value in fitting("pathItem", item) if _told(key)} for item in items]
        return dict(said[0]) if all(other == said[0] for other in said) else {}

    def _operation(self, entry: Published, renamed: dict[tuple[str, str], str]) -> dict[str, Any]:
        operation = entry.declared.operation
        scope = self._scope(entry.declared, operation.node)
        raw: dict[str, Any] = operation.node.value
        apart = ("parameters", "security", "responses")
        copied: dict[str, Any] = dict.fromkeys(raw)  # the author's order
        copied |= self._bundler.copy("operation", {key: value for key, value in raw.items() if key not in apart}, scope)
        copied["parameters"] = self._parameters(entry, scope)
        for parameter in [parameter for parameter in copied["parameters"] if parameter.get("in") == "querystring"]:
            copied["parameters"].remove(parameter)
            copied[QUERYSTRING] = parameter
        copied["responses"] = self._responses(entry, scope)
        security = raw.get("security", entry.declared.contract.root.value.get("security"))
        security = security if self._kept is None else _reaching(security, entry.declared, self._kept)
        copied["security"] = None if security is None else self._bundler.security(security, scope)
        copied["operationId"] = self._directory.name(entry)
        file = entry.declared.contract.root.file
        copied["tags"] = [renamed.get((file, tag), tag) for tag in operation.tags]
        for name, value in extensions(entry.declared.settings).items():
            copied.setdefault(name, value)
        if entry.route.unenforced:
            copied["x-specgw-unenforced"] = list(entry.route.unenforced)
        return {key: value for key, value in copied.items() if value is not None and (value or key not in ("parameters", "tags"))}

    def _parameters(self, entry: Published, scope: Scope) -> list[Any]:
        """The operation's parameters, then those of its path that it does not override; path parameters as the path names them."""
        operation = entry.declared.operation
        names = self._directory.path_parameters(entry)
        copied: list[Any] = []
        seen: set[tuple[object, object]] = set()
        for holder in (operation.node, *reversed(operation.path_levels)):
            listed = holder.value.get("parameters")
            for value in listed if isinstance(listed, list) else ():
                target = final(Node(holder.document, "", value), self._follow)
                if target is None or not isinstance(target.value, dict):
                    continue
                name, location = str(target.value.get("name")), target.value.get("in")
                if (location, name) in seen or (location == "path" and name not in names):
                    continue
                seen.add((location, name))
                here = replace(scope, document=holder.document)
                inlined = replace(here, document=target.document)
                if location == "querystring":
                    copied.append(self._bundler.copy("parameter", target.value, inlined))
                elif location != "path" or (names[name] == name and target.value.get("required") is True):
                    copied.append(self._bundler.copy("parameter", value, here))
                else:
                    made = self._bundler.copy("parameter", target.value, inlined)
                    copied.append({**made, "name": names[name], "required": True})
        for name, shown in names.items():
            alike = next((known for known in operation.parameters if (known.location, known.name) == ("path", name)), None)
            if ("path", name) not in seen and alike is not None:
                # Its path has the name twice (see `openapi.templates`).
                made = self._bundler.copy("parameter", alike.node.value, replace(scope, document=alike.node.document))
                copied.append({**made, "name": shown, "required": True})
            elif ("path", name) not in seen:
                copied.append({"name": shown, "in": "path", "required": True, "schema": {"type": "string"}})
        return copied

    def _responses(self, entry: Published, scope: Scope) -> dict[str, Any]:
        """The declared responses, and the gateway's own answers where these do not stand in their way."""
        raw = entry.declared.operation.node.value.get("responses")
        said: dict[str, Any] = raw if isinstance(raw, dict) else {}
        declared = {known: value for key, value in said.items() if (known := status_key(key)) is not None}
        copied: dict[str, Any] = self._bundler.copy("operation", {"responses": said}, scope)["responses"]
        by_cookie, behaviour = entry.declared.by_cookie, entry.declared.settings.mock
        for status in answers.statuses(entry.route, self._overshadowed(entry), by_cookie, behaviour) if self._overshadowed else ():
            key = answers.covering(declared, status)
            if key is None:
                copied[str(status)] = self._pointer(self._answer(status), self._references)
                continue
            target = final(Node(scope.document, "", declared[key]), self._follow)
            if target is not None and isinstance(target.value, dict):
                response = self._bundler.copy("response", target.value, replace(scope, document=target.document))
                copied[str(status)] = answers.extended(response, self._pointer(self._schema("Problem"), self._references))
        # 101 ends the exchange where WebSockets are opened; every other 1xx is followed by an answer.
        if not any(key[0] != "1" or entry.route.websocket is not None for key in declared):
            copied["default"] = {"description": answers.UNDESCRIBED}
        return dict(sorted(copied.items(), key=lambda item: _response_order(item[0])))

    def _webhooks(self, contracts: Sequence[Declared]) -> dict[str, Any]:
        """Webhooks of the contracts that publish something; where two use one name, the later one gets its service in front."""
        merged: dict[str, Any] = {}
        for declared in contracts:
            root = declared.contract.root
            for name, node in root.at("webhooks").items():
                if name.startswith("x-"):
                    continue
                made = self._bundler.copy("pathItem", node.value, self._scope(declared, root))
                if made is not None:
                    merged[name if name not in merged else f"{declared.service}.{name}"] = made
        return merged

    def _answer(self, status: int) -> Component:
        name, description = answers.named(status)
        references: list[Reference] = []
        schema = self._pointer(self._schema("Problem"), references)
        fields = {"headers": answers.HEADERS[status]} if status in answers.HEADERS else {}
        content = {"description": description, **fields, "content": {answers.PROBLEM_TYPE: {"schema": schema}}}
        return self._bundler.own("responses", _own("responses", name), content, references)

    def _schema(self, name: str) -> Component:
        references: list[Reference] = []
        content = answers.SCHEMAS[name]
        if name == "Problem":
            violations = {**content["properties"]["violations"], "items": self._pointer(self._schema("Violation"), references)}
            content = {**content, "properties": {**content["properties"], "violations": violations}}
        return self._bundler.own("schemas", _own("schemas", name), content, references)

    @staticmethod
    def _pointer(component: Component, references: list[Reference]) -> dict[str, Any]:
        holder = {"$ref": ""}
        references.append(Pointer(holder, "$ref", component))
        return holder


def _reaching(security: Any, declared: Declared, kept: Container[str]) -> Any:
    """What is left of `security` where only some credentials reach the service; None where it asks for nothing then."""
    if not isinstance(security, list):
        return None
    left = [
        {name: scopes for name, scopes in alternative.items() if name in declared.schemes and declared.schemes[name].scheme in kept}
        for alternative in security
        if isinstance(alternative, dict)
    ]
    return left if left and all(left) else None


def _own(section: str, name: str) -> Node:
    return Node(_Gateway(), f"/components/{section}/{name}", None)


def _server(edge: Edge) -> str:
    """How clients reach the gateway; a reference to the environment is not resolved here, and not shown either.

    Paths are appended to it as they are (OpenAPI "Paths Object"), so that it has no slash at its end.
    """
    url = edge.listen.public_url
    return (url.rstrip("/") if url and "${" not in url else "") or "/"


def _told(key: str) -> bool:
    """Whether a field of a path item speaks of the path as a whole: prose, and the author's extensions."""
    return key in ("summary", "description") or (key.startswith("x-") and key not in METHODS_OF_32)


def _response_order(key: str) -> tuple[int, str]:
    """Statuses first, then ranges, then `default`, then extensions."""
    if key.startswith("x-"):
        return 3, key
    return 2 if key == "default" else 0 if key.isdigit() else 1, key
