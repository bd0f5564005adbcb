"""Which chain a request goes to: a route's, or one that answers where no route does."""

from __future__ import annotations

import asyncio

from tests.unit.dataplane.stage import OK, answering, play, route, stage


def test_what_no_route_gives_an_answer_to() -> None:
    async def scene() -> None:
        async with stage(answering(OK), route(), route("PUT")) as on:
            client = await on.client()
            for line, status, allow in (
                (b"GET /none", 404, None),
                (b"DELETE /things", 405, b"GET, PUT"),
                (b"QUERY /things", 405, b"GET, PUT"),
                (b"BREW /things", 405, b"GET, PUT"),
                (b"HEAD /things", 405, b"GET, PUT"),
                (b"GET /things/../x", 400, None),
                (b"GET //things", 400, None),
                (b"GET /things%2F", 400, None),
            ):
                client.send(line + b" HTTP/1.1\r\nHost: x\r\n\r\n")
                answer = await client.head() if line.startswith(b"HEAD") else await client.answer()
                assert answer.startswith(b"HTTP/1.1 %d " % status), line
                assert (b"\r\nAllow: %b\r\n" % allow in answer) if allow else b"Allow" not in answer, line
            client.send(b"OPTIONS /things HTTP/1.1\r\nHost: x\r\n\r\n")
            head = await client.head()
            assert head.startswith(b"HTTP/1.1 204 ")
            assert b"\r\nAllow: GET, PUT\r\n" in head
            assert b"Content-Length" not in head
            assert on.connections == 0

    play(scene)


def test_a_fallback_takes_what_no_route_matches_as_it_came() -> None:
    async def scene() -> None:
        heads: list[bytes] = []
        async with stage(answering(OK, heads), route(), fallback="service") as on:
            client = await on.client()
            client.send(b"POST /anything/at%20all?x HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n")
            assert (await client.answer()).startswith(b"HTTP/1.1 200 ")
            client.send(b"DELETE /things HTTP/1.1\r\nHost: x\r\n\r\n")
            assert (await client.answer()).startswith(b"HTTP/1.1 405 ")
        assert [head.split(b" HTTP")[0] for head in heads] == [b"POST /anything/at%20all?x"]

    play(scene)


def test_the_documents_path_wins_over_a_built_in_one() -> None:
    async def scene() -> None:
        async with stage(answering(OK), route(path="/healthz")) as on:
            client = await on.client()
            client.send(b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n")
            assert (await client.answer()).endswith(b"ok")
            assert on.connections == 1

    play(scene)


def test_the_fallback_takes_bodies_of_any_size() -> None:
    async def scene() -> None:
        size = 3 << 20

        async def service(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            await reader.readuntil(b"\r\n\r\n")
            await reader.readexactly(size)
            writer.write(OK)

        async with stage(service, route(), fallback="service") as on:
            client = await on.client()
            client.send(b"POST /any HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n\r\n" % size + bytes(size))
            assert (await client.answer()).endswith(b"ok")

    play(scene)
