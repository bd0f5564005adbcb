"""Parameters and headers in the form in which they are checked; each declared one once, however many operations share it."""

from __future__ import annotations

from typing import cast

from msgspec.structs import replace

from specgw.diagnostics import Findings
from specgw.http import MediaType, parse_media_type
from specgw.openapi import model
from specgw.openapi.model import Direction, MediaTypeEntry, Node
from specgw.openapi.schemas import Schemas
from specgw.plan.model import In, Parameter, Shape, Style


class Fields:
    """Lowers parameters and headers of documents of one OpenAPI version."""

    def __init__(self, schemas: Schemas, version: str, findings: Findings) -> None:
        self._schemas = schemas
        self._version = version
        self._findings = findings
        self._lowered: dict[tuple[str, str, str, Direction, bool], tuple[Parameter, tuple[str, ...]]] = {}

    def lower(self, declared: model.Parameter, direction: Direction, unenforced: list[str], *, checked: bool = True) -> Parameter:
        """The parameter for the Plan; what of it cannot be enforced is added to `unenforced` in words.

        `checked` False: nothing is asked of its value.
        """
        # The name belongs to it: one Header Object may be referred to under several names.
        key = (declared.node.file, declared.node.pointer, declared.name, direction, checked)
        known = self._lowered.get(key)
        if known is None:
            known = self._lowered[key] = self._lower(declared, direction, checked)
        unenforced += known[1]
        return known[0]

    def _schema(self, node: Node | None, direction: Direction) -> tuple[str | None, tuple[str, ...]]:
        """The reference of a schema, None where it accepts everything; and what of it cannot be enforced."""
        if node is None:
            return None, ()
        lowered = self._schemas.lower(node, self._version, direction)
        return None if lowered.trivial else lowered.reference, lowered.unenforced

    def _lower(self, declared: model.Parameter, direction: Direction, checked: bool) -> tuple[Parameter, tuple[str, ...]]:
        what = f"{declared.location} parameter '{declared.name}'" if direction == "request" else f"response header '{declared.name}'"
        schema: str | None = None
        media_type: str | None = None
        losses = marked(declared.node) if checked else ()
        if checked and declared.content is not None:
            media_type, schema, lost = self._content(declared.content, direction, what)
            losses += lost
        elif checked:
            schema, lost = self._schema(declared.schema, direction)
            losses += lost
        parameter = Parameter(
            name=declared.name,
            location=cast(In, declared.location),
            style=cast(Style, declared.style),
            explode=declared.explode,
            required=declared.required,
            allow_reserved=declared.allow_reserved,
            allow_empty=declared.allow_empty,
            schema=schema,
            media_type=media_type,
        )
        said = declared.schema if declared.content is None else declared.content.schema
        # JSON tells its types itself.
        media = None if media_type is None else parse_media_type(media_type)
        if schema is not None and said is not None and (media is None or not media.json):
            parameter = replace(parameter, shape=self._schemas.shape(said, self._version))
        return parameter, tuple(f"{what}: {loss}" for loss in losses)

    def _content(self, entry: MediaTypeEntry, direction: Direction, what: str) -> tuple[str | None, str | None, tuple[str, ...]]:
        """Media type, schema and losses of a `content` parameter, which is read as JSON or text."""
        media = parse_media_type(entry.media_range)
        schema, losses = self._schema(entry.schema, direction)
        if media is not None and media.json:
            return entry.media_range, schema, losses
        if schema is None or entry.schema is None:
            return None, None, ()
        if media is not None and is_text(media, self._schemas.shape(entry.schema, self._version)):
            return entry.media_range, schema, losses
        message = f"the {what} is of type {entry.media_range}, which cannot be checked against its schema; it is passed on unread"
        self._findings.add("content-not-enforced", entry.node, message, hint="JSON and text can be checked")
        return None, None, (f"its content of type {entry.media_range}",)


def is_text(media: MediaType, shape: Shape) -> bool:
    """Whether content of a type is a text that a schema speaks of: a string, or in text/plain a number or boolean written out.

    Lines, events and tables have no other form.
    """
    if media.type != "text" or not shape.types:
        return False
    return shape.types == ("string",) or (media.subtype == "plain" and {"array", "object", "null"}.isdisjoint(shape.types))


def marked(node: Node) -> tuple[str, ...]:
    """What the upgrade of a Swagger 2.0 document says of a part that it could not carry over whole."""
    said = node.value.get("x-specgw-unenforced") if isinstance(node.value, dict) else None
    return (said,) if isinstance(said, str) else ()
