"""The Plan as bytes and back: JSON that is the same for the same Plan; in a file, one that reads well as a difference.

Members that have their default are left out, mappings are sorted by key. In a file, what is short stands in one line. The first
line is the digest of all others: what a merge, an editor or a disk has made of a plan is none that was compiled, and nobody has
checked it.
"""

from __future__ import annotations

import gc
import hashlib
from collections.abc import Generator
from typing import Any

import msgspec

from specgw.plan.model import FORMAT, Edge, Origin, Plan, Route, Scheme, Upstream
from specgw.plan.sandbox import Mock, MockResponse, Sandbox


class CodecError(ValueError):
    """The bytes are no Plan of the format that is understood here, or the Plan holds what JSON cannot; the text says what."""


class _Head(msgspec.Struct):
    """What is read before anything else: the rest depends on it."""

    format: int


class _Parts(msgspec.Struct, forbid_unknown_fields=True):
    """A Plan whose parts have only been found, not read."""

    format: int
    edge: msgspec.Raw = msgspec.Raw(b"{}")
    routes: list[msgspec.Raw] = []
    upstreams: dict[str, msgspec.Raw] = {}
    schemes: dict[str, msgspec.Raw] = {}
    scheme_origins: dict[str, msgspec.Raw] = {}
    schemas: dict[str, msgspec.Raw] = {}
    sandbox: _SandboxParts | None = None


class _SandboxParts(msgspec.Struct, forbid_unknown_fields=True):
    """A Sandbox likewise."""

    operations: dict[str, msgspec.Raw] = {}
    responses: dict[str, msgspec.Raw] = {}
    schemas: dict[str, msgspec.Raw] = {}


WIDTH = 160
"""Columns that an object or a list may have that stands in one line of a file."""

PIECE = 1 << 16
"""Bytes of JSON that are read in one step; a millisecond at most."""

_SEAL = b'{\n "digest": "sha256:%b",'
_SEALED = len(_SEAL % b"") + 2 * hashlib.sha256().digest_size
"""Where the text begins that the digest is of: all of the plan but its opening brace."""

_encoder = msgspec.json.Encoder(order="deterministic")
_decoder = msgspec.json.Decoder(Plan)
_head = msgspec.json.Decoder(_Head)
_parts = msgspec.json.Decoder(_Parts)
_edge, _route = msgspec.json.Decoder(Edge), msgspec.json.Decoder(Route)
_upstream, _scheme, _origin = msgspec.json.Decoder(Upstream), msgspec.json.Decoder(Scheme), msgspec.json.Decoder(Origin)
_mock, _response = msgspec.json.Decoder(Mock), msgspec.json.Decoder(MockResponse)
_members, _items = msgspec.json.Decoder(dict[str, msgspec.Raw]), msgspec.json.Decoder(list[msgspec.Raw])
# msgspec checks UTF-8 only in strings that it keeps, and then says so with the exception of bytes.decode.
_UNREADABLE = (msgspec.DecodeError, UnicodeDecodeError, RecursionError)


def encode(plan: Plan) -> bytes:
    """The Plan as UTF-8 JSON for another process, as short as it can be, under its digest.

    Raises CodecError for text that has no UTF-8 form (a lone surrogate from an escape in a document).
    """
    return seal(_plain(plan))


def written(plan: Plan) -> bytes:
    """The same for a file that people compare: indented by one space, what fits into one line in one line, a newline at the end."""
    return seal(_folded(msgspec.json.format(_plain(plan), indent=1)) + b"\n")


def _plain(plan: Plan) -> bytes:
    try:
        return _encoder.encode(plan)
    except UnicodeEncodeError as error:
        raise CodecError(f"the plan holds text that is not Unicode: {error.reason}") from None


def seal(text: bytes) -> bytes:
    """The text of a plan, a JSON object, under its digest."""
    return _SEAL % hashlib.sha256(memoryview(text)[1:]).hexdigest().encode() + text[1:]


def _folded(indented: bytes) -> bytes:
    """JSON that has a line for each value, with every object and list of at most WIDTH columns in one line."""
    lines: list[bytes] = []
    opened: list[int] = []
    """Where the objects and lists begin that are still open: indices into `lines`."""
    for line in indented.split(b"\n"):
        text = line.lstrip(b" ")
        if text[:1] in (b"}", b"]"):
            start = opened.pop()
            # Each line of what can be folded is short, and there are few: a long list is not joined only to be measured.
            if len(lines) - start <= WIDTH and sum(map(len, lines[start:])) <= WIDTH * 2:
                inner = b" ".join(inner.lstrip(b" ") for inner in lines[start + 1 :])
                if len(lines[start]) + len(inner) + len(text) <= WIDTH:
                    lines[start:] = [lines[start] + inner + text]
                    continue
        elif line[-1:] in (b"{", b"["):
            opened.append(len(lines))
        lines.append(line)
    return b"\n".join(lines)


def decode(data: bytes) -> Plan:
    """The Plan that `encode` or `written` made bytes of. Raises CodecError for anything else."""
    text = _text(data, hashlib.sha256(memoryview(data)[_SEALED:]))
    # Nothing of what comes into being here can be garbage, and to look for it costs as much as to decode.
    collecting = gc.isenabled()
    gc.disable()
    try:
        return _decoder.decode(text)
    except _UNREADABLE as error:
        raise CodecError(f"the plan is damaged: {error}") from None
    finally:
        if collecting:
            gc.enable()


def decoding(data: bytes) -> Generator[None, None, Plan]:
    """The same in steps of about a millisecond, for a server that has something else to do. Returns the Plan.

    It makes long-lived objects: keep the garbage collector away meanwhile.
    """
    digest = hashlib.sha256()
    for start in range(_SEALED, len(data), PIECE):
        digest.update(data[start : start + PIECE])
        yield
    text = _text(data, digest)
    yield
    try:
        parts = _parts.decode(text)
        yield
        edge = _edge.decode(parts.edge)
        routes = []
        for route in parts.routes:
            routes.append(_route.decode(route))
            yield
        upstreams = {name: _upstream.decode(upstream) for name, upstream in parts.upstreams.items()}
        schemes = {key: _scheme.decode(scheme) for key, scheme in parts.schemes.items()}
        origins = {key: _origin.decode(origin) for key, origin in parts.scheme_origins.items()}
        schemas = {}
        for uri, schema in parts.schemas.items():
            schemas[uri] = yield from _value(schema)
        sandbox = yield from _sandbox(parts.sandbox or _SandboxParts())
    except _UNREADABLE as error:
        raise CodecError(f"the plan is damaged: {error}") from None
    return Plan(
        edge=edge,
        routes=tuple(routes),
        upstreams=upstreams,
        schemes=schemes,
        schemas=schemas,
        scheme_origins=origins,
        sandbox=sandbox,
    )


def _sandbox(parts: _SandboxParts) -> Generator[None, None, Sandbox]:
    operations, responses, schemas = {}, {}, {}
    for name, operation in parts.operations.items():
        operations[name] = _mock.decode(operation)
        yield
    for key, response in parts.responses.items():
        responses[key] = _response.decode(response)
        yield
    for uri, schema in parts.schemas.items():
        schemas[uri] = yield from _value(schema)
    return Sandbox(operations=operations, responses=responses, schemas=schemas)


def _value(raw: msgspec.Raw | bytes) -> Generator[None, None, Any]:
    """Any JSON value, a large one member by member."""
    data = bytes(raw)
    if len(data) <= PIECE or data[:1] not in b"{[":
        yield
        return msgspec.json.decode(data)
    if data[:1] == b"[":
        items = []
        for item in _items.decode(data):
            items.append((yield from _value(item)))
        return items
    members = {}
    for name, member in _members.decode(data).items():
        members[name] = yield from _value(member)
    return members


def _text(data: bytes, digest: hashlib._Hash) -> bytes:
    """The text of a plan without the digest that it has to have; raises CodecError for what is none, or was changed."""
    try:
        form = _head.decode(data).format
    except _UNREADABLE as error:
        raise CodecError(f"this is not a plan: {error}") from None
    if form != FORMAT:
        raise CodecError(f"the plan has format {form}, this version reads format {FORMAT}: build it again")
    if data[:_SEALED] != _SEAL % digest.hexdigest().encode():
        raise CodecError("the plan was changed after it was built: build it again")
    return b"{" + data[_SEALED:]
