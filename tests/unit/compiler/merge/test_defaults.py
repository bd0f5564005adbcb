from __future__ import annotations

from typing import Any

import pytest

from specgw.compiler.merge.defaults import drop_refused

SCHEMAS: dict[str, Any] = {
    "Text": {"type": "string"},
    "Maybe": {"anyOf": [{"type": "null"}, {"$ref": "#/components/schemas/Text"}]},
    "Loop": {"$ref": "#/components/schemas/Loop"},
}


@pytest.mark.parametrize(
    "schema",
    [
        {"type": "string", "default": "a"},
        {"type": "number", "default": 1},
        {"type": "number", "default": 1.5},
        {"type": ["string", "null"], "default": None},
        {"default": None},
        {"enum": ["a", None], "default": None},
        {"const": 1, "default": 1.0},
        {"$ref": "#/components/schemas/Maybe", "default": None},
        {"$ref": "#/components/schemas/Loop", "default": None},
        {"$ref": "#/components/schemas/Gone", "default": None},
        {"allOf": [{"type": "object"}, {"$ref": "#/components/schemas/Gone"}], "default": {}},
        {"oneOf": [{"type": "object"}, True], "default": 3},
        {"type": "string", "format": "date", "pattern": "^x", "default": "not looked at"},
    ],
)
def test_a_default_that_fits_stays(schema: dict[str, Any]) -> None:
    before = dict(schema)
    drop_refused([schema], SCHEMAS)
    assert schema == before


@pytest.mark.parametrize(
    "schema",
    [
        {"type": "string", "default": None},
        {"type": "integer", "default": 1.5},
        {"type": "integer", "default": True},
        {"enum": [1], "default": True},
        {"const": "a", "default": "b"},
        {"$ref": "#/components/schemas/Text", "default": []},
        {"allOf": [{"$ref": "#/components/schemas/Text"}], "default": None},
        {"anyOf": [{"type": "string"}, {"$ref": "#/components/schemas/Text"}, False], "default": None},
        {"oneOf": [{"type": "string"}], "default": 1},
    ],
)
def test_a_default_that_its_schema_refuses_goes(schema: dict[str, Any]) -> None:
    drop_refused([schema], SCHEMAS)
    assert "default" not in schema
