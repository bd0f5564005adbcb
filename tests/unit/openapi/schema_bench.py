"""Schemas in a document on disk, lowered as a compile does it, and asked for verdicts as the run time does it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import jsonschema_rs

from specgw.diagnostics import Findings
from specgw.openapi.discover import Sources
from specgw.openapi.library import Library
from specgw.openapi.model import Direction, Node
from specgw.openapi.schemas import Lowered, Schemas
from specgw.plan import formats
from specgw.plan.model import Shape

VERSIONS = {"3.0": "3.0.3", "3.1": "3.1.0", "3.2": "3.2.0"}


@dataclass
class Bench:
    """A document whose schemas are lowered."""

    root: Node
    schemas: Schemas
    findings: Findings

    @property
    def codes(self) -> list[str]:
        """The codes of all findings, in their order."""
        return [finding.code for finding in self.findings]

    @property
    def found(self) -> list[tuple[str, str]]:
        """Code and pointer of all findings, in their order."""
        return [(finding.code, finding.pointer) for finding in self.findings]

    def node(self, pointer: str) -> Node:
        """The node at a pointer."""
        node: Node | None = self.root
        for token in pointer.split("/")[1:]:
            token = token.replace("~1", "/").replace("~0", "~")
            assert node is not None
            node = node.get(int(token) if isinstance(node.value, list) else token)
        assert node is not None
        return node

    def lower(self, pointer: str = "/components/schemas/S", direction: Direction = "request") -> Lowered:
        """Lower the schema at a pointer; what comes out has to compile."""
        lowered = self.schemas.lower(self.node(pointer), self.root.document.version, direction)
        self.validator(lowered)
        return lowered

    def validator(self, lowered: Lowered, *, enforce_formats: bool = True) -> jsonschema_rs.Draft202012Validator:
        """The validator of a lowered schema, with resources that went through JSON."""
        resources = {**json.loads(json.dumps(self.schemas.resources(), allow_nan=False)), **formats.resources(enforce_formats)}
        registry = jsonschema_rs.Registry(list(resources.items()))
        return jsonschema_rs.Draft202012Validator(
            {"$ref": lowered.reference}, registry=registry, formats=formats.CHECKS, validate_formats=enforce_formats
        )

    def accepts(
        self, value: Any, direction: Direction = "request", *, pointer: str = "/components/schemas/S", enforce_formats: bool = True
    ) -> bool:
        """The verdict on a value."""
        return self.validator(self.lower(pointer, direction), enforce_formats=enforce_formats).is_valid(value)

    def shape(self, pointer: str = "/components/schemas/S") -> Shape:
        """The shape of the schema at a pointer."""
        return self.schemas.shape(self.node(pointer), self.root.document.version)


def bench(
    folder: Path,
    schema: Any,
    version: str = "3.0",
    *,
    files: dict[str, Any] | None = None,
    root: dict[str, Any] | None = None,
    **others: Any,
) -> Bench:
    """A document with the schema as component `S` beside other components; `root` adds to its root, `files` are beside it."""
    document = {
        "openapi": VERSIONS[version],
        "info": {"title": "Test", "version": "1"},
        "paths": {},
        "components": {"schemas": {"S": schema, **others}},
        **(root or {}),
    }
    for name, value in {"api.json": document, **(files or {})}.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(value))
    findings = Findings()
    library = Library(Sources(folder, (folder,)), findings)
    loaded = library.load(folder / "api.json")
    assert loaded is not None, list(findings)
    return Bench(Node(loaded, "", loaded.value), Schemas(library, findings), findings)
