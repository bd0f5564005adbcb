"""Standard output and standard error: colour only on a terminal, and a reader that leaves early is no error.

What a command was asked for goes to standard output, everything that is said about it to standard error.
"""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, TextIO

if TYPE_CHECKING:
    from rich.console import Console

WIDE = 1 << 16
"""Columns where output is piped: nothing is folded or cut there."""


def write(text: str, *, stream: TextIO | None = None) -> None:
    """Write and flush text to standard output (or to `stream`), whether or not somebody still reads it."""
    target = stream or sys.stdout
    try:
        target.write(text)
        target.flush()
    except BrokenPipeError:
        discard(target)


def say(text: str) -> None:
    """One line about what is going on, to standard error, without colour."""
    write(f"{text}\n", stream=sys.stderr)


def discard(stream: TextIO) -> None:
    """Send the rest of a stream nowhere: its reader has gone, and the interpreter will flush it once more at the end."""
    null = os.open(os.devnull, os.O_WRONLY)
    os.dup2(null, stream.fileno())
    os.close(null)


def styled(stream: TextIO, *, no_color: bool = False) -> Console:
    """A console on a stream: as wide as the terminal, or without folding, colour and animation where it is none."""
    from rich.console import Console

    class Screen(Console):
        """rich's console, without its exit when a pipe is closed: the command's own verdict is the exit code."""

        def on_broken_pipe(self) -> None:
            self.quiet = True
            discard(stream)

    terminal = stream.isatty() and os.environ.get("TERM") != "dumb"
    return Screen(
        file=stream,
        force_terminal=terminal,
        color_system=None if no_color else "auto",
        width=None if terminal else WIDE,
        highlight=False,
        markup=False,
        emoji=False,
        soft_wrap=True,
    )
