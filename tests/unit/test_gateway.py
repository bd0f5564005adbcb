"""The composition root: addresses, built-in pages, activation, the end."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import json
import socket
import weakref
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path

import pytest
from msgspec.structs import replace

from specgw.dataplane.activation import ActivationError
from specgw.dataplane.site import built_files, packed
from specgw.dataplane.sockets import AddressInUse
from specgw.gateway import Gateway, Options
from specgw.plan.model import (
    Body,
    Content,
    Edge,
    Edits,
    Limits,
    Listen,
    Parameter,
    Plan,
    Portal,
    Rewrite,
    Route,
    Scheme,
    SecurityScheme,
    Target,
    Telemetry,
    Upstream,
)
from tests.unit.dataplane.stage import OK, PATIENCE, SCHEMAS, Client, Service, answering, play, route, stage

EDGE = Edge(listen=Listen(port=0), admin=Listen(port=0), limits=Limits(drain=PATIENCE), telemetry=Telemetry(access_log="off"))


def plan(*routes: Route, url: str = "http://127.0.0.1:9", edge: Edge = EDGE) -> Plan:
    return Plan(edge=edge, routes=routes, upstreams={"service": Upstream(name="service", targets=(Target(url=url),))}, schemas=SCHEMAS)


@contextlib.asynccontextmanager
async def serving(gateway: Gateway) -> AsyncIterator[None]:
    """A gateway at work; ended at the exit."""
    accepting = asyncio.Event()

    async def begin() -> None:
        accepting.set()

    running = asyncio.create_task(gateway.run(begin))
    try:
        await asyncio.wait_for(accepting.wait(), PATIENCE)
        yield
    finally:
        gateway.stop()
        await asyncio.wait_for(running, PATIENCE)


@contextlib.asynccontextmanager
async def connected(address: tuple[str, int] | None) -> AsyncIterator[Client]:
    assert address is not None
    client = Client(*await asyncio.open_connection(*address))
    try:
        yield client
    finally:
        client.writer.close()
        with contextlib.suppress(ConnectionError):
            await client.writer.wait_closed()


async def ask(address: tuple[str, int] | None, target: str, method: str = "GET") -> tuple[int, bytes]:
    """Status and body of one answer."""
    async with connected(address) as client:
        client.send(f"{method} {target} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".encode())
        head, _, body = (await client.rest()).partition(b"\r\n\r\n")
    return int(head.split()[1]), body


async def until(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(PATIENCE):
        while not condition():  # noqa: ASYNC110 - what is waited for is a state, which tells nobody
            await asyncio.sleep(0.001)


@contextlib.asynccontextmanager
async def service(serve: Service) -> AsyncIterator[str]:
    """The URL of a service in this loop."""

    async def connection(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(asyncio.IncompleteReadError, ConnectionError):
            await serve(reader, writer)
        writer.close()

    async with await asyncio.start_server(connection, "127.0.0.1", 0) as server:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"


@pytest.fixture
def taken() -> Iterator[int]:
    """A port that somebody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        yield listener.getsockname()[1]


# Addresses


def test_where_it_listens_is_known_once_it_is_bound() -> None:
    async def scene() -> None:
        gateway = Gateway(plan(), Options(host="127.0.0.1", port=0, admin=("127.0.0.1", 0)))
        with pytest.raises(RuntimeError, match="not been bound"):
            _ = gateway.address
        assert gateway.admin_address is None
        gateway.bind()
        bound = gateway.address, gateway.admin_address
        gateway.bind()
        assert (gateway.address, gateway.admin_address) == bound, "binding twice is binding once"
        assert not gateway.moved_admin
        async with serving(gateway):
            assert (await ask(bound[0], "/healthz"))[0] == (await ask(bound[1], "/healthz"))[0] == 200

    play(scene)


def test_options_say_it_over_the_plan(taken: int) -> None:
    async def scene() -> None:
        edge = replace(EDGE, listen=Listen(host="192.0.2.1", port=taken), admin=Listen(port=taken))
        gateway = Gateway(plan(edge=edge), Options(host="127.0.0.1", port=0, admin_enabled=False))
        async with serving(gateway):
            assert gateway.address[1] != taken
            assert gateway.admin_address is None

    play(scene)


@pytest.mark.parametrize(("host", "reason"), [("127.0.0.1", "in use"), ("192.0.2.1", "assign"), ("no.such.host.invalid", ":")])
def test_an_address_that_cannot_be_had_is_named(taken: int, host: str, reason: str) -> None:
    with pytest.raises(AddressInUse, match=f"^{host}:{taken}: .*{reason}|^{host}:{taken}: "):
        Gateway(plan(), Options(host=host, port=taken)).bind()


def test_the_default_admin_address_gives_way(taken: int) -> None:
    async def scene() -> None:
        gateway = Gateway(plan(edge=replace(EDGE, admin=Listen(port=taken))))
        async with serving(gateway):
            assert gateway.moved_admin
            assert (await ask(gateway.admin_address, "/readyz"))[0] == 200

    play(scene)


def test_an_admin_address_that_was_asked_for_does_not_and_leaves_nothing_bound(taken: int) -> None:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        free = probe.getsockname()[1]
    gateway = Gateway(plan(), Options(port=free, admin=("127.0.0.1", taken)))
    with pytest.raises(AddressInUse, match=f"127.0.0.1:{taken}"):
        gateway.bind()
    socket.create_server(("127.0.0.1", free)).close()


# Built-in pages


@pytest.mark.parametrize("dev", [False, True])
def test_what_each_listener_answers_itself(dev: bool) -> None:
    async def scene() -> None:
        gateway = Gateway(plan(route()), Options(dev=dev))
        async with serving(gateway):
            for address in (gateway.address, gateway.admin_address):
                assert await ask(address, "/healthz") == (200, b'{"status":"ok"}')
                status, body = await ask(address, "/readyz")
                assert (status, json.loads(body)) == (200, {"status": "ready", "generation": 1, "routes": 1})
                assert (await ask(address, "/healthz", "POST"))[0] == 405
                assert (await ask(address, "/none"))[0] == 404
            assert b"specgw_plan_generation 1.0" in (await ask(gateway.admin_address, "/metrics"))[1]
            assert (await ask(gateway.address, "/metrics"))[0] == (200 if dev else 404)
            assert (await ask(gateway.admin_address, "/things"))[0] == 404, "routes are for the public"

    play(scene)


def test_a_path_of_a_document_stands_before_a_page() -> None:
    async def scene() -> None:
        async with stage(answering(OK), route(path="/healthz")) as on:
            assert await ask(on.gateway.address, "/healthz") == (200, b"ok")
            assert (await ask(on.gateway.address, "/readyz"))[0] == 200

    play(scene)


def test_the_portal_of_a_built_folder_is_for_the_public(tmp_path: Path) -> None:
    (tmp_path / "portal").mkdir()
    (tmp_path / "portal" / "index.html").write_text("<p>portal")
    (tmp_path / "openapi.json").write_text("{}")
    (tmp_path / "plan.json").write_text("secret")

    async def scene() -> None:
        gateway = Gateway(plan(route(path="/portal/mine")), Options(portal=True))
        async with serving(gateway):
            assert [(await ask(gateway.address, path))[0] for path in ("/portal/", "/portal/a.html", "/portal")] == [503, 503, 503]
            await gateway.publish(built_files(tmp_path))
            assert await ask(gateway.address, "/portal/") == (200, b"<p>portal")
            assert await ask(gateway.address, "/openapi.json") == (200, b"{}")
            assert (await ask(gateway.address, "/portal"))[0] == 308
            assert (await ask(gateway.address, "/portal/mine", "POST"))[0] == 405, "a document stands before a page"
            for target in ("/plan.json", "/portal/../plan.json", "/portal/%2e%2e/plan.json", "/portal/..%2fplan.json", "/portal//x"):
                status, body = await ask(gateway.address, target)
                assert (status in (400, 404), b"secret" in body) == (True, False), target
            assert (await ask(gateway.admin_address, "/portal/"))[0] == 404
            status, body = await ask(gateway.address, "/portal/session.json")
            assert (status, json.loads(body)["live"], json.loads(body)["sandbox"]) == (200, True, "/sandbox/")
            await gateway.publish({"portal/index.html": packed({"": b"<p>other"})[""]})
            assert await ask(gateway.address, "/portal/") == (200, b"<p>other")
            assert (await ask(gateway.address, "/openapi.json"))[0] == 404
            await gateway.publish({})
            assert [(await ask(gateway.address, path))[0] for path in ("/portal/", "/portal/session.json")] == [404, 404]

    play(scene)


def test_a_gateway_may_have_no_portal() -> None:
    async def scene() -> None:
        gateway = Gateway(plan(route(), edge=replace(EDGE, portal=Portal(enabled=False))), Options(portal=True))
        async with serving(gateway):
            assert [(await ask(gateway.address, path))[0] for path in ("/portal/", "/portal", "/openapi.json")] == [404, 404, 404]

    play(scene)


def test_connections_are_counted_on_both_sides() -> None:
    async def scene() -> None:
        release = asyncio.Event()

        async def slow(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            while await reader.readuntil(b"\r\n\r\n"):
                await release.wait()
                writer.write(OK)

        async with stage(slow, route()) as on:
            clients = [await on.client() for _ in range(3)]
            for client in clients[:2]:
                client.send(b"GET /things HTTP/1.1\r\nHost: x\r\n\r\n")
            await on.until(lambda: on.connections == 2)

            def shown() -> list[float]:
                lines = on.gateway.metrics.expose().decode().splitlines()
                names = (
                    "specgw_connections",
                    'specgw_upstream_connections{state="busy",upstream="service"}',
                    'specgw_upstream_connections{state="idle",upstream="service"}',
                )
                return [float(line.rpartition(" ")[2]) for name in names for line in lines if line.startswith(name + " ")]

            assert shown() == [3, 2, 0]
            release.set()
            for client in clients[:2]:
                await client.answer()
            assert shown() == [3, 0, 2]

    play(scene)


# Activation


def test_an_activation_says_what_has_changed() -> None:
    async def scene() -> None:
        gateway = Gateway(plan(route(path="/a"), route("PUT", "/a"), route(path="/b")))
        async with serving(gateway):
            done = await gateway.activate(plan(route(path="/a"), route(path="/c"), route(path="/d")))
            assert (done.generation, done.added, done.removed, done.routes) == (2, ("GET /c", "GET /d"), ("GET /b", "PUT /a"), 3)
            assert json.loads((await ask(gateway.address, "/readyz"))[1]) == {"status": "ready", "generation": 2, "routes": 3}
            assert 'specgw_reloads_total{outcome="activated"} 1.0' in gateway.metrics.expose().decode()

    play(scene)


@pytest.mark.parametrize(
    ("bad", "says"),
    [
        (plan(url="http://${NO_SUCH_NAME}"), "NO_SUCH_NAME"),
        (plan(edge=replace(EDGE, trusted_proxies=("nonsense",), limits=Limits(header_count=1))), "nonsense"),
        (plan(route(path="no-slash")), "has to begin with '/'"),
    ],
)
def test_an_activation_that_fails_changes_nothing(bad: Plan, says: str, caplog: pytest.LogCaptureFixture) -> None:
    async def scene() -> None:
        async with stage(answering(OK), route()) as on:
            gateway = on.gateway
            before = gateway.plan, gateway.plane.active, gateway.plane.limits
            with pytest.raises(ActivationError, match=says):
                await gateway.activate(bad)
            assert (gateway.plan, gateway.plane.active, gateway.plane.limits) == before
            assert 'specgw_reloads_total{outcome="refused"} 1.0' in gateway.metrics.expose().decode()
            assert await ask(gateway.address, "/things") == (200, b"ok")
            assert (await gateway.activate(plan(route()))).generation == 2

    play(scene)


def test_activations_take_their_turns() -> None:
    async def scene() -> None:
        gateway = Gateway(plan(route(path="/a")))
        async with serving(gateway):
            made = await asyncio.gather(gateway.activate(plan(route(path="/b"))), gateway.activate(plan(route(path="/c"))))
            assert [(done.generation, done.added, done.removed) for done in made] == [
                (2, ("GET /b",), ("GET /a",)),
                (3, ("GET /c",), ("GET /b",)),
            ]

    play(scene)


@pytest.mark.interpreted  # compiled objects take no weak references
def test_a_plan_that_has_been_replaced_goes_without_the_garbage_collector() -> None:
    """It never looks at what was there when a plan was activated."""

    async def scene() -> None:
        shared = Content(media_range="application/json", kind="json", schema="request:/api.yaml#/List")
        schemas = {"request:/api.yaml": {**SCHEMAS["request:/api.yaml"], "List": {"items": {"$ref": "#/Thing"}}}}
        routes = (
            route(),
            route("POST", body=Body(content=(shared,)), request_headers=Edits(set={"X-A": "1"}), request_query=Edits(remove=("a",))),
            route(path="/{id}", parameters=(Parameter(name="id", location="path", style="simple", schema="request:/api.yaml#/Thing"),)),
            route(path="/mine", security=((SecurityScheme(name="key", scheme="api/key"),),), rewrite=Rewrite(template="/yours")),
        )
        key = Scheme(name="key", service="api", kind="apiKey", type="apiKey in header", field="X-Key")
        async with stage(answering(OK), route(), schemes={"api/key": key}) as on:
            client = await on.client()

            async def ask() -> None:
                for line in ("GET /things", "DELETE /things", "GET //", "GET /7", "GET /mine", "GET /none/at/all"):
                    client.send(f"{line} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
                    await client.answer()
                client.send(b"POST /things HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 3\r\n\r\n[1]")
                assert (await client.answer()).startswith(b"HTTP/1.1 400 ")

            await on.gateway.activate(replace(on.gateway.plan, routes=routes, schemas=schemas))
            await ask()
            old = weakref.ref(on.gateway.plane.active)
            gc.unfreeze()
            gc.collect()  # what other tests have left
            gc.set_debug(gc.DEBUG_SAVEALL)
            try:
                await on.gateway.activate(replace(on.gateway.plan, routes=(*routes, route(path="/more")), schemas=schemas))
                await on.until(lambda: old() is None)  # it goes in slices
                gc.unfreeze()
                gc.collect()
                circular = {f"{type(left).__module__}.{type(left).__qualname__}" for left in gc.garbage}
            finally:
                gc.set_debug(0)
                gc.garbage.clear()
            assert old() is None, "kept connections of clients and of the service hold nothing of it"
            assert {name for name in circular if name.startswith(("specgw", "jsonschema_rs"))} == set()
            await ask()

    play(scene)


@pytest.mark.interpreted  # compiled objects take no weak references
def test_what_was_prepared_and_is_discarded_is_let_go_and_changes_nothing() -> None:
    async def scene() -> None:
        async with stage(answering(OK), route()) as on:
            before = on.gateway.plane.active
            ready = await on.gateway.prepare(replace(on.gateway.plan, routes=(route(path="/others"),)))
            gone = weakref.ref(ready.active)
            on.gateway.discard(ready)
            del ready
            await on.until(lambda: gone() is None)
            assert on.gateway.plane.active is before
            await on.gateway.activate(on.gateway.plan)
            assert on.gateway.plane.active.generation == before.generation + 1

    play(scene)


def test_environment_and_upstream_option_hold_for_every_plan() -> None:
    async def scene() -> None:
        async with service(answering(OK)) as one, service(answering(OK.replace(b"ok", b"no"))) as other:
            environ = {"ONE": one.removeprefix("http://")}
            gateway = Gateway(plan(route(), url="http://${ONE}"), Options(environ=environ))
            async with serving(gateway):
                assert (await ask(gateway.address, "/things"))[1] == b"ok"
                await gateway.activate(plan(route(), route(path="/more"), url="http://${ONE}"))
                assert (await ask(gateway.address, "/more"))[1] == b"ok"
            gateway = Gateway(plan(route(), url=one), Options(upstream=other))
            async with serving(gateway):
                assert (await ask(gateway.address, "/things"))[1] == b"no"
                await gateway.activate(plan(route(), route(path="/more"), url=one))
                assert (await ask(gateway.address, "/more"))[1] == b"no"

    play(scene)


def test_a_reference_without_a_value_is_told_before_anything_is_bound() -> None:
    with pytest.raises(ActivationError, match="NO_SUCH_NAME"):
        Gateway(plan(url="http://${NO_SUCH_NAME}"))


# The end


def test_a_stopping_gateway_is_not_ready_and_keeps_no_connection() -> None:
    async def scene() -> None:
        async with stage(answering(OK), route()) as on:
            clients = [await on.client() for _ in range(2)]
            on.gateway.plane.draining = True
            for client, target, status in zip(clients, (b"/things", b"/readyz"), (200, 503), strict=True):
                client.send(b"GET %b HTTP/1.1\r\nHost: x\r\n\r\n" % target)
                answer = await client.rest()
                assert answer.startswith(b"HTTP/1.1 %d " % status)
                assert b"\r\nconnection: close\r\n" in answer.lower()
            on.gateway.plane.draining = False

    play(scene)


def test_the_time_to_drain_is_that_of_the_plan_in_effect() -> None:
    async def scene() -> None:
        asked = asyncio.Event()

        async def silent(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            await reader.readuntil(b"\r\n\r\n")
            asked.set()
            await reader.read()

        async with service(silent) as url:
            gateway = Gateway(plan(route(), url=url, edge=replace(EDGE, limits=Limits(drain=1000.0))))
            async with serving(gateway):
                await gateway.activate(plan(route(), url=url, edge=replace(EDGE, limits=Limits(drain=0.0))))
                async with connected(gateway.address) as client:
                    client.send(b"GET /things HTTP/1.1\r\nHost: x\r\n\r\n")
                    await asyncio.wait_for(asked.wait(), PATIENCE)
                    gateway.stop()
                    assert (await client.rest()).startswith(b"HTTP/1.1 503 ")

    play(scene)


def test_a_client_that_does_not_read_does_not_hold_up_the_end() -> None:
    async def scene() -> None:
        async def endless(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            await reader.readuntil(b"\r\n\r\n")
            writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 1000000000\r\n\r\n")
            while True:
                writer.write(bytes(1 << 20))
                await writer.drain()

        async with service(endless) as url:
            gateway = Gateway(plan(route(), url=url, edge=replace(EDGE, limits=Limits(drain=0.0))))
            gateway.bind()
            with socket.socket() as client:
                client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
                async with serving(gateway):
                    client.connect(gateway.address)
                    client.sendall(b"GET /things HTTP/1.1\r\nHost: x\r\n\r\n")
                    await until(lambda: any(known.transport.get_write_buffer_size() for known in gateway.plane.listeners))

    play(scene)


def test_what_accompanies_it_ends_with_it() -> None:
    async def scene() -> None:
        told: list[str] = []

        async def beside() -> None:
            told.append("begun")
            gateway.stop()
            try:
                await asyncio.Event().wait()
            finally:
                told.append("ended")

        gateway = Gateway(plan())
        await asyncio.wait_for(gateway.run(beside), PATIENCE)
        assert told == ["begun", "ended"]

    play(scene)


def test_a_fault_in_what_accompanies_it_is_told_at_once_and_ends_nothing(caplog: pytest.LogCaptureFixture) -> None:
    async def scene() -> None:
        async def beside() -> None:
            raise ZeroDivisionError

        gateway = Gateway(plan())
        running = asyncio.create_task(gateway.run(beside))
        await until(lambda: "ZeroDivisionError" in caplog.text)
        assert (await ask(gateway.address, "/healthz"))[0] == 200
        gateway.stop()
        await asyncio.wait_for(running, PATIENCE)

    play(scene)
