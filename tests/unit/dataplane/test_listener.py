"""One connection of a client: keep-alive, pipelining, limits, refusals."""

from __future__ import annotations

import asyncio

import pytest

from specgw.plan.model import Limits
from tests.unit.dataplane.stage import OK, answering, play, route, stage

GET = b"GET /things HTTP/1.1\r\nHost: x\r\n\r\n"


def test_a_connection_is_kept_and_both_sides_reuse_it() -> None:
    async def scene() -> None:
        async with stage(answering(OK), route()) as on:
            client = await on.client()
            for _ in range(3):
                client.send(GET)
                assert (await client.answer()).startswith(b"HTTP/1.1 200 OK\r\n")
            assert on.connections == 1

    play(scene)


def test_pipelined_requests_are_answered_in_their_order() -> None:
    async def scene() -> None:
        async def service(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            while head := await reader.readuntil(b"\r\n\r\n"):
                number = head.split(b"?")[1][:1]
                writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n" + number)

        async with stage(service, route()) as on:
            client = await on.client()
            client.send(b"".join(b"GET /things?%d HTTP/1.1\r\nHost: x\r\n\r\n" % number for number in range(5)))
            answers = [await client.answer() for _ in range(5)]
            assert [answer[-1:] for answer in answers] == [b"0", b"1", b"2", b"3", b"4"]

    play(scene)


def test_a_long_pipeline_of_refusals_does_not_nest() -> None:
    async def scene() -> None:
        async with stage(answering(OK), route()) as on:
            client = await on.client()
            client.send(b"GET /none HTTP/1.1\r\nHost: x\r\n\r\n" * 3000)
            for _ in range(3000):
                assert (await client.answer()).startswith(b"HTTP/1.1 404 ")

    play(scene)


def test_more_than_the_read_ahead_is_not_read_while_an_exchange_is_under_way() -> None:
    async def scene() -> None:
        release = asyncio.Event()

        async def service(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            while await reader.readuntil(b"\r\n\r\n"):
                await release.wait()
                writer.write(OK)

        async with stage(service, route()) as on:
            client = await on.client()
            count = 12000
            client.send(GET * count)
            listeners = on.gateway.plane.listeners
            await on.until(lambda: any(listener.exchange is not None for listener in listeners))
            await asyncio.sleep(0.05)
            assert all(len(listener._buffer) < 1 << 20 for listener in listeners)
            release.set()
            for _ in range(count):
                assert (await client.answer()).startswith(b"HTTP/1.1 200 ")

    play(scene)


@pytest.mark.parametrize(
    ("sent", "status", "slug"),
    [
        (b"GET /things HTTP/1.1\r\nHost: x\r\nHost: y\r\n\r\n", 400, b"malformed-request"),
        (b"GET /things HTTP/1.1\nHost: x\n\n", 400, b"malformed-request"),
        (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\n", 400, b"malformed-request"),
        (b"GET /" + b"a" * 9000, 414, b"uri-too-long"),
        (b"GET /" + b"a" * 9000 + b" HTTP/1.1\r\nHost: x\r\n\r\n", 414, b"uri-too-long"),
        (b"GET /things HTTP/1.1\r\nHost: x\r\nA: " + b"a" * 40000, 431, b"headers-too-large"),
        (b"GET /things HTTP/1.1\r\nHost: x\r\nA: " + b"a" * 40000 + b"\r\n\r\n", 431, b"headers-too-large"),
        (b"GET /things HTTP/1.1\r\nHost: x\r\n" + b"A: b\r\n" * 200 + b"\r\n", 431, b"headers-too-large"),
        (b"GET /things HTTP/1.1\r\nHost: x\r\nExpect: more\r\n\r\n", 417, b"expectation-failed"),
        (b"POST /things HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: gzip\r\n\r\n", 501, b"not-implemented"),
        (b"GET /things HTTP/3.0\r\nHost: x\r\n\r\n", 505, b"version-not-supported"),
    ],
)
def test_what_cannot_be_read_is_refused_with_a_problem_and_the_connection_ends(sent: bytes, status: int, slug: bytes) -> None:
    async def scene() -> None:
        async with stage(answering(OK), route()) as on:
            client = await on.client()
            client.send(sent)
            answer = await client.rest()
            assert answer.startswith(b"HTTP/1.1 %d " % status)
            assert b"\r\nConnection: close\r\n" in answer
            assert b'"urn:specgw:problem:%b"' % slug in answer
            assert answer.count(b"\r\n\r\n") == 1
            assert on.connections == 0

    play(scene)


def test_nothing_after_a_refusal_is_taken_for_a_request() -> None:
    async def scene() -> None:
        async with stage(answering(OK), route()) as on:
            client = await on.client()
            client.send(b"GET /things HTTP/1.1\r\nHost: x\r\nHost: y\r\n\r\n" + GET)
            assert (await client.rest()).count(b"\r\n\r\n") == 1
            assert on.connections == 0

    play(scene)


def test_a_head_that_does_not_arrive_in_time_gets_408() -> None:
    async def scene() -> None:
        async with stage(answering(OK), route(), limits=Limits(header_time=0.05, drain=1.0)) as on:
            client = await on.client()
            client.send(b"GET /things HTTP/1.1\r\nHo")
            assert (await client.rest()).startswith(b"HTTP/1.1 408 ")

    play(scene)


def test_an_idle_connection_is_closed_without_an_answer() -> None:
    async def scene() -> None:
        async with stage(answering(OK), route(), limits=Limits(idle=0.05, drain=1.0)) as on:
            client = await on.client()
            assert await client.rest() == b""

    play(scene)


def test_connections_beyond_the_limit_get_503() -> None:
    async def scene() -> None:
        async with stage(answering(OK), route(), limits=Limits(connections=1, drain=1.0)) as on:
            first = await on.client()
            first.send(GET)
            await first.answer()
            second = await on.client()
            assert b"urn:specgw:problem:overloaded" in await second.rest()
            first.send(GET)
            assert (await first.answer()).startswith(b"HTTP/1.1 200 ")

    play(scene)


def test_http_1_0_gets_an_answer_and_the_end() -> None:
    async def scene() -> None:
        async with stage(answering(OK), route()) as on:
            client = await on.client()
            client.send(b"GET /things HTTP/1.0\r\n\r\n")
            answer = await client.rest()
            assert answer.startswith(b"HTTP/1.1 200 OK\r\n")
            assert b"Connection: close\r\n" in answer
            assert answer.endswith(b"ok")

    play(scene)


def test_http_1_0_is_kept_when_it_asks_for_it() -> None:
    async def scene() -> None:
        async with stage(answering(OK), route()) as on:
            client = await on.client()
            for _ in range(2):
                client.send(b"GET /things HTTP/1.0\r\nConnection: keep-alive\r\n\r\n")
                assert b"Connection: keep-alive\r\n" in await client.answer()

    play(scene)


def test_an_early_answer_to_a_small_body_keeps_the_connection() -> None:
    async def scene() -> None:
        async with stage(answering(OK), route()) as on:
            client = await on.client()
            client.send(b"POST /none HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\n12345")
            assert (await client.answer()).startswith(b"HTTP/1.1 404 ")
            client.send(b"67890" + GET)
            assert (await client.answer()).startswith(b"HTTP/1.1 200 ")

    play(scene)


def test_an_early_answer_to_a_large_body_ends_the_connection() -> None:
    async def scene() -> None:
        async with stage(answering(OK), route()) as on:
            client = await on.client()
            client.send(b"POST /none HTTP/1.1\r\nHost: x\r\nContent-Length: 1000000\r\n\r\n12345")
            answer = await client.rest()
            assert answer.startswith(b"HTTP/1.1 404 ")
            assert b"Connection: close\r\n" in answer

    play(scene)


def test_a_refused_expectation_is_answered_without_asking_for_the_body() -> None:
    async def scene() -> None:
        async with stage(answering(OK), route()) as on:
            client = await on.client()
            client.send(b"POST /none HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\nExpect: 100-continue\r\n\r\n")
            answer = await client.rest()
            assert answer.startswith(b"HTTP/1.1 404 ")
            assert b"100 Continue" not in answer

    play(scene)


def test_a_bad_chunk_ends_the_connection_with_400() -> None:
    async def scene() -> None:
        async with stage(answering(OK), route("POST")) as on:
            client = await on.client()
            client.send(b"POST /none HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n")
            assert (await client.answer()).startswith(b"HTTP/1.1 404 ")
            client.send(b"zz\r\n")
            assert b"malformed-request" in await client.rest()

    play(scene)
