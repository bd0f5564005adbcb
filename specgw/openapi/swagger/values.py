"""Parameters, headers and form fields of Swagger 2.0: what they say of their values, as a schema and a style."""

from __future__ import annotations

from typing import Any

from specgw.openapi.model import Node
from specgw.openapi.swagger.parts import Upgrade

# OpenAPI 2.0, "Parameter Object", "Items Object" and "Header Object": what 3.0 says in `schema`.
OF_SCHEMA = (
    *("type", "format", "items", "default", "maximum", "exclusiveMaximum", "minimum", "exclusiveMinimum", "maxLength", "minLength"),
    *("pattern", "maxItems", "minItems", "uniqueItems", "enum", "multipleOf", "nullable"),
)

# Lists in a query, by `collectionFormat`: style and explode.
_QUERY = {"csv": ("form", False), "ssv": ("spaceDelimited", False), "pipes": ("pipeDelimited", False), "multi": ("form", True)}
_FORMATS = ("csv", "ssv", "tsv", "pipes", "multi")


def parameter(upgrade: Upgrade, part: Node) -> dict[str, Any]:
    """A Parameter Object that is not of the body, or a Header Object, as 3.0 has it."""
    made: dict[str, Any] = {}
    upgrade.copy(part, made, *OF_SCHEMA, "collectionFormat")
    if "schema" in made and "type" not in part.value:
        return made
    schema = schema_of(upgrade, part)
    if not schema:
        message, hint = "nothing says which values this can have, so none is checked", "add 'type: string'"
        upgrade.findings.add("untyped-parameter", part, message, hint=hint)
        upgrade.put(made, "schema", {}, part)
        return made
    location = part.value.get("in", "header")
    said = _said(upgrade, part)
    style = _QUERY.get(said) if location == "query" else ("simple", False) if said == "csv" else None
    if part.value.get("type") == "array" and (style is None or _nested(part)):
        what = f"lists as '{said}'" if style is None else "lists within lists"
        # Marked, not refused: the service can read what nobody here can.
        upgrade.put(made, "x-specgw-unenforced", f"{what} cannot be read", part)
        upgrade.put(made, "schema", {}, part)
        upgrade.lose(part, f"OpenAPI 3 has no {what} in this place; the value is not checked", None)
        return made
    upgrade.put(made, "schema", schema, part)
    if part.value.get("type") == "array" and style is not None and (location == "query" or said != "csv"):
        place = part.get("collectionFormat") or part
        upgrade.put(made, "style", style[0], place)
        upgrade.put(made, "explode", style[1], place)
    return made


def field(upgrade: Upgrade, part: Node) -> tuple[Any, dict[str, Any] | None]:
    """The schema of a form field, and its Encoding Object where it needs one."""
    if part.value.get("type") == "file":
        return _file(upgrade, part), None
    schema: Any = schema_of(upgrade, part) or {}
    encoding: dict[str, Any] | None = None
    if part.value.get("type") == "array":
        said = _said(upgrade, part)
        style = _QUERY.get(said)
        if style is None or _nested(part):
            upgrade.lose(part, "OpenAPI 3 has no lists like this in a form; the field is not checked", None)
            return {}, None
        encoding = {}
        place = part.get("collectionFormat") or part
        upgrade.put(encoding, "style", style[0], place)
        upgrade.put(encoding, "explode", style[1], place)
    if part.value.get("allowEmptyValue") is True:
        made: dict[str, Any] = {}
        branches: list[Any] = []
        for branch in (schema, {"type": "string", "maxLength": 0}):
            upgrade.append(branches, branch, part)
        upgrade.put(made, "anyOf", branches, part)
        schema = made
    if (description := part.get("description")) is not None:
        upgrade.put(schema, "description", description.value, description)
    return schema, encoding


def schema_of(upgrade: Upgrade, part: Node) -> dict[str, Any]:
    """What a parameter or header says of its value."""
    schema: dict[str, Any] = {}
    for key in OF_SCHEMA:
        if (child := part.get(key)) is not None:
            upgrade.put(schema, key, child.value, child)
    return schema


def _file(upgrade: Upgrade, part: Node) -> dict[str, Any]:
    made: dict[str, Any] = {}
    place = part.get("type") or part
    upgrade.put(made, "type", "string", place)
    upgrade.put(made, "format", "binary", place)
    return made


def _said(upgrade: Upgrade, part: Node) -> str:
    """The `collectionFormat`; "csv" is the default. `multi` is possible in queries and forms only."""
    said = part.value.get("collectionFormat", "csv")
    if said in _FORMATS:
        return str(said)
    place = part.get("collectionFormat") or part
    upgrade.lose(place, f"'{said}' is no `collectionFormat`; lists are read as 'csv'", "allowed: " + ", ".join(_FORMATS))
    return "csv"


def _nested(part: Node) -> bool:
    items = part.value.get("items")
    return isinstance(items, dict) and items.get("type") == "array"
