"""A document with every style of a parameter: each schema admits one value."""

from __future__ import annotations

from typing import Any

TEXT, LIST, OBJECT = "a b/ü&=?#'", ["b", "a,c;d e", "ü"], {"k": "v w", "ä": "1&2"}
PLAIN_LIST, PLAIN_OBJECT = ["b", "c"], {"k": "v"}

# place, style, explode, value
CASES: list[tuple[str, str, bool, Any]] = [
    *(("path", style, explode, value) for style in ("simple", "label", "matrix") for explode in (False, True)
      for value in ("it's ü&=", PLAIN_LIST, PLAIN_OBJECT)),
    *(("query", "form", explode, value) for explode in (False, True) for value in (TEXT, LIST, OBJECT)),
    ("query", "spaceDelimited", False, PLAIN_LIST),
    ("query", "pipeDelimited", False, PLAIN_LIST),
    ("query", "deepObject", True, OBJECT),
    *(("header", "simple", explode, value) for explode in (False, True) for value in ("a b", PLAIN_LIST, PLAIN_OBJECT)),
]  # fmt: skip


def operation(number: int, place: str, style: str, explode: bool, value: Any) -> tuple[str, dict[str, Any]]:
    kind = "array" if isinstance(value, list) else "object" if isinstance(value, dict) else "string"
    schema: dict[str, Any] = {"type": kind, "const": value}
    if kind == "array":
        schema["items"] = {"type": "string"}
    if kind == "object":
        schema["properties"] = {name: {"type": "string"} for name in value}
    parameter = {"name": "p", "in": place, "style": style, "explode": explode, "required": True, "schema": schema}
    path = f"/c{number}/{{p}}" if place == "path" else f"/c{number}"
    return path, {"get": {"parameters": [parameter], "responses": {"200": {"description": "Read."}}}}


def styles() -> dict[str, Any]:
    """The document."""
    paths = dict(operation(number, *case) for number, case in enumerate(CASES))
    return {"openapi": "3.1.0", "info": {"title": "Styles", "version": "1"}, "paths": paths}
