from __future__ import annotations

from typing import Any

from specgw.changes.clients.flattening import key_of
from specgw.changes.clients.pair import pair


def document(leaf: str) -> dict[str, Any]:
    schemas = {
        "Leaf": {"type": leaf},
        "Twig": {"items": {"$ref": "#/components/schemas/Leaf"}},
        "Tree": {"items": {"$ref": "#/components/schemas/Twig"}},
        "Stone": {"items": {"$ref": "#/components/schemas/Stone"}},
    }
    return {"components": {"schemas": schemas}}


def test_what_leads_to_a_schema_that_differs_is_touched() -> None:
    both = pair(document("string"), document("integer"))
    assert {name.rpartition("/")[2] for name in both.changed} == {"Leaf", "Twig", "Tree"}
    stone, tree = (key_of({"$ref": f"#/components/schemas/{name}"}) for name in ("Stone", "Tree"))
    assert both.untouched(stone, stone)
    assert not both.untouched(tree, tree)
    assert not both.untouched(stone, tree)
