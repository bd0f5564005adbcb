"""Compiles in a child process, so that a server's loop does not stop while a large document is read.

This side is light on purpose: it imports nothing of the compiler.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable

import msgspec

from specgw.compiler.inputs import Inputs
from specgw.compiler.messages import Outcome, Request, receive, send
from specgw.settings import python_path


class ChildFailed(Exception):
    """The child broke or took too long. That is not the documents' fault; the text says what happened."""


class Compiling:
    """A child process that compiles, tells what came of it, and stays for what else is made of the same documents.

    Its pipes are read in threads, so that it may outlive the loop in which it began. Whoever has one ends it.
    """

    def __init__(self, inputs: Inputs, module: str, *, strict: bool = False) -> None:
        """`module` is what it runs; see `child.converse`."""
        self._request = msgspec.json.encode(Request.of(inputs, strict=strict))
        self._errors = tempfile.TemporaryFile()  # noqa: SIM115 (closed by `end`)
        self._child = subprocess.Popen(
            [sys.executable, "-P", "-m", module],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._errors,
            env={**os.environ, "PYTHONPATH": python_path(os.environ)},
            # Ctrl-C is for the server, which ends its children.
            start_new_session=True,
        )

    async def outcome(self, *, limit: float = 120.0) -> Outcome:
        """What came of the compile. Raises ChildFailed, also where it takes longer than `limit` seconds; then the child is gone."""
        return msgspec.msgpack.decode(await self._within(limit, self._compiled), type=Outcome)

    async def further(self, *, limit: float) -> bytes:
        """What else the module makes of the documents, which may be asked once. Raises ChildFailed likewise."""
        return await self._within(limit, self._made)

    def end(self) -> None:
        """Nothing more is wanted of it. Does nothing the second time."""
        if self._child.poll() is None:
            self._child.kill()
            self._child.wait()
        for stream in (self._child.stdin, self._child.stdout, self._errors):
            if stream is not None:
                with contextlib.suppress(OSError):  # what could not be written any more
                    stream.close()

    async def _within(self, limit: float, step: Callable[[], bytes]) -> bytes:
        waiting = asyncio.ensure_future(asyncio.to_thread(step))
        try:
            async with asyncio.timeout(limit):
                return await asyncio.shield(waiting)
        except TimeoutError:
            raise ChildFailed(f"compiling took longer than {limit:g} seconds") from None
        finally:
            if not waiting.done():
                # The thread waits for the child: it ends with it.
                self._child.kill()
                with contextlib.suppress(ChildFailed):
                    await waiting

    def _compiled(self) -> bytes:
        return self._answer(self._request)

    def _made(self) -> bytes:
        return self._answer(b"")

    def _answer(self, question: bytes) -> bytes:
        """One question and its answer, in a thread. Raises ChildFailed."""
        assert self._child.stdin is not None
        assert self._child.stdout is not None
        with contextlib.suppress(OSError):  # it is gone, which shows at once
            send(self._child.stdin, question)
        answer = receive(self._child.stdout)
        if answer is None:
            code = self._child.wait()
            self._errors.seek(0)
            said = self._errors.read().decode(errors="replace").strip()
            raise ChildFailed(f"the compiler ended with {code}: {said[-4000:]}")
        return answer
