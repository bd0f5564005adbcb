"""The sandbox for any schema, and for any bytes: what is made is valid to two validators, and nothing that is sent breaks it."""

from __future__ import annotations

import asyncio
import gc
import json
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import h11
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from jsonschema_path import SchemaPath
from msgspec.structs import replace
from openapi_core import V30ResponseValidator, V31ResponseValidator, V32ResponseValidator
from openapi_core.testing import MockRequest, MockResponse
from openapi_schema_validator import OAS31Validator, oas31_format_checker

from specgw.gateway import Gateway, Options
from specgw.mock.generation import Generator, Impossible
from specgw.mock.manner import Manner
from specgw.mock.preferences import Preferences, best, read_accept, read_preferences
from specgw.mock.responder import Asked, Chosen, Responder
from specgw.policies.validation.validators import Validators
from tests.unit.mock.conftest import planned

REFERENCE = "response:/a.yaml#/s"
BOUNDS = st.integers(-50, 50)
SCALARS = st.one_of(
    st.fixed_dictionaries({"type": st.just("integer")}, optional={"minimum": BOUNDS, "maximum": BOUNDS, "multipleOf": st.integers(1, 9)}),
    st.fixed_dictionaries({"type": st.just("number")}, optional={"exclusiveMinimum": BOUNDS, "maximum": BOUNDS}),
    st.fixed_dictionaries({"type": st.just("string")}, optional={"minLength": st.integers(0, 30), "maxLength": st.integers(0, 40)}),
    st.fixed_dictionaries({"type": st.just("string"), "format": st.sampled_from(["date", "date-time", "email", "uuid", "uri", "ipv4"])}),
    st.fixed_dictionaries({"type": st.just("string"), "pattern": st.sampled_from(["^[a-f]{2,4}$", r"^\d+-[A-Z]$", "^(x|y)z*$"])}),
    st.fixed_dictionaries({"enum": st.lists(st.none() | st.booleans() | BOUNDS | st.text("ab", max_size=2), min_size=1, max_size=4)}),
    st.just({"type": "boolean"}),
    st.just({"type": ["string", "null"]}),
)
FIELDS = [
    {"type": "integer", "minimum": 3},
    {"type": "string", "enum": ["a", "b"]},
    {"type": "string", "format": "uuid"},
    {"type": "boolean"},
]
NAMES = st.sampled_from(["id", "name", "email", "tags", "x"])


def larger(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.one_of(
        st.fixed_dictionaries(
            {"type": st.just("array"), "items": inner},
            optional={"minItems": st.integers(0, 3), "maxItems": st.integers(0, 4), "uniqueItems": st.booleans()},
        ),
        st.fixed_dictionaries(
            {"type": st.just("object"), "properties": st.dictionaries(NAMES, inner, max_size=4)},
            optional={
                "required": st.lists(NAMES, unique=True, max_size=3),
                "additionalProperties": st.booleans(),
                "maxProperties": st.integers(0, 5),
            },
        ),
        st.fixed_dictionaries({"oneOf": st.lists(inner, min_size=1, max_size=3)}),
        st.fixed_dictionaries({"anyOf": st.lists(inner, min_size=1, max_size=3)}),
        st.fixed_dictionaries({"allOf": st.lists(inner, min_size=1, max_size=2)}),
        st.fixed_dictionaries({"not": st.sampled_from([{"type": "string"}, {"enum": [1, "a"]}, {"required": ["id"]}, {"minimum": 3}])}),
    )


SCHEMAS = st.recursive(SCALARS, larger, max_leaves=8)


@settings(max_examples=150, deadline=None)
@given(SCHEMAS, st.text(max_size=5))
def test_every_value_is_valid_to_two_validators_and_comes_again(schema: Any, seed: str) -> None:
    resources = {"response:/a.yaml": {"s": schema}}
    generator = Generator(resources, Validators(resources))
    try:
        value = generator.value(REFERENCE, seed)
    except Impossible:
        return
    assert Validators(resources).get(REFERENCE, formats=True).is_valid(value)
    assert OAS31Validator(schema, format_checker=oas31_format_checker).is_valid(value)
    assert generator.value(REFERENCE, seed) == value


JUDGES = {"3.0.3": V30ResponseValidator, "3.1.0": V31ResponseValidator, "3.2.0": V32ResponseValidator}


def in_3_0(schema: Any) -> Any:
    """A schema as OpenAPI 3.0 writes it: `nullable`, bounds that say of themselves whether they are exclusive, no `null` anywhere else."""
    if isinstance(schema, list):
        return [in_3_0(member) for member in schema]
    if not isinstance(schema, dict):
        return schema
    made = {key: in_3_0(value) for key, value in schema.items()}
    if isinstance(made.get("type"), list):
        made |= {"type": made["type"][0], "nullable": True}
    if not isinstance(made.get("exclusiveMinimum", True), bool):
        made |= {"minimum": made["exclusiveMinimum"], "exclusiveMinimum": True}
    if isinstance(made.get("enum"), list):
        made["enum"] = [value for value in made["enum"] if value is not None] or ["a"]
    return made


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(sorted(JUDGES)), SCHEMAS, st.sampled_from(FIELDS), st.integers(0, 9))
def test_every_answer_is_valid_to_openapi_core(version: str, schema: Any, field: Any, seed: int) -> None:
    """Whole answers, status, media type, fields and body, by a library that shares nothing with the gateway."""
    schema = in_3_0(schema) if version == "3.0.3" else schema
    response = {
        "description": "",
        "headers": {"X-Field": {"required": True, "schema": field}},
        "content": {"application/json": {"schema": schema}},
    }
    paths = {"/a": {"get": {"operationId": "a", "responses": {"200": response}}}}
    with tempfile.TemporaryDirectory() as folder:
        sandbox = planned(Path(folder), paths, openapi=version).sandbox
    generator = Generator(sandbox.schemas, Validators(sandbox.schemas))
    chosen = Responder(sandbox.operations["a"], sandbox.responses, generator, name="a").answer(
        Asked(Preferences(dynamic=True, seed=str(seed)))
    )
    if not isinstance(chosen, Chosen):
        return  # nothing is valid
    reply = chosen.reply
    fields = {name.decode().lower(): value.decode() for name, value in reply.headers}
    document = {"openapi": version, "info": {"title": "t", "version": "1"}, "servers": [{"url": "http://a"}], "paths": paths}
    judge = JUDGES[version](SchemaPath.from_dict(document))
    answer = MockResponse(reply.body, reply.status, fields, fields["content-type"])
    assert [repr(error.__cause__ or error) for error in judge.iter_errors(MockRequest("http://a", "get", "/a"), answer)] == []


@given(st.binary(max_size=60))
def test_any_bytes_can_be_preferences_or_accept(field: bytes) -> None:
    read_preferences(field)
    best(read_accept(field), [None])


PERSON = {"type": "object", "properties": {"id": {"type": "integer"}, "name": {"type": "string"}, "tags": {"type": "array", "items": {}}}}
CONTENT = {"application/json": {"schema": PERSON, "examples": {"a": {"value": {}}}}, "application/xml": {"schema": PERSON}}
FORMS = ["application/x-www-form-urlencoded", "multipart/form-data"]
BODIES = [*FORMS, "application/json", "application/xml", "text/plain", "application/x-ndjson"]
KEPT = {"mock": {"state": "crud"}}


def paths() -> dict[str, Any]:
    """Operations of every kind: paired, kept, with bodies of each media type."""
    answers = {"200": {"description": "", "content": CONTENT}, "422": {"description": "", "content": CONTENT}}
    query = {"name": "q", "in": "query", "schema": {"type": "string"}, "examples": {"a": {"value": "x"}}}
    deep = {"name": "d", "in": "query", "style": "deepObject", "explode": True, "schema": PERSON, "examples": {"a": {"value": {"id": 1}}}}
    one = {"parameters": [query, deep], "responses": answers}
    bodies = {kind: {"schema": PERSON, "examples": {"a": {"value": {"id": 1, "name": "b"}}}} for kind in BODIES}
    creates = {"responses": {"201": {"description": "", "content": CONTENT}}, "x-gateway": KEPT}
    keyed = {"parameters": [{"name": "id", "in": "path", "required": True, "schema": {"type": "string"}}]}
    return {
        "/a": {"get": one, "post": {**one, "requestBody": {"content": bodies}}},
        "/b/{id}": {**keyed, "get": one},
        "/c": {"get": {"responses": answers, "x-gateway": KEPT}, "post": {**creates, "requestBody": {"content": bodies}}},
        "/c/{id}": {
            **keyed,
            "get": {"responses": answers, "x-gateway": KEPT},
            "patch": {"responses": answers, "x-gateway": KEPT, "requestBody": {"content": {"*/*": {"schema": PERSON}}}},
            "delete": {"responses": {"204": {"description": ""}}, "x-gateway": KEPT},
        },
    }


class Sandbox:
    """A sandbox on a real socket, asked from a loop of its own."""

    def __init__(self, folder: Path) -> None:
        plan = planned(folder, paths())
        quiet = replace(plan, edge=replace(plan.edge, telemetry=replace(plan.edge.telemetry, access_log="off")))
        self.gateway = Gateway(quiet, Options(host="127.0.0.1", port=0, admin_enabled=False, mocked=Manner(shared=True)))
        self.gateway.bind()
        self.runner = asyncio.Runner()
        self.running = self.runner.get_loop().create_task(self.gateway.run())

    def ask(self, request: bytes) -> int:
        """The status of the answer, which another program finds well-formed to its last byte."""
        told = self.runner.run(self._ask(request))
        reader = h11.Connection(h11.CLIENT)
        reader.send(h11.Request(method=request.partition(b" ")[0], target="/", headers=[("Host", "a"), ("Connection", "close")]))
        reader.send(h11.EndOfMessage())
        reader.receive_data(told)
        head = reader.next_event()
        assert isinstance(head, h11.Response), told
        while not isinstance(event := reader.next_event(), h11.EndOfMessage):
            assert isinstance(event, h11.Data), told
        assert reader.trailing_data == (b"", False), told
        return head.status_code

    async def _ask(self, request: bytes) -> bytes:
        reader, writer = await asyncio.open_connection(*self.gateway.address)
        writer.write(request)
        answer = await reader.read()
        writer.close()
        return answer

    def close(self) -> None:
        self.runner.run(self._stop())
        self.runner.close()
        gc.unfreeze()  # a gateway freezes what it has built

    async def _stop(self) -> None:
        self.gateway.stop()
        await asyncio.wait_for(self.running, 10)


@pytest.fixture
def sandbox(tmp_path: Path) -> Iterator[Sandbox]:
    made = Sandbox(tmp_path)
    yield made
    made.close()


FIELD = st.binary(max_size=40).map(lambda data: data.translate(None, b"\r\n\0"))
TARGET = st.binary(max_size=30).map(lambda data: data.translate(None, bytes(range(0x21)) + b"\x7f#"))
WISHES = st.sampled_from([b"code=", b"example=", b"dynamic=", b"seed=", b"delay=0", b"", b"__code=", b'code="'])


@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(TARGET, TARGET, FIELD, FIELD, WISHES)
def test_no_bytes_in_a_request_break_it(sandbox: Sandbox, path: bytes, query: bytes, accept: bytes, prefer: bytes, wish: bytes) -> None:
    fields = b"Host: a\r\nAccept: %b\r\nPrefer: %b%b\r\nOrigin: %b\r\nConnection: close" % (accept, wish, prefer, accept)
    for target in (b"/a?%b%b" % (wish, query), b"/b/%b?%b" % (path, query), b"/c/" + path, b"/" + path):
        assert sandbox.ask(b"GET %b HTTP/1.1\r\n%b\r\n\r\n" % (target, fields)) in (200, 400, 404, 405, 406, 422), target


MEMBERS = st.sampled_from(["id", "name", "tags", "$ref", ""]) | st.text(max_size=3)
SIMPLE = st.none() | st.booleans() | st.integers() | st.floats() | st.text()
JSON = st.recursive(SIMPLE, lambda inner: st.lists(inner) | st.dictionaries(MEMBERS, inner, max_size=4))
SENT = st.one_of(
    st.binary(max_size=80),
    JSON.map(lambda value: json.dumps(value).encode()),
    st.dictionaries(MEMBERS, JSON, max_size=4).map(lambda value: json.dumps(value).encode()),
    st.binary(max_size=20).map(lambda data: b"id=%b&name=%b" % (data, data)),
    st.binary(max_size=20).map(lambda data: b"<root><id>1</id><name>%b</name></root>" % data),
    st.binary(max_size=20).map(lambda data: b'--x\r\nContent-Disposition: form-data; name="id"\r\n\r\n%b\r\n--x--' % data),
)


@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.sampled_from([b"/a", b"/c"]), st.sampled_from(BODIES) | FIELD, TARGET, SENT)
def test_no_bytes_in_a_body_break_it(sandbox: Sandbox, path: bytes, kind: str | bytes, end: bytes, body: bytes) -> None:
    said = kind if isinstance(kind, bytes) else kind.encode() + (b"; boundary=x" if "multipart" in kind else b"")
    fields = b"Host: a\r\nContent-Type: %b\r\nContent-Length: %d\r\nConnection: close" % (said, len(body))
    for method, target in ((b"POST", path), (b"PATCH", b"/c/1"), (b"DELETE", b"/c/" + end)):
        status = sandbox.ask(b"%b %b HTTP/1.1\r\n%b\r\n\r\n%b" % (method, target, fields, body))
        assert status in (200, 201, 204, 400, 404, 405, 409, 415, 422), (method, target, kind, body)
