"""Long work beside requests: in steps, with a turn for everything else after a few milliseconds of them."""

from __future__ import annotations

import asyncio
import contextlib
import gc
from collections.abc import Generator, Iterator
from time import perf_counter
from typing import TypeVar

SLICE = 0.001
"""Seconds of work after which the loop gets its turn. A step cannot be interrupted: some take four times as long."""

Result = TypeVar("Result")
Steps = Generator[None, None, Result]
"""Work that yields wherever it can wait, and returns what it has made."""


async def sliced(steps: Steps[Result]) -> Result:
    """Do the work, and let the loop have its turn between steps."""
    since = perf_counter()
    while True:
        try:
            next(steps)
        except StopIteration as end:
            made: Result = end.value
            return made
        if perf_counter() - since > SLICE:
            await asyncio.sleep(0)
            since = perf_counter()


def at_once(steps: Steps[Result]) -> Result:
    """Do the work where nobody waits."""
    while True:
        try:
            next(steps)
        except StopIteration as end:
            made: Result = end.value
            return made


class _Keeping:
    """How many hold the collector off at the moment."""

    count = 0


@contextlib.contextmanager
def uncollected() -> Iterator[None]:
    """Keep the garbage collector away from what is built: it lives long, and looking through it all takes up to 0.1 s.

    Nothing of a plan refers to itself, so that one which is replaced goes without the collector. May be nested.
    """
    _Keeping.count += 1
    gc.disable()
    try:
        yield
    finally:
        _Keeping.count -= 1
        if not _Keeping.count:
            gc.freeze()
            gc.enable()
