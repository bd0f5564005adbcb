from __future__ import annotations

from typing import Any

from specgw.compiler.references import final
from specgw.diagnostics import FilePlace
from specgw.openapi.model import Document, Node


class File:
    file = "a.yaml"
    version = "3.1"

    def __init__(self, value: Any) -> None:
        self.value = value

    def written(self, pointer: str) -> FilePlace:
        return FilePlace(self.file)

    def line(self, number: int) -> str:
        return ""


def follow(document: Document, reference: str) -> Node | None:
    return Node(document, "", document.value).get(reference)


def reached(value: dict[str, Any], start: str) -> Any:
    node = final(Node(File(value), f"/{start}", value[start]), follow)
    return None if node is None else (node.pointer, node.value)


def test_chains_are_followed_to_their_end() -> None:
    value = {"a": {"$ref": "b"}, "b": {"$ref": "c"}, "c": {"x": 1}}
    assert reached(value, "a") == ("/c", {"x": 1})
    assert reached(value, "c") == ("/c", {"x": 1})


def test_circles_and_dead_ends_lead_nowhere() -> None:
    assert reached({"a": {"$ref": "b"}, "b": {"$ref": "a"}}, "a") is None
    assert reached({"a": {"$ref": "gone"}}, "a") is None


def test_a_reference_that_is_no_text_is_data() -> None:
    assert reached({"a": {"$ref": {"type": "string"}}}, "a") == ("/a", {"$ref": {"type": "string"}})
