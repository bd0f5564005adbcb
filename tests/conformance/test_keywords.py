"""Every keyword through a request on a socket: the real listener, the real validators, a service behind them that answers 204."""

from __future__ import annotations

import asyncio
import gc
import json
from collections.abc import Iterator
from functools import cache
from typing import Any

import pytest
import uvloop

from specgw.gateway import Gateway, Options
from specgw.plan.formats import FORMATS as ENFORCED
from tests.conformance.asking import compiled
from tests.conformance.keywords import FORMATS, Keyword, document, keywords

VERSIONS = ("3.0.4", "3.1.1")

# JSON Schema 2020-12 Core sections 8, 10 and 11, Validation sections 6 to 9; OpenAPI 3.1.1 and 3.0.4, "Schema Object".
VOCABULARY = """
$schema $id $ref $anchor $dynamicRef $dynamicAnchor $defs $comment $vocabulary prefixItems items contains additionalProperties
properties patternProperties dependentSchemas propertyNames if then else allOf anyOf oneOf not unevaluatedItems
unevaluatedProperties type const enum multipleOf maximum exclusiveMaximum minimum exclusiveMinimum maxLength minLength pattern
maxItems minItems uniqueItems maxContains minContains maxProperties minProperties required dependentRequired title description
default deprecated readOnly writeOnly examples format contentEncoding contentMediaType contentSchema discriminator xml
externalDocs example
"""

DIALECT = """
title multipleOf maximum exclusiveMaximum minimum exclusiveMinimum maxLength minLength pattern maxItems minItems uniqueItems
maxProperties minProperties required enum type allOf oneOf anyOf not items properties additionalProperties description format
default nullable discriminator readOnly writeOnly xml externalDocs example deprecated $ref
"""


@pytest.fixture(autouse=True)
def thaw() -> Iterator[None]:
    yield
    gc.unfreeze()


@cache
def statuses(version: str) -> dict[tuple[int, int], int]:
    """The status of the answer to each instance, by the number of the keyword and that of the instance."""
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        return runner.run(_ask_all(version))


async def _ask_all(version: str) -> dict[tuple[int, int], int]:
    service = await asyncio.start_server(_answer, "127.0.0.1", 0)
    build = compiled(document(version, f"http://127.0.0.1:{service.sockets[0].getsockname()[1]}"))
    assert build.plan is not None
    gateway = Gateway(build.plan, Options(host="127.0.0.1", port=0, admin_enabled=False))
    gateway.plane.access_log.close()
    gateway.bind()
    serving = asyncio.Event()

    async def ready() -> None:
        serving.set()

    running = asyncio.create_task(gateway.run(ready))
    running.add_done_callback(lambda _: serving.set())
    await serving.wait()
    reader, writer = await asyncio.open_connection(*gateway.address)
    found = {}
    try:
        for number, keyword in enumerate(keywords(version)):
            for index, instance in enumerate((*keyword.valid, *keyword.invalid)):
                body = json.dumps(instance).encode()
                head = f"POST /{number} HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
                writer.write(head.encode() + body)
                answer = await reader.readuntil(b"\r\n\r\n")
                found[number, index] = int(answer[9:12])
                length = answer.lower().partition(b"content-length: ")[2].partition(b"\r")[0]
                await reader.readexactly(int(length or 0))
    finally:
        writer.close()
        gateway.stop()
        service.close()
        await running
    return found


async def _answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    while head := await _head(reader):
        await reader.readexactly(int(head.lower().partition(b"content-length: ")[2].partition(b"\r")[0]))
        writer.write(b"HTTP/1.1 204 No Content\r\n\r\n")
    writer.close()


async def _head(reader: asyncio.StreamReader) -> bytes:
    try:
        return await reader.readuntil(b"\r\n\r\n")
    except asyncio.IncompleteReadError:
        return b""


def cases() -> Iterator[Any]:
    for version in VERSIONS:
        for number, keyword in enumerate(keywords(version)):
            yield pytest.param(version, number, keyword, id=f"{version}-{keyword.name}-{number}")


@pytest.mark.parametrize(("version", "number", "keyword"), list(cases()))
def test_what_is_valid_passes_and_what_is_not_is_refused(version: str, number: int, keyword: Keyword) -> None:
    found = statuses(version)
    instances = [*keyword.valid, *keyword.invalid]
    told = [(instance, found[number, index]) for index, instance in enumerate(instances)]
    assert told == [(value, 204) for value in keyword.valid] + [(value, 400) for value in keyword.invalid]


@pytest.mark.parametrize(("version", "names"), [("3.0.4", DIALECT), ("3.1.1", VOCABULARY)])
def test_every_keyword_of_a_dialect_has_its_row(version: str, names: str) -> None:
    assert {keyword.name for keyword in keywords(version)} == set(names.split())


def test_every_enforced_format_has_its_row() -> None:
    assert set(FORMATS) == {each.name for each in ENFORCED}
