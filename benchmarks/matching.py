"""What it costs to find the route of a request, in µs, for tables of 10, 600 and 2,000 routes.

Run `python -m benchmarks.matching`. One line a kind of request; the figure is the best of some rounds, in which the tables take
turns, in CPU time. With `--write` the table goes into docs/performance.md.
"""

from __future__ import annotations

import argparse
import platform
import time
import timeit
from collections.abc import Callable, Sequence
from functools import partial

from benchmarks.pages import write
from specgw.plan.model import Conditions, Origin, Route
from specgw.plan.table import RouteTable

ROUNDS = 9
CALLS = 10_000
SIZES = (10, 600, 2_000)

REQUESTS: tuple[tuple[str, str, bytes], ...] = (
    ("literal path", "GET", b"/api/users"),
    ("one parameter", "GET", b"/api/users/4711"),
    ("two parameters, deep", "GET", b"/api/users/4711/orders/9/lines"),
    ("escaped parameter", "GET", b"/api/users/caf%C3%A9"),
    ("mixed segment", "GET", b"/api/reports/report-7.json"),
    ("no such path", "GET", b"/api/none/4711"),
    ("no such method", "PATCH", b"/api/users/4711"),
)


def routes(count: int) -> list[Route]:
    """So many routes: the ones that are asked for, and resources of the usual form around them."""
    paths = ["/api/users", "/api/users/{id}", "/api/users/{id}/orders/{order}/lines", "/api/reports/report-{n}.json"]
    number = 0
    while len(paths) < count:
        paths += [f"/api/things{number}", f"/api/things{number}/{{id}}", f"/api/things{number}/{{id}}/parts/{{part}}"]
        number += 1
    return [
        Route(id=path, service="s", method="GET", path=path, document_path=path, origin=Origin(file="f", line=1), conditions=Conditions())
        for path in paths[:count]
    ]


def microseconds(calls: Sequence[Callable[[], object]]) -> list[float]:
    """The best of some rounds of each, for one call; in each round all take their turn, so that what disturbs one disturbs all."""
    rounds = [[timeit.timeit(call, timer=time.process_time, number=CALLS) for call in calls] for _ in range(ROUNDS)]
    return [min(times) / CALLS * 1e6 for times in zip(*rounds, strict=True)]


def table() -> str:
    """The figures as a table."""
    tables = [RouteTable(routes(size)) for size in SIZES]
    lines = ["| µs a match, in a table of | " + " | ".join(f"{size:,} routes" for size in SIZES) + " |", "|---" * (len(SIZES) + 1) + "|"]
    for name, method, path in REQUESTS:
        figures = microseconds([partial(each.match, method, path, "h", [], None) for each in tables])
        lines.append(f"| {name} | " + " | ".join(f"{figure:.2f}" for figure in figures) + " |")
    lines += ["", f"Least of {ROUNDS} runs of {CALLS:,} matches; CPU time; Python {platform.python_version()}."]
    return "\n".join(lines)


def main() -> None:
    """Print the table, and write it into the page when asked to."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write", action="store_true", help="write the table into docs/performance.md")
    text = table()
    print(text)
    if parser.parse_args().write:
        write(text, "matching", "python -m benchmarks.matching --write")


if __name__ == "__main__":
    main()
