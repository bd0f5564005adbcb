"""One connection of a client: keep-alive, pipelining, limits, refusals."""

from __future__ import annotations

import asyncio
import logging

import pytest

from specgw.dataplane.active import Active
from specgw.dataplane.listener import LAST_REQUEST
from specgw.http1 import RequestHead
from specgw.plan.model import Limits
from tests.unit.dataplane.stage import JSON, LOOPS, OK, Client, Stage, answering, play, route, stage

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


def test_who_has_just_been_answered_may_ask_once_more_when_the_gateway_drains() -> None:
    async def scene() -> None:
        async with stage(answering(OK), route()) as on:
            recent, long_idle = await on.client(), await on.client()
            for client in (recent, long_idle):
                client.send(b"GET /things HTTP/1.1\r\nHost: x\r\n\r\n")
                await client.answer()
            plane = on.gateway.plane
            of = {listener.transport.get_extra_info("peername")[1]: listener for listener in plane.listeners}
            of[long_idle.writer.get_extra_info("sockname")[1]].since -= 2 * LAST_REQUEST
            plane.drain()
            for listener in list(plane.listeners):
                listener.shutdown()
            assert await long_idle.rest() == b""
            recent.send(b"GET /things HTTP/1.1\r\nHost: x\r\n\r\n")
            answer = await recent.rest()
            assert answer.startswith(b"HTTP/1.1 200 ")
            assert b"\r\nConnection: close\r\n" in answer

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


def test_connections_of_one_address_beyond_its_limit_get_503_and_a_trusted_proxy_none() -> None:
    async def scene(proxies: tuple[str, ...]) -> None:
        async with stage(answering(OK), route(), limits=Limits(connections_per_ip=2, drain=1.0), trusted_proxies=proxies) as on:
            for _ in range(2):
                client = await on.client()
                client.send(GET)
                await client.answer()
            third = await on.client()
            third.send(GET)
            answer = await (third.answer() if proxies else third.rest())
            assert (b"urn:specgw:problem:overloaded" in answer) is not bool(proxies)
            refused = on.gateway.metrics.expose().count(b'specgw_connections_refused_total{limit="address"} 1.0')
            assert refused == (0 if proxies else 1)

    play(lambda: scene(()))
    play(lambda: scene(("127.0.0.1",)))


def test_the_last_request_that_a_connection_may_have_is_answered_with_close() -> None:
    async def scene() -> None:
        async with stage(answering(OK), route(), limits=Limits(connection_requests=3, drain=1.0)) as on:
            client = await on.client()
            client.send(GET * 4)
            answers = [await client.answer() for _ in range(3)]
            assert [b"\r\nConnection: close\r\n" in answer for answer in answers] == [False, False, True]
            assert await client.rest() == b""

    play(scene)


def test_the_rest_of_a_body_that_was_answered_early_is_not_waited_for_longer_than_others() -> None:
    async def scene() -> None:
        limits = Limits(body_rate=1000, rate_grace=0.1, drain=1.0)
        async with stage(answering(OK), route("POST", body=JSON), limits=limits) as on:
            client = await on.client()
            client.send(b"POST /things HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\n{")
            assert (await client.answer()).startswith(b"HTTP/1.1 415 ")
            assert await client.rest() == b""

    play(scene)


def test_who_takes_too_little_of_an_answer_loses_the_connection() -> None:
    """And who takes enough of it gets it whole, however long it waits at once."""

    async def service(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while await reader.readuntil(b"\r\n\r\n"):
            writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % (32 << 20) + b"x" * (32 << 20))
            await writer.drain()

    async def scene() -> None:
        limits = Limits(answer_rate=1 << 40, rate_grace=0.2, drain=1.0)
        async with stage(service, route(), limits=limits) as on:
            client = await on.client()
            client.send(GET)
            await client.head()
            await on.until(lambda: not on.gateway.plane.listeners)
            with pytest.raises(ConnectionResetError):
                await client.rest()
            assert not on.gateway.plane.connections.slow

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


def test_a_bad_chunk_gets_400_and_ends_the_connection() -> None:
    async def scene() -> None:
        async with stage(answering(OK), route("POST", body=JSON)) as on:
            client = await on.client()
            client.send(b"POST /things HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n")
            client.send(b"zz\r\n")
            answer = await client.rest()
            assert answer.startswith(b"HTTP/1.1 400 ")
            assert b"malformed-request" in answer

    play(scene)


def test_a_bad_chunk_after_the_answer_is_no_second_answer() -> None:
    async def scene() -> None:
        async with stage(answering(OK), route("POST")) as on:
            client = await on.client()
            client.send(b"POST /none HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n")
            assert (await client.answer()).startswith(b"HTTP/1.1 404 ")
            client.send(b"zz\r\n")
            assert await client.rest() == b""

    play(scene)


def test_a_head_that_comes_byte_by_byte_has_no_more_time() -> None:
    async def scene() -> None:
        async with stage(answering(OK), route()) as on:
            client = await on.client()
            await in_pieces(on, client, b"GET /things HT", 1)
            (listener,) = on.gateway.plane.listeners
            listener.since -= on.gateway.plane.limits.header_time
            await in_pieces(on, client, b"TP/1.1", 6)
            assert (await client.rest()).startswith(b"HTTP/1.1 408 ")

    play(scene)


@pytest.mark.parametrize("pieces", [1, 1000])
@pytest.mark.parametrize(("empty", "status"), [(b"", 200), (b"\r\n", 200), (b"\r\n\r\n", 400), (b"\n", 400), (b"\r\r\n", 400)])
def test_one_empty_line_before_a_request_and_no_more(empty: bytes, status: int, pieces: int) -> None:
    async def scene() -> None:
        async with stage(answering(OK), route()) as on:
            client = await on.client()
            for _ in range(2 if status == 200 else 1):
                await in_pieces(on, client, empty + GET, pieces)
                assert (await client.answer()).startswith(b"HTTP/1.1 %d " % status)

    play(scene)


async def in_pieces(on: Stage, client: Client, data: bytes, count: int) -> None:
    """Send in so many pieces, each of which is read alone, as long as there is somebody who reads."""
    await on.until(lambda: bool(on.gateway.plane.listeners))
    (listener,) = on.gateway.plane.listeners
    size = max(1, len(data) // count)
    for start in range(0, len(data), size):
        listener.data_received(data[start : start + size])


@pytest.mark.parametrize("pieces", [1, 10**6])
@pytest.mark.parametrize(
    ("request_line", "headers", "status"),
    [(64, 1000, 200), (65, 1000, 414), (40, 300, 200), (40, 301, 431)],
)
def test_limits_are_the_same_whole_or_in_pieces(request_line: int, headers: int, status: int, pieces: int) -> None:
    line = b"GET /things?".ljust(request_line - 9, b"a") + b" HTTP/1.1"
    head = line + b"\r\nHost: x\r\nA: "
    sent = head.ljust(headers, b"b") + b"\r\n\r\n" if headers < 1000 else head + b"\r\n\r\n"

    async def scene() -> None:
        async with stage(answering(OK), route(), limits=Limits(request_line=64, headers=300, drain=1.0)) as on:
            client = await on.client()
            await in_pieces(on, client, sent, pieces)
            assert (await client.answer()).startswith(b"HTTP/1.1 %d " % status)

    play(scene)


@pytest.mark.parametrize("loop", LOOPS)
def test_a_client_that_sends_a_large_body_to_its_end_gets_the_early_answer(loop: str) -> None:
    async def scene() -> None:
        async with stage(answering(OK), route("POST", body=JSON)) as on:
            client = await on.client()
            client.send(b"POST /things HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n" % (20 << 20))
            for _ in range(20):
                client.send(bytes(1 << 20))
                await client.writer.drain()
            answer = await client.rest()
            assert answer.startswith(b"HTTP/1.1 413 ")
            assert b"payload-too-large" in answer

    play(scene, loop)


def test_an_answer_without_length_to_http_1_0_ends_the_connection_when_it_ends() -> None:
    async def scene() -> None:
        rest = asyncio.Event()

        async def service(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            await reader.readuntil(b"\r\n\r\n")
            writer.write(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\n")
            await rest.wait()
            writer.write(b"0\r\n\r\n")
            await reader.read()

        async with stage(service, route()) as on:
            on.gateway.plane._on_tick.clear()
            client = await on.client()
            client.send(b"GET /things HTTP/1.0\r\n\r\n")
            await client.head()
            assert await client.reader.readexactly(2) == b"ab"
            (listener,) = on.gateway.plane.listeners
            rest.set()
            assert await client.rest() == b""
            assert listener.closing

    play(scene)


@pytest.mark.parametrize("loop", LOOPS)
def test_an_answer_without_length_that_breaks_off_is_a_reset_for_http_1_0(loop: str) -> None:
    async def scene() -> None:
        async def service(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            await reader.readuntil(b"\r\n\r\n")
            writer.write(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\n")
            await writer.drain()

        async with stage(service, route()) as on:
            client = await on.client()
            client.send(b"GET /things HTTP/1.0\r\n\r\n")
            with pytest.raises(ConnectionResetError):
                await client.rest()

    play(scene, loop)


def test_nothing_is_read_after_the_last_request() -> None:
    async def scene() -> None:
        async with stage(answering(OK), route()) as on:
            client = await on.client()
            client.send(b"GET /things HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n" + GET * 3)
            assert (await client.rest()).count(b"HTTP/1.1 ") == 1

    play(scene)


@pytest.mark.interpreted
def test_a_defect_before_there_is_an_exchange_is_500(monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> None:
    def broken(self: Active, head: RequestHead) -> None:
        raise LookupError("a secret value")

    monkeypatch.setattr(Active, "find", broken)

    async def scene() -> None:
        async with stage(answering(OK), route()) as on:
            client = await on.client()
            client.send(GET)
            answer = await client.rest()
            assert answer.startswith(b"HTTP/1.1 500 ")
            assert b"a secret value" not in answer

    with caplog.at_level(logging.ERROR):
        play(scene)
    assert "failed inside the gateway" in caplog.text


def test_a_client_of_a_socket_for_both_families_has_its_own_address() -> None:
    async def scene() -> None:
        heads: list[bytes] = []
        async with stage(answering(OK, heads), route(), host="::") as on:
            reader, writer = await asyncio.open_connection("127.0.0.1", on.gateway.address[1])
            writer.write(GET)
            await reader.readuntil(b"ok")
            writer.close()
        assert b"\r\nX-Forwarded-For: 127.0.0.1\r\n" in heads[0]

    play(scene)
