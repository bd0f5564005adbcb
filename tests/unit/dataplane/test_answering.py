"""Stages that answer, wait or fail; and what is recorded at the end."""

from __future__ import annotations

import asyncio
import json
import logging
from pathlib import Path

import pytest

from specgw.dataplane.chain import routed
from specgw.plan.model import Response, Validate
from specgw.policies.base import Exchange, Outcome, Reply
from specgw.problems import NO_UPSTREAM, Problem
from tests.unit.dataplane.stage import OK, Stage, answering, play, route, stage

GET = b"GET /things HTTP/1.1\r\nHost: x\r\n\r\n"


class Stepping:
    """A policy that does in each stage what a test says."""

    def __init__(self, request: object = None, response: object = None) -> None:
        self._request = request
        self._response = response

    def request(self, exchange: Exchange) -> Outcome:
        return self._do(self._request)

    def response(self, exchange: Exchange) -> Outcome:
        return self._do(self._response)

    def _do(self, what: object) -> Outcome:
        if isinstance(what, Exception):
            raise what
        return what() if callable(what) else what  # type: ignore[return-value]


def use(on: Stage, *policies: Stepping) -> None:
    """Give the stage's only route other policies."""
    active = on.gateway.plane.active
    chain = routed(active.plan.routes[0], policies, active.upstreams, on.gateway.metrics)
    active.table = type(active.table)(active.plan.routes, [chain])


async def later(value: Problem | Reply | None) -> Problem | Reply | None:
    await asyncio.sleep(0)
    return value


@pytest.mark.parametrize("wait", [False, True])
@pytest.mark.parametrize("stage_name", ["request", "response"])
def test_a_stage_may_answer_at_once_or_later(stage_name: str, wait: bool) -> None:
    async def scene() -> None:
        answer = Reply(302, ((b"Location", b"/x"),), b"moved")
        async with stage(answering(OK), route()) as on:
            use(on, Stepping(**{stage_name: (lambda: later(answer)) if wait else answer}))
            client = await on.client()
            for _ in range(2):
                client.send(GET)
                got = await client.answer()
                assert got.startswith(b"HTTP/1.1 302 Found\r\nLocation: /x\r\n")
                assert got.endswith(b"\r\n\r\nmoved")

    play(scene)


@pytest.mark.parametrize("stage_name", ["request", "response"])
def test_a_stage_may_wait_and_go_on(stage_name: str) -> None:
    async def scene() -> None:
        async with stage(answering(OK), route()) as on:
            use(on, Stepping(**{stage_name: lambda: later(None)}))
            client = await on.client()
            for _ in range(2):
                client.send(GET)
                assert (await client.answer()).endswith(b"ok")

    play(scene)


@pytest.mark.parametrize("stage_name", ["request", "response"])
def test_a_stage_that_fails_is_500_and_logged_and_the_next_request_is_served(stage_name: str, caplog: pytest.LogCaptureFixture) -> None:
    async def scene() -> None:
        async with stage(answering(OK), route()) as on:
            use(on, Stepping(**{stage_name: ValueError("a secret value")}))
            client = await on.client()
            client.send(GET)
            answer = await client.answer()
            assert answer.startswith(b"HTTP/1.1 500 ")
            assert b"a secret value" not in answer
            use(on, Stepping())
            client.send(GET)
            assert (await client.answer()).endswith(b"ok")

    with caplog.at_level(logging.ERROR):
        play(scene)
    assert "failed inside the gateway" in caplog.text


def test_a_client_that_leaves_while_a_stage_waits_cancels_it() -> None:
    async def scene() -> None:
        started, cancelled = asyncio.Event(), asyncio.Event()

        async def forever() -> None:
            started.set()
            try:
                await asyncio.Event().wait()
            except asyncio.CancelledError:
                cancelled.set()
                raise

        async with stage(answering(OK), route()) as on:
            use(on, Stepping(request=forever))
            client = await on.client()
            client.send(GET)
            await started.wait()
            client.writer.close()
            await asyncio.wait_for(cancelled.wait(), 5)

    play(scene)


def test_what_happened_is_counted_and_logged_once(tmp_path: Path) -> None:
    log = tmp_path / "access.log"

    async def scene() -> None:
        from specgw.telemetry.access import AccessLog

        async with stage(answering(OK), route()) as on:
            on.gateway.plane.access_log = AccessLog(str(log))
            client = await on.client()
            client.send(b"GET /things?token=secret HTTP/1.1\r\nHost: x\r\nUser-Agent: test\r\n\r\n")
            await client.answer()
            use(on, Stepping(request=Problem(NO_UPSTREAM, "none")))
            client.send(GET)
            await client.answer()
            text = on.gateway.metrics.expose().decode()
        assert 'specgw_requests_total{operation="GET /things",method="GET",status="200"} 1' in text
        assert 'specgw_requests_total{operation="GET /things",method="GET",status="503"} 1' in text
        assert 'specgw_upstream_requests_total{outcome="answered",upstream="service"} 1.0' in text
        assert 'specgw_problems_total{type="no-upstream"} 1.0' in text

    play(scene)
    first, second = (json.loads(line) for line in log.read_text().splitlines())
    assert (first["status"], first["operationId"], first["upstream"], first["path"]) == (200, "GET /things", "service", "/things")
    assert first["userAgent"] == "test"
    assert "secret" not in log.read_text()
    assert (second["status"], second["problem"]) == (503, "no-upstream")
    assert first["requestId"] != second["requestId"]


def test_violations_are_counted_for_the_side_that_broke_the_contract() -> None:
    async def scene() -> None:
        reported = route(validate=Validate(request="report", response="report"), responses=(Response(status="201"),))
        refused = route("PUT", validate=Validate(response="enforce"), responses=(Response(status="201"),))
        async with stage(answering(OK), reported, refused) as on:
            client = await on.client()
            for line in (b"GET /things", b"PUT /things"):
                client.send(line + b" HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n")
                await client.answer()
            text = on.gateway.metrics.expose().decode()
        assert 'specgw_validation_violations_total{direction="response",operation="GET /things"} 1.0' in text
        assert 'specgw_validation_violations_total{direction="response",operation="PUT /things"} 1.0' in text
        assert 'direction="request"' not in text

    play(scene)
