"""Documents of Swagger 2.0 for the tests of this folder."""

from __future__ import annotations

from pathlib import Path

from specgw.openapi.model import Node
from specgw.openapi.upgraded import UpgradedDocument
from tests.unit.openapi.documents import Reading, load, reading

HEAD = "swagger: '2.0'\ninfo: {title: Test, version: '1'}\n"


def upgraded(folder: Path, text: str, **files: str) -> Node:
    """The root of a document as OpenAPI 3.0."""
    root, _, _ = load(folder, api=HEAD + text, **files)
    assert isinstance(root.document, UpgradedDocument)
    return root


def read(folder: Path, text: str, **files: str) -> Reading:
    """A document as it is read."""
    return reading(folder, text, head=HEAD, **files)


def operation(parameters: str, more: str = "") -> str:
    """A document with one operation, which has these parameters."""
    return f"paths: {{/a: {{post: {{parameters: {parameters}, responses: {{default: {{description: ''}}}}{more}}}}}}}\n"
