from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given

from specgw.portal.schema_html import DEEPEST, Trees, label, said
from specgw.portal.schema_tree import Schemas
from tests.unit.portal.test_schema_tree import JUNK, ref

EVIL = "<script>alert(1)</script>\"'&"


def drawn(schema: Any, room: int = 50_000, **schemas: Any) -> str:
    row = Schemas({"components": {"schemas": schemas}}).row("", schema, "request")
    return Trees({name: f"../schemas/{name}.html" for name in schemas}, "../../openapi.json", room).tree(row.members)


def test_a_row_says_what_it_is() -> None:
    row = Schemas({}).row("size", {"type": "integer", "minimum": 1, "description": "How *large*.", "deprecated": True}, "both", said=True)
    assert label(row) == '<code>size</code> <span class="note">integer</span> <span class="badge">deprecated</span>'
    assert said(row) == '<p>How <em>large</em>.</p>\n<p class="note">≥ 1</p>\n'


@pytest.mark.parametrize(
    ("schema", "text"),
    [
        ({"enum": ["a", ""]}, "One of <code>a</code> <code>&quot;&quot;</code>"),
        ({"items": {"enum": ["a"]}}, "Each one of <code>a</code>"),
        ({"enum": list(range(30))}, "<code>23</code> and 6 more"),
    ],
)
def test_allowed_values(schema: Any, text: str) -> None:
    assert text in said(Schemas({}).row("", schema, "both"))


def test_what_is_below_unfolds() -> None:
    tree = drawn({"properties": {"price": ref("Price")}}, Price={"properties": {"amount": {"type": "number"}}})
    assert tree.index("<details><summary><code>price</code>") < tree.index("<code>amount</code>")
    assert "<a " not in tree


def test_a_schema_unfolds_once_and_is_linked_then() -> None:
    price: dict[str, Any] = {"properties": {"amount": {}}}
    tree = drawn({"properties": {"net": ref("Price"), "gross": ref("Price")}}, Price=price)
    assert tree.count("amount") == 1
    assert '<code>gross</code> <span class="note">any</span> <a href="../schemas/Price.html">Price</a>' in tree
    again = drawn(ref("Node"), Node={"properties": {"next": ref("Node")}})
    assert again.count("<details>") == 0
    assert '<a href="../schemas/Node.html">Node</a>' in again


def test_what_is_near_is_never_left_out_for_what_is_far() -> None:
    text = {"description": "word " * 50}
    fan: dict[str, Any] = {"S0": {"properties": {f"m{each}": ref(f"S1x{each}") for each in range(9)}}}
    fan |= {f"S1x{each}": {"properties": {f"n{other}": text for other in range(9)}} for each in range(9)}
    tree = drawn({"properties": {"first": ref("S0"), **{f"p{number}": {} for number in range(40)}}}, 14_000, **fan)
    assert all(f"<code>p{number}</code>" in tree for number in range(40))
    assert "S1x8</a>" in tree
    assert len(tree) < 14_000


def test_levels_end() -> None:
    deep: dict[str, Any] = {"type": "string"}
    for number in range(30):
        deep = {"properties": {f"m{number}": deep}}
    tree = drawn(deep)
    assert tree.count("<details>") == DEEPEST - 1
    assert '<a href="../../openapi.json">openapi.json</a>' in tree


def test_room_is_for_all_trees_of_a_page() -> None:
    schemas = Schemas({})
    wide: dict[str, Any] = {"properties": {f"m{number}": {"properties": {f"n{other}": {} for other in range(20)}} for number in range(20)}}
    trees = Trees({}, "../../openapi.json", 20_000)
    lengths = [len(trees.tree(schemas.members(wide, "request"))) for _ in range(4)]
    assert lengths[0] > lengths[1] >= lengths[2]
    assert sum(lengths) < 30_000


def test_words_of_a_document_are_text() -> None:
    schema: dict[str, Any] = {"description": EVIL, "pattern": EVIL, "enum": [EVIL], "format": EVIL, "properties": {EVIL: {}}}
    tree = drawn({"properties": {EVIL: ref(EVIL), "more": ref(EVIL)}}, 50_000, **{EVIL: schema})
    assert "<script" not in tree
    assert "&lt;script&gt;" in tree


def test_nothing_below_is_nothing() -> None:
    assert Trees({}, "", 0).tree(None) == ""
    assert drawn({"properties": {}}) == ""


@given(JUNK)
def test_junk_is_bounded(schema: Any) -> None:
    assert len(drawn(schema, 2_000, S=schema)) < 40_000
