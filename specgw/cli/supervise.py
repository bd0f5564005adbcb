"""Several processes as one: started together, shown line by line, stopped together.

Every member leads a process group of its own, so that Ctrl-C reaches the supervisor alone and members are stopped in
order. None outlives the supervisor: on Linux the kernel ends a member whose supervisor is gone, however that happened;
elsewhere only a SIGKILL of the supervisor leaves members behind.
"""

from __future__ import annotations

import asyncio
import contextlib
import ctypes
import os
import signal
import sys
from collections.abc import AsyncIterator, Callable, Coroutine, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

PATIENCE = 10.0
"""Seconds that a member has to end by itself after SIGTERM, before SIGKILL."""
_POLL = 0.05
"""Seconds between two looks at whether a member is ready."""
_LONGEST = 1 << 16
"""Bytes of one line; what is longer is shown in pieces."""
_PR_SET_PDEATHSIG = 1


@dataclass(frozen=True, slots=True)
class Member:
    """One process: what to run, and where it can be reached once it is ready.

    Without `path` it is ready when it accepts a connection; with one, when an http request for it is answered with a
    status below 500.
    """

    name: str
    command: Sequence[str]
    environ: Mapping[str, str]
    host: str
    port: int
    path: str | None = None


@dataclass(frozen=True, slots=True)
class Ended:
    """A member that ended although nobody asked it to; `code` is its exit code, negative for a signal."""

    name: str
    code: int


class Supervisor:
    """Runs members until one ends or `stop` is called. `show(name, line)` gets every line that a member prints."""

    def __init__(self, members: Sequence[Member], show: Callable[[str, str], None], *, patience: float = PATIENCE) -> None:
        self._members = members
        self._show = show
        self._patience = patience
        self._running: dict[str, asyncio.subprocess.Process] = {}
        self._pumps: list[asyncio.Task[None]] = []
        self._stopping = asyncio.Event()
        self._impatient = asyncio.Event()

    def stop(self) -> None:
        """Ask for the end. A second call does not wait for members to end by themselves."""
        if self._stopping.is_set():
            self._impatient.set()
        self._stopping.set()

    async def run(self, ready: Callable[[], None]) -> Ended | None:
        """Start all members, call `ready` once every one answers; returns the member that ended, or None after `stop`."""
        try:
            for member in self._members:
                await self._start(member)
            ended = await self._watch(self._answering())
            if ended is None and not self._stopping.is_set():
                ready()
                ended = await self._watch(self._stopping.wait())
            return ended
        finally:
            await self._end()

    async def _start(self, member: Member) -> None:
        process = await asyncio.create_subprocess_exec(
            *member.command,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
            env=dict(member.environ),
            start_new_session=True,
            preexec_fn=_tie(os.getpid()),
        )
        assert process.stdout is not None
        self._running[member.name] = process
        self._pumps.append(asyncio.create_task(self._pump(member.name, process.stdout)))

    async def _pump(self, name: str, output: asyncio.StreamReader) -> None:
        async for line in _lines(output):
            self._show(name, line)

    async def _answering(self) -> None:
        for member in self._members:
            while not await _answers(member):  # noqa: ASYNC110 (another process: there is no event to wait for)
                await asyncio.sleep(_POLL)

    async def _watch(self, work: Coroutine[Any, Any, object]) -> Ended | None:
        """Until the work is done, `stop` is called or a member ends; only the last has a result."""
        ends = {asyncio.create_task(process.wait()): name for name, process in self._running.items()}
        others = {asyncio.create_task(work), asyncio.create_task(self._stopping.wait())}
        done, _ = await asyncio.wait(ends.keys() | others, return_when=asyncio.FIRST_COMPLETED)
        for task in ends.keys() | others:
            task.cancel()
        await asyncio.gather(*ends, *others, return_exceptions=True)
        for task in others & done:
            task.result()  # A defect in the work shows itself.
        return next((Ended(name, task.result()) for task, name in ends.items() if task in done), None)

    async def _end(self) -> None:
        """Stop the members, the last started first, so that the gateway drains while its services still answer."""
        for name in reversed(self._running):
            process = self._running[name]
            if process.returncode is None:
                _signal(process, signal.SIGTERM)
                await self._patiently(process)
            # Whatever the member itself started and left behind.
            _signal(process, signal.SIGKILL)
            await process.wait()
        await asyncio.gather(*self._pumps)

    async def _patiently(self, process: asyncio.subprocess.Process) -> None:
        waits = {asyncio.create_task(process.wait()), asyncio.create_task(self._impatient.wait())}
        await asyncio.wait(waits, timeout=self._patience, return_when=asyncio.FIRST_COMPLETED)
        for task in waits:
            task.cancel()
        await asyncio.gather(*waits, return_exceptions=True)


def _signal(process: asyncio.subprocess.Process, number: signal.Signals) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, number)


def _tie(supervisor: int) -> Callable[[], None] | None:
    """What a member does before it becomes its program: ask the kernel for SIGTERM when its supervisor is gone.

    See prctl(2), PR_SET_PDEATHSIG: kept across exec. The library is looked up before the fork.
    """
    if sys.platform != "linux":
        return None
    prctl = ctypes.CDLL(None, use_errno=True).prctl

    def tied() -> None:
        prctl(_PR_SET_PDEATHSIG, signal.SIGTERM, 0, 0, 0)
        if os.getppid() != supervisor:  # It went between the fork and the call.
            os._exit(1)

    return tied


async def _lines(output: asyncio.StreamReader) -> AsyncIterator[str]:
    pending = b""
    while chunk := await output.read(_LONGEST):
        *whole, pending = (pending + chunk).split(b"\n")
        for line in whole:
            yield line.rstrip(b"\r").decode(errors="replace")
        if len(pending) >= _LONGEST:
            yield pending.decode(errors="replace")
            pending = b""
    if pending:
        yield pending.decode(errors="replace")


async def _answers(member: Member) -> bool:
    """Whether a member accepts a connection, and answers a request with something else than a server error."""
    try:
        reader, writer = await asyncio.open_connection(member.host, member.port)
    except OSError:
        return False
    try:
        if member.path is None:
            return True
        host = f"[{member.host}]" if ":" in member.host else member.host
        writer.write(f"GET {member.path} HTTP/1.1\r\nHost: {host}:{member.port}\r\nConnection: close\r\n\r\n".encode())
        # RFC 9112 section 4: status-line = HTTP-version SP status-code SP [ reason-phrase ]
        status = await reader.readline()
        return status[:9] in (b"HTTP/1.1 ", b"HTTP/1.0 ") and status[9:10] in (b"2", b"3", b"4")
    except OSError:
        return False
    finally:
        writer.close()
