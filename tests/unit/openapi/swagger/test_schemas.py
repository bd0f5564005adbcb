from __future__ import annotations

from pathlib import Path

from tests.unit.openapi.documents import load
from tests.unit.openapi.swagger.documents import upgraded

SCHEMAS = """paths: {}
definitions:
  A:
    discriminator: kind
    x-nullable: true
    properties:
      discriminator: {type: string, x-nullable: true}
      x-nullable: {type: boolean}
    example: {discriminator: a, x-nullable: true}
  B: {x-nullable: false}
"""


def test_words_of_2_0_are_said_as_3_0_has_them(tmp_path: Path) -> None:
    schemas = upgraded(tmp_path, SCHEMAS).value["components"]["schemas"]
    assert schemas["A"]["discriminator"] == {"propertyName": "kind"}
    assert schemas["A"]["nullable"] is True
    assert schemas["A"]["properties"]["discriminator"]["nullable"] is True
    assert schemas["A"]["example"] == {"discriminator": "a", "x-nullable": True}
    assert "nullable" not in schemas["B"]


def test_they_keep_their_places(tmp_path: Path) -> None:
    root = upgraded(tmp_path, SCHEMAS)
    schema = root.descend("/components/schemas/A")
    assert schema is not None
    lines = {key: schema.at(key).written().line for key in ("discriminator", "x-nullable", "nullable", "properties", "example")}
    assert lines == {"discriminator": 6, "x-nullable": 7, "nullable": 7, "properties": 8, "example": 11}
    assert schema.at("discriminator").at("propertyName").written().line == 6


def test_nothing_changes_in_documents_of_3_0(tmp_path: Path) -> None:
    root, _, _ = load(tmp_path, api="openapi: 3.0.3\ncomponents: {schemas: {A: {x-nullable: true}}}\n")
    assert root.value["components"]["schemas"]["A"] == {"x-nullable": True}
