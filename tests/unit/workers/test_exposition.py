"""What several workers counted, as one text."""

from __future__ import annotations

from specgw.telemetry.metrics import Metrics
from specgw.workers.exposition import lasting, merged, read, written


def counted(requests: int, generation: int, ends: float = 2e9) -> bytes:
    """What a worker shows after so many requests."""
    metrics = Metrics("1.2.3")
    for _ in range(requests):
        metrics.meter('get "it"', "GET").observe(200, 0.002)
    metrics.problem("no-route")
    metrics.reload("activated")
    metrics.activated(generation, 7)
    metrics.connections = lambda: requests
    metrics.certificates = lambda: [("a.pem", ends)]
    return metrics.expose()


def value(text: bytes, series: str) -> float:
    (line,) = (line for line in text.decode().splitlines() if line.startswith(series + " "))
    return float(line.rpartition(" ")[2])


def test_a_text_that_is_read_and_written_says_the_same() -> None:
    text = counted(3, 1)
    assert read(written(read(text))) == read(text)


def test_figures_add_up_but_for_those_that_are_the_same_in_all() -> None:
    text = written(merged([read(counted(3, 4, 2e9)), read(counted(5, 4, 1e9))]))
    assert value(text, 'specgw_requests_total{operation="get \\"it\\"",method="GET",status="200"}') == 8
    assert value(text, 'specgw_request_duration_seconds_bucket{operation="get \\"it\\"",method="GET",le="+Inf"}') == 8
    assert value(text, 'specgw_problems_total{type="no-route"}') == 2
    assert value(text, "specgw_connections") == 8
    assert value(text, "specgw_plan_generation") == 4
    assert value(text, "specgw_plan_routes") == 7
    assert value(text, 'specgw_build_info{version="1.2.3"}') == 1
    assert value(text, 'specgw_certificate_not_after_seconds{name="a.pem"}') == 1e9, "the one that ends first"
    assert b"specgw_reloads_total" not in text, "the leader counts activations"
    assert text.count(b"# TYPE specgw_requests_total counter\n") == 1


def test_counters_of_one_that_has_ended_stay_and_what_there_was_at_the_moment_does_not() -> None:
    text = written(merged([read(counted(3, 4)), lasting(read(counted(5, 4)))]))
    assert value(text, 'specgw_requests_total{operation="get \\"it\\"",method="GET",status="200"}') == 8
    assert value(text, "specgw_connections") == 3
