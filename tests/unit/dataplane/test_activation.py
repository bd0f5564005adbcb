"""From a Plan to something that serves, and from one Plan to the next."""

from __future__ import annotations

import asyncio

import pytest
from msgspec.structs import replace

from specgw.dataplane.activation import ActivationError, prepare, redirected
from specgw.plan.model import Edge, Plan, Rewrite, Route, Target, Upstream, UpstreamChoice
from tests.unit.dataplane.stage import OK, answering, play, route, stage


def plan(*routes: Route, url: str = "http://127.0.0.1:1", **more: object) -> Plan:
    return Plan(routes=routes, upstreams={"service": Upstream(name="service", targets=(Target(url=url),))}, **more)  # type: ignore[arg-type]


def test_references_are_filled_in_and_all_missing_ones_named_at_once() -> None:
    prepared = prepare(plan(route(), url="http://${HOST:-localhost}:${PORT}"), {"PORT": "81"})
    assert prepared.upstreams["service"].targets[0].url == "http://localhost:81"
    with pytest.raises(ActivationError, match="A_HOST, B_PORT"):
        prepare(plan(url="http://${A_HOST}:${B_PORT}"), {})


def test_one_url_may_replace_every_upstream() -> None:
    old = plan(route(rewrite=Rewrite(prefix="/x")), route(path="/lost", upstreams=()), edge=Edge(fallback="service"))
    new = redirected(old, "http://127.0.0.1:9/base")
    assert [target.url for upstream in new.upstreams.values() for target in upstream.targets] == ["http://127.0.0.1:9/base"]
    assert all(known.rewrite is None and known.upstreams == (UpstreamChoice(upstream="upstream"),) for known in new.routes)
    assert new.edge.fallback == "upstream"


def test_a_new_plan_takes_effect_between_two_requests_of_one_connection() -> None:
    async def scene() -> None:
        async with stage(answering(OK), route()) as on:
            client = await on.client()
            ask = b"GET /%b HTTP/1.1\r\nHost: x\r\n\r\n"
            client.send(ask % b"things")
            assert (await client.answer()).startswith(b"HTTP/1.1 200 ")
            changed = replace(on.gateway.plan, routes=(route(path="/others"),))
            activation = await on.gateway.activate(changed)
            assert (activation.generation, activation.added, activation.removed) == (2, ("GET /others",), ("GET /things",))
            for path, status in ((b"others", 200), (b"things", 404)):
                client.send(ask % path)
                assert (await client.answer()).startswith(b"HTTP/1.1 %d " % status)
            # The upstream is the same in both plans, so its connection went on.
            assert on.connections == 1

    play(scene)


def test_an_exchange_under_way_ends_as_it_began() -> None:
    async def scene() -> None:
        asked, release = asyncio.Event(), asyncio.Event()

        async def service(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            await reader.readuntil(b"\r\n\r\n")
            asked.set()
            await release.wait()
            writer.write(OK)

        async with stage(service, route()) as on:
            client = await on.client()
            client.send(b"GET /things HTTP/1.1\r\nHost: x\r\n\r\n")
            await asked.wait()
            await on.gateway.activate(Plan(edge=on.gateway.plan.edge))
            release.set()
            assert (await client.answer()).startswith(b"HTTP/1.1 200 ")
            # Its upstream is gone with the old plan: the connection is not kept.
            client.send(b"GET /things HTTP/1.1\r\nHost: x\r\n\r\n")
            assert (await client.answer()).startswith(b"HTTP/1.1 404 ")

    play(scene)


def test_an_activation_that_fails_changes_nothing() -> None:
    async def scene() -> None:
        async with stage(answering(OK), route()) as on:
            before = on.gateway.plane.active
            with pytest.raises(ActivationError, match="NOT_SET"):
                await on.gateway.activate(plan(url="http://${NOT_SET}"))
            with pytest.raises(ActivationError):
                await on.gateway.activate(plan(route(upstreams=(UpstreamChoice(upstream="unknown"),))))
            assert on.gateway.plane.active is before
            client = await on.client()
            client.send(b"GET /things HTTP/1.1\r\nHost: x\r\n\r\n")
            assert (await client.answer()).startswith(b"HTTP/1.1 200 ")
            assert b'specgw_reloads_total{outcome="refused"} 2.0' in on.gateway.metrics.expose()

    play(scene)
