"""Copies parts of documents into the merged one, knowing at each key what kind of object stands there.

Only so can references be told from data: a `$ref` inside an example is left alone, a property called `x-gateway` stays,
and the extension of that name goes. What a reference leads to becomes a component.
"""

from __future__ import annotations

from collections.abc import Callable, Container
from dataclasses import dataclass, replace
from typing import Any

from specgw.compiler.merge import schemas
from specgw.compiler.merge.components import Component, Components, ImpliedMapping, Pointer, Reference, Requirement, write
from specgw.compiler.merge.defaults import drop_refused
from specgw.compiler.merge.fields import carried, fitting, portable
from specgw.compiler.merge.later import expressed
from specgw.compiler.merge.requests import NOTHING, Names, ReadOnly, without
from specgw.compiler.references import Follow, final
from specgw.http import parse_media_type
from specgw.openapi.bodies import names_meant
from specgw.openapi.fields import METHODS
from specgw.openapi.model import Document, Node
from specgw.openapi.pointers import escape
from specgw.openapi.responses import status_key

ResolveLink = Callable[["Scope", dict[str, Any]], dict[str, str] | None]
"""The `operationId` or `operationRef` of a Link Object in the merged document; None when its target is not in there."""


@dataclass(frozen=True, slots=True)
class Scope:
    """Where copied values come from: the document they stand in, and the contract that led there."""

    document: Document
    root: Node
    """The root of the contract: names of security schemes and of discriminators are its own."""
    version: str
    owner: str
    references: list[Reference]
    """Takes the references found."""
    component: Component | None = None
    """The component whose content is copied."""
    requests: bool = False
    """Whether it describes requests of a contract of 3.0, where readOnly properties are not required."""
    optional: Names = NOTHING
    """Properties that what stands around the schema, for the same value, declares readOnly."""
    schemes: Container[str] | None = None
    """The names of security schemes that can be used; None: of all that are declared."""


# What the keys of each kind of object hold. `[kind]`: a list of them, `{kind}`: a map. Other keys are data.
_OBJECTS: dict[str, dict[str, str]] = {
    "operation": {
        "parameters": "[parameter]",
        "requestBody": "requestBody",
        "responses": "{response}",
        "callbacks": "{callback}",
        "security": "security",
    },
    "pathItem": {
        "parameters": "[parameter]",
        **dict.fromkeys(METHODS, "operation"),
        carried("query"): "operation",
        carried("additionalOperations"): "{operation}",
    },
    "parameter": {"schema": "schema", "content": "{mediaType}", "examples": "{example}"},
    "header": {"schema": "schema", "content": "{mediaType}", "examples": "{example}"},
    "requestBody": {"content": "{mediaType}"},
    "response": {"headers": "{header}", "content": "{mediaType}", "links": "{link}"},
    "mediaType": {
        "schema": "schema",
        "examples": "{example}",
        "encoding": "{encoding}",
        carried("itemSchema"): "schema",
        carried("prefixEncoding"): "[encoding]",
        carried("itemEncoding"): "encoding",
    },
    "encoding": {
        "headers": "{header}",
        carried("encoding"): "{encoding}",
        carried("prefixEncoding"): "[encoding]",
        carried("itemEncoding"): "encoding",
    },
    "example": {},
    "link": {},
    "securityScheme": {},
    "tag": {},
    "info": {},
}

_SECTIONS = {
    "schema": "schemas",
    "response": "responses",
    "parameter": "parameters",
    "example": "examples",
    "requestBody": "requestBodies",
    "header": "headers",
    "securityScheme": "securitySchemes",
    "link": "links",
    "callback": "callbacks",
    "pathItem": "pathItems",
}

# What stands for a security scheme that a document asks for and does not declare, or not whole.
_NOBODY = {"type": "http", "scheme": "bearer", "description": "This scheme is not declared: no credentials are accepted."}


class Bundler:
    """Copies objects of any kind, and collects the components they need."""

    def __init__(self, follow: Follow, link: ResolveLink) -> None:
        self.components = Components()
        self._follow = follow
        self._link = link
        self._waiting: list[tuple[Component, str, Scope]] = []
        self._defaults: list[dict[str, Any]] = []
        self._heirs: dict[str, dict[tuple[str, str], list[Node]]] = {}
        self._read_only = ReadOnly(follow)

    def own(self, section: str, source: Node, content: Any, references: list[Reference]) -> Component:
        """A component that stands in no document, with its content; it gives way where a contract claims its name."""
        component, new = self.components.claim(section, source, source.file)
        if new:
            component.content, component.references, component.yields = content, references, True
        return component

    def finish(self, references: list[Reference]) -> None:
        """Copy what was referred to, and what that refers to, then name all components in their place and in `references`."""
        while self._waiting:
            component, kind, scope = self._waiting.pop()
            component.content = self.copy(kind, component.source.value, scope)
        self.components.settle()
        write(references)
        drop_refused(self._defaults, self.components.section("schemas"))

    def copy(self, kind: str, value: Any, scope: Scope) -> Any:
        """A copy of an object of a kind (`schema`, `response` …); None for a reference that leads nowhere."""
        if kind == "schema":
            return self._schema(value, scope) if isinstance(value, dict) else value if isinstance(value, bool) else {}
        if not isinstance(value, dict):
            return value
        if kind in _SECTIONS and isinstance(value.get("$ref"), str):
            return self._reference(kind, value, scope)
        if kind in ("parameter", "requestBody"):
            scope = replace(scope, requests=scope.version == "3.0")
        elif kind == "response":
            scope = replace(scope, requests=False)
        if kind == "callback":
            return self._members("pathItem", value, scope)
        if kind == "link":
            return self._copy_link(value, scope)
        if kind == "mediaType" and isinstance(value.get("$ref"), str):
            # OpenAPI 3.1 has no components of this kind: it stands in each place.
            target = final(Node(scope.document, "", value), self._follow)
            return None if target is None else self.copy(kind, target.value, replace(scope, document=target.document))
        keys = _OBJECTS[kind]
        copied: dict[str, Any] = {}
        for key, child in fitting(kind, value):
            holds = keys.get(key)
            if holds is None:
                copied[key] = child
            elif holds == "security":
                copied[key] = self.security(child, scope)
            elif holds[0] == "{":
                copied[key] = self._members(holds[1:-1], child, scope)
            elif holds[0] == "[":
                copied[key] = self._elements(holds[1:-1], child, scope)
            else:
                made = self.copy(holds, child, scope)
                if made is not None:
                    copied[key] = made
        return expressed(kind, copied)

    def security(self, value: Any, scope: Scope) -> Any:
        """A copy of a list of Security Requirement Objects, under the final names of the schemes."""
        if not isinstance(value, list):
            return value
        copied = []
        for requirement in value:
            if isinstance(requirement, dict):
                holder: dict[str, Any] = {}
                schemes = []
                for name, scopes in requirement.items():
                    scheme = self._named("securitySchemes", name, scope)
                    if scheme is not None and (scope.schemes is None or name in scope.schemes):
                        schemes.append((self._claim("securityScheme", scheme, scope), scopes))
                    else:
                        # Nobody's credentials can meet it: without it the operation would look public.
                        source = Node(scope.root.document, "/" + "/".join(("components", "securitySchemes", escape(name))), None)
                        schemes.append((self.own("securitySchemes", source, dict(_NOBODY), scope.references), scopes or []))
                scope.references.append(Requirement(holder, tuple(schemes)))
                copied.append(holder)
        return copied

    def _members(self, kind: str, value: Any, scope: Scope) -> Any:
        if not isinstance(value, dict):
            return value
        copied = {}
        for key, child in value.items():
            # Responses Objects and Callback Objects may have extensions among their members.
            if key.startswith("x-") and kind in ("response", "pathItem"):
                if portable(key, child):
                    copied[key] = child
                continue
            stated = {} if child is None and kind in ("response", "mediaType", "header") else child
            if kind != "schema" and not isinstance(stated, dict):
                continue
            names: tuple[str | None, ...] = (status_key(key) if kind == "response" else key,)
            if kind == "mediaType" and parse_media_type(key) is None:
                names = tuple(name for name in names_meant(key) if name not in value)
            for name in names:
                made = None if name is None else self.copy(kind, stated, scope)
                if name is not None and made is not None:
                    copied[name] = made
        return copied

    def _elements(self, kind: str, value: Any, scope: Scope) -> Any:
        if not isinstance(value, list):
            return value
        return [made for made in (self.copy(kind, child, scope) for child in value) if made is not None]

    def _reference(self, kind: str, value: dict[str, Any], scope: Scope) -> dict[str, Any] | None:
        target = self._follow(scope.document, value["$ref"])
        if target is None:
            return None
        if kind == "link" and not self._reaches(target, scope):
            return None
        holder: dict[str, Any] = {"$ref": ""}
        if scope.version != "3.0":
            # OpenAPI 3.1 section "Reference Object": these two override what is referred to; all else is ignored.
            holder |= {key: value[key] for key in ("summary", "description") if isinstance(value.get(key), str)}
        scope.references.append(Pointer(holder, "$ref", self._claim(kind, target, scope)))
        return holder

    def _claim(self, kind: str, target: Node, scope: Scope) -> Component:
        optional = self._read_only.left(scope.optional, target.document, target.value) if kind == "schema" else NOTHING
        requests = scope.requests and kind in ("schema", "header")
        component, new = self.components.claim(_SECTIONS[kind], target, scope.owner, requests=requests, apart=optional)
        if new:
            here = replace(scope, document=target.document, references=component.references, component=component)
            inside = replace(here, requests=requests, optional=optional)
            self._waiting.append((component, kind, inside))
        return component

    def _schema(self, value: dict[str, Any], scope: Scope) -> Any:
        copied: dict[str, Any] = {}
        reference = value.get("$ref")
        if isinstance(reference, str):
            target = self._follow(scope.document, reference)
            if target is not None:
                copied["$ref"] = ""
                scope.references.append(Pointer(copied, "$ref", self._claim("schema", target, scope)))
            if scope.version == "3.0":
                return copied
        around = scope
        scope = replace(scope, optional=NOTHING)
        if around.requests:
            around = replace(around, optional=around.optional | self._read_only.names(scope.document, value))
        for key, child in value.items():
            if key in schemas.SCHEMA:
                # What is no condition any more when less is required would say something else: conditions stay as they are.
                inside = replace(scope, requests=False) if key in ("not", "if") else scope
                copied[key] = self._elements("schema", child, inside) if isinstance(child, list) else self.copy("schema", child, inside)
            elif key in schemas.SCHEMA_LIST:
                if isinstance(child, list) and child:
                    copied[key] = self._elements("schema", child, around if key in ("allOf", "anyOf") else scope)
            elif key in schemas.SCHEMA_MAP:
                if isinstance(child, dict):
                    copied[key] = self._members("schema", child, scope)
            elif key == "required" and around.optional:
                left = without(child, around.optional)
                if left is not None:
                    copied[key] = left
            elif key == "discriminator":
                copied[key] = self._discriminator(value, child, scope)
            elif key == "$recursiveRef":
                # Draft 2019-09: the schema around it that has `$recursiveAnchor`, which documents put at a component's root.
                if scope.component is not None and "$ref" not in copied:
                    copied["$ref"] = ""
                    scope.references.append(Pointer(copied, "$ref", scope.component))
            elif key not in ("$ref", "$recursiveAnchor") and (not key.startswith("x-") or portable(key, child)):
                copied[key] = child
        upgraded = schemas.upgrade(copied, scope.version)
        if "default" in copied:
            self._defaults.append(copied)
        return upgraded

    def _discriminator(self, schema: dict[str, Any], value: Any, scope: Scope) -> Any:
        if not isinstance(value, dict):
            return value
        copied = {key: child for key, child in value.items() if not key.startswith("x-") or portable(key, child)}
        explicit: dict[str, Any] = {}
        mapping = value.get("mapping")
        said = [(explicit, label, text) for label, text in mapping.items()] if isinstance(mapping, dict) else []
        default = copied.pop("defaultMapping", None)
        if scope.version == "3.2":
            said.append((copied, carried("defaultMapping"), default))
        for holder, label, text in said:
            if isinstance(text, str):
                # Section "Discriminator Object": a name of a schema, or else a reference.
                target = self._named("schemas", text, scope) or self._follow(scope.document, text)
                if target is not None:
                    scope.references.append(Pointer(holder, label, self._claim("schema", target, scope)))
        variants = []
        for keyword in ("oneOf", "anyOf"):
            for reference in _references(schema, keyword):
                target = self._follow(scope.document, reference)
                if target is not None:
                    variants.append(target)
        variants += self._heirs_of(schema, scope)
        named = [variant for variant in variants if variant.pointer.startswith("/components/schemas/") and variant.pointer.count("/") == 3]
        claimed = tuple(self._claim("schema", variant, scope) for variant in named)
        scope.references.append(ImpliedMapping(copied, explicit, claimed))
        return copied

    def _heirs_of(self, schema: dict[str, Any], scope: Scope) -> list[Node]:
        """Schemas that extend this one by `allOf`: nothing refers to them, and yet payloads are described by them."""
        heirs = self._heirs.get(scope.document.file)
        if heirs is None:
            heirs = self._heirs[scope.document.file] = {}
            for name, child in _section(scope.document, "schemas"):
                for reference in _references(child, "allOf"):
                    target = self._follow(scope.document, reference)
                    if target is not None:
                        heir = Node(scope.document, f"/components/schemas/{escape(name)}", child)
                        heirs.setdefault((target.file, target.pointer), []).append(heir)
        for name, child in _section(scope.document, "schemas"):
            if child is schema:
                return heirs.get((scope.document.file, f"/components/schemas/{escape(name)}"), [])
        return []

    def _copy_link(self, value: dict[str, Any], scope: Scope) -> dict[str, Any] | None:
        target = self._link(scope, value)
        if target is None:
            return None
        return {**target, **dict(fitting("link", value))}

    def _reaches(self, link: Node, scope: Scope) -> bool:
        """Whether a Link Object that is referred to leads to an operation of the merged document."""
        target = final(link, self._follow)
        if target is None or not isinstance(target.value, dict):
            return False
        return self._link(replace(scope, document=target.document), target.value) is not None

    def _named(self, section: str, name: str, scope: Scope) -> Node | None:
        """A component of the contract by its bare name."""
        components = scope.root.get("components")
        found = components.get(section) if components else None
        return found.get(name) if found else None


def _references(schema: Any, keyword: str) -> list[str]:
    """The references among the schemas of a keyword such as `allOf`."""
    parts = schema.get(keyword) if isinstance(schema, dict) else None
    found = [part.get("$ref") for part in parts if isinstance(part, dict)] if isinstance(parts, list) else []
    return [reference for reference in found if isinstance(reference, str)]


def _section(document: Document, section: str) -> list[tuple[str, Any]]:
    root = document.value
    components = root.get("components") if isinstance(root, dict) else None
    found = components.get(section) if isinstance(components, dict) else None
    return list(found.items()) if isinstance(found, dict) else []
