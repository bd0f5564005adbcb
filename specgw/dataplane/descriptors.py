"""How many file descriptors this process may have open, and how many client connections that leaves room for."""

from __future__ import annotations

import contextlib
import resource

RESERVE = 64
"""Descriptors for everything that is no connection: listeners, logs, certificates being read, the loop's own."""


def raise_limit() -> None:
    """Take all that the system grants: the soft limit (often 1024) becomes the hard one. For the whole process."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft != hard:
        with contextlib.suppress(ValueError, OSError):  # some systems report a hard limit that they do not grant
            resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))


def room() -> int | None:
    """Client connections that may be open at once, each with one to a service beside it; None: without limit.

    Beyond the limit `accept` fails for everybody, and so does every connection to a service.
    """
    soft, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    return None if soft == resource.RLIM_INFINITY else max((soft - RESERVE) // 2, 1)
