"""Run the soaks, print what came of them, and end with 1 where a promise is not kept: `python -m tests.soak [NAME…]`."""

from __future__ import annotations

import argparse
import asyncio
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from benchmarks.pages import machine, write
from tests.soak import changes, endurance
from tests.soak.stand import Count


@dataclass(frozen=True)
class Outcome:
    """One line of the table."""

    what: str
    promised: str
    came: str
    kept: bool


def _counted(what: str, count: Count) -> Outcome:
    for failure in count.failed[:5]:
        print(f"  {failure}", file=sys.stderr)
    return Outcome(what, "0 failed", f"{len(count.failed)} failed of {count.asked:,}", not count.failed)


def activations(folder: Path) -> Outcome:
    """500 of them."""
    return _counted("500 activations, 40 idle connections, 20 WebSockets", asyncio.run(changes.activations(folder, 500)))


def activations_of_workers(folder: Path) -> Outcome:
    """The same of two workers."""
    return _counted("the same with two workers", asyncio.run(changes.activations(folder, 500, 2)))


def drains(folder: Path) -> Outcome:
    """100 of them."""
    return _counted("100 drains (SIGTERM)", asyncio.run(changes.drains(folder, 100)))


def drains_of_workers(folder: Path) -> Outcome:
    """20 of two workers."""
    return _counted("20 drains of two workers", asyncio.run(changes.drains(folder, 20, 2)))


def rotations(folder: Path) -> Outcome:
    """50 of them."""
    return _counted("50 renewed certificates", asyncio.run(changes.rotations(folder, 50)))


def rotations_of_workers(folder: Path) -> Outcome:
    """The same of two workers."""
    return _counted("the same with two workers", asyncio.run(changes.rotations(folder, 50, 2)))


def requests(folder: Path) -> Outcome:
    """A million."""
    found = endurance.requests(folder, 1_000_000, 300_000)
    kept = found["KiB per million"] <= 1024 and found["descriptors more"] <= 0 and found["tasks more"] <= 0
    more = ", ".join(f"{max(0, found[f'{what} more']):.0f} {what}" for what in ("descriptors", "tasks"))
    came = f"{found['KiB per million']:.0f} KiB, {more} more"
    return Outcome(f"{found['requests']:,.0f} requests after warm-up", "≤ 1,024 KiB a million; none", came, kept)


def idle(folder: Path) -> Outcome:
    """Two thousand connections."""
    found = endurance.idle(folder, 2000)
    return Outcome("an idle connection, of 2,000", "≤ 12 KiB", f"{found:.1f} KiB", found <= 12)


def workers(folder: Path) -> Outcome:
    """CPU of two."""
    found = endurance.workers(folder, 9, 4)
    return Outcome("CPU of a request, two workers to one", "≤ 1.1", f"{found:.2f}", found <= 1.1)


def _slow(mode: str) -> Callable[[Path], Outcome]:
    name, _ = endurance.ATTACKS[mode]

    def run(folder: Path) -> Outcome:
        pairs = endurance.slow(folder, mode, 5, 500, 5)
        found = endurance.ratio(pairs)
        before = sorted(before.p99 for before, _ in pairs)[2]
        what = f"p99 beside 500 × {name} (slowhttptest {mode})"
        return Outcome(what, "≤ 1.5, all answered", f"{found:.2f} × {before:.1f} ms", found <= 1.5)

    return run


SOAKS: dict[str, Callable[[Path], Outcome]] = {
    "activations": activations,
    "activations-of-workers": activations_of_workers,
    "drains": drains,
    "drains-of-workers": drains_of_workers,
    "rotations": rotations,
    "rotations-of-workers": rotations_of_workers,
    "requests": requests,
    "idle": idle,
    "workers": workers,
    **{f"slow{mode}": _slow(mode) for mode in endurance.ATTACKS},
}


def main() -> int:
    """Run those that are named, or all."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join(SOAKS))
    parser.add_argument("--write", action="store_true", help="write the table into docs/performance.md")
    arguments = parser.parse_args()
    lines = ["| | promised | came |", "|---|---|---|"]
    kept = True
    for name in arguments.names or SOAKS:
        with tempfile.TemporaryDirectory() as folder:
            outcome = SOAKS[name](Path(folder))
        line = f"| {outcome.what} | {outcome.promised} | {outcome.came}{'' if outcome.kept else ' **(not kept)**'} |"
        print(line, flush=True)
        lines.append(line)
        kept = kept and outcome.kept
    if arguments.write:
        lines += ["", f"One run; {machine()}. Nothing is bound to a core."]
        write("\n".join(lines), "soak", "nox -s soak -- --write")
    return 0 if kept else 1


if __name__ == "__main__":
    sys.exit(main())
