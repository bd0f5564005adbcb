"""CPU per request and latency of specgw and other gateways on the same work, in one run: `nox -s bench`.

One core carries the gateway, the other one the load generator (wrk) and the service (nginx, which answers at once).
Every round measures each gateway for a few seconds in turn, so that what the machine does besides meets them all;
the median of the rounds is told. CPU is user + system time of the gateway's processes from /proc, divided by the
requests that were answered.

specgw does everything in its first line (match, parameters, body against its schema, histogram, counter, JSON access
log), in its second it forwards (no validation, no access log), as the others do. With `--write` the figures go into
docs/performance.md, and their picture into docs/performance.svg.
"""

from __future__ import annotations

import argparse
import os
import statistics
import tempfile
from pathlib import Path

from benchmarks.load import Figures, Work, measure
from benchmarks.pages import DOCS, machine, write
from benchmarks.plot import bars
from benchmarks.rivals import ENFORCING, FORWARDING, Bench, Gateway, bench

PICTURE = DOCS / "performance.svg"

POST = """
wrk.method = "POST"
wrk.headers["Content-Type"] = "application/json"
wrk.body = '{"name":"Ada Lovelace","email":"ada@example.org","age":36,"tags":["maths","engines"]}'
"""

Taken = dict[tuple[str, str, str, int], list[Figures]]
"""Figures of every round by gateway, what it does, work, and connections."""


def main() -> None:
    """Measure, print the table, and write it into the page when asked to."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=int, default=3, help="of each measurement")
    parser.add_argument("--connections", type=int, nargs="+", default=[32, 512])
    parser.add_argument("--compiled", type=Path, metavar="FOLDER", help="measure specgw from here too: a wheel's contents")
    parser.add_argument("--only", nargs="+", metavar="NAME", help="these of the other gateways")
    parser.add_argument("--write", action="store_true", help="write table and picture into docs/")
    arguments = parser.parse_args()
    if (os.cpu_count() or 1) < 2:
        raise SystemExit("needs two cores: one for the gateway, one for the load and the service")
    with tempfile.TemporaryDirectory() as name, bench(Path(name)) as started:
        found = gateways(started, arguments.only, arguments.compiled)
        figures = compared(found, works(Path(name)), arguments)
        text = table(found, figures, started.absent, arguments)
    print(text)
    if arguments.write:
        write(text, "gateways", "nox -s bench -- --write")
        PICTURE.write_text(picture(found, figures, arguments.connections[0]))


def gateways(started: Bench, only: list[str] | None, compiled: Path | None = None) -> list[Gateway]:
    """All that are measured, specgw first: as a wheel has it where there is one, and as plain Python."""
    own = []
    for name, package in (("specgw", compiled), ("specgw, as Python", None)) if compiled else (("specgw", None),):
        for does, configuration in (("everything on", ENFORCING), ("forwards", FORWARDING)):
            own.append(started.specgw(does, configuration, name, package=package))
    return own + [other for other in started.others() if only is None or other.name in only]


def works(folder: Path) -> list[Work]:
    """One GET with parameters, one POST with a JSON body."""
    script = folder / "post.lua"
    script.write_text(POST)
    return [Work("GET", "/people/7?fields=name"), Work("POST", "/people", script)]


def compared(found: list[Gateway], asked: list[Work], arguments: argparse.Namespace) -> Taken:
    """Every gateway, work and number of connections in turn, round by round; a first, short round warms everything up."""
    figures: Taken = {}
    for number in range(arguments.rounds + 1):
        for connections in arguments.connections:
            for gateway in found:
                for work in asked:
                    taken = measure(gateway.name, gateway.pid, gateway.port, work, connections, arguments.seconds if number else 1)
                    if number:
                        figures.setdefault((gateway.name, gateway.does, work.name, connections), []).append(taken)
    return figures


def median(rounds: list[Figures]) -> Figures:
    """The median of each figure."""
    return Figures(*(statistics.median(getattr(taken, name) for taken in rounds) for name in ("cpu", "rate", "p50", "p99")))


def table(found: list[Gateway], figures: Taken, absent: list[str], arguments: argparse.Namespace) -> str:
    """The figures as a Markdown table, with what they were taken on."""
    first = arguments.connections[0]
    tail = [f"p50, p99 ms at {connections}" for connections in arguments.connections]
    lines = [f"| | does | work | CPU µs per request | requests/s | {' | '.join(tail)} |", f"|---|---|---|---|---|{'---|' * len(tail)}"]
    for gateway in found:
        for work in ("GET", "POST"):
            each = {many: median(figures[gateway.name, gateway.does, work, many]) for many in arguments.connections}
            times = " | ".join(f"{taken.p50:.2f}, {taken.p99:.2f}" for taken in each.values())
            lines.append(f"| {gateway.name} | {gateway.does} | {work} | {each[first].cpu:.1f} | {each[first].rate:,.0f} | {times} |")
    versions = {gateway.name.partition(",")[0]: gateway.version for gateway in found}
    known = ", ".join(f"{name} {version}" for name, version in sorted(versions.items()))
    missing = f" Not installed: {', '.join(absent)}." if absent else ""
    lines.append("")
    lines.append(
        f"Medians of {arguments.rounds} rounds of {arguments.seconds} s; CPU and rate at {first} connections; {known}; "
        f"{machine()}.{missing}"
    )
    return "\n".join(lines)


def picture(found: list[Gateway], figures: Taken, connections: int) -> str:
    """CPU per request as bars. What takes more than four times as much as specgw would make the others unreadable: left out."""
    rows: list[tuple[str, float, float]] = []
    for gateway in found:
        get, post = (median(figures[gateway.name, gateway.does, work, connections]).cpu for work in ("GET", "POST"))
        rows.append((f"{gateway.name}, {gateway.does}", get, post))
    return bars("CPU per request, µs (less is better)", ("GET", "POST"), [row for row in rows if row[1] <= 4 * rows[0][1]])


if __name__ == "__main__":
    main()
