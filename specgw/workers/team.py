"""The leader of several workers: binds the sockets, starts the workers, and takes care that they serve the same plan.

It serves no request of the public listener itself. A worker that ends is replaced while the others go on. An activation
is prepared by every worker first, and only when all are ready do they change: all or none.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import signal
from collections.abc import Awaitable, Callable, Mapping
from functools import partial
from pathlib import Path

import msgspec
import uvloop

from specgw import __version__
from specgw.dataplane import activation
from specgw.dataplane.activation import ActivationError
from specgw.dataplane.application import Application, Make, Page
from specgw.dataplane.certificates import Doors
from specgw.dataplane.server import Config, Server
from specgw.dataplane.sockets import Sockets
from specgw.gateway import Activation, Options
from specgw.plan.codec import encode
from specgw.plan.model import Plan
from specgw.telemetry.metrics import CONTENT_TYPE, Metrics
from specgw.workers import exposition, messages
from specgw.workers.member import Lost, Member

log = logging.getLogger("specgw.workers")

PAUSE, LONGEST_PAUSE = 0.1, 5.0
"""Seconds before a worker is replaced: the first time, and at most when replacements end as soon as they begin."""
SETTLED = 5.0
"""Seconds after which a worker counts as one that can serve."""
LOOK = 1.0
"""Seconds between two looks at the certificates of the admin listener."""
SILENCE = 20.0
"""Seconds after which a worker that answers nothing is ended and replaced: it hangs, or was stopped."""
AFTER_DRAIN = 5.0
"""Seconds beyond `limits.drain` after which a worker that has not ended is ended."""


class Team:
    """Serves a plan with `number` workers; to who accompanies it, it is what a Gateway is."""

    def __init__(self, plan: Plan, options: Options, number: int) -> None:
        self.options = options
        self.number = number
        prepared = activation.prepare(plan, options.environ, upstream=options.upstream)
        self.plan = prepared
        self.generation = options.generation
        self.draining = False
        self.sockets: Sockets | None = None
        self._data = encode(plan)
        self._site: dict[str, bytes] | None = None
        self._metrics = Metrics(__version__)  # of the leader itself: what its certificates count is not shown
        self.doors = Doors(prepared.edge, self._metrics, admin=options.admin_enabled)
        self._members: list[Member | None] = [None] * number
        self._changing = asyncio.Lock()
        self._activating = False
        self._stopped = asyncio.Event()
        self._reloads = {"activated": 0, "refused": 0}
        self._replaced = 0
        self._last: dict[Member, exposition.Families] = {}
        self._gone: exposition.Families = {}
        pages: dict[str, Make] = {"/healthz": self._health, "/readyz": self._readiness, "/metrics": self._figures}
        self._pages = Application(pages)

    # Addresses

    def bind(self) -> None:
        """Bind both listeners; raises AddressInUse."""
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
        """Host and port of the admin listener; None when it is off."""
        return self._bound.admin_address

    @property
    def moved_admin(self) -> bool:
        """Whether the default admin port was occupied and a free one has been taken."""
        return self._bound.moved_admin

    @property
    def secure(self) -> bool:
        """Whether the public listener speaks HTTPS."""
        return self.doors["listen"] is not None

    @property
    def secure_admin(self) -> bool:
        """Whether the admin listener does."""
        return self.doors["admin"] is not None

    @property
    def files(self) -> tuple[Path, ...]:
        """Files beside the documents that matter to what is served."""
        return self.doors.files

    @property
    def _bound(self) -> Sockets:
        if self.sockets is None:
            raise RuntimeError("the workers have no socket yet")
        return self.sockets

    # Life

    async def run(self, serving: Callable[[], Awaitable[None]]) -> None:
        """Serve until SIGTERM, SIGINT or `stop`, and until every worker has drained. Raises ActivationError when none can begin.

        `serving` is awaited once all workers accept requests, and cancelled at the end.
        """
        self.bind()
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, self.stop)
        loop.add_signal_handler(signal.SIGHUP, self.reopen)
        beside: list[asyncio.Task[None]] = []
        admin = None
        try:
            async with self._changing:
                members = await asyncio.gather(*(self._begin(place) for place in range(self.number)), return_exceptions=True)
            for failed in members:
                if isinstance(failed, BaseException):
                    raise ActivationError(str(failed)) if isinstance(failed, Lost) else failed
            if self._bound.admin is not None:
                server = Server(Config.of(self._pages, self.doors["admin"]), lambda: self.plan.edge.limits)
                admin = server, loop.create_task(server.serve([self._bound.admin]))
                await server.accepting.wait()
            beside = [loop.create_task(self._accompanied(serving)), loop.create_task(self._look())]
            await asyncio.gather(*(self._keep(place) for place in range(self.number)))
        finally:
            for task in beside:
                task.cancel()
            await asyncio.gather(*beside, return_exceptions=True)
            if admin is not None:
                admin[0].should_exit = True
                await admin[1]
            await self._end()

    def stop(self) -> None:
        """Have every worker drain; a second call gives up on what is still in flight."""
        if not self.draining:
            self.draining = True
            self._stopped.set()
            # First of all nobody new: what the leader left open would go on to take connections that nobody accepts.
            self._bound.public.close()
            asyncio.get_running_loop().call_later(self.plan.edge.limits.drain + AFTER_DRAIN, self._kill)
        for member in self._present():
            member.send(messages.Stop())

    def reopen(self) -> None:
        """Have every worker look at files anew, and open the access log again."""
        self.doors.refresh()
        for member in self._present():
            member.send(messages.Reopen())

    def refresh(self) -> None:
        """Take over certificates that have changed."""
        self.doors.refresh()
        for member in self._present():
            member.send(messages.Refresh())

    async def activate(self, plan: Plan) -> Activation:
        """Have every worker change to another plan, or none: raises ActivationError, and then all serve what they served."""
        async with self._changing:
            try:
                prepared = activation.prepare(plan, self.options.environ, upstream=self.options.upstream)
                use_certificates = self.doors.prepare(prepared.edge)
                data = encode(plan)
                members = self._serving()
                self._activating = True
                await self._prepared(members, data)
            except ActivationError:
                self._reloads["refused"] += 1
                raise
            finally:
                self._activating = False
            before, self.plan, self._data = self.plan, prepared, data
            self.generation += 1
            use_certificates()
            await asyncio.gather(*(self._commit(member) for member in members))
            self._reloads["activated"] += 1
            return Activation.between(before, prepared, self.generation)

    async def publish(self, files: Mapping[str, bytes]) -> None:
        """Have every worker serve another portal, and those that come after them."""
        async with self._changing:
            self._site = dict(files)
            for member in self._present():
                member.send(messages.Publish(self._site))

    async def _prepared(self, members: list[Member], data: bytes) -> None:
        """The first half, in all of them; where one cannot, the others let go of what they have built."""
        asked = (member.ask(messages.Prepare(data), messages.Prepared) for member in members)
        answers = await asyncio.gather(*asked, return_exceptions=True)
        faults = [str(answer) if isinstance(answer, BaseException) else answer.fault for answer in answers]
        fault = next((fault for fault in faults if fault is not None), None)
        if fault is not None:
            for member, answer in zip(members, answers, strict=True):
                if isinstance(answer, BaseException):
                    member.kill()  # what it still answered would be taken for its answer to the next plan
                else:
                    member.send(messages.Discard())
            raise ActivationError(fault)

    async def _commit(self, member: Member) -> None:
        """The second half, which cannot fail but by a worker's end: then its successor begins with the new plan."""
        try:
            await member.ask(messages.Commit(), messages.Committed)
        except Lost as lost:
            log.warning("%s while it changed to another plan; it is replaced", lost)
            member.kill()

    async def _begin(self, place: int) -> Member:
        options = self.options
        start = messages.Start(self._data, self.generation, options.upstream, options.dev, options.portal, self._site)
        self._members[place] = member = await Member.started(self._bound.public, start)
        if self.draining:
            member.send(messages.Stop())
        await member.begun()
        return member

    async def _keep(self, place: int) -> None:
        """Have somebody serve in this place until the end."""
        loop = asyncio.get_running_loop()
        pause = PAUSE
        while True:
            member, since = self._members[place], loop.time()
            if member is not None:
                beside = loop.create_task(self._answer(member)), loop.create_task(self._watch(member))
                code = await member.ended()
                for task in beside:
                    task.cancel()
                self._gone = exposition.merged((self._gone, exposition.lasting(self._last.pop(member, {}))))
                if self.draining:
                    return
                log.warning("a worker ended with %d; it is replaced", code)
                self._replaced += 1
            pause = PAUSE if loop.time() - since > SETTLED else min(pause * 2, LONGEST_PAUSE)
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._stopped.wait(), pause)
                return
            try:
                async with self._changing:
                    if not self._stopped.is_set():
                        await self._begin(place)
            except (Lost, OSError) as lost:
                log.warning("a worker could not be replaced: %s", lost)
                late = self._members[place]
                if late is not None:
                    late.kill()

    async def _accompanied(self, serving: Callable[[], Awaitable[None]]) -> None:
        try:
            await serving()
        except Exception:
            log.exception("what accompanies the workers failed; requests are served as before")

    async def _look(self) -> None:
        while True:
            self.doors.look()
            await asyncio.sleep(LOOK)

    def _kill(self) -> None:
        for member in self._present():
            member.kill()

    async def _end(self) -> None:
        self._kill()
        for member in self._members:
            if member is not None:
                await member.ended()
        self._bound.close()

    def _present(self) -> list[Member]:
        return [member for member in self._members if member is not None and not member.gone]

    def _serving(self) -> list[Member]:
        return [member for member in self._present() if member.serving]

    # Built-in pages

    def _health(self) -> Page:
        return Page(200, "application/json", b'{"status":"ok"}')

    def _readiness(self) -> Page:
        serving = len(self._serving())
        status = "draining" if self.draining else "ready" if serving else "starting"
        state = {
            "status": status,
            "generation": self.generation,
            "routes": len(self.plan.routes),
            "workers": {"serving": serving, "of": self.number},
            "activating": self._activating,
        }
        return Page(200 if status == "ready" else 503, "application/json", msgspec.json.encode(state))

    async def _figures(self) -> Page:
        return Page(200, CONTENT_TYPE, await self._expose())

    async def _expose(self) -> bytes:
        members = self._serving()
        asked = (member.ask(messages.Scrape(), messages.Scraped) for member in members)
        answers = await asyncio.gather(*asked, return_exceptions=True)
        for member, answer in zip(members, answers, strict=True):
            if isinstance(answer, messages.Scraped) and not member.gone:
                self._last[member] = exposition.read(answer.text)
        whole = exposition.merged((*self._last.values(), self._gone))
        return exposition.written(whole) + self._own()

    def _own(self) -> bytes:
        lines = [
            "# HELP specgw_reloads_total Attempts to activate a plan.",
            "# TYPE specgw_reloads_total counter",
            *(f'specgw_reloads_total{{outcome="{outcome}"}} {count}' for outcome, count in self._reloads.items() if count),
            "# HELP specgw_workers Workers that serve.",
            "# TYPE specgw_workers gauge",
            f"specgw_workers {len(self._serving())}",
            "# HELP specgw_workers_replaced_total Workers that ended although nobody had asked them to.",
            "# TYPE specgw_workers_replaced_total counter",
            f"specgw_workers_replaced_total {self._replaced}",
        ]
        return "".join(f"{line}\n" for line in lines).encode()

    async def _watch(self, member: Member) -> None:
        """End a worker that has stopped turning: it would hold up its clients, every change and all figures, and be replaced by nobody."""
        while not member.gone:
            if member.serving:
                try:
                    await member.ask(messages.Ping(), messages.Pong, within=SILENCE)
                except Lost as lost:
                    if not member.gone:
                        log.warning("%s; it is ended", lost)
                        member.kill()
                    return
            await asyncio.sleep(LOOK)

    async def _answer(self, member: Member) -> None:
        """Give a worker the figures of all whenever it asks for them."""
        while True:
            await member.asks.get()
            member.send(messages.Scraped(await self._expose()))


def run(team: Team, serving: Callable[[], Awaitable[None]]) -> None:
    """Run a team to its end in a loop of its own."""
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(team.run(partial(serving)))
