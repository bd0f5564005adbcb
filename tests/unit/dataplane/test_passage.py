"""One exchange on its way: what reaches the service, what comes back, and what happens when either side fails."""

from __future__ import annotations

import asyncio
import gzip
import json
import sys
from pathlib import Path

import pytest

from specgw.plan.model import Body, Edits, Limits, Timeout
from specgw.telemetry.access import AccessLog
from tests.unit.dataplane.stage import ANY, JSON, OK, answering, play, route, stage

GET = b"GET /things HTTP/1.1\r\nHost: x\r\n\r\n"


def field(head: bytes, name: bytes) -> list[bytes]:
    """The values of a field in a raw head."""
    lines = [line.split(b":", 1) for line in head.split(b"\r\n")[1:] if line]
    return [value.strip() for key, value in lines if key.lower() == name]


def test_the_service_gets_the_request_as_it_came_and_who_asked() -> None:
    async def scene() -> None:
        heads: list[bytes] = []
        async with stage(answering(OK, heads), route(path="/things/{id}")) as on:
            client = await on.client()
            fields = b"Host: api.example\r\nX-Mixed-CASE:  v \r\nVia: 1.0 far\r\nX-Forwarded-For: 6.6.6.6\r\n"
            client.send(b"GET /things/a%2Cb?q=%41&q=+ HTTP/1.1\r\n" + fields + b"\r\n")
            await client.answer()
        (head,) = heads
        assert head.startswith(b"GET /things/a%2Cb?q=%41&q=+ HTTP/1.1\r\nHost: 127.0.0.1:")
        assert b"X-Mixed-CASE:  v \r\n" in head
        assert field(head, b"x-forwarded-for") == [b"127.0.0.1"]
        assert field(head, b"x-forwarded-proto") == [b"http"]
        assert field(head, b"x-forwarded-host") == [b"api.example"]
        assert field(head, b"via") == [b"1.0 far", b"1.1 specgw"]
        assert len(field(head, b"x-request-id")) == len(field(head, b"traceparent")) == 1

    play(scene)


def test_a_trusted_proxy_is_believed_and_continued() -> None:
    async def scene() -> None:
        heads: list[bytes] = []
        async with stage(answering(OK, heads), route(), trusted_proxies=("127.0.0.0/8",)) as on:
            client = await on.client()
            client.send(
                b"GET /things HTTP/1.1\r\nHost: x\r\nX-Forwarded-For: 192.0.2.1, 127.0.0.9\r\nX-Forwarded-Proto: https\r\n"
                b"X-Forwarded-Host: shop.example\r\nX-Request-Id: mine-1\r\nForwarded: for=192.0.2.1\r\n"
                b"X-Forwarded-Prefix: /shop\r\nX-Forwarded-Ssl: on\r\n\r\n"
            )
            assert field(await client.head(), b"x-request-id") == [b"mine-1"]
        (head,) = heads
        assert field(head, b"x-forwarded-for") == [b"192.0.2.1, 127.0.0.9, 127.0.0.1"]
        assert field(head, b"x-forwarded-proto") == [b"https"]
        assert field(head, b"x-forwarded-host") == [b"shop.example"]
        assert field(head, b"forwarded") == [b"for=192.0.2.1, for=127.0.0.1;proto=http"]
        assert field(head, b"x-forwarded-prefix") == [b"/shop"]
        assert field(head, b"x-forwarded-ssl") == [b"on"]

    play(scene)


def test_a_streamed_body_flows_while_it_comes() -> None:
    async def scene() -> None:
        got: asyncio.Queue[bytes] = asyncio.Queue()

        async def service(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            got.put_nowait(await reader.readuntil(b"\r\n\r\n"))
            got.put_nowait(await reader.readexactly(3))
            got.put_nowait(await reader.readexactly(3))
            writer.write(OK)

        async with stage(service, route("POST", body=ANY)) as on:
            client = await on.client()
            client.send(b"POST /things HTTP/1.1\r\nHost: x\r\nContent-Type: a/b\r\nContent-Length: 6\r\n\r\n")
            assert field(await got.get(), b"content-length") == [b"6"]
            client.send(b"abc")
            assert await got.get() == b"abc"
            client.send(b"def")
            assert await got.get() == b"def"
            assert (await client.answer()).endswith(b"ok")

    play(scene)


def test_a_chunked_body_is_framed_anew_with_its_trailers() -> None:
    async def scene() -> None:
        got = bytearray()

        async def service(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            got.extend(await reader.readuntil(b"\r\n0\r\nX-Sum: 1\r\n\r\n"))
            writer.write(OK)

        async with stage(service, route("POST", body=ANY)) as on:
            client = await on.client()
            client.send(b"POST /things HTTP/1.1\r\nHost: x\r\nContent-Type: a/b\r\nTransfer-Encoding: chunked\r\n\r\n3;ext=1\r\nabc\r\n")
            await on.until(lambda: b"3\r\nabc\r\n" in got or on.connections == 1)
            client.send(b"2\r\nde\r\n0\r\nX-Sum: 1\r\nHost: evil\r\n\r\n")
            await client.answer()
        assert b"ext" not in got
        assert b"evil" not in got
        assert got.endswith(b"3\r\nabc\r\n2\r\nde\r\n0\r\nX-Sum: 1\r\n\r\n")

    play(scene)


def test_a_held_body_reaches_the_service_byte_for_byte_codings_included() -> None:
    async def scene() -> None:
        coded = gzip.compress(b'{"name": "x"}')
        got: list[bytes] = []

        async def service(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            got.append(await reader.readuntil(b"\r\n\r\n"))
            got.append(await reader.readexactly(len(coded)))
            writer.write(OK)

        async with stage(service, route("POST", body=JSON)) as on:
            client = await on.client()
            fields = b"Content-Type: application/json\r\nContent-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n\r\n"
            chunks = b"%x\r\n%b\r\n" % (5, coded[:5]) + b"%x\r\n%b\r\n0\r\n\r\n" % (len(coded) - 5, coded[5:])
            client.send(b"POST /things HTTP/1.1\r\nHost: x\r\n" + fields + chunks)
            assert (await client.answer()).startswith(b"HTTP/1.1 200 ")
        assert field(got[0], b"content-length") == [str(len(coded)).encode()]
        assert field(got[0], b"transfer-encoding") == []
        assert got[1] == coded

    play(scene)


def test_a_body_that_does_not_match_never_reaches_the_service() -> None:
    async def scene() -> None:
        async with stage(answering(OK), route("POST", body=JSON)) as on:
            client = await on.client()
            client.send(b"POST /things HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}")
            answer = await client.answer()
            assert answer.startswith(b"HTTP/1.1 400 ")
            assert b'"keyword":"required"' in answer
            assert on.connections == 0

    play(scene)


@pytest.mark.parametrize("framing", [b"Content-Length: 2000\r\n\r\n", b"Transfer-Encoding: chunked\r\n\r\n7d0\r\n" + b"a" * 2000 + b"\r\n"])
@pytest.mark.parametrize("body", [ANY, JSON])
def test_a_body_over_the_limit_gets_413_held_or_streamed(framing: bytes, body: Body) -> None:
    async def scene() -> None:
        async with stage(answering(b""), route("POST", max_body=1000, body=body)) as on:
            client = await on.client()
            client.send(b"POST /things HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n" + framing)
            assert (await client.answer()).startswith(b"HTTP/1.1 413 ")

    play(scene)


def test_the_client_is_asked_for_the_body_once_it_may_come() -> None:
    async def scene() -> None:
        heads: list[bytes] = []

        async def service(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            heads.append(await reader.readuntil(b"\r\n\r\n"))
            await reader.readexactly(2)
            writer.write(OK)

        async with stage(service, route("POST", body=ANY)) as on:
            client = await on.client()
            client.send(b"POST /things HTTP/1.1\r\nHost: x\r\nContent-Type: a/b\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n")
            assert await client.head() == b"HTTP/1.1 100 Continue\r\n\r\n"
            client.send(b"hi")
            assert (await client.answer()).startswith(b"HTTP/1.1 200 ")
        assert field(heads[0], b"expect") == []

    play(scene)


def test_an_answer_in_chunks_keeps_its_pieces_and_trailers() -> None:
    async def scene() -> None:
        answer = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTrailer: X-Sum\r\n\r\n2\r\nab\r\n1\r\nc\r\n0\r\nX-Sum: 9\r\n\r\n"
        async with stage(answering(answer), route()) as on:
            client = await on.client()
            client.send(GET)
            assert field(await client.head(), b"transfer-encoding") == [b"chunked"]
            body = await client.reader.readuntil(b"\r\n\r\n")
            assert body == b"3\r\nabc\r\n0\r\nX-Sum: 9\r\n\r\n"
            client.send(GET)
            await client.head()
            assert on.connections == 1

    play(scene)


def test_chunks_for_http_1_0_end_with_the_connection() -> None:
    async def scene() -> None:
        async with stage(answering(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\n0\r\n\r\n"), route()) as on:
            client = await on.client()
            client.send(b"GET /things HTTP/1.0\r\n\r\n")
            head, body = (await client.rest()).split(b"\r\n\r\n")
            assert body == b"ab"
            assert field(head, b"transfer-encoding") == []

    play(scene)


def test_an_answer_that_ends_with_the_connection_gets_chunks() -> None:
    async def scene() -> None:
        async def service(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            await reader.readuntil(b"\r\n\r\n")
            writer.write(b"HTTP/1.0 200 OK\r\n\r\nall of it")

        async with stage(service, route()) as on:
            client = await on.client()
            client.send(GET)
            assert field(await client.head(), b"transfer-encoding") == [b"chunked"]
            assert (await client.reader.readuntil(b"0\r\n\r\n")).replace(b"\r\n", b"").endswith(b"all of it0")

    play(scene)


@pytest.mark.parametrize(
    ("request_line", "answer", "expected"),
    [
        (b"HEAD /things", b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n", [b"99"]),
        (b"GET /things", b"HTTP/1.1 304 Not Modified\r\nContent-Length: 99\r\nETag: x\r\n\r\n", [b"99"]),
        (b"GET /things", b"HTTP/1.1 204 No Content\r\n\r\n", []),
        (b"GET /things", b"HTTP/1.1 204 No Content\r\nContent-Length: 0\r\n\r\n", []),
    ],
)
def test_answers_without_a_body_are_over_with_their_head(request_line: bytes, answer: bytes, expected: list[bytes]) -> None:
    async def scene() -> None:
        async with stage(answering(answer), route(), route("HEAD")) as on:
            client = await on.client()
            for _ in range(2):
                client.send(request_line + b" HTTP/1.1\r\nHost: x\r\n\r\n")
                head = await client.head()
                assert field(head, b"content-length") == expected
                assert field(head, b"transfer-encoding") == []
            assert on.connections == 1

    play(scene)


def test_interim_answers_come_through_and_100_does_not() -> None:
    async def scene() -> None:
        answer = b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n" + OK
        async with stage(answering(answer), route()) as on:
            client = await on.client()
            client.send(GET)
            assert await client.head() == b"HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n"
            assert (await client.answer()).startswith(b"HTTP/1.1 200 ")

    play(scene)


@pytest.mark.parametrize(
    "answer",
    [
        b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\nok",
        b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\nok",
        b"HTTP/1.1 200 OK\r\nBad Header: x\r\n\r\n",
        b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\n",
        b"HTTP/1.1 103 Hi\r\n\r\n" * 40,
        b"SSH-2.0-OpenSSH_9.2\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nA: " + b"a" * 70000,
    ],
)
def test_a_malformed_answer_is_502_and_its_connection_is_not_used_again(answer: bytes) -> None:
    async def scene() -> None:
        async with stage(answering(answer), route()) as on:
            client = await on.client()
            for number in (1, 2):
                client.send(GET)
                head = await client.head()
                while head.startswith(b"HTTP/1.1 103"):
                    head = await client.head()
                assert head.startswith(b"HTTP/1.1 502 ")
                await client.reader.readexactly(int(field(head, b"content-length")[0]))
                assert on.connections == number

    play(scene)


def test_bytes_beyond_an_answer_never_become_the_next_one() -> None:
    async def scene() -> None:
        async with stage(answering(OK + b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nevil"), route()) as on:
            client = await on.client()
            for number in (1, 2):
                client.send(GET)
                assert (await client.answer()).endswith(b"ok")
                assert on.connections == number

    play(scene)


def test_an_answer_that_breaks_off_breaks_off_for_the_client_too() -> None:
    async def scene() -> None:
        async def service(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            await reader.readuntil(b"\r\n\r\n")
            writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf")

        async with stage(service, route()) as on:
            client = await on.client()
            client.send(GET)
            head = await client.head()
            assert field(head, b"content-length") == [b"100"]
            with pytest.raises((asyncio.IncompleteReadError, ConnectionError)):
                await client.reader.readexactly(100)

    play(scene)


def test_a_service_that_closes_without_a_word_is_502() -> None:
    async def scene() -> None:
        async def service(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            await reader.readuntil(b"\r\n\r\n")

        async with stage(service, route()) as on:
            client = await on.client()
            client.send(GET)
            answer = await client.answer()
            assert answer.startswith(b"HTTP/1.1 502 ")
            assert b"upstream-unreachable" in answer

    play(scene)


def test_a_service_that_does_not_answer_in_time_is_504_and_its_connection_ends() -> None:
    async def scene() -> None:
        ended = asyncio.Event()

        async def service(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            await reader.readuntil(b"\r\n\r\n")
            await reader.read()
            ended.set()

        async with stage(service, route(timeout=Timeout(response=0.05))) as on:
            client = await on.client()
            client.send(GET)
            answer = await client.answer()
            assert answer.startswith(b"HTTP/1.1 504 ")
            assert b"within 0.05 s" in answer
            await asyncio.wait_for(ended.wait(), 5)

    play(scene)


def test_an_answer_that_stops_in_the_middle_is_cut_after_the_idle_time() -> None:
    async def scene() -> None:
        async def service(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            await reader.readuntil(b"\r\n\r\n")
            writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf")
            await reader.read()

        async with stage(service, route(timeout=Timeout(idle=0.05))) as on:
            client = await on.client()
            client.send(GET)
            await client.head()
            with pytest.raises((asyncio.IncompleteReadError, ConnectionError)):
                await client.reader.readexactly(100)

    play(scene)


def test_a_body_that_stops_coming_gets_408() -> None:
    async def scene() -> None:
        async with stage(answering(b""), route("POST", body=JSON, timeout=Timeout(idle=0.05))) as on:
            client = await on.client()
            client.send(b"POST /things HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 20\r\n\r\n{")
            assert (await client.answer()).startswith(b"HTTP/1.1 408 ")

    play(scene)


def test_a_client_that_goes_away_releases_the_service() -> None:
    async def scene() -> None:
        asked, ended = asyncio.Event(), asyncio.Event()

        async def service(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            await reader.readuntil(b"\r\n\r\n")
            asked.set()
            await reader.read()
            ended.set()

        async with stage(service, route()) as on:
            client = await on.client()
            client.send(GET)
            await asked.wait()
            client.writer.close()
            await asyncio.wait_for(ended.wait(), 1)
            await on.until(lambda: not on.gateway.plane.passages)

    play(scene)


def test_an_early_answer_reaches_the_client_and_ends_both_connections() -> None:
    async def scene() -> None:
        async def service(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            await reader.readuntil(b"\r\n\r\n")
            writer.write(b"HTTP/1.1 403 Forbidden\r\nContent-Length: 2\r\n\r\nno")
            await reader.read()

        async with stage(service, route("POST", body=ANY)) as on:
            client = await on.client()
            client.send(b"POST /things HTTP/1.1\r\nHost: x\r\nContent-Type: a/b\r\nContent-Length: 1000000\r\n\r\nabc")
            answer = await client.rest()
            assert answer.startswith(b"HTTP/1.1 403 ")
            assert b"Connection: close\r\n" in answer
            await on.until(lambda: on.gateway.plane.active.upstreams["service"].endpoints[0].connections == 0)

    play(scene)


def test_held_bodies_are_limited_all_together() -> None:
    async def scene() -> None:
        async with stage(answering(OK), route("POST", body=JSON), limits=Limits(buffered_bytes=100, drain=1.0)) as on:
            client = await on.client()
            client.send(b"POST /things HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 200\r\n\r\n" + b" " * 200)
            answer = await client.answer()
            assert answer.startswith(b"HTTP/1.1 503 ")
            assert b"overloaded" in answer
            assert on.gateway.plane.held == 0

    play(scene)


def test_what_is_overloaded_is_answered_once_and_not_forwarded() -> None:
    async def scene() -> None:
        async with stage(answering(OK), route("POST", body=ANY), limits=Limits(buffered_bytes=10, drain=1.0)) as on:
            client = await on.client()
            head = b"POST /things HTTP/1.1\r\nHost: x\r\nContent-Type: a/b\r\nConnection: close\r\nContent-Length: 20\r\n\r\n"
            client.send(head + bytes(20))
            assert (await client.rest()).count(b"HTTP/1.1 ") == 1
            assert on.connections == 0

    play(scene)


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_the_length_of_an_answer_without_a_body_survives_edits(method: str) -> None:
    async def scene() -> None:
        answer = b"HTTP/1.1 304 Not Modified\r\nContent-Length: 99\r\nX-Old: 1\r\n\r\n"
        async with stage(answering(answer), route(method, response_headers=Edits(set={"X-New": "2"}, remove=("X-Old",)))) as on:
            client = await on.client()
            client.send(GET.replace(b"GET", method.encode()))
            head = await client.head()
            assert head.startswith(b"HTTP/1.1 304 ")
            assert (field(head, b"content-length"), field(head, b"x-new"), field(head, b"x-old")) == ([b"99"], [b"2"], [])

    play(scene)


@pytest.mark.parametrize("edits", [None, Edits(set={"X-New": "2"})])
def test_a_request_id_that_the_service_sends_back_stands_alone(edits: Edits | None) -> None:
    async def scene() -> None:
        async def service(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            head = await reader.readuntil(b"\r\n\r\n")
            writer.write(b"HTTP/1.1 204 No Content\r\nx-request-id: %b\r\n\r\n" % field(head, b"x-request-id")[0])

        async with stage(service, route(response_headers=edits)) as on:
            client = await on.client()
            client.send(GET)
            assert len(field(await client.head(), b"x-request-id")) == 1

    play(scene)


def test_why_an_answer_broke_off_is_in_the_log(tmp_path: Path) -> None:
    async def scene() -> None:
        async def service(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            await reader.readuntil(b"\r\n\r\n")
            writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf")

        async with stage(service, route()) as on:
            on.gateway.plane.access_log = AccessLog(str(tmp_path / "log"))
            client = await on.client()
            client.send(GET)
            await on.until(lambda: not on.gateway.plane.passages and bool(client.reader._buffer or client.reader.at_eof()))  # type: ignore[attr-defined]

    play(scene)
    line = json.loads((tmp_path / "log").read_text())
    assert (line["status"], line["problem"]) == (200, "upstream-invalid")


def test_many_small_pieces_take_no_more_room_than_their_bytes() -> None:
    async def scene() -> None:
        async with stage(answering(OK), route("POST", body=JSON)) as on:
            client = await on.client()
            client.send(b"POST /things HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n")
            await on.until(lambda: bool(on.gateway.plane.passages))
            (listener,), (passage,) = on.gateway.plane.listeners, on.gateway.plane.passages
            for _ in range(20000):
                listener.data_received(b"2\r\nab\r\n")
            assert passage.bytes_in == on.gateway.plane.held == 40000
            assert sys.getsizeof(passage._held) < 60000

    play(scene)
