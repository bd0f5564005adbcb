"""Entries of `content` maps in the form in which they are checked: what kind of body it is, its schema, its encodings."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, cast

from msgspec import structs

from specgw.compiler.passes.fields import Fields, is_text, marked
from specgw.diagnostics import Findings, did_you_mean
from specgw.http import MediaType, parse_media_type
from specgw.openapi import model
from specgw.openapi.library import Library
from specgw.openapi.model import Direction, MediaTypeEntry, Node
from specgw.openapi.parameters import STYLES, Parameters
from specgw.openapi.reading import Reading
from specgw.openapi.schemas import Schemas
from specgw.openapi.xml_rules import Unclear
from specgw.plan.model import BodyKind, Content, Encoding, Parameter, Shape, Style, Xml

# OpenAPI section "Encoding Object": `style` has the values that it has for query parameters.
_FORM_STYLES = STYLES["query"]


class Bodies:
    """Lowers media types of documents of one OpenAPI version; each once, however many operations refer to it."""

    def __init__(self, schemas: Schemas, fields: Fields, version: str, library: Library, findings: Findings) -> None:
        self._schemas = schemas
        self._fields = fields
        self._version = version
        self._findings = findings
        self._reading = Reading(library, findings, version)
        self._parameters = Parameters(self._reading)
        self._lowered: dict[tuple[str, str, Direction, bool, str], tuple[Content, tuple[str, ...]]] = {}

    def query(self, declared: model.Parameter, fields: Fields, unenforced: list[str], *, checked: bool) -> Parameter:
        """A parameter that is the whole query string (OpenAPI 3.2): read like a body of its media type."""
        parameter = fields.lower(replace(declared, content=None), "request", unenforced, checked=checked)
        if declared.content is None:
            return parameter
        content = self.lower(declared.content, "request", unenforced, checked=checked, what="query string")
        return structs.replace(parameter, content=content)

    def lower(self, entry: MediaTypeEntry, direction: Direction, unenforced: list[str], *, checked: bool = True, what: str = "") -> Content:
        """The entry for the Plan; what of it cannot be enforced is added to `unenforced` in words. `what` it is: else a body."""
        what = what or ("request body" if direction == "request" else "response body")
        key = (entry.node.file, entry.node.pointer, direction, checked, what)
        known = self._lowered.get(key)
        # One Media Type Object may be referred to under several ranges.
        if known is None or known[0].media_range != entry.media_range:
            known = self._lowered[key] = self._lower(entry, direction, checked, what)
        unenforced += known[1]
        return known[0]

    def _lower(self, entry: MediaTypeEntry, direction: Direction, checked: bool, what: str) -> tuple[Content, tuple[str, ...]]:
        media = parse_media_type(entry.media_range)
        if media is not None and checked and self._version >= "3.2" and (entry.schema or entry.items) is not None:
            if (kind := sequential(media)) is not None:
                return self._sequence(entry, direction, kind, what)
            if entry.items is not None and not _positional(media):
                message = f"{entry.media_range} is no sequence of items, so that `itemSchema` has no effect"
                self._findings.add("no-effect", entry.node.at("itemSchema"), message, hint="describe the content with `schema`")
        if media is not None and checked and entry.schema is None and entry.items is not None and _positional(media):
            return Content(media_range=entry.media_range), (self._unchecked(entry, what, False),)
        if media is None or entry.schema is None or not checked:
            lost = marked(entry.node) if checked else ()
            return Content(media_range=entry.media_range), tuple(f"{what} ({entry.media_range}): {loss}" for loss in lost)
        lowered = self._schemas.lower(entry.schema, self._version, direction)
        losses = tuple(f"{what} ({entry.media_range}): {loss}" for loss in lowered.unenforced)
        if lowered.trivial:
            return Content(media_range=entry.media_range), losses
        # JSON tells its types itself, and shapes of large bodies take longer than all else here.
        shape = Shape() if media.json else self._schemas.shape(entry.schema, self._version)
        kind = _body_kind(media, shape)
        if kind == "xml" and _any_text(entry.schema, self._reading):
            kind = "opaque"
        xml: Xml | None = None
        if kind == "xml":
            try:
                xml = self._schemas.xml(entry.schema, self._version)
            except Unclear as unclear:
                return Content(media_range=entry.media_range), (*losses, self._unclear(entry, what, str(unclear)))
        if kind == "opaque":
            ranged = "*" in (media.type, media.subtype)
            says_nothing = _any_text(entry.schema, self._reading)
            if not says_nothing:
                losses = (*losses, self._unchecked(entry, what, ranged))
            if not ranged:
                return Content(media_range=entry.media_range), () if says_nothing else losses
        encoding = self._encodings(entry, kind, shape) if kind in ("urlencoded", "multipart") else {}
        unread = next((name for name in encoding if not _readable(shape.properties.get(name, Shape()), encoding[name])), None)
        if unread is not None:
            return Content(media_range=entry.media_range), (*losses, self._unread(entry, what, unread))
        content = Content(
            media_range=entry.media_range,
            kind=kind,
            schema=lowered.reference,
            shape=shape,
            encoding=encoding,
            xml=xml,
        )
        return content, losses

    def _sequence(self, entry: MediaTypeEntry, direction: Direction, kind: BodyKind, what: str) -> tuple[Content, tuple[str, ...]]:
        """A sequential media type (OpenAPI 3.2): `schema` speaks of all items as an array, `itemSchema` of each."""
        if direction == "response":
            # It may have no end, so that nobody holds it.
            return Content(media_range=entry.media_range), (self._unchecked(entry, what, False),)
        references: list[str | None] = []
        losses: list[str] = []
        for schema in (entry.schema, entry.items):
            lowered = None if schema is None else self._schemas.lower(schema, self._version, direction)
            references.append(None if lowered is None or lowered.trivial else lowered.reference)
            losses += [] if lowered is None else [f"{what} ({entry.media_range}): {loss}" for loss in lowered.unenforced]
        whole, items = references
        return Content(media_range=entry.media_range, kind=kind, schema=whole, items=items), tuple(losses)

    def _unchecked(self, entry: MediaTypeEntry, what: str, ranged: bool) -> str:
        """Find and say that a schema cannot be applied to bodies of a type."""
        but = "other than JSON " if ranged else ""
        message = f"a {what} of type {entry.media_range} {but}cannot be checked against its schema; it is passed on unread"
        hint = "name the media types that are meant" if ranged else "JSON, XML, forms and text can be checked"
        self._findings.add("content-not-enforced", entry.schema or entry.items or entry.node, message, hint=hint)
        return f"{what} ({entry.media_range}) {but}is not checked against its schema"

    def _unclear(self, entry: MediaTypeEntry, what: str, reason: str) -> str:
        """Find and say that XML cannot be read as JSON values of a schema without doubt."""
        message = f"a {what} of type {entry.media_range} is not checked against its schema but passed on unread: {reason}"
        hint = "the `xml` of the schemas says what is an element, what an attribute, and how it is called"
        self._findings.add("content-not-enforced", entry.schema or entry.node, message, hint=hint)
        return f"{what} ({entry.media_range}) is not checked against its schema: {reason}"

    def _unread(self, entry: MediaTypeEntry, what: str, name: str) -> str:
        """Find and say that a form is not checked since one of its properties has a form that nobody here reads."""
        place = (entry.encoding or entry.node).at(name).at("contentType")
        message = f"'{name}' is sent as {place.value}, which cannot be checked against its schema; the whole form is passed on unread"
        self._findings.add("content-not-enforced", place, message, hint="JSON can be checked, and text where a string or number is meant")
        return f"{what} ({entry.media_range}) is not checked, since '{name}' is sent as {place.value}"

    def _encodings(self, entry: MediaTypeEntry, kind: BodyKind, shape: Shape) -> dict[str, Encoding]:
        found: dict[str, Encoding] = {}
        for name, member in entry.encoding.items() if entry.encoding is not None else ():
            node = self._reading.object(member, "Encoding")
            if node is None:
                continue
            if shape.properties and name not in shape.properties:
                # "each key under the field MUST exist as a property; `encoding` entries with no corresponding property
                # SHALL be ignored" (3.2.0).
                message = f"the schema has no property '{name}', so that this encoding has no effect"
                self._findings.add("no-effect", member, message, hint=did_you_mean(name, shape.properties))
            else:
                found[name] = self._encoding(node, kind)
        return found

    def _encoding(self, node: Node, kind: BodyKind) -> Encoding:
        style = self._reading.field(node, "style", str)
        if style is not None and style not in _FORM_STYLES:
            hint = did_you_mean(style, _FORM_STYLES)
            self._findings.add("invalid-style", node.at("style"), f"a form field cannot have the style '{style}'", hint=hint)
            style = None
        # OpenAPI 3.0 section "Encoding Object": these three "SHALL be ignored if the request body media type is not
        # application/x-www-form-urlencoded", 3.1: "… or multipart/form-data"; where one is given, contentType is ignored.
        stated = [key for key in ("style", "explode", "allowReserved") if key in node.value]
        styled = bool(stated) and (kind == "urlencoded" or self._version != "3.0")
        if stated and not styled:
            message = f"'{stated[0]}' has no effect on parts of multipart/form-data in OpenAPI 3.0"
            self._findings.add("no-effect", node.at(stated[0]), message, hint="with OpenAPI 3.1 it has")
        if kind == "urlencoded" and "headers" in node.value:
            self._findings.add("no-effect", node.at("headers"), "fields of an urlencoded form have no 'headers'; those of multipart do")
        types = self._reading.field(node, "contentType", str)
        headers: list[Any] = []
        if kind == "multipart":
            headers = [self._fields.lower(header, "request", []) for header in self._parameters.headers(node)]
        return Encoding(
            content_types=tuple(part.strip() for part in types.split(",") if part.strip()) if types is not None and not styled else (),
            style=cast(Style, style or "form"),
            explode=self._reading.flag(node, "explode", (style or "form") == "form"),
            allow_reserved=self._reading.flag(node, "allowReserved"),
            styled=styled,
            headers=tuple(headers),
        )


def _body_kind(media: MediaType, shape: Shape) -> BodyKind:
    """How bodies of a type are read."""
    if media.json:
        return "json"
    if media.essence == "application/x-www-form-urlencoded":
        return "urlencoded"
    if media.essence == "multipart/form-data":
        return "multipart"
    if media.xml and "*" not in (media.type, media.subtype):
        return "xml"
    return "text" if is_text(media, shape) else "opaque"


def sequential(media: MediaType) -> BodyKind | None:
    """How a media type that repeats JSON values or events is read; None for others (OpenAPI 3.2 "Sequential Media Types")."""
    if media.essence in ("application/jsonl", "application/x-ndjson", "application/ndjson", "application/json-lines"):
        return "lines"
    if media.essence == "application/json-seq" or media.subtype.endswith("+json-seq"):
        return "sequence"
    return "events" if media.essence == "text/event-stream" else None


def _positional(media: MediaType) -> bool:
    """Whether content is parts in an order, without names (OpenAPI 3.2 "Encoding By Position")."""
    return media.type == "multipart" and media.subtype != "form-data"


def _readable(shape: Shape, encoding: Encoding) -> bool:
    """Whether a form's property can be read in every type that its encoding lists: objects and arrays only as JSON."""
    if shape.types == ("array",) and shape.items is not None:
        shape = shape.items
    if not shape.types or "string" in shape.types:
        return True
    medias = filter(None, map(parse_media_type, encoding.content_types))
    return all(media.json or "*" in (media.type, media.subtype) or is_text(media, shape) for media in medias)


def _any_text(schema: Node, reading: Reading) -> bool:
    """Whether a schema says no more of raw content than that it is some: OpenAPI writes files as strings."""
    target = schema if not isinstance(schema.value, dict) or "$ref" not in schema.value else reading.library.resolve(schema)
    value = target.value if target is not None else None
    if not isinstance(value, dict) or value.get("type") not in ("string", "file", None):
        return False
    silent = ("type", "format", "title", "description", "example", "examples", "default", "deprecated", "nullable", "readOnly", "writeOnly")
    return all(key in silent or key.startswith(("content", "x-")) for key in value)
