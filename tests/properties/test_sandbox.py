"""The sandbox for any schema, and for any bytes: what is made is valid to two validators, and nothing that is sent breaks it."""

from __future__ import annotations

import asyncio
import gc
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openapi_schema_validator import OAS31Validator, oas31_format_checker

from specgw.gateway import Gateway, Options
from specgw.mock.generation import Generator, Impossible
from specgw.mock.manner import USUAL
from specgw.mock.preferences import best, read_accept, read_preferences
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


@given(st.binary(max_size=60))
def test_any_bytes_can_be_preferences_or_accept(field: bytes) -> None:
    read_preferences(field)
    best(read_accept(field), [None])


class Sandbox:
    """A sandbox on a real socket, asked from a loop of its own."""

    def __init__(self, folder: Path) -> None:
        schema = {"type": "object", "properties": {"id": {"type": "integer"}, "name": {"type": "string"}}}
        content = {"application/json": {"schema": schema, "examples": {"a": {"value": {}}}}}
        operation = {
            "parameters": [{"name": "q", "in": "query", "schema": {"type": "string"}, "examples": {"a": {"value": "x"}}}],
            "responses": {"200": {"description": "", "content": content}},
        }
        plan = planned(folder, {"/a": {"get": operation}, "/b/{id}": {"get": operation}})
        self.gateway = Gateway(plan, Options(host="127.0.0.1", port=0, admin_enabled=False, mocked=USUAL))
        self.gateway.plane.access_log.close()
        self.gateway.bind()
        self.runner = asyncio.Runner()
        self.running = self.runner.get_loop().create_task(self.gateway.run())

    def ask(self, request: bytes) -> bytes:
        return self.runner.run(self._ask(request))

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


@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(TARGET, TARGET, FIELD, FIELD)
def test_no_bytes_in_a_request_break_it(sandbox: Sandbox, path: bytes, query: bytes, accept: bytes, prefer: bytes) -> None:
    fields = b"Host: a\r\nAccept: %b\r\nPrefer: %b\r\nConnection: close" % (accept, prefer)
    for target in (b"/a?" + query, b"/b/" + path + b"?" + query, b"/" + path):
        answer = sandbox.ask(b"GET %b HTTP/1.1\r\n%b\r\n\r\n" % (target, fields))
        status = int(answer[9:12])
        assert status in (200, 400, 404, 405, 406), answer
