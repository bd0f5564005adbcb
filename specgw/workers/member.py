"""One worker as its leader sees it: a process, and the channel to it."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import socket
import sys
from typing import TypeVar

from specgw.settings import python_path
from specgw.workers import messages
from specgw.workers.messages import Channel

PATIENCE = 60.0
"""Seconds that a worker has to begin, to build a plan, or to put it to work."""

Answer = TypeVar("Answer")


class Lost(Exception):
    """The worker has ended, or does not answer; or it said why it cannot serve."""


class Member:
    """A worker from its start to its end. `scrape` is where it asks for the figures of all."""

    def __init__(self, process: asyncio.subprocess.Process, channel: Channel[messages.ToLeader, messages.ToWorker]) -> None:
        self.process = process
        self.asks: asyncio.Queue[None] = asyncio.Queue()
        """Each time that it wants the figures of all workers."""
        self.serving = False
        self.gone = False
        self._channel = channel
        self._expected: list[tuple[type[object], asyncio.Future[messages.ToLeader]]] = []
        self._listening = asyncio.create_task(self._listen())

    @classmethod
    async def started(cls, listener: socket.socket, start: messages.Start) -> Member:
        """A new process, which has been told what to serve."""
        ours, theirs = socket.socketpair()
        with theirs:
            process = await asyncio.create_subprocess_exec(
                sys.executable,
                "-P",
                *(f"-W{option}" for option in sys.warnoptions),
                "-m",
                "specgw.workers.worker",
                str(theirs.fileno()),
                str(listener.fileno()),
                stdin=asyncio.subprocess.DEVNULL,
                pass_fds=(theirs.fileno(), listener.fileno()),
                env={**os.environ, "PYTHONPATH": python_path(os.environ)},
                # Ctrl-C is for the leader, which then tells the workers.
                start_new_session=True,
            )
        member = cls(process, await Channel.over(ours, messages.TO_LEADER))
        member.send(start)
        return member

    def send(self, message: messages.ToWorker) -> None:
        """Tell it something."""
        if not self.gone:
            self._channel.send(message)

    async def begun(self) -> None:
        """Until it serves; raises Lost."""
        await self.answer(messages.Serving)
        self.serving = True

    async def ask(self, message: messages.ToWorker, answer: type[Answer], within: float = PATIENCE) -> Answer:
        """Tell it something, and wait for its answer; raises Lost."""
        self.send(message)
        return await self.answer(answer, within)

    async def answer(self, kind: type[Answer], within: float = PATIENCE) -> Answer:
        """The next answer of a kind, within so many seconds; raises Lost."""
        if self.gone:
            raise Lost("a worker has ended")
        told: asyncio.Future[messages.ToLeader] = asyncio.get_running_loop().create_future()
        expected = (kind, told)
        self._expected.append(expected)
        try:
            async with asyncio.timeout(within):
                message = await told
        except TimeoutError:
            raise Lost(f"a worker did not answer within {within:g} s") from None
        finally:
            if expected in self._expected:
                self._expected.remove(expected)
        assert isinstance(message, kind)
        return message

    async def ended(self) -> int:
        """Until its process is over: the exit code, negative for a signal."""
        code = await self.process.wait()
        await self._listening
        await self._channel.close()
        return code

    def kill(self) -> None:
        """End it at once."""
        with contextlib.suppress(ProcessLookupError):
            self.process.send_signal(signal.SIGKILL)

    async def _listen(self) -> None:
        reason = "a worker has ended"
        while (message := await self._channel.receive()) is not None:
            if isinstance(message, messages.Scrape):
                self.asks.put_nowait(None)
            elif isinstance(message, messages.Failed):
                reason = message.reason
            else:
                self._settle(message)
        self.gone, self.serving = True, False
        for _, told in self._expected:
            if not told.done():
                told.set_exception(Lost(reason))

    def _settle(self, message: messages.ToLeader) -> None:
        for kind, told in self._expected:
            if isinstance(message, kind) and not told.done():
                told.set_result(message)
                return
