"""`specgw serve`: a gateway in front of the services, and with `--watch` one that follows its documents."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import Mapping, Sequence
from dataclasses import replace
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import click

from specgw import __version__
from specgw.cli import INTERRUPTED, count, options, terminal
from specgw.cli.sources import Built, Compiled, Reading, Source
from specgw.cli.specs import Generated, Refused, locate
from specgw.diagnostics import Diagnostic, Severity
from specgw.settings import Settings, read_settings

if TYPE_CHECKING:
    from specgw.cli.watch import Watch
    from specgw.gateway import Activation
    from specgw.plan.model import Plan


@click.command(short_help="Serve documents, or what build wrote.")
@options.SPECS_OR_DIR
@click.option(
    "--port", type=options.Port(free=True), metavar="PORT", help="Where to listen; 0: any free port. Without it: gateway.yaml's, or 8080."
)
@click.option("--host", metavar="HOST", help="The address to listen on. Without it: gateway.yaml's, or 127.0.0.1.")
@click.option(
    "--admin",
    type=options.Address(),
    metavar="HOST:PORT|off",
    help="Where operators read metrics. Without it: gateway.yaml's, or 127.0.0.1:9901.",
)
@click.option(
    "--workers", type=click.IntRange(1, 256), metavar="N", default=1, show_default=True, help="How many processes serve on the one socket."
)
@click.option("--watch", is_flag=True, help="Follow changes of the documents; after a bad one the last good plan goes on.")
@click.option("--upstream", type=options.ServiceUrl(), metavar="URL", help="Send everything there instead of to the documents' upstreams.")
@options.STRICT
def serve(
    specs: tuple[Path, ...],
    port: int | None,
    host: str | None,
    admin: tuple[str, int] | options.Off | None,
    workers: int,
    watch: bool,
    upstream: str | None,
    strict: bool,
) -> int:
    """Serve the documents, or DIR as `specgw build` wrote it, until SIGTERM or Ctrl-C; both finish what is in flight.

    SIGHUP reads everything again, renewed certificates too, and opens the access log anew.

    With several workers all change to another plan, or none; one that ends is replaced.

    Exit code 1 when an error is among the findings, 2 when an address is taken or something named does not exist.

    \b
    Examples:
      specgw serve specs/ --watch
      specgw serve petstore.yaml --port 9000 --upstream http://127.0.0.1:3000
      specgw serve generated/ --host 0.0.0.0 --admin off --workers 4
    """  # noqa: D301 (click's own mark, see app)
    settings = read_settings(os.environ)
    source = source_of(specs, settings, upstream=upstream, strict=strict)
    seen = watch_of(source.roots) if watch else None
    reading = asyncio.run(first(source))
    show(reading, settings, before=())
    if reading.plan is None:
        return 1

    from specgw import gateway as running
    from specgw.dataplane.activation import ActivationError

    chosen = running.Options(
        host=host,
        port=port,
        admin=None if admin == "off" else admin,
        admin_enabled=admin != "off",
        upstream=upstream,
        dev=settings.dev,
        portal=True,
        environ=os.environ,
    )
    try:
        if workers == 1:
            gateway = running.Gateway(reading.plan, chosen)
            gateway.bind()
            session = Session(gateway, source, settings)
            running.run(gateway, lambda: session.serving(reading, seen))
        else:
            from specgw.workers import team as several

            team = several.Team(reading.plan, chosen, workers)
            team.bind()
            session = Session(team, source, settings)
            several.run(team, lambda: session.serving(reading, seen))
    except ActivationError as error:
        raise Refused(str(error)) from error
    except OSError as error:
        raise Refused(reason(error)) from error
    finally:
        reading.drop()
    return session.exit_code


class Served(Protocol):
    """What a session accompanies: one gateway, or a team of workers."""

    plan: Plan

    @property
    def address(self) -> tuple[str, int]:
        """Where it listens."""

    @property
    def admin_address(self) -> tuple[str, int] | None:
        """Where operators ask."""

    @property
    def moved_admin(self) -> bool:
        """Whether that is another port than it should be."""

    @property
    def secure(self) -> bool:
        """Whether HTTPS is spoken."""

    @property
    def secure_admin(self) -> bool:
        """Likewise for operators."""

    @property
    def files(self) -> tuple[Path, ...]:
        """Files beside the documents that matter."""

    def stop(self) -> None:
        """Drain; a second time: end."""

    def reopen(self) -> None:
        """SIGHUP, but for the documents."""

    def refresh(self) -> None:
        """Look at the files."""

    async def activate(self, plan: Plan) -> Activation:
        """Change to another plan; raises ActivationError."""

    async def publish(self, files: Mapping[str, bytes]) -> None:
        """Serve another portal."""


class Session:
    """What accompanies a gateway while it serves: says where, takes Ctrl-C, follows changes."""

    def __init__(self, gateway: Served, source: Source, settings: Settings) -> None:
        self.exit_code = os.EX_OK
        self._gateway = gateway
        self._source = source
        self._settings = settings
        self._hung_up = asyncio.Event()
        self._renewing = asyncio.Lock()
        self._rendering: asyncio.Task[None] | None = None
        self._rendered: Reading | None = None
        """The reading that it is of."""

    async def serving(self, reading: Reading, seen: Watch | None) -> None:
        """Begins when requests are accepted, and goes on until the gateway ends."""
        loop = asyncio.get_running_loop()
        # Drained as after SIGTERM; only the exit code tells that it was Ctrl-C.
        loop.add_signal_handler(signal.SIGINT, self._interrupted)
        loop.add_signal_handler(signal.SIGHUP, self._hang_up)
        self._reading = self._served = reading
        if self._source.quick:
            await self._publish(reading)
        self.announce()
        if not self._source.quick:
            self._render(reading)
        signals = loop.create_task(self._follow_signals())
        try:
            if seen is None:
                await signals
            else:
                seen.read((*reading.files, *reading.beside, *self._gateway.files))
                terminal.say("watching for changes")
                await self._follow_files(seen)
        finally:
            signals.cancel()
            if self._rendering is not None:
                self._rendering.cancel()
                await asyncio.wait((self._rendering,))  # its child is gone before the loop is
            for left in (self._rendered, self._reading):
                if left is not None:
                    left.drop()

    def _interrupted(self) -> None:
        self.exit_code = INTERRUPTED
        self._gateway.stop()

    def _hang_up(self) -> None:
        self._gateway.reopen()
        self._hung_up.set()

    def announce(self) -> None:
        """Say where it serves, and what."""
        gateway = self._gateway
        if gateway.moved_admin and gateway.admin_address is not None:
            moved = url(gateway.admin_address, gateway.secure_admin)
            terminal.say(f"warning: the admin listener's address is taken; it is on {moved} instead")
        admin = "" if gateway.admin_address is None else f", admin on {url(gateway.admin_address, gateway.secure_admin)}"
        public = url(gateway.address, gateway.secure)
        terminal.say(f"specgw {__version__} serves {count(len(gateway.plan.routes), 'route')} on {public}{admin}")

    async def _follow_signals(self) -> None:
        while await self._hung_up.wait():
            self._hung_up.clear()
            await self._renew()

    async def _follow_files(self, seen: Watch) -> None:
        async for _ in seen.changes():
            self._gateway.refresh()
            await self._renew()
            seen.read((*self._reading.files, *self._reading.beside, *self._gateway.files))

    async def _renew(self) -> None:
        """Read everything again, and serve it if it is right and another plan than before."""
        async with self._renewing:
            before = self._reading
            try:
                reading = await self._source.read()
            except Refused as refused:
                terminal.say(f"specgw: {refused.message}; the last good plan goes on")
                return
            # What cannot be read at all names no files: then those of before are still the ones to look at.
            self._reading = reading if reading.files else replace(reading, files=before.files, beside=before.beside)
            show(reading, self._settings, before=before.findings)
            if reading.plan is None:
                terminal.say("the last good plan goes on")
            elif reading.repeats(self._served):
                terminal.say("the change makes no difference to what is served")
                self._render(reading)  # though it may to what is told about it
            elif await self._activate(reading.plan):
                self._served = reading
                self._render(reading)
            else:
                reading.drop()

    def _render(self, reading: Reading) -> None:
        """Have the portal of what is served now rendered, while the gateway goes on; the one before stays until then."""
        before = self._rendering
        if before is not None:
            before.cancel()
        if self._rendered is not None:
            self._rendered.drop()  # a task that never began drops nothing
        self._rendered = reading
        self._rendering = asyncio.get_running_loop().create_task(self._render_after(before, reading))

    async def _render_after(self, before: asyncio.Task[None] | None, reading: Reading) -> None:
        if before is not None:
            await asyncio.wait((before,))
        await self._publish(reading, told=True)

    async def _publish(self, reading: Reading, *, told: bool = False) -> None:
        if reading.plan is None or not reading.plan.edge.portal.enabled:
            reading.drop()
            await self._gateway.publish({})
            return
        try:
            await self._gateway.publish(await self._source.portal(reading))
            if told:
                terminal.say(f"the portal is on {url(self._gateway.address, self._gateway.secure)}/portal/")
        except Refused as refused:
            terminal.say(f"specgw: {refused.message}; the portal stays as it was")

    async def _activate(self, plan: Plan) -> bool:
        from specgw.dataplane.activation import ActivationError

        try:
            done = await self._gateway.activate(plan)
        except ActivationError as error:
            terminal.say(f"specgw: {error}; the last good plan goes on")
            return False
        change = f"+{len(done.added)} −{len(done.removed)} routes" if done.added or done.removed else "the same routes"
        terminal.say(f"generation {done.generation}: {change}, {count(done.routes, 'route')} in all")
        return True


def source_of(specs: tuple[Path, ...], settings: Settings, *, upstream: str | None, strict: bool) -> Source:
    """Where the plan comes from: documents, or a built folder."""
    located = locate(specs, settings)
    if not isinstance(located, Generated):
        return Compiled(located, settings, upstream=upstream, strict=strict)
    if strict:
        raise Refused("--strict is for documents: what is in a built folder was decided by `specgw build --strict`")
    return Built(located)


async def first(source: Source) -> Reading:
    """The first reading; the data plane is imported while a child process compiles."""
    reading, _ = await asyncio.gather(source.read(), asyncio.to_thread(import_module, "specgw.gateway"))
    return reading


def show(reading: Reading, settings: Settings, *, before: Sequence[Diagnostic]) -> None:
    """Print the findings and what they come to. Warnings that were there before the change are not told again."""
    if not reading.findings:
        return
    from specgw.cli.report import as_text, summary

    known = {(finding.code, finding.file, finding.pointer, finding.message) for finding in before}
    told = [
        finding
        for finding in reading.findings
        if finding.severity is Severity.ERROR or (finding.code, finding.file, finding.pointer, finding.message) not in known
    ]
    text = as_text(told, reading.excerpt)
    routes = None if reading.plan is None else len(reading.plan.routes)
    text.append_text(summary(reading.findings, documents=len(reading.files), routes=routes))
    terminal.styled(sys.stderr, no_color=settings.no_color).print(text, end="")


def url(address: tuple[str, int], secure: bool) -> str:
    """The address as a URL."""
    host, port = address
    scheme = "https" if secure else "http"
    return f"{scheme}://[{host}]:{port}" if ":" in host else f"{scheme}://{host}:{port}"


def reason(error: OSError) -> str:
    """Why it cannot listen, in words."""
    from specgw.dataplane.sockets import AddressInUse

    if isinstance(error, AddressInUse):
        return f"{error}; choose another address with --port, --host or --admin"
    return f"{error.filename}: {error.strerror}" if error.filename else str(error)


def watch_of(roots: Sequence[Path]) -> Watch:
    """Imported here: most servers follow no documents, and none of them should wait for what reads folders."""
    from specgw.cli.watch import Watch

    return Watch(roots)
