"""The composition root: a Plan and Options -> a running Gateway. The only place that wires the parts together."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import logging
import signal
import socket
from collections.abc import Awaitable, Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from secrets import token_bytes
from typing import Any

import msgspec
import uvloop

from specgw import __version__
from specgw.dataplane import activation, allocator, descriptors
from specgw.dataplane.activation import ActivationError
from specgw.dataplane.active import Active
from specgw.dataplane.application import Application, Make, Page
from specgw.dataplane.certificates import Doors, client_authorities, overlook_bad_names
from specgw.dataplane.listener import Listener
from specgw.dataplane.plane import Plane, trusted_networks
from specgw.dataplane.server import Config, Server
from specgw.dataplane.site import FIELDS, FOLDER, missing_page, not_yet, site_pages
from specgw.dataplane.slices import uncollected
from specgw.dataplane.sockets import Sockets
from specgw.identity.providers import NotUsable, Prepared, Providers
from specgw.mock import credentials
from specgw.mock.manner import Manner
from specgw.plan.model import Plan
from specgw.policies.auth.base import Issuers, Services
from specgw.policies.auth.development import DevelopmentKeys
from specgw.portal.live.live import Event, Live
from specgw.problems import Problem
from specgw.settings import read_settings
from specgw.state.current import CurrentKeys
from specgw.state.opening import Unopened
from specgw.telemetry.access import AccessLog
from specgw.telemetry.metrics import CONTENT_TYPE, Metrics
from specgw.telemetry.trace import Identities

log = logging.getLogger("specgw.gateway")

SESSION = f"{FOLDER}session.json"
FAREWELLS = 50
"""How often, every 10 ms, the gateway looks at the very end whether its last answers have left."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """What the command line says over the Plan. None: as the Plan says."""

    host: str | None = None
    port: int | None = None
    admin: tuple[str, int] | None = None
    """Where the admin listener binds; then the port has to be free."""
    admin_enabled: bool = True
    upstream: str | None = None
    """A URL that replaces every upstream."""
    mocked: Manner | None = None
    """Nothing is forwarded: the sandbox answers, and takes its own credentials only (`mock.credentials`); in this manner."""
    dev: bool = False
    """The development profile: `/metrics` on the public listener too, and development keys are good."""
    portal: bool = False
    """A portal is going to be published: until then its pages are answered with 503."""
    generation: int = 1
    """The number of the first plan: more than 1 in the place of a worker that has ended."""
    environ: Mapping[str, str] = field(default_factory=dict)
    """What `${NAME}` references in the Plan are resolved from."""


@dataclass(frozen=True, slots=True)
class Activation:
    """What an activation changed. Routes are named `METHOD path`."""

    generation: int
    added: tuple[str, ...]
    removed: tuple[str, ...]
    routes: int

    @classmethod
    def between(cls, old: Plan, new: Plan, generation: int) -> Activation:
        """What is different between two plans."""
        before, after = ({f"{route.method} {route.path}" for route in plan.routes} for plan in (old, new))
        return cls(generation, tuple(sorted(after - before)), tuple(sorted(before - after)), len(new.routes))


@dataclass(frozen=True, slots=True)
class Ready:
    """A plan that has been built, and can be put to work without anything that could fail."""

    plan: Plan
    active: Active
    issuers: Prepared
    use_certificates: Callable[[], None]


class Gateway:
    """One process that serves a Plan.

    Life: `bind` (may be called early, to find an occupied port before anything else), `run` until a signal or `stop`,
    `activate` at any time while it runs. A failed activation raises ActivationError and changes nothing.
    """

    def __init__(self, plan: Plan, options: Options | None = None) -> None:
        self.options = options or Options()
        plan = self._prepare(plan)
        self.plan = plan
        descriptors.raise_limit()
        self.metrics = Metrics(__version__)
        self.doors = Doors(plan.edge, self.metrics, admin=self.options.admin_enabled)
        access_log = AccessLog(plan.edge.telemetry.access_log, report=log.warning)
        self.plane = Plane(plan.edge, metrics=self.metrics, access_log=access_log, identities=Identities())
        self.metrics.tasks = lambda: len(asyncio.all_tasks())
        self.metrics.connections = lambda: len(self.plane.listeners)
        self.metrics.upstream_connections = self._upstream_connections
        self.metrics.dropped_lines = lambda: access_log.dropped
        self.providers = Providers(self.metrics.identity_fetch)
        self.exposition: Callable[[], Awaitable[bytes]] = self._own_metrics
        """What `/metrics` shows; a worker shows those of all workers."""
        self.sockets: Sockets | None = None
        """Where it listens; may be set to sockets that somebody else has bound, before it runs."""
        self._servers: list[Server] = []
        self._deadline: asyncio.TimerHandle | None = None
        self._changing = asyncio.Lock()
        self._leaving: asyncio.Task[None] | None = None
        self.chance: Callable[[int], bytes] = token_bytes
        """Where secrets of sessions come from."""
        settings = read_settings(self.options.environ)
        self.keys = CurrentKeys(settings.redis_url, settings.state_home)
        pages: dict[str, Make] = {"/healthz": self._health, "/readyz": self._readiness}
        metrics_page: dict[str, Make] = {"/metrics": self._metrics}
        self._public_pages = Application(
            {**pages, **(metrics_page if self.options.dev else {})},
            folder=FOLDER,
            waiting=not_yet if self.options.portal and plan.edge.portal.enabled else None,
            request_id=lambda: self.plane.identities.request_id(),
        )
        self._admin_pages = Application({**pages, **metrics_page})

    # Addresses

    def bind(self) -> None:
        """Bind both listeners; raises AddressInUse. An occupied default admin port is replaced by a free one."""
        if self.sockets is None:
            options = self.options
            self.sockets = Sockets.bound(
                self.plan.edge, host=options.host, port=options.port, admin=options.admin, admin_enabled=options.admin_enabled
            )

    @property
    def address(self) -> tuple[str, int]:
        """Host and port of the public listener; known once bound."""
        return self._bound.address

    @property
    def admin_address(self) -> tuple[str, int] | None:
        """Host and port of the admin listener; None when it is off, or not bound yet."""
        return None if self.sockets is None else self.sockets.admin_address

    @property
    def moved_admin(self) -> bool:
        """Whether the default admin port was occupied and a free one has been taken."""
        return self.sockets is not None and self.sockets.moved_admin

    @property
    def _bound(self) -> Sockets:
        if self.sockets is None:
            raise RuntimeError("the gateway has not been bound yet")
        return self.sockets

    @property
    def secure(self) -> bool:
        """Whether the public listener speaks HTTPS."""
        return self.doors["listen"] is not None

    @property
    def secure_admin(self) -> bool:
        """Whether the admin listener does."""
        return self.doors["admin"] is not None

    # Life

    async def run(self, serving: Callable[[], Awaitable[None]] | None = None) -> None:
        """Serve until SIGTERM, SIGINT or `stop`; then stop accepting, and finish what is in flight within `limits.drain`.

        `serving` is awaited once requests are accepted, in a task of its own that is cancelled at the end.
        """
        self.bind()
        loop = asyncio.get_running_loop()
        issuers = await self._issuers(self.plan)
        services = self._services(self.plan, issuers)
        self.plane.active = await activation.build(
            self.plan,
            self.metrics,
            generation=self.options.generation,
            services=services,
            builtin=self._public_pages.paths,
            mocked=self.options.mocked,
        )
        self.providers.use(issuers)
        await self.keys.use()
        self._activated(self.plan)
        self.plane.on_tick(self._expire_connections)
        self.plane.on_tick(self.doors.look)
        self.plane.start()
        public_config = Config.of(self._public_pages, self.doors["listen"], http=Listener.bound_to(self.plane))
        public = Server(public_config, lambda: self.plane.limits, self.plane)
        self._servers = [public]
        serves = [self._until_drained(public, self._bound.public)]
        if self._bound.admin is not None:
            admin = Server(Config.of(self._admin_pages, self.doors["admin"]), lambda: self.plane.limits)
            self._servers.append(admin)
            serves.append(admin.serve([self._bound.admin]))
        for number in (signal.SIGTERM, signal.SIGINT):
            with contextlib.suppress(NotImplementedError, RuntimeError, ValueError):
                loop.add_signal_handler(number, self.stop)
        with contextlib.suppress(NotImplementedError, RuntimeError, ValueError):
            loop.add_signal_handler(signal.SIGHUP, self.reopen)
        gc.collect()
        gc.freeze()
        beside = loop.create_task(self._beside(serving)) if serving is not None else None
        try:
            await asyncio.gather(*serves)
        finally:
            if beside is not None:
                beside.cancel()
                with contextlib.suppress(asyncio.CancelledError):
                    await beside
            await self._close()
            if self._leaving is not None:
                await self._leaving
            await self.keys.close()
            self.plane.stop()
            self.plane.access_log.close()

    def stop(self) -> None:
        """Begin to drain; a second call gives up on what is still in flight."""
        if self.plane.draining:
            self._give_up()
            return
        self.plane.drain()
        self._deadline = asyncio.get_running_loop().call_later(self.plane.limits.drain, self._give_up)
        for server in self._servers[:1]:
            server.should_exit = True

    @property
    def files(self) -> tuple[Path, ...]:
        """Files beside the documents that matter to what is served: certificates."""
        return self.doors.files

    def refresh(self) -> None:
        """Take over certificates that have changed."""
        self.doors.refresh()

    def reopen(self) -> None:
        """Look at files anew: open the access log again, and take over certificates that have changed (SIGHUP)."""
        self.plane.access_log.reopen()
        self.doors.refresh()
        self.providers.refresh()

    async def _until_drained(self, public: Server, listener: socket.socket) -> None:
        """Serve the public listener to its end; only then the admin listener ends, so that operators can look on."""
        try:
            await public.serve([listener])
        finally:
            for server in self._servers:
                server.should_exit = True

    def _give_up(self) -> None:
        """Time is over: answer what is still in flight, and end."""
        unfinished = len(self.plane.passages)
        if unfinished:
            log.warning("requests that were not finished when the gateway ended: %d", unfinished)
        self.plane.give_up()
        for server in self._servers:
            server.should_exit = server.force_exit = True

    async def _close(self) -> None:
        """Let the last answers leave; then nothing is open any more."""
        if self._deadline is not None:
            self._deadline.cancel()
        self.plane.give_up()
        self.providers.close()
        for upstream in self.plane.active.upstreams.values():
            upstream.close()
        await self._emptied()
        # uvloop waits for ever at its end for a connection that is still open, such as one whose client does not read.
        for connection in self._connections():
            connection.transport.abort()
        await self._emptied()

    async def _emptied(self) -> None:
        for _ in range(FAREWELLS):
            if not self._connections():
                break
            await asyncio.sleep(0.01)

    def _connections(self) -> list[Any]:
        """The clients' connections of both listeners."""
        return [connection for server in self._servers for connection in server.server_state.connections]

    async def activate(self, plan: Plan) -> Activation:
        """Put another Plan to work without dropping a request; raises ActivationError and changes nothing on failure.

        Addresses and the access log's target stay as they were at the start: they need a restart.
        """
        async with self._changing:
            return await self.commit(await self.prepare(plan))

    async def prepare(self, plan: Plan) -> Ready:
        """The first half of an activation: build everything that can fail. Raises ActivationError; nothing changes either way.

        What is ready is committed, or let go, before anything else is prepared.
        """
        if self._leaving is not None:
            await self._leaving  # no more than two plans at a time
        old = self.plane.active
        try:
            with uncollected():
                plan = self._prepare(plan)
                issuers = await self._issuers(plan)
                new = await activation.build(
                    plan,
                    self.metrics,
                    generation=old.generation + 1,
                    services=self._services(plan, issuers),
                    previous=old,
                    builtin=self._public_pages.paths,
                    mocked=self.options.mocked,
                )
            trusted_networks(plan.edge)
            return Ready(plan, new, issuers, self.doors.prepare(plan.edge))
        except Exception as error:
            self.metrics.reload("refused")
            if isinstance(error, ActivationError):
                raise
            log.exception("activation failed")
            raise ActivationError(f"the plan could not be activated: {error}") from error

    async def commit(self, ready: Ready) -> Activation:
        """The second half: from here on requests meet the new plan."""
        old, new = self.plane.active, ready.active
        self.plane.configure(ready.plan.edge)
        self.plane.active = new
        ready.use_certificates()
        self.providers.use(ready.issuers)
        activation.retire(old, new)
        self._leaving = asyncio.create_task(activation.let_go(old))
        await self.keys.use()
        self._activated(ready.plan)
        self.metrics.reload("activated")
        return Activation.between(old.plan, ready.plan, new.generation)

    async def publish(self, files: Mapping[str, bytes]) -> None:
        """Serve another portal: its (packed) files and documents by path. None: there is no portal."""
        if not files:
            self._public_pages.publish({})
        elif self.options.mocked is not None:
            self._public_pages.publish({**site_pages(files), SESSION: self._session}, missing=missing_page(files))
        else:
            self._public_pages.publish(site_pages(files), missing=missing_page(files), acts=lambda path: self._live.find(path))

    def discard(self, ready: Ready) -> None:
        """What is ready is not wanted after all."""
        self._leaving = asyncio.create_task(activation.let_go(ready.active))

    def _prepare(self, plan: Plan) -> Plan:
        plan = credentials.alone(plan) if self.options.mocked is not None else plan
        return activation.prepare(plan, self.options.environ, upstream=self.options.upstream)

    async def _issuers(self, plan: Plan) -> Prepared:
        """Whom the schemes of a plan ask; raises ActivationError for files and secrets that cannot be used."""
        if self.options.mocked is not None:
            return Prepared("")
        try:
            return await self.providers.prepare(plan)
        except NotUsable as error:
            raise ActivationError(str(error)) from None

    def _services(self, plan: Plan, issuers: Issuers) -> Services:
        """What the policies of a plan are handed. Development keys are nothing outside of the development profile."""
        if self.options.mocked is not None:
            return credentials.services(plan)
        consumers = plan.edge.consumers
        try:
            keys = self.keys.prepare(plan)
        except Unopened as error:
            raise ActivationError(f"state: {error}") from None
        tls = plan.edge.listen.tls
        return Services(
            keys=DevelopmentKeys(consumers, keys) if self.options.dev else keys,
            issuers=issuers,
            consumers=consumers,
            attempts=self.plane.attempts,
            authorities=client_authorities(plan),
            client_authorities=tls is not None and tls.client_ca is not None,
        )

    def _activated(self, plan: Plan) -> None:
        self.plan = plan
        self._live = self._portal(plan)
        self.metrics.activated(self.plane.active.generation, len(plan.routes))

    def _portal(self, plan: Plan) -> Live:
        """What the gateway itself answers of the portal."""
        return Live(
            plan.edge.portal,
            keys=self.keys.keys,
            flow=self.providers.sign_in,
            public_url=plan.edge.listen.public_url,
            development=self.options.dev,
            beside=lambda: {"sandbox": "/sandbox/", "credentials": credentials.fields(self.plan)},
            record=self._happened,
            chance=self.chance,
        )

    def _happened(self, event: Event) -> None:
        """Who signed in to the portal, and what they changed, is in the access log."""
        request, answer = event.request, event.answer
        self.plane.access_log.write(
            request.id,
            request.peer,
            request.method,
            request.path.encode(),
            answer.status,
            0.0,
            problem=answer.kind.slug if isinstance(answer, Problem) else None,
            consumer=event.consumer,
            subject=event.owner,
            notes={"portal": event.what} if event.key is None else {"portal": event.what, "key": event.key},
        )

    async def _beside(self, serving: Callable[[], Awaitable[None]]) -> None:
        for server in self._servers:
            await server.accepting.wait()
        try:
            await serving()
        except Exception:
            log.exception("what accompanies the gateway failed; requests are served as before")

    def _expire_connections(self) -> None:
        for upstream in self.plane.active.upstreams.values():
            upstream.expire()

    def _upstream_connections(self) -> Iterator[tuple[str, str, int]]:
        for name, upstream in sorted(self.plane.active.upstreams.items()):
            idle = sum(endpoint.idle for endpoint in upstream.endpoints)
            yield name, "idle", idle
            yield name, "busy", sum(endpoint.connections for endpoint in upstream.endpoints) - idle

    # Built-in pages

    def _health(self) -> Page:
        return Page(200, "application/json", b'{"status":"ok"}')

    def _readiness(self) -> Page:
        state: dict[str, object] = {
            "status": "draining" if self.plane.draining else "ready",
            "generation": self.plane.active.generation,
            "routes": len(self.plan.routes),
        }
        return Page(503 if self.plane.draining else 200, "application/json", msgspec.json.encode(state))

    def _session(self) -> Page:
        """What pages of a sandbox cannot know by themselves: there is nothing to sign in to (`portal.live` has the other answer)."""
        state: dict[str, object] = {
            "live": True,
            "sandbox": "/",
            "credentials": credentials.fields(self.plan),
            "keys": "none",
            "signIn": [],
            "user": None,
            "csrf": None,
        }
        return Page(200, "application/json", msgspec.json.encode(state), FIELDS)

    async def _metrics(self) -> Page:
        return Page(200, CONTENT_TYPE, await self.exposition())

    async def _own_metrics(self) -> bytes:
        return self.metrics.expose()


def run(gateway: Gateway, serving: Callable[[], Awaitable[None]] | None = None) -> None:
    """Run a gateway to its end in a loop of its own (uvloop)."""
    overlook_bad_names()
    allocator.join_at_once()
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(gateway.run(serving))
