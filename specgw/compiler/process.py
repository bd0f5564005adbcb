"""Compiles in a child process, so that a server's loop does not stop while a large document is read.

This side is light on purpose: it imports nothing of the compiler.
"""

from __future__ import annotations

import asyncio
import os
import sys

import msgspec

from specgw.compiler.inputs import Inputs
from specgw.compiler.messages import Outcome, Request
from specgw.settings import python_path


class ChildFailed(Exception):
    """The child broke or took too long. That is not the documents' fault; the text says what happened."""


async def compile_in_child(inputs: Inputs, *, limit: float = 120.0, strict: bool = False) -> Outcome:
    """Compile in a child process. Raises ChildFailed when it breaks, or takes longer than `limit` seconds."""
    return msgspec.msgpack.decode(await in_child("specgw.compiler.child", Request.of(inputs, strict=strict), limit), type=Outcome)


async def in_child(module: str, request: Request, limit: float) -> bytes:
    """What a module answers to a request, in a process of its own. Raises ChildFailed."""
    child = await asyncio.create_subprocess_exec(
        sys.executable,
        "-P",
        "-m",
        module,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": python_path(os.environ)},
        # Ctrl-C is for the server, which ends its children.
        start_new_session=True,
    )
    try:
        async with asyncio.timeout(limit):
            output, errors = await child.communicate(msgspec.json.encode(request))
    except TimeoutError:
        raise ChildFailed(f"compiling took longer than {limit:g} seconds") from None
    finally:
        if child.returncode is None:
            child.kill()
            await child.wait()
    if child.returncode != 0:
        raise ChildFailed(f"the compiler ended with {child.returncode}: {errors.decode(errors='replace').strip()[-4000:]}")
    return output
