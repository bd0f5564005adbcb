"""The Plan as bytes and back: JSON that is the same for the same Plan, and reads well as a difference.

Members that have their default are left out, mappings are sorted by key, one line a value.
"""

from __future__ import annotations

import gc
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


PIECE = 1 << 16
"""Bytes of JSON that are read in one step; a millisecond at most."""

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
    """The Plan as UTF-8 JSON, indented by one space, with a newline at the end.

    Raises CodecError for text that has no UTF-8 form (a lone surrogate from an escape in a document).
    """
    try:
        return msgspec.json.format(_encoder.encode(plan), indent=1) + b"\n"
    except UnicodeEncodeError as error:
        raise CodecError(f"the plan holds text that is not Unicode: {error.reason}") from None


def decode(data: bytes) -> Plan:
    """The Plan that `encode` wrote. Raises CodecError for anything else."""
    _check(data)
    # Nothing of what comes into being here can be garbage, and to look for it costs as much as to decode.
    collecting = gc.isenabled()
    gc.disable()
    try:
        return _decoder.decode(data)
    except _UNREADABLE as error:
        raise CodecError(f"the plan is damaged: {error}") from None
    finally:
        if collecting:
            gc.enable()


def decoding(data: bytes) -> Generator[None, None, Plan]:
    """The same in steps of about a millisecond, for a server that has something else to do. Returns the Plan.

    It makes long-lived objects: keep the garbage collector away meanwhile.
    """
    _check(data)
    yield
    try:
        parts = _parts.decode(data)
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


def _check(data: bytes) -> None:
    try:
        form = _head.decode(data).format
    except _UNREADABLE as error:
        raise CodecError(f"this is not a plan: {error}") from None
    if form != FORMAT:
        raise CodecError(f"the plan has format {form}, this version reads format {FORMAT}: build it again")
