"""What it costs to find the route of a request, in µs, for tables of 10, 600 and 2,000 routes.

Run `python benchmarks/matching.py`. One line a kind of request; the figure is the best of five rounds.
"""

from __future__ import annotations

import timeit
from collections.abc import Callable
from functools import partial

from specgw.plan.model import Conditions, Origin, Route
from specgw.plan.table import RouteTable

ROUNDS = 5
CALLS = 50_000
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


def microseconds(call: Callable[[], object]) -> float:
    """The best of some rounds, for one call."""
    return min(timeit.repeat(call, number=CALLS, repeat=ROUNDS)) / CALLS * 1e6


def main() -> None:
    """Print the table."""
    print(f"{'µs per match':24}" + "".join(f"{size:>9,}" for size in SIZES))
    tables = [RouteTable(routes(size)) for size in SIZES]
    for name, method, path in REQUESTS:
        figures = [microseconds(partial(table.match, method, path, "h", [], None)) for table in tables]
        print(f"{name:24}" + "".join(f"{figure:9.2f}" for figure in figures))
    built = [min(timeit.repeat(partial(RouteTable, routes(size)), number=1, repeat=ROUNDS)) * 1e3 for size in SIZES]
    print(f"{'ms to build the table':24}" + "".join(f"{figure:9.1f}" for figure in built))


if __name__ == "__main__":
    main()
