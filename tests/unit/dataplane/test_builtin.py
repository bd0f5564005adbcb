"""Built-in pages go through uvicorn's own protocol on the same connection as routes."""

from __future__ import annotations

from tests.unit.dataplane.stage import OK, answering, play, route, stage


def test_routes_and_built_in_pages_share_a_connection() -> None:
    async def scene() -> None:
        async with stage(answering(OK), route()) as on:
            client = await on.client()
            for _ in range(2):
                client.send(b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\nGET /things HTTP/1.1\r\nHost: x\r\n\r\n")
                assert (await client.answer()).endswith(b'{"status":"ok"}')
                assert (await client.answer()).endswith(b"ok")
            assert on.connections == 1

    play(scene)


def test_a_body_for_a_built_in_page_is_taken_and_the_connection_stays_in_step() -> None:
    async def scene() -> None:
        async with stage(answering(OK), route()) as on:
            client = await on.client()
            for framing in (b"Content-Length: 3\r\n\r\nabc", b"Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n"):
                client.send(b"POST /healthz HTTP/1.1\r\nHost: x\r\n" + framing)
                answer = await client.answer()
                assert answer.startswith(b"HTTP/1.1 405 ")
                assert b"allow: GET, HEAD\r\n" in answer
            client.send(b"GET /things HTTP/1.1\r\nHost: x\r\n\r\n")
            assert (await client.answer()).endswith(b"ok")

    play(scene)


def test_head_and_close_are_honoured() -> None:
    async def scene() -> None:
        async with stage(answering(OK), route()) as on:
            client = await on.client()
            client.send(b"HEAD /healthz HTTP/1.1\r\nHost: x\r\n\r\n")
            assert b"content-length: 15\r\n" in await client.head()
            client.send(b"GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
            assert (await client.rest()).endswith(b'{"status":"ok"}')

    play(scene)


def test_a_client_that_goes_away_leaves_nothing_behind() -> None:
    async def scene() -> None:
        async with stage(answering(OK), route()) as on:
            client = await on.client()
            client.send(b"POST /healthz HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nabc")
            await client.answer()
            client.writer.close()
            await on.until(lambda: not on.gateway.plane.listeners)

    play(scene)


def test_readiness_tells_what_is_served() -> None:
    async def scene() -> None:
        async with stage(answering(OK), route()) as on:
            client = await on.client()
            client.send(b"GET /readyz HTTP/1.1\r\nHost: x\r\n\r\n")
            assert (await client.answer()).endswith(b'{"status":"ready","generation":1,"routes":1}')
            client.send(b"GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n")
            assert (await client.answer()).startswith(b"HTTP/1.1 404 ")  # only under the development profile

    play(scene)


def test_a_method_that_the_parser_behind_does_not_know_is_405_in_its_turn() -> None:
    async def scene() -> None:
        async with stage(answering(OK), route()) as on:
            client = await on.client()
            lines = (b"GET /none", b"FOO /healthz", b"QUERY /healthz")
            client.send(b"".join(line + b" HTTP/1.1\r\nHost: x\r\n\r\n" for line in lines))
            assert (await client.answer()).startswith(b"HTTP/1.1 404 ")
            for _ in range(2):
                answer = await client.answer()
                assert answer.startswith(b"HTTP/1.1 405 ")
                assert b"method-not-allowed" in answer

    play(scene)


def test_a_client_that_waits_for_100_is_answered_once_and_for_all() -> None:
    async def scene() -> None:
        async with stage(answering(OK), route()) as on:
            client = await on.client()
            client.send(b"POST /healthz HTTP/1.1\r\nHost: x\r\nContent-Length: 40\r\nExpect: 100-continue\r\n\r\n")
            answer = await client.rest()
            assert answer.startswith(b"HTTP/1.1 405 ")
            assert b"\r\nconnection: close\r\n" in answer

    play(scene)


def test_a_body_that_cannot_be_read_gets_one_answer() -> None:
    async def scene() -> None:
        async with stage(answering(OK), route()) as on:
            client = await on.client()
            client.send(b"POST /healthz HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n")
            answer = await client.rest()
            assert answer.count(b"HTTP/1.1 ") == 1
            assert b"malformed-request" in answer
            await on.until(lambda: not on.gateway.plane.listeners)

    play(scene)
