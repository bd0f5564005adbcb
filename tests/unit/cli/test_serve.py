from __future__ import annotations

import asyncio
import contextlib
import os
import signal
from collections.abc import AsyncIterator, Mapping, Sequence
from pathlib import Path

import pytest

from specgw import __version__
from specgw.cli.serve import Session
from specgw.cli.sources import Reading
from specgw.cli.specs import Refused
from specgw.cli.watch import Watch
from specgw.dataplane.activation import ActivationError
from specgw.diagnostics import Diagnostic, Severity
from specgw.gateway import Activation
from specgw.plan.model import Origin, Plan, Route
from specgw.settings import Settings


def plan(*paths: str) -> Plan:
    origin = Origin(file="a.yaml", line=1)
    routes = tuple(Route(id=path, service="s", method="GET", path=path, document_path=path, origin=origin) for path in paths)
    return Plan(routes=routes)


class Scripted:
    """A source that gives one reading after the other, and a watch that sees a change before each."""

    roots = ()
    quick = True

    def __init__(self, *readings: Reading | Refused) -> None:
        self.readings = list(readings)

    async def read(self) -> Reading:
        reading = self.readings.pop(0)
        if isinstance(reading, Refused):
            raise reading
        return reading

    async def portal(self, reading: Reading) -> dict[str, bytes]:
        if reading.plan is not None and any(route.path == "/unrendered" for route in reading.plan.routes):
            raise Refused("the portal cannot be rendered")
        return {"of": repr(reading.plan and [route.path for route in reading.plan.routes]).encode()}


class Changes(Watch):
    def __init__(self, source: Scripted) -> None:
        super().__init__(())
        self.source = source
        self.told: list[Sequence[Path]] = []

    def read(self, files: object) -> None:
        self.told.append(tuple(files))  # type: ignore[arg-type]

    async def changes(self) -> AsyncIterator[None]:
        while self.source.readings:
            yield


class Recording:
    """In the place of a gateway: notes what it is asked to activate, and refuses plans with the path `/refused`."""

    address = ("127.0.0.1", 8080)
    admin_address: tuple[str, int] | None = None
    moved_admin = False
    secure = secure_admin = False

    def __init__(self, first: Plan) -> None:
        self.plan = first
        self.activated: list[Plan] = []
        self.stopped = False
        self.reopened = 0
        self.files: tuple[Path, ...] = ()
        self.refreshed = 0
        self.published: list[bytes] = []

    async def publish(self, files: Mapping[str, bytes]) -> None:
        self.published.append(files["of"])

    def refresh(self) -> None:
        self.refreshed += 1

    def reopen(self) -> None:
        self.reopened += 1

    def stop(self) -> None:
        self.stopped = True

    async def activate(self, plan: Plan) -> Activation:
        if any(route.path == "/refused" for route in plan.routes):
            raise ActivationError("not set in the environment: NOTES_URL")
        self.activated.append(plan)
        return Activation(len(self.activated) + 1, ("GET /b",), (), len(plan.routes))


def follow(first: Plan, *readings: Reading | Refused) -> tuple[Recording, Changes]:
    gateway, source = Recording(first), Scripted(*readings)
    changes = Changes(source)
    session = Session(gateway, source, Settings())
    asyncio.run(session.serving(Reading(first, files=(Path("a.yaml"),)), changes))
    return gateway, changes


def test_the_portal_follows_what_is_served(capsys: pytest.CaptureFixture[str]) -> None:
    async def scene() -> list[bytes]:
        gateway = Recording(plan("/a"))
        source = Scripted(Reading(plan("/a")), Reading(plan("/refused")), Reading(plan("/b")), Reading(plan("/unrendered")))
        session = Session(gateway, source, Settings())
        await begun(session, Reading(plan("/a")))
        while source.readings:
            await session._renew()
            if session._rendering is not None:
                await session._rendering
        return gateway.published

    # The same plan may be told about in other words; one that is refused leaves the pages as they are.
    assert asyncio.run(scene()) == [b"['/a']", b"['/a']", b"['/b']"]
    assert "specgw: the portal cannot be rendered; the portal stays as it was" in capsys.readouterr().err


async def begun(session: Session, reading: Reading) -> None:
    """Serve until everything has been said; then the gateway ends."""
    serving = asyncio.create_task(session.serving(reading, None))
    await asyncio.sleep(0)
    serving.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await serving


@pytest.mark.parametrize(
    ("address", "admin", "moved", "secure", "said"),
    [
        (("127.0.0.1", 8080), None, False, True, "specgw VERSION serves 1 route on https://127.0.0.1:8080\n"),
        (("127.0.0.1", 8080), None, False, False, "specgw VERSION serves 1 route on http://127.0.0.1:8080\n"),
        (("::1", 8080), ("::1", 9901), False, False, "specgw VERSION serves 1 route on http://[::1]:8080, admin on http://[::1]:9901\n"),
        (
            ("h", 1),
            ("h", 2),
            True,
            False,
            "is taken; it is on http://h:2 instead\nspecgw VERSION serves 1 route on http://h:1, admin on http://h:2\n",
        ),
    ],
)
def test_it_says_where_it_listens(
    capsys: pytest.CaptureFixture[str], address: tuple[str, int], admin: tuple[str, int] | None, moved: bool, secure: bool, said: str
) -> None:
    gateway = Recording(plan("/a"))
    gateway.address, gateway.admin_address, gateway.moved_admin = address, admin, moved
    gateway.secure = secure
    asyncio.run(begun(Session(gateway, Scripted(), Settings()), Reading(gateway.plan)))
    assert capsys.readouterr().err.endswith(said.replace("VERSION", __version__))


def test_a_change_is_activated_and_counted(capsys: pytest.CaptureFixture[str]) -> None:
    gateway, changes = follow(plan("/a"), Reading(plan("/a", "/b"), files=(Path("a.yaml"), Path("b.yaml"))))
    assert gateway.activated == [plan("/a", "/b")]
    assert changes.told == [(Path("a.yaml"),), (Path("a.yaml"), Path("b.yaml"))]
    assert "generation 2: +1 −0 routes, 2 routes in all\n" in capsys.readouterr().err


def test_the_same_plan_is_not_activated_again(capsys: pytest.CaptureFixture[str]) -> None:
    gateway, _ = follow(plan("/a"), Reading(plan("/a")))
    assert gateway.activated == []
    assert "makes no difference" in capsys.readouterr().err


def test_after_every_kind_of_failure_the_next_good_one_is_activated(capsys: pytest.CaptureFixture[str]) -> None:
    wrong = Diagnostic("a.yaml", 1, 1, "syntax", Severity.ERROR, "not YAML")
    gateway, _ = follow(
        plan("/a"),
        Reading(None, (wrong,), files=(Path("a.yaml"),)),
        Refused("plan.json: the plan is damaged"),
        Reading(plan("/refused")),
        Reading(plan("/b")),
    )
    assert gateway.activated == [plan("/b")]
    said = capsys.readouterr().err
    assert said.count("the last good plan goes on") == 3
    assert "error[syntax]: not YAML" in said
    assert "the plan is damaged" in said
    assert "not set in the environment: NOTES_URL" in said


def test_after_a_change_only_new_warnings_are_told(capsys: pytest.CaptureFixture[str]) -> None:
    old = Diagnostic("a.yaml", 3, 1, "syntax", Severity.WARNING, "as ever", "/paths")
    moved = Diagnostic("a.yaml", 4, 1, "syntax", Severity.WARNING, "as ever", "/paths")
    fresh = Diagnostic("a.yaml", 9, 1, "syntax", Severity.WARNING, "not seen before", "/paths")
    files = (Path("a.yaml"),)
    follow(plan("/a"), Reading(plan("/b"), (old,), files=files), Reading(plan("/c"), (moved, fresh), files=files))
    said = capsys.readouterr().err
    assert said.count("as ever") == 1
    assert said.count("not seen before") == 1
    assert "2 warnings in 1 document, 1 route" in said


def test_a_plan_that_was_refused_counts_as_not_served(capsys: pytest.CaptureFixture[str]) -> None:
    """The variable may be set by a restart, but going back to what is served still is no change."""
    gateway, _ = follow(plan("/a"), Reading(plan("/refused")), Reading(plan("/a")))
    assert gateway.activated == []
    assert "makes no difference" in capsys.readouterr().err


def test_ctrl_c_drains_and_is_told_by_the_exit_code() -> None:
    gateway = Recording(plan("/a"))
    session = Session(gateway, Scripted(), Settings())

    async def interrupted() -> None:
        serving = asyncio.create_task(session.serving(Reading(gateway.plan), None))
        await asyncio.sleep(0)
        assert (session.exit_code, gateway.stopped) == (os.EX_OK, False)
        signal.raise_signal(signal.SIGINT)
        while not gateway.stopped:  # noqa: ASYNC110 (the loop has to see the signal first)
            await asyncio.sleep(0)
        serving.cancel()

    asyncio.run(interrupted())
    assert session.exit_code == 130


def test_sighup_opens_files_anew_and_reads_the_plan_again() -> None:
    gateway = Recording(plan("/a"))
    session = Session(gateway, Scripted(Reading(plan("/b"))), Settings())

    async def hung_up() -> None:
        serving = asyncio.create_task(session.serving(Reading(gateway.plan), None))
        await asyncio.sleep(0)
        signal.raise_signal(signal.SIGHUP)
        while not gateway.activated:  # noqa: ASYNC110 (the loop has to see the signal first)
            await asyncio.sleep(0)
        serving.cancel()

    asyncio.run(hung_up())
    assert gateway.reopened == 1
    assert gateway.activated == [plan("/b")]


def test_certificates_are_watched_and_looked_at_before_the_plan() -> None:
    source = Scripted(Reading(plan("/a"), files=(Path("a.yaml"),)))
    gateway, changes = Recording(plan("/a")), Changes(source)
    gateway.files = (Path("server.pem"),)
    session = Session(gateway, source, Settings())
    asyncio.run(session.serving(Reading(gateway.plan, files=(Path("a.yaml"),)), changes))
    assert changes.told == [(Path("a.yaml"), Path("server.pem"))] * 2
    assert gateway.refreshed == 1
