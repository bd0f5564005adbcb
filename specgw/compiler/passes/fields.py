"""Parameters and headers in the form in which they are checked; each declared one once, however many operations share it."""

from __future__ import annotations

from typing import cast

from msgspec.structs import replace

from specgw.diagnostics import Findings
from specgw.http import parse_media_type
from specgw.openapi.model import Direction, MediaTypeEntry, Node
from specgw.openapi.model import Parameter as Declared
from specgw.openapi.schemas import Schemas
from specgw.plan.model import In, Parameter, Style


class Fields:
    """Lowers parameters and headers of documents of one OpenAPI version."""

    def __init__(self, schemas: Schemas, version: str, findings: Findings) -> None:
        self._schemas = schemas
        self._version = version
        self._findings = findings
        self._lowered: dict[tuple[str, str, str, Direction, bool], tuple[Parameter, tuple[str, ...]]] = {}

    def lower(self, declared: Declared, direction: Direction, unenforced: list[str], *, checked: bool = True) -> Parameter:
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

    def schema(self, node: Node | None, direction: Direction) -> tuple[str | None, tuple[str, ...]]:
        """The reference of a schema, None where it accepts everything; and what of it cannot be enforced."""
        if node is None:
            return None, ()
        lowered = self._schemas.lower(node, self._version, direction)
        return None if lowered.trivial else lowered.reference, lowered.unenforced

    def _lower(self, declared: Declared, direction: Direction, checked: bool) -> tuple[Parameter, tuple[str, ...]]:
        what = f"{declared.location} parameter '{declared.name}'" if direction == "request" else f"response header '{declared.name}'"
        schema: str | None = None
        media_type: str | None = None
        losses: tuple[str, ...] = ()
        if checked and declared.content is not None:
            media_type, schema, losses = self._content(declared.content, direction, what)
        elif checked:
            schema, losses = self.schema(declared.schema, direction)
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
        if schema is not None and media_type is None and declared.schema is not None:
            parameter = replace(parameter, shape=self._schemas.shape(declared.schema, self._version))
        return parameter, tuple(f"{what}: {loss}" for loss in losses)

    def _content(self, entry: MediaTypeEntry, direction: Direction, what: str) -> tuple[str | None, str | None, tuple[str, ...]]:
        """Media type, schema and losses of a `content` parameter: its text is read as JSON, nothing else can be."""
        media = parse_media_type(entry.media_range)
        if media is not None and media.json:
            schema, losses = self.schema(entry.schema, direction)
            return entry.media_range, schema, losses
        schema, _ = self.schema(entry.schema, direction)
        if schema is None:
            return None, None, ()
        message = f"the {what} is of type {entry.media_range}, which cannot be checked against a schema; it is passed on unread"
        self._findings.add("content-not-enforced", entry.node, message, hint="JSON content can be checked")
        return None, None, (f"its content of type {entry.media_range}",)
