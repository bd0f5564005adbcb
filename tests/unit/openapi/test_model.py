from __future__ import annotations

from pathlib import Path

import pytest

from specgw.diagnostics import FilePlace
from specgw.openapi.model import Node, kind_of
from tests.unit.openapi.documents import load


@pytest.fixture
def root(tmp_path: Path) -> Node:
    node, _, _ = load(tmp_path, api="a/b~c: {x: 1}\nlist: [one, two]\nnothing:\n")
    return node


def test_children(root: Node) -> None:
    child = root.get("a/b~c")
    assert child is not None
    assert (child.file, child.pointer, child.value) == ("api.yaml", "/a~1b~0c", {"x": 1})
    assert child.written() == FilePlace("api.yaml", 1, 1, "/a~1b~0c")
    assert [(key, node.pointer) for key, node in root.items()] == [("a/b~c", "/a~1b~0c"), ("list", "/list"), ("nothing", "/nothing")]
    items = root.at("list")
    assert [(node.pointer, node.value) for node in items.elements()] == [("/list/0", "one"), ("/list/1", "two")]
    second = items.get(1)
    assert second is not None
    assert second.written() == FilePlace("api.yaml", 2, 13, "/list/1")


def test_a_key_with_null_is_there(root: Node) -> None:
    child = root.get("nothing")
    assert child is not None
    assert child.value is None


@pytest.mark.parametrize(("where", "key"), [("", "none"), ("list", 2), ("list", -1), ("nothing", "x")])
def test_what_is_absent(root: Node, where: str, key: str | int) -> None:
    node = root.at(where) if where else root
    assert node.get(key) is None
    absent = node.at(key)
    assert absent.value is None
    assert absent.pointer == f"{node.pointer}/{key}"
    assert (absent.written().line, absent.written().column) == (node.written().line, node.written().column)


def test_what_has_no_children(root: Node) -> None:
    scalar = root.at("list").at(0)
    assert [*scalar.items(), *scalar.elements(), *root.elements(), *root.at("list").items()] == []


def test_pointers_lead_to_children(root: Node) -> None:
    for node in (root, root.at("a/b~c"), root.at("a/b~c").at("x"), root.at("list").at(1), root.at("nothing")):
        assert root.descend(node.pointer) == node


@pytest.mark.parametrize("pointer", ["/none", "/none/deeper", "/list/2", "/list/01", "/list/x", "/list/0/x", "/nothing/x", "/"])
def test_pointers_that_lead_nowhere(root: Node, pointer: str) -> None:
    assert root.descend(pointer) is None


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (None, "null"),
        (True, "true"),
        (False, "false"),
        ("x", "a string"),
        (1, "a number"),
        (1.5, "a number"),
        ([], "a list"),
        ({}, "a mapping"),
    ],
)
def test_kind_of(value: object, words: str) -> None:
    assert kind_of(value) == words
