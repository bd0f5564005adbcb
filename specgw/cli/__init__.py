"""The command line: `app` finds the command, each command is a module of its own."""

from __future__ import annotations

INTERRUPTED = 130
"""Exit code after Ctrl-C: 128 and the number of SIGINT, as shells count."""


def count(number: int, noun: str) -> str:
    """A number with its noun: `1 route`, `2 routes`."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
