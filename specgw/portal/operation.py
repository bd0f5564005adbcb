"""One operation as its page tells it: parameters, bodies, answers, credentials, addresses and calls that can be copied."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from specgw.http import REASONS
from specgw.portal import examples
from specgw.portal.cases import Case, Cases
from specgw.portal.catalogue import Entry
from specgw.portal.json_text import json_text
from specgw.portal.lexicon import Lexicon
from specgw.portal.making import Maker
from specgw.portal.manners import manner
from specgw.portal.references import name_of, resolved
from specgw.portal.samples.call import absolute, call_of
from specgw.portal.samples.curl import curl
from specgw.portal.samples.go import go
from specgw.portal.samples.javascript import javascript
from specgw.portal.samples.python import python
from specgw.portal.schema_html import Trees
from specgw.portal.schema_tree import Direction, Members, Row
from specgw.portal.schemas import kind, plain
from specgw.portal.security import Alternative, alternatives
from specgw.portal.text import Names, clipped, line, mapping, paragraphs, sequence, visible

ROOM = 40_000
"""Characters of all schemas of a page."""
_LONGEST_SCHEMA = 4_000
"""Characters of a schema as JSON, where it has no page of its own."""
_MOST_EXAMPLES = 6
"""Of one parameter."""
_PLACES = ("path", "query", "querystring", "header", "cookie")

# How the merged document, which is of OpenAPI 3.1, carries what only 3.2 can say.
_QUERYSTRING = "x-specgw-querystring"
_ITEM_SCHEMA = "x-specgw-itemSchema"


@dataclass(frozen=True, slots=True)
class Field:
    """A parameter, or a header field of an answer."""

    row: Row
    place: str
    manner: str
    """How several values are written, in words; empty where there is one."""
    examples: list[tuple[str, str]]
    """Names, where they have any, and values."""
    tree: Markup


@dataclass(frozen=True, slots=True)
class Media:
    """A media type of a body, with its schema: shown here, or further up on the page."""

    name: str
    schema: str
    """The component's name; what kind of value it is where it has none; empty where nothing is said."""
    anchor: str = ""
    repeated: bool = False
    row: Row | None = None
    tree: Markup | str = ""
    page: str = ""
    """Where the whole schema is; empty: `text` has it."""
    text: str = ""
    """The schema as JSON; empty where it is too long, or has a page."""


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
    own: bool
    """Whether it is the gateway's alone: the service does not say that it answers so."""


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
    parameters: dict[str, list[Field]]
    """By place."""
    body: Body | None
    answers: list[Answer]
    requested: list[Case]
    """Examples of the request's body."""
    answered: list[Case]
    """Examples of answers."""
    public: bool
    alternatives: list[Alternative]
    servers: list[str]
    samples: list[Sample]
    """The same call in several languages."""
    asks_address: bool
    """Whether the call reads the gateway's address from a variable."""
    unenforced: list[str]
    """What of the contract the gateway cannot check exactly."""


def describe(entry: Entry, lexicon: Lexicon, maker: Maker) -> Described:
    """What there is to say about an operation of a document."""
    operation, document = entry.operation, lexicon.document
    page = _Page(lexicon)
    cases = Cases(document, maker, entry.route)
    found = [resolved(value, document) for value in (*sequence(operation.get("parameters")), operation.get(_QUERYSTRING))]
    parameters = sorted((value for value in found if value.get("in") in _PLACES), key=lambda value: _PLACES.index(value["in"]))
    body = resolved(operation.get("requestBody"), document) or None
    responses = [item for item in mapping(operation.get("responses")).items() if not item[0].startswith("x-")]
    servers = [line(mapping(server).get("url")) for server in sequence(document.get("servers"))]
    accepted = alternatives(operation.get("security"), document)
    schemes = accepted[0].schemes if accepted else ()
    base = servers[0] if servers else ""
    lead = [] if entry.title == entry.summary else paragraphs(operation.get("summary"))
    call = call_of(entry.method, entry.path, parameters, body, [scheme.declared for scheme in schemes], document, base, cases.made)
    told = [(name, slug, written(call)) for name, slug, written in _LANGUAGES]
    shown = None if body is None else Body(body.get("required") is True, paragraphs(body.get("description")), page.content(body, "request"))
    fields: dict[str, list[Field]] = {}
    for value in parameters:
        fields.setdefault(str(value["in"]), []).append(page.field(str(value.get("name", "")), value, "request"))
    answers = [page.answer(status, value) for status, value in responses]
    return Described(
        description=lead + paragraphs(operation.get("description")),
        parameters=fields,
        body=shown,
        answers=answers,
        requested=cases.request(body),
        answered=cases.answers(item for item, answer in zip(responses, answers, strict=True) if not answer.own),
        public=not accepted or any(not alternative.schemes for alternative in accepted),
        alternatives=[alternative for alternative in accepted if alternative.schemes],
        servers=servers,
        samples=[Sample(name, slug, text) for name, slug, text in told if text and (slug == "curl" or len(text) <= _LONGEST_SAMPLE)],
        asks_address=not absolute(base),
        unenforced=[line(words) for words in sequence(operation.get("x-specgw-unenforced"))],
    )


class _Page:
    """The schemas of one page: what was shown already is only referred to."""

    def __init__(self, lexicon: Lexicon) -> None:
        self._document = lexicon.document
        self._schemas = lexicon.schemas
        self._trees = Trees(lexicon.places, f"../../{lexicon.file}", ROOM)
        self._anchors = Names()
        self._shown: dict[object, str] = {}

    def content(self, holder: Mapping[str, Any], direction: Direction) -> list[Media]:
        """The media types of a request body or response."""
        return [self._media(name, mapping(value), direction) for name, value in mapping(holder.get("content")).items()]

    def _media(self, name: str, value: Mapping[str, Any], direction: Direction) -> Media:
        # Of a sequence, one item tells more than nothing.
        schema = value.get("schema", value.get(_ITEM_SCHEMA))
        if schema in (None, True, {}):
            return Media(visible(clipped(name)), "")
        row = self._schemas.row("", schema, direction)
        component = name_of(schema)
        called = visible(clipped(component or row.kind))
        key = self._key(schema, row.members, direction)
        known = self._shown.get(key)
        if known is not None:
            return Media(visible(clipped(name)), called, known, True)
        anchor = self._anchors.unique(f"schema-{called}", "schema")
        self._shown[key] = anchor
        page = self._trees.place(component) if component else ""
        text = "" if page else json_text(schema)
        text = text if len(text) <= _LONGEST_SCHEMA else ""
        return Media(visible(clipped(name)), called, anchor, False, row, self._trees.tree(row.members), page, text)

    def _key(self, schema: Any, members: Members | None, direction: Direction) -> object:
        """The same for schemas of which one needs to be shown."""
        if set(mapping(schema)) == {"$ref"}:
            return schema["$ref"], direction if members is not None else ""
        return json_text(schema), direction

    def answer(self, status: str, value: Any) -> Answer:
        """A response."""
        response = resolved(value, self._document)
        reason = REASONS.get(int(status), b"").decode("ascii") if status.isascii() and status.isdecimal() else ""
        headers = [
            self.field(name, resolved(header, self._document), "response") for name, header in mapping(response.get("headers")).items()
        ]
        own = (name_of(value) or "").rpartition(".")[2].startswith("Gateway") and list(mapping(response.get("content"))) == [_PROBLEM]
        content = [] if own else self.content(response, "response")
        return Answer(visible(clipped(status)), reason, paragraphs(response.get("description")), headers, content, own)

    def field(self, name: str, said: Mapping[str, Any], direction: Direction) -> Field:
        """A parameter or a header field."""
        holder, form = said, ""
        for media_type, media in mapping(said.get("content")).items():
            holder, form = mapping(media), f" as {visible(clipped(media_type))}"
        schema = holder.get("schema")
        told = examples.said(holder, self._document)
        row = self._schemas.row(name, schema, direction, said=True, required=said.get("required") is True)
        row.kind += form
        row.description = paragraphs(said.get("description")) or row.description
        if said.get("deprecated") is True and "deprecated" not in row.marks:
            row.marks.insert(0, "deprecated")
        return Field(
            row=row,
            place=str(said.get("in", "")),
            manner="" if form or "in" not in said else manner(said, kind(schema, self._document)),
            examples=[(each.name, plain(each.value[0])) for each, _ in zip(told, range(_MOST_EXAMPLES), strict=False) if each.value],
            tree=self._trees.tree(row.members),
        )


_PROBLEM = "application/problem+json"
