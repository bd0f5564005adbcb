"""What the sandbox answers for each operation: documented examples as prepared text, and the schemas of what has none.

Stands after the addresses, since nothing is prepared for an operation that nobody can call. Schemas are lowered a second
time, with what makes values plausible; what is wrong with them is told where they are validated, and not again here.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from contextlib import suppress
from typing import Any
from urllib.parse import urlsplit

import msgspec
from msgspec.structs import replace

from specgw.compiler.collections import Collections
from specgw.compiler.declared import Declared
from specgw.compiler.draft import Draft
from specgw.compiler.mocks import documented
from specgw.compiler.passes.bodies import sequential
from specgw.compiler.references import Follow, final
from specgw.diagnostics import Findings
from specgw.http import MediaType, parse_media_type
from specgw.mock.rendering import json_text, parameter_text, rendered
from specgw.openapi.model import Contract, MediaTypeEntry, Node, Parameter, Response
from specgw.openapi.schemas import Schemas
from specgw.openapi.xml_rules import Unclear
from specgw.plan.sandbox import Mock, MockContent, MockExample, MockHeader, MockKind, MockResponse, Pairing, Sandbox

# What this hop says itself, or what frames the message; OpenAPI section "Response Object": Content-Type is ignored.
_NOT_MOCKED = frozenset(
    ("content-type", "content-length", "transfer-encoding", "connection", "date", "via", "x-request-id", "trailer", "upgrade")
)
_JSON = frozenset(("json", "lines", "sequence", "events"))
_CONCRETE = {"*/*": "application/json", "application/*": "application/json", "text/*": "text/plain", "image/*": "image/png"}


def run(draft: Draft) -> None:
    """Fill in `sandbox`, and of each operation `mock`."""
    schemas = draft.answers = Schemas(draft.library, Findings(), annotate=True)
    answers = _Answers(schemas, draft.library.peek)
    collections = Collections(draft.declared, schemas, draft.library.peek)
    for declared in draft.declared:
        if declared.served:
            declared.mock = replace(_mock(declared, answers, draft.library.peek), resource=collections.resource(declared))
    draft.sandbox = Sandbox(responses=dict(sorted(answers.responses.items())), schemas=schemas.resources())


def _mock(declared: Declared, answers: _Answers, follow: Follow) -> Mock:
    operation = declared.operation
    responses = {response.status: answers.key(response, declared.contract) for response in operation.responses}
    return Mock(
        responses=responses,
        pairings=_pairings(declared, answers, responses.values(), follow),
        bases=tuple(filter(None, dict.fromkeys(urlsplit(server.url).path.rstrip("/") for server in operation.servers))),
        behaviour=declared.settings.mock,
    )


class _Answers:
    """Prepares each declared response once, however many operations refer to it, and keeps once what is the same at several places."""

    def __init__(self, schemas: Schemas, follow: Follow) -> None:
        self.responses: dict[str, MockResponse] = {}
        """By the first place in the documents that says so."""
        self._keys: dict[str, str] = {}
        self._alike: dict[bytes, str] = {}
        self._schemas = schemas
        self._follow = follow

    def key(self, response: Response, contract: Contract) -> str:
        place = f"{response.node.file}#{response.node.pointer}"
        if place not in self._keys:
            made = self._made(response, contract.version)
            key = self._alike.setdefault(hashlib.sha256(_whole(made)).digest(), place)
            self.responses.setdefault(key, made)
            self._keys[place] = key
        return self._keys[place]

    def _made(self, response: Response, version: str) -> MockResponse:
        headers = tuple(self._header(header, version) for header in response.headers if header.name.lower() not in _NOT_MOCKED)
        return MockResponse(
            headers=headers,
            content=tuple(self._content(entry, version) for entry in response.content),
            names=tuple(dict.fromkeys((*_refs(response.node), *(name for header in headers for name in header.examples)))),
        )

    def names(self, key: str) -> Iterator[str]:
        """The names of all examples of a response."""
        response = self.responses[key]
        for content in response.content:
            yield from (example.name for example in content.examples)
        yield from response.names

    def _header(self, header: Parameter, version: str) -> MockHeader:
        examples = parameter_examples(header, self._follow)
        if examples:
            texts = {name: parameter_text(node.value, explode=header.explode) for name, node in examples}
            named = {name: text for name, text in texts.items() if name != "default"}
            return MockHeader(name=header.name, text=next(iter(texts.values())), examples=named)
        node = header.schema if header.content is None else header.content.schema
        schema = None if node is None else self._schemas.lower(node, version, "response").reference
        return MockHeader(name=header.name, schema=schema, explode=header.explode)

    def _content(self, entry: MediaTypeEntry, version: str) -> MockContent:
        media_type = concrete(entry.media_range)
        media = parse_media_type(media_type)
        kind: MockKind = "binary" if media is None else _kind(media)
        node = entry.schema or entry.items
        schema = None if node is None else self._schemas.lower(node, version, "response").reference
        prepared = MockContent(media_range=entry.media_range, media_type=media_type, kind=kind, schema=schema, items=entry.schema is None)
        if kind == "xml" and node is not None:
            with suppress(Unclear):  # then it is written by the names of its properties
                prepared = replace(prepared, xml=self._schemas.xml(node, version))
        structured = kind == "json" and node is not None and _structured(node, self._follow)
        examples = (MockExample(name=name, body=self._body(node, prepared, structured)) for name, node in documented(entry, self._follow))
        return replace(prepared, examples=tuple(examples))

    def _body(self, example: Node, content: MockContent, structured: bool) -> str:
        value = example.value
        if isinstance(value, str) and (content.kind not in _JSON or (structured and _is_json(value))):
            return value
        return rendered(value, content).decode("utf-8", "surrogateescape")


def _whole(response: MockResponse) -> bytes:
    """All that it says; texts of documents may hold lone surrogates, which JSON would not."""
    return repr(response).encode("utf-8", "surrogatepass")


def _structured(schema: Node, follow: Follow) -> bool:
    """Whether a schema says plainly that a value is an object or an array."""
    target = final(schema, follow)
    said = target.value.get("type") if target is not None and isinstance(target.value, dict) else None
    return said in ("object", "array")


def _is_json(text: str) -> bool:
    """Whether an example is the body itself, written as text where a value was asked for (section "Media Type Object")."""
    try:
        return isinstance(msgspec.json.decode(text), dict | list)
    except (msgspec.DecodeError, UnicodeEncodeError):
        return False


def concrete(media_range: str) -> str:
    """The media type that is sent for a range: itself, unless it leaves something open."""
    essence = media_range.partition(";")[0].strip()
    if "*" not in essence:
        return media_range
    return _CONCRETE.get(essence) or essence.replace("*+", "").replace("*", "octet-stream")


def _kind(media: MediaType) -> MockKind:
    repeated = sequential(media)
    if repeated == "lines" or repeated == "sequence" or repeated == "events":
        return repeated
    if media.json:
        return "json"
    if media.xml:
        return "xml"
    if media.essence == "application/x-www-form-urlencoded":
        return "urlencoded"
    if media.essence == "multipart/form-data":
        return "multipart"
    return "text" if media.type == "text" else "binary"


def parameter_examples(parameter: Parameter, follow: Follow) -> list[tuple[str, Node]]:
    """The examples of a parameter or header by name, `default` for the one that has none."""
    if parameter.content is not None:
        return documented(parameter.content, follow)
    return documented(MediaTypeEntry(parameter.node, "", None), follow)


def _refs(response: Node) -> tuple[str, ...]:
    """The examples that a response without content is for, as users of Microcks write it."""
    named = response.get("x-microcks-refs")
    return tuple(name for name in named.value if isinstance(name, str)) if named is not None and isinstance(named.value, list) else ()


def _pairings(declared: Declared, answers: _Answers, responses: Iterable[str], follow: Follow) -> tuple[Pairing, ...]:
    """Names of response examples that examples of the request have as well, in the order of the responses."""
    operation = declared.operation
    names: dict[str, list[tuple[str, str, str]]] = {}
    for parameter in operation.parameters:
        for name, node in parameter_examples(parameter, follow):
            names.setdefault(name, []).append((parameter.location, parameter.name, json_text(node.value)))
    bodies: dict[str, dict[str, str]] = {}
    for entry in operation.request_body.content if operation.request_body is not None else ():
        for name, node in documented(entry, follow):
            bodies.setdefault(name, {})[entry.media_range] = json_text(_meant(entry, node, follow))
    answered = dict.fromkeys(name for key in responses for name in answers.names(key))
    return tuple(
        Pairing(name=name, parameters=tuple(names.get(name, ())), bodies=bodies.get(name, {}))
        for name in answered
        if name != "default" and (name in names or name in bodies)
    )


def _meant(entry: MediaTypeEntry, example: Node, follow: Follow) -> Any:
    """The value of a request's example; a JSON text in the place of an object or array is what it holds."""
    value = example.value
    media = parse_media_type(entry.media_range)
    if isinstance(value, str) and media is not None and media.json and entry.schema is not None and _structured(entry.schema, follow):
        with suppress(msgspec.DecodeError, UnicodeEncodeError):
            return msgspec.json.decode(value)
    return value
