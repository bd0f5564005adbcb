"""Bodies and responses of Swagger 2.0: `consumes` and `produces` become the keys of `content`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from specgw.http import parse_media_type
from specgw.openapi.model import Node
from specgw.openapi.swagger import values
from specgw.openapi.swagger.parts import Upgrade

FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")
# Where nothing is said of types, 2.0 leaves open what is sent; that it is JSON is what everybody reads.
_UNSAID = ("application/json",)
_FILE = ("application/octet-stream",)


def media_types(part: Node | None) -> tuple[str, ...]:
    """The media types of a `consumes` or `produces`; empty where there are none."""
    listed = part.value if part is not None else ()
    if isinstance(listed, str):
        listed = [listed]
    return tuple(dict.fromkeys(entry.strip() for entry in listed if isinstance(entry, str))) if isinstance(listed, list) else ()


def body(upgrade: Upgrade, part: Node, consumes: Sequence[str]) -> dict[str, Any]:
    """The Request Body Object that a body parameter means."""
    made: dict[str, Any] = {}
    for key in ("description", "required"):
        if (child := part.get(key)) is not None:
            upgrade.put(made, key, child.value, child)
    for key, child in part.items():
        if key.startswith("x-"):
            upgrade.put(made, key, child.value, child)
    schema = part.get("schema")
    content: dict[str, Any] = {}
    upgrade.put(made, "content", content, part)
    for media_type in consumes or _UNSAID:
        entry: dict[str, Any] = {}
        if schema is not None:
            upgrade.put(entry, "schema", upgrade.schema(schema), schema)
        upgrade.put(content, media_type, entry, part)
    return made


def form(upgrade: Upgrade, fields: Sequence[Node], operation: Node, consumes: Sequence[str]) -> dict[str, Any]:
    """The Request Body Object that formData parameters mean together."""
    files = [part for part in fields if part.value.get("type") == "file"]
    kinds = [kind for kind in consumes if _essence(kind) in FORMS]
    others = [kind for kind in consumes if kind not in kinds]
    # "formData … either application/x-www-form-urlencoded, multipart/form-data or both"; files travel in the latter.
    kinds = kinds or list(FORMS[1:] if files else FORMS)
    schema: dict[str, Any] = {"type": "object"}
    properties: dict[str, Any] = {}
    encodings: dict[str, Any] = {}
    required: list[str] = []
    place = operation.get("parameters") or operation
    upgrade.put(schema, "properties", properties, place)
    for part in fields:
        name = part.value["name"]
        described, encoding = values.field(upgrade, part)
        upgrade.put(properties, name, described, part)
        if encoding is not None:
            upgrade.put(encodings, name, encoding, part)
        if part.value.get("required") is True:
            upgrade.append(required, name, (part.get("required") or part))
    if required:
        upgrade.put(schema, "required", required, place)
    made: dict[str, Any] = {}
    content: dict[str, Any] = {}
    upgrade.put(made, "content", content, place)
    if required:
        upgrade.put(made, "required", True, place)
    for kind in kinds:
        entry: dict[str, Any] = {}
        upgrade.put(entry, "schema", schema, place)
        if encodings and _essence(kind) == FORMS[0]:
            upgrade.put(entry, "encoding", encodings, place)
        elif any(not encoding["explode"] for encoding in encodings.values()):
            entry.pop("schema")
            upgrade.put(entry, "x-specgw-unenforced", "parts that hold several values cannot be read", place)
            upgrade.lose(
                place, f"OpenAPI 3 has no lists within one part of {kind}; such bodies are not checked", "say 'collectionFormat: multi'"
            )
        upgrade.put(content, kind, entry, place)
    for kind in others:
        place = operation.get("consumes") or place
        unchecked: dict[str, Any] = {}
        upgrade.put(unchecked, "x-specgw-unenforced", "form parameters speak of forms only", place)
        upgrade.put(content, kind, unchecked, place)
        upgrade.lose(place, f"form parameters say nothing of bodies of the type {kind}; these are passed on unchecked")
    return made


def response(upgrade: Upgrade, part: Node, produces: Sequence[str]) -> Any:
    """A Response Object as 3.0 has it."""
    if not isinstance(part.value, dict):
        return part.value
    made: dict[str, Any] = {}
    upgrade.copy(part, made, "schema", "headers", "examples")
    headers = part.get("headers")
    if headers is not None and isinstance(headers.value, dict):
        described: dict[str, Any] = {}
        for name, header in headers.items():
            upgrade.put(described, name, values.parameter(upgrade, header) if isinstance(header.value, dict) else header.value, header)
        upgrade.put(made, "headers", described, headers)
    schema, examples = part.get("schema"), part.get("examples")
    shown: Mapping[str, Node] = dict(examples.items()) if examples is not None else {}
    shown = {key: example for key, example in shown.items() if parse_media_type(key) is not None}
    if schema is None and not shown:
        return made
    content: dict[str, Any] = {}
    upgrade.put(made, "content", content, (schema or part))
    file = schema is not None and isinstance(schema.value, dict) and schema.value.get("type") == "file"
    said = (produces or (_FILE if file else _UNSAID)) if schema is not None else ()
    for kind in dict.fromkeys((*said, *shown)):
        entry: dict[str, Any] = {}
        media = parse_media_type(kind)
        # A file that is JSON is any JSON, not a string of JSON.
        if schema is not None and not (file and media is not None and media.json):
            upgrade.put(entry, "schema", {"type": "string", "format": "binary"} if file else upgrade.schema(schema), schema)
        if kind in shown:
            upgrade.put(entry, "example", shown[kind].value, shown[kind])
        upgrade.put(content, kind, entry, (schema or part))
    return made


def _essence(kind: str) -> str:
    media = parse_media_type(kind)
    return media.essence if media is not None else ""
