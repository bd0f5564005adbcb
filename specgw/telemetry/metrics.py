"""What the gateway counts, and the Prometheus text that shows it.

Counting and scraping happen in one thread, the loop's, so nothing is locked. Labels are bounded: an operation is the
id of a Route or `unmatched`, a method one that OpenAPI knows or `OTHER`; nothing a client sends becomes a label.

The series of every operation are written here and the others by prometheus_client: for a thousand operations that
library needs 180 ms to write the same text, and the loop would stand still at every scrape.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator
from typing import Literal

from prometheus_client import CollectorRegistry, PlatformCollector, ProcessCollector
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4, generate_latest
from prometheus_client.metrics_core import CounterMetricFamily, GaugeMetricFamily, Metric

from specgw.http import METHODS

CONTENT_TYPE = CONTENT_TYPE_PLAIN_0_0_4
"""The media type of what `expose` returns."""

UNMATCHED = "unmatched"
"""The operation of requests that no route took."""

# Seconds. From what the gateway itself needs to the default `timeout.response`, in steps of two to two and a half.
BUCKETS: tuple[float, ...] = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)

_METHODS = frozenset(METHODS)


class Meter:
    """Counts the exchanges of one operation and method."""

    __slots__ = ("_bucket_heads", "_buckets", "_labels", "_seconds", "_statuses")

    def __init__(self, operation: str, method: str) -> None:
        self._labels = f'operation="{_escaped(operation)}",method="{method}"'
        bounds = [*map(str, BUCKETS), "+Inf"]
        self._bucket_heads = [f'specgw_request_duration_seconds_bucket{{{self._labels},le="{bound}"}} ' for bound in bounds]
        self._buckets = [0] * len(bounds)
        self._seconds = 0.0
        self._statuses: dict[int, int] = {}

    def observe(self, status: int, seconds: float) -> None:
        """Note one exchange: the status that the client got, and how long it took from its head to the end."""
        # A bucket holds what is less than or equal to its bound.
        self._buckets[bisect_left(BUCKETS, seconds)] += 1
        self._seconds += seconds
        try:
            self._statuses[status] += 1
        except KeyError:
            self._statuses[status] = 1

    def requests(self) -> Iterator[str]:
        """The lines of `specgw_requests_total`."""
        for status, count in sorted(self._statuses.items()):
            yield f'specgw_requests_total{{{self._labels},status="{status}"}} {count}'

    def durations(self) -> Iterator[str]:
        """The lines of `specgw_request_duration_seconds`; none before the first exchange."""
        if not self._statuses:
            return
        total = 0
        for head, count in zip(self._bucket_heads, self._buckets, strict=True):
            total += count
            yield f"{head}{total}"
        yield f"specgw_request_duration_seconds_sum{{{self._labels}}} {self._seconds!r}"
        yield f"specgw_request_duration_seconds_count{{{self._labels}}} {total}"


class _Count:
    __slots__ = ("number",)

    def __init__(self) -> None:
        self.number = 0


class _Tally:
    """A counter with labels. Callers give only values from lists that somebody wrote: names, outcomes, slugs."""

    __slots__ = ("_counts", "_help", "_labels", "_name")

    def __init__(self, name: str, help: str, *labels: str) -> None:
        self._name = name
        self._help = help
        self._labels = labels
        self._counts: dict[tuple[str, ...], _Count] = {}

    def add(self, *values: str) -> None:
        """Count one more for these label values, in the order of the labels."""
        count = self._counts.get(values)
        if count is None:
            count = self._counts[values] = _Count()
        count.number += 1

    def family(self) -> Metric:
        """All its series."""
        family = CounterMetricFamily(self._name, self._help, labels=self._labels)
        for values, count in sorted(self._counts.items(), key=lambda item: item[0]):
            family.add_metric(values, count.number)
        return family


class Metrics:
    """Everything that is counted in one process. It outlives the plans: an operation that stays goes on counting."""

    def __init__(self, version: str) -> None:
        self._version = version
        self._meters: dict[tuple[str, str], Meter] = {}
        self._generation = 0
        self._routes = 0
        self._upstream_requests = _Tally("specgw_upstream_requests", "Requests sent upstream, by how they ended.", "upstream", "outcome")
        self._problems = _Tally("specgw_problems", "Problems that the gateway answered.", "type")
        self._violations = _Tally("specgw_validation_violations", "Violations of a contract found.", "operation", "direction")
        self._reloads = _Tally("specgw_reloads", "Attempts to activate a plan.", "outcome")
        self._certificate_reloads = _Tally("specgw_certificate_reloads", "Changed certificate files that were tried.", "outcome")
        self.certificates: Callable[[], Iterable[tuple[str, float]]] = tuple
        """File of each certificate in use, and when it ends (seconds since 1970)."""
        self._identity_fetches = _Tally(
            "specgw_identity_fetches", "Keys and answers about tokens that issuers were asked for.", "source", "outcome"
        )
        self._websocket_closes = _Tally("specgw_websocket_closes", "WebSockets that the gateway ended, by status code (RFC 6455).", "code")
        self.websockets = 0
        """How many WebSockets are open."""
        self.websocket_bytes_in = 0
        """Bytes that clients sent through WebSockets, frame headers included; `websocket_bytes_out`: that they got."""
        self.websocket_bytes_out = 0
        self.tasks: Callable[[], int] = int
        """How many tasks the loop has: exchanges that wait for something, and those of the gateway itself."""
        self.connections: Callable[[], int] = int
        """How many client connections are open."""
        self._connections_refused = _Tally("specgw_connections_refused", "Client connections beyond a limit, by the limit.", "limit")
        self.upstream_connections: Callable[[], Iterable[tuple[str, str, int]]] = tuple
        """Upstream, state and number of its connections."""
        self.dropped_lines: Callable[[], int] = int
        """How many lines of the access log could not be written."""
        self._registry = CollectorRegistry(auto_describe=False)
        self._registry.register(self)
        ProcessCollector(registry=self._registry)
        PlatformCollector(registry=self._registry)

    def meter(self, operation: str, method: str) -> Meter:
        """The meter of an operation and method, always the same one."""
        if method not in _METHODS:
            method = "OTHER"
        found = self._meters.get((operation, method))
        if found is None:
            found = self._meters[operation, method] = Meter(operation, method)
        return found

    def problem(self, slug: str) -> None:
        """The gateway answered with this problem of the catalogue."""
        self._problems.add(slug)

    def violation(self, operation: str, direction: Literal["request", "response"]) -> None:
        """An exchange of this operation did not match its contract, whatever was done about it."""
        self._violations.add(operation, direction)

    def upstream_request(self, upstream: str, outcome: str) -> None:
        """A request sent to a named upstream ended: `answered`, or the slug of the problem that stands for its failure."""
        self._upstream_requests.add(upstream, outcome)

    def connection_refused(self, limit: Literal["all", "address"]) -> None:
        """A client's connection was one too many: of all, or of its address."""
        self._connections_refused.add(limit)

    def websocket_closed(self, code: int) -> None:
        """The gateway ended a WebSocket with this status code of its own."""
        self._websocket_closes.add(str(code))

    def reload(self, outcome: Literal["activated", "refused"]) -> None:
        """A new plan was tried."""
        self._reloads.add(outcome)

    def certificate_reload(self, outcome: Literal["reloaded", "refused"]) -> None:
        """Changed certificate files were tried."""
        self._certificate_reloads.add(outcome)

    def identity_fetch(self, source: str, outcome: str) -> None:
        """An issuer was asked: an address or file of the configuration; `fetched`, `answered` or `failed`."""
        self._identity_fetches.add(source, outcome)

    def activated(self, generation: int, routes: int) -> None:
        """A plan took effect: its generation, how many routes it has."""
        self._generation = generation
        self._routes = routes

    def collect(self) -> Iterator[Metric]:
        """What prometheus_client writes: everything that is not counted for each operation."""
        yield _gauge("specgw_build_info", "The version that runs.", 1, version=self._version)
        yield _gauge("specgw_plan_generation", "Which plan is in effect, counted from the start.", self._generation)
        yield _gauge("specgw_plan_routes", "Routes of the plan in effect.", self._routes)
        yield self._reloads.family()
        yield _gauge("specgw_tasks", "Tasks of the event loop: exchanges that wait, and the gateway's own.", self.tasks())
        yield _gauge("specgw_connections", "Open client connections.", self.connections())
        yield self._connections_refused.family()
        yield self._problems.family()
        yield self._violations.family()
        yield self._upstream_requests.family()
        pools = GaugeMetricFamily("specgw_upstream_connections", "Connections to upstreams.", labels=("upstream", "state"))
        for upstream, state, number in self.upstream_connections():
            pools.add_metric((upstream, state), number)
        yield pools
        yield self._identity_fetches.family()
        yield self._certificate_reloads.family()
        ends = GaugeMetricFamily("specgw_certificate_not_after_seconds", "When a certificate in use ends (Unix time).", labels=("name",))
        for name, seconds in self.certificates():
            ends.add_metric((name,), seconds)
        yield ends
        yield _gauge("specgw_websockets", "Open WebSockets.", self.websockets)
        passed = CounterMetricFamily("specgw_websocket_bytes", "Bytes passed on in WebSockets.", labels=("direction",))
        passed.add_metric(("in",), self.websocket_bytes_in)
        passed.add_metric(("out",), self.websocket_bytes_out)
        yield passed
        yield self._websocket_closes.family()
        dropped = CounterMetricFamily("specgw_access_log_dropped", "Lines of the access log that could not be written.")
        dropped.add_metric((), self.dropped_lines())
        yield dropped

    def expose(self) -> bytes:
        """All series in the Prometheus text format 0.0.4."""
        meters = [meter for _, meter in sorted(self._meters.items())]
        lines = [
            "# HELP specgw_requests_total Requests by operation, method and the status that the client got.",
            "# TYPE specgw_requests_total counter",
        ]
        for meter in meters:
            lines += meter.requests()
        lines += (
            "# HELP specgw_request_duration_seconds From the head of the request to the end of the response.",
            "# TYPE specgw_request_duration_seconds histogram",
        )
        for meter in meters:
            lines += meter.durations()
        lines.append("")
        return "\n".join(lines).encode() + generate_latest(self._registry)


def _gauge(name: str, help: str, value: float, **labels: str) -> Metric:
    family = GaugeMetricFamily(name, help, labels=tuple(labels))
    family.add_metric(tuple(labels.values()), value)
    return family


def _escaped(value: str) -> str:
    return value.replace("\\", "\\\\").replace("\n", "\\n").replace('"', '\\"')
