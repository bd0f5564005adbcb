"""What a document says, read but not yet compiled: nodes with their places, and Operations.

Nothing here is checked against x-gateway or turned into a route. Every part keeps its `Node`, so that a finding can
always name file, line and pointer.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol

from specgw.diagnostics import FilePlace
from specgw.openapi.pointers import escape, index_of, tokens_of


class Document(Protocol):
    """One parsed file. `value` is never changed after loading: positions are looked up by identity."""

    file: str
    """Label: relative path with forward slashes, unique in a compile, never absolute."""
    value: Any
    version: str
    """"3.0", "3.1", "3.2" for an OpenAPI root document; "" for a file that is only referenced (inherits the referrer's)."""

    def written(self, pointer: str) -> FilePlace:
        """Where the text of what stands at a JSON pointer is: of its key, or of the nearest ancestor's if it is absent."""

    def line(self, number: int) -> str:
        """The text of a line, from 1, without its end; "" beyond the file."""


@dataclass(frozen=True, slots=True)
class Node:
    """A value in a document together with its place; implements `diagnostics.Place`."""

    document: Document
    pointer: str
    value: Any

    @property
    def file(self) -> str:
        """Label of the document."""
        return self.document.file

    def written(self) -> FilePlace:
        """Where its text stands: file, line and column of the value's key."""
        return self.document.written(self.pointer)

    def get(self, key: str | int) -> Node | None:
        """The child at a key or index, without following `$ref`; None when it is absent or this is no container."""
        value = self.value
        if isinstance(value, dict):
            if key in value:
                return Node(self.document, f"{self.pointer}/{escape(str(key))}", value[key])
        elif isinstance(value, list) and isinstance(key, int) and 0 <= key < len(value):
            return Node(self.document, f"{self.pointer}/{key}", value[key])
        return None

    def at(self, key: str | int) -> Node:
        """A place for a finding about a key that may be absent; its value is None then."""
        return self.get(key) or Node(self.document, f"{self.pointer}/{escape(str(key))}", None)

    def step(self, token: str) -> Node | None:
        """The child that a reference token of a JSON pointer leads to (RFC 6901 section 4); None when there is none."""
        key = index_of(token) if isinstance(self.value, list) else token
        return None if key is None else self.get(key)

    def descend(self, pointer: str) -> Node | None:
        """What a JSON pointer leads to from here, without following `$ref`; None when it leads nowhere."""
        node: Node | None = self
        for token in tokens_of(pointer):
            if node is None:
                return None
            node = node.step(token)
        return node

    def items(self) -> Iterator[tuple[str, Node]]:
        """Children of a mapping with their keys; nothing for other values."""
        if isinstance(self.value, dict):
            for key, value in self.value.items():
                yield key, Node(self.document, f"{self.pointer}/{escape(key)}", value)

    def elements(self) -> Iterator[Node]:
        """Children of a sequence; nothing for other values."""
        if isinstance(self.value, list):
            for index, value in enumerate(self.value):
                yield Node(self.document, f"{self.pointer}/{index}", value)


def kind_of(value: Any) -> str:
    """What a value is, in the words of JSON, for messages."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return "a string"
    if isinstance(value, int | float):
        return "a number"
    return "a list" if isinstance(value, list) else "a mapping"


Direction = Literal["request", "response"]


@dataclass(frozen=True, slots=True)
class Server:
    """A Server Object with its variables filled by their defaults; `url` may be relative or empty."""

    node: Node
    url: str


@dataclass(frozen=True, slots=True)
class MediaTypeEntry:
    """One entry of a `content` map. `schema` is the node where the schema stands, `$ref` not followed."""

    node: Node
    media_range: str
    schema: Node | None
    encoding: Node | None = None
    items: Node | None = None
    """Where `itemSchema` stands, of OpenAPI 3.2."""


@dataclass(frozen=True, slots=True)
class Parameter:
    """A Parameter (or Header) Object, references followed, with defaults of style and explode filled in."""

    node: Node
    name: str
    location: str
    required: bool
    style: str
    explode: bool
    allow_reserved: bool = False
    allow_empty: bool = False
    deprecated: bool = False
    schema: Node | None = None
    content: MediaTypeEntry | None = None


@dataclass(frozen=True, slots=True)
class RequestBody:
    """A Request Body Object, references followed."""

    node: Node
    required: bool
    content: tuple[MediaTypeEntry, ...]


@dataclass(frozen=True, slots=True)
class Response:
    """A Response Object, references followed; `status` is "200", "2XX" or "default"."""

    node: Node
    status: str
    headers: tuple[Parameter, ...]
    content: tuple[MediaTypeEntry, ...]


@dataclass(frozen=True, slots=True)
class Requirement:
    """One alternative of `security`: every scheme has to be satisfied, with all of its scopes."""

    node: Node
    schemes: tuple[tuple[str, tuple[str, ...]], ...]


@dataclass(frozen=True, slots=True)
class SecurityScheme:
    """A Security Scheme Object that is whole, references followed."""

    node: Node
    name: str
    type: str
    """`apiKey`, `http`, `mutualTLS`, `oauth2` or `openIdConnect`."""
    location: str = ""
    """For apiKey: `header`, `query` or `cookie`."""
    field: str = ""
    """For apiKey: the name of the header, query parameter or cookie."""
    http_scheme: str = ""
    """For http: lower case."""
    open_id_connect_url: str = ""
    scopes: tuple[str, ...] = ()
    """For oauth2: those of all flows, each once."""


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation of a document, references followed, what it inherits from path item and root filled in."""

    node: Node
    path_item: Node
    root: Node
    path: str
    """The path template, without what `query` holds."""
    method: str
    """Upper case, unless `additionalOperations` has it otherwise: methods are case-sensitive (RFC 9110 section 9.1)."""
    operation_id: str | None
    parameters: tuple[Parameter, ...]
    request_body: RequestBody | None
    responses: tuple[Response, ...]
    security: tuple[Requirement, ...] | None
    """Effective: the operation's, else the root's. None: nothing said anywhere. (): explicitly public."""
    servers: tuple[Server, ...]
    """Effective: the operation's, else the path item's, else the root's; empty when nothing is said."""
    deprecated: bool = False
    tags: tuple[str, ...] = ()
    query: tuple[tuple[str, str | None], ...] = ()
    """Conditions on query parameters, from a path like `/responses?beta=true`; None asks only for presence."""
    path_levels: tuple[Node, ...] = ()
    """Path items that say something about it, the weakest first: more than one where `path_item` is reached by `$ref`."""


@dataclass(frozen=True, slots=True)
class Contract:
    """One OpenAPI root document as read: its operations in the order of the document."""

    root: Node
    version: str
    """"3.0", "3.1" or "3.2"."""
    title: str
    operations: tuple[Operation, ...] = field(default=())
    schemes: Mapping[str, SecurityScheme] = field(default_factory=dict)
    """The security schemes by name; those with a fault are left out."""
