from __future__ import annotations

from specgw.diagnostics import FilePlace, Findings
from specgw.openapi.model import Node
from specgw.openapi.source import parse
from specgw.openapi.upgraded import Origins, UpgradedDocument

TEXT = b"old:\n  name: {a: 1,\n    b: [2,\n 3]}\nrest: 4\n"


def document() -> UpgradedDocument:
    source = parse(TEXT, "api.yaml", Findings())
    assert source is not None
    origins = Origins()

    def place(pointer: str) -> Node:
        return Node(source, pointer, None)

    value: dict[str, object] = {}
    inner: dict[str, object] = {}
    listed: list[object] = []
    origins.append(listed, source.value["rest"], place("/rest"))
    origins.put(inner, "moved", source.value["old"]["name"], place("/old/name"))
    origins.put(inner, "listed", listed, place("/old"))
    origins.put(value, "new", inner, place("/old"))
    return UpgradedDocument(source, value, "3.0", origins)


def test_places_are_those_of_the_file() -> None:
    found = document()
    assert found.written("/new/moved/b/1").pointer == "/old/name/b/1"
    assert str(found.written("/new/moved/b/1")) == "api.yaml:4"
    assert found.written("/new/listed/0") == FilePlace("api.yaml", 5, 1, "/rest")
    assert found.line(1) == "old:"


def test_what_nobody_wrote_stands_where_its_holder_does() -> None:
    found = document()
    assert found.written("/new/unknown/deeper").pointer == "/old"
    assert found.written("/new/unknown").line == 1


def test_what_moved_is_found_by_its_old_place() -> None:
    found = document()
    assert found.moved("/old/name/b/0") == "/new/moved/b/0"
    assert found.moved("/rest") == "/new/listed/0"
    assert found.moved("/elsewhere/x") == "/elsewhere/x"
