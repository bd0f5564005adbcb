"""One operation as its page tells it: parameters, bodies, answers, credentials, addresses and calls that can be copied."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from specgw.http import REASONS
from specgw.portal.catalogue import Document, Entry
from specgw.portal.references import resolved
from specgw.portal.samples.call import absolute, call_of
from specgw.portal.samples.curl import curl
from specgw.portal.samples.go import go
from specgw.portal.samples.javascript import javascript
from specgw.portal.samples.python import python
from specgw.portal.schema_tree import MOST, Direction, Row, tree
from specgw.portal.schemas import Shown, constraints, kind, plain, shown
from specgw.portal.security import Alternative, alternatives
from specgw.portal.text import Names, clipped, line, mapping, paragraphs, sequence
from specgw.portal.values import documented

_MOST_ROWS = 3 * MOST
"""Rows of all trees of a page."""
_PLACES = ("path", "query", "querystring", "header", "cookie")

# How the merged document, which is of OpenAPI 3.1, carries what only 3.2 can say.
_QUERYSTRING = "x-specgw-querystring"
_ITEM_SCHEMA = "x-specgw-itemSchema"


@dataclass(frozen=True, slots=True)
class Field:
    """A parameter, or a header field of an answer."""

    name: str
    place: str
    required: bool
    deprecated: bool
    kind: str
    constraints: list[str]
    description: list[str]
    example: str | None


@dataclass(frozen=True, slots=True)
class Media:
    """A media type of a body, with its schema: shown here, or further up on the page."""

    name: str
    schema: Shown | None
    anchor: str
    repeated: bool
    tree: Row | None = None


@dataclass(frozen=True, slots=True)
class Body:
    """The request body."""

    required: bool
    description: list[str]
    content: list[Media]


@dataclass(frozen=True, slots=True)
class Answer:
    """A response by its status, `2XX` or `default`."""

    status: str
    reason: str
    description: list[str]
    headers: list[Field]
    content: list[Media]


@dataclass(frozen=True, slots=True)
class Sample:
    """A call written in a language."""

    language: str
    slug: str
    """Its name in file names and anchors."""
    text: str


_LONGEST_SAMPLE = 20_000
"""Characters; of what is longer, curl's alone is shown."""
_LANGUAGES = (("curl", "curl", curl), ("Python", "python", python), ("JavaScript", "javascript", javascript), ("Go", "go", go))


@dataclass(frozen=True, slots=True)
class Described:
    """Everything that the page of an operation shows."""

    description: list[str]
    parameters: list[Field]
    body: Body | None
    answers: list[Answer]
    public: bool
    alternatives: list[Alternative]
    servers: list[str]
    samples: list[Sample]
    """The same call in several languages."""
    asks_address: bool
    """Whether the call reads the gateway's address from a variable."""
    unenforced: list[str]
    """What of the contract the gateway cannot check exactly."""


def describe(entry: Entry, document: Document) -> Described:
    """What there is to say about an operation of a document."""
    operation = entry.operation
    schemas = _Schemas(document)
    found = [resolved(value, document) for value in (*sequence(operation.get("parameters")), operation.get(_QUERYSTRING))]
    parameters = sorted((value for value in found if value.get("in") in _PLACES), key=lambda value: _PLACES.index(value["in"]))
    body = resolved(operation.get("requestBody"), document) or None
    responses = [item for item in mapping(operation.get("responses")).items() if not item[0].startswith("x-")]
    servers = [line(mapping(server).get("url")) for server in sequence(document.get("servers"))]
    accepted = alternatives(operation.get("security"), document)
    schemes = accepted[0].schemes if accepted else ()
    base = servers[0] if servers else ""
    lead = [] if entry.title == entry.summary else paragraphs(operation.get("summary"))
    call = call_of(entry.method, entry.path, parameters, body, [scheme.declared for scheme in schemes], document, base)
    told = [(name, slug, written(call)) for name, slug, written in _LANGUAGES]
    return Described(
        description=lead + paragraphs(operation.get("description")),
        parameters=[_field(str(value.get("name", "")), value, document) for value in parameters],
        body=None if body is None else _body(body, schemas),
        answers=[_answer(status, value, document, schemas) for status, value in responses],
        public=not accepted or any(not alternative.schemes for alternative in accepted),
        alternatives=[alternative for alternative in accepted if alternative.schemes],
        servers=servers,
        samples=[Sample(name, slug, text) for name, slug, text in told if text and (slug == "curl" or len(text) <= _LONGEST_SAMPLE)],
        asks_address=not absolute(base),
        unenforced=[line(words) for words in sequence(operation.get("x-specgw-unenforced"))],
    )


class _Schemas:
    """The schemas of one page: what was shown already is only referred to."""

    def __init__(self, document: Document) -> None:
        self._document = document
        self._anchors = Names()
        self._left = _MOST_ROWS
        self._shown: dict[tuple[Direction, str, str], str] = {}

    def content(self, holder: Mapping[str, Any], direction: Direction) -> list[Media]:
        """The media types of a request body or response."""
        return [self._media(name, mapping(value), direction) for name, value in mapping(holder.get("content")).items()]

    def _media(self, name: str, value: Mapping[str, Any], direction: Direction) -> Media:
        # Of a sequence, one item tells more than nothing.
        if "schema" not in value and _ITEM_SCHEMA in value:
            value = {"schema": value[_ITEM_SCHEMA]}
        if value.get("schema") in (None, True, {}):
            return Media(clipped(name), None, "", False)
        schema = shown(value["schema"], self._document)
        # Without members of one direction alone, and as far as is known, both directions are the same.
        differs = not schema.whole or '"readOnly"' in schema.text or '"writeOnly"' in schema.text
        ways: Direction = direction if differs else "request"
        known = self._shown.get((ways, schema.name, schema.text))
        if known is not None:
            return Media(clipped(name), schema, known, True)
        anchor = self._anchors.unique(f"schema-{schema.name}", "schema")
        self._shown[ways, schema.name, schema.text] = anchor
        grown = tree(value["schema"], self._document, direction, self._anchors, anchor, min(MOST, self._left))
        self._left = max(0, self._left - grown.count)
        return Media(clipped(name), schema, anchor, False, grown)


def _body(body: Mapping[str, Any], schemas: _Schemas) -> Body:
    return Body(body.get("required") is True, paragraphs(body.get("description")), schemas.content(body, "request"))


def _answer(status: str, value: Any, document: Document, schemas: _Schemas) -> Answer:
    response = resolved(value, document)
    reason = REASONS.get(int(status), b"").decode("ascii") if status.isascii() and status.isdecimal() else ""
    headers = [_field(name, resolved(header, document), document) for name, header in mapping(response.get("headers")).items()]
    return Answer(clipped(status), reason, paragraphs(response.get("description")), headers, schemas.content(response, "response"))


def _field(name: str, said: Mapping[str, Any], document: Document) -> Field:
    schema = said.get("schema")
    form = ""
    for media_type, media in mapping(said.get("content")).items():
        schema, form = mapping(media).get("schema"), f" as {clipped(media_type)}"
    found = documented(said, document)
    return Field(
        name=clipped(name),
        place=str(said.get("in", "")),
        required=said.get("required") is True,
        deprecated=said.get("deprecated") is True,
        kind=kind(schema, document) + form,
        constraints=constraints(schema, document),
        description=paragraphs(said.get("description")),
        example=plain(found[0]) if found else None,
    )
