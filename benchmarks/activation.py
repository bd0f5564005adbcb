"""How long requests wait while another plan is put to work: the longest stops of the serving loop.

Run `python -m benchmarks.activation DOCUMENT…`. A gateway in this process activates each document again and again, as
`specgw serve` does it: it decodes what the compiler wrote, builds, changes, and lets the old plan go. A stop is the
processor time of one turn of the loop: what a request would wait for at most, on a machine that has nothing else to do.
With `--write` the table goes into docs/performance.md.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from importlib import metadata
from pathlib import Path

import uvloop

from benchmarks.pages import machine, write
from specgw.dataplane import allocator
from specgw.dataplane.slices import sliced, uncollected
from specgw.gateway import Gateway, Options
from specgw.plan.codec import decode, decoding

UPSTREAM = "http://127.0.0.1:9"
SETTLE = 0.05
"""Seconds after an activation in which the old plan goes."""


@dataclass
class Turns:
    """Measures every turn of the loop while it is watched."""

    longest: float = 0.0
    total: float = 0.0
    _since: float = field(default_factory=time.thread_time)
    _watching: bool = True

    def turn(self) -> None:
        """Called once in each turn."""
        now = time.thread_time()
        self.longest = max(self.longest, now - self._since)
        self.total += now - self._since
        if self._watching:
            self._since = time.thread_time()
            asyncio.get_running_loop().call_soon(self.turn)

    def end(self) -> None:
        """Measure no more."""
        self._watching = False


@contextlib.contextmanager
def turns() -> Iterator[Turns]:
    """What happens meanwhile, turn by turn."""
    watched = Turns()
    asyncio.get_running_loop().call_soon(watched.turn)
    try:
        yield watched
    finally:
        watched.end()


async def activated(data: bytes, rounds: int) -> list[Turns]:
    """What each of some activations took."""
    options = Options(host="127.0.0.1", port=0, admin_enabled=False, upstream=UPSTREAM)
    allocator.join_at_once()  # as `gateway.run` does
    with uncollected():
        gateway = Gateway(decode(data), options)
    measured: list[Turns] = []

    async def activations() -> None:
        for number in range(rounds + 1):
            with turns() as watched:
                with uncollected():
                    plan = await sliced(decoding(data))
                await gateway.activate(plan)
                del plan
                await asyncio.sleep(SETTLE)
            if number:  # the first round warms up
                measured.append(watched)
        gateway.stop()

    await gateway.run(activations)
    return measured


def main() -> None:
    """Measure, print the table, and write it into the page when asked to."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("documents", nargs="+", type=Path, metavar="DOCUMENT")
    parser.add_argument("--rounds", type=int, default=20)
    parser.add_argument("--write", action="store_true", help="write the table into docs/performance.md")
    arguments = parser.parse_args()
    lines = ["| document | operations | longest stop of the loop, ms | worst of all rounds, ms |", "|---|---|---|---|"]
    for document in arguments.documents:
        with tempfile.TemporaryDirectory() as name:
            command = [sys.executable, "-m", "specgw", "build", str(document.resolve()), "-o", name]
            done = subprocess.run(command, capture_output=True, text=True)
            if done.returncode:
                raise SystemExit(f"{document} cannot be built:\n{done.stderr}")
            data = Path(name, "plan.json").read_bytes()
        with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
            rounds = runner.run(activated(data, arguments.rounds))
        longest = [watched.longest * 1e3 for watched in rounds]
        lines.append(f"| {document.name} | {len(decode(data).routes)} | {statistics.median(longest):.1f} | {max(longest):.1f} |")
    lines.append("")
    lines.append(f"Medians of {arguments.rounds} activations; processor time; specgw {metadata.version('specgw')}, {machine()}.")
    text = "\n".join(lines)
    print(text)
    if arguments.write:
        write(text, "activation", "python -m benchmarks.activation DOCUMENT… --write")


if __name__ == "__main__":
    main()
