"""How the C library keeps what was freed: so that giving it back does not stop the loop."""

from __future__ import annotations

import contextlib
import ctypes

_M_MXFAST = 1
"""mallopt(3): the largest size of chunks that are freed without being joined to their neighbours."""


def join_at_once() -> bool:
    """Have small chunks joined when they are freed, one by one; False where the C library knows no such thing.

    glibc puts it off by default, until some allocation that has nothing to do with it: after a plan has been built from
    the document of a large service, that one took 20 ms. For the whole process.
    """
    with contextlib.suppress(OSError, AttributeError):
        return bool(ctypes.CDLL(None).mallopt(_M_MXFAST, 0))
    return False
