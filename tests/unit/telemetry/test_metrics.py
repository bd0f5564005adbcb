from __future__ import annotations

import pytest
from prometheus_client.parser import text_string_to_metric_families

from specgw.telemetry.metrics import BUCKETS, CONTENT_TYPE, Metrics

Sample = tuple[str, frozenset[tuple[str, str]]]


def scrape(metrics: Metrics) -> dict[Sample, float]:
    """What a Prometheus server would read, through the library's own parser."""
    found: dict[Sample, float] = {}
    for family in text_string_to_metric_families(metrics.expose().decode()):
        for sample in family.samples:
            key = (sample.name, frozenset(sample.labels.items()))
            assert key not in found, "a series twice"
            found[key] = sample.value
    return found


def series(name: str, **labels: str) -> Sample:
    return name, frozenset(labels.items())


def test_requests_are_counted_by_operation_method_and_status() -> None:
    metrics = Metrics("1.2.3")
    metrics.meter("getUser", "GET").observe(200, 0.001)
    metrics.meter("getUser", "GET").observe(200, 0.001)
    metrics.meter("getUser", "GET").observe(404, 0.001)
    metrics.meter("unmatched", "POST").observe(404, 0.001)
    found = scrape(metrics)
    assert found[series("specgw_requests_total", operation="getUser", method="GET", status="200")] == 2
    assert found[series("specgw_requests_total", operation="getUser", method="GET", status="404")] == 1
    assert found[series("specgw_requests_total", operation="unmatched", method="POST", status="404")] == 1


def test_durations_are_cumulative_and_a_bound_belongs_to_its_bucket() -> None:
    metrics = Metrics("1")
    meter = metrics.meter("a", "GET")
    for seconds in (0.0, 0.001, 0.0011, 0.3, 10.0, 60.0):
        meter.observe(200, seconds)
    found = scrape(metrics)

    def bucket(bound: str) -> float:
        return found[series("specgw_request_duration_seconds_bucket", operation="a", method="GET", le=bound)]

    assert bucket("0.001") == 2
    assert bucket("0.0025") == 3
    assert bucket("0.25") == 3
    assert bucket("0.5") == 4
    assert bucket("10.0") == 5
    assert bucket("+Inf") == 6
    assert found[series("specgw_request_duration_seconds_count", operation="a", method="GET")] == 6
    assert found[series("specgw_request_duration_seconds_sum", operation="a", method="GET")] == pytest.approx(70.3021)


def test_buckets_ascend() -> None:
    assert list(BUCKETS) == sorted(set(BUCKETS))


def test_a_meter_that_counted_nothing_has_no_series() -> None:
    metrics = Metrics("1")
    metrics.meter("quiet", "GET")
    assert b"quiet" not in metrics.expose()


def test_the_same_labels_have_the_same_meter_for_ever() -> None:
    metrics = Metrics("1")
    assert metrics.meter("a", "GET") is metrics.meter("a", "GET")
    assert metrics.meter("a", "GET") is not metrics.meter("a", "PUT")


def test_a_method_that_a_client_makes_up_is_no_label() -> None:
    metrics = Metrics("1")
    assert metrics.meter("a", "BREW") is metrics.meter("a", "WHEN")
    metrics.meter("a", "BREW").observe(405, 0.001)
    metrics.meter("a", "QUERY").observe(200, 0.001)
    found = scrape(metrics)
    assert found[series("specgw_requests_total", operation="a", method="OTHER", status="405")] == 1
    assert found[series("specgw_requests_total", operation="a", method="QUERY", status="200")] == 1


@pytest.mark.parametrize("operation", ['say "hi"', "back\\slash", "two\nlines", "GET /users/{id}", "größe", "a\\n"])
def test_any_operation_id_survives_the_text_format(operation: str) -> None:
    metrics = Metrics("1")
    metrics.meter(operation, "GET").observe(200, 0.001)
    assert scrape(metrics)[series("specgw_requests_total", operation=operation, method="GET", status="200")] == 1


def test_everything_else_that_happens_is_counted() -> None:
    metrics = Metrics("1")
    metrics.problem("no-route")
    metrics.problem("no-route")
    metrics.violation("getUser", "request")
    metrics.violation("getUser", "response")
    metrics.upstream_request("users", "answered")
    metrics.reload("activated")
    metrics.reload("refused")
    found = scrape(metrics)
    assert found[series("specgw_problems_total", type="no-route")] == 2
    assert found[series("specgw_validation_violations_total", operation="getUser", direction="request")] == 1
    assert found[series("specgw_validation_violations_total", operation="getUser", direction="response")] == 1
    assert found[series("specgw_upstream_requests_total", upstream="users", outcome="answered")] == 1
    assert found[series("specgw_reloads_total", outcome="activated")] == 1
    assert found[series("specgw_reloads_total", outcome="refused")] == 1


def test_the_plan_in_effect() -> None:
    metrics = Metrics("1")
    assert scrape(metrics)[series("specgw_plan_generation")] == 0
    metrics.activated(1, 7)
    metrics.activated(2, 8)
    found = scrape(metrics)
    assert found[series("specgw_plan_generation")] == 2
    assert found[series("specgw_plan_routes")] == 8


def test_what_others_know_is_asked_at_the_scrape() -> None:
    metrics = Metrics("1")
    metrics.connections = lambda: 3
    metrics.dropped_lines = lambda: 4
    metrics.upstream_connections = lambda: [("users", "idle", 2), ("users", "busy", 1)]
    found = scrape(metrics)
    assert found[series("specgw_connections")] == 3
    assert found[series("specgw_access_log_dropped_total")] == 4
    assert found[series("specgw_upstream_connections", upstream="users", state="idle")] == 2
    assert found[series("specgw_upstream_connections", upstream="users", state="busy")] == 1


def test_the_process_and_the_version_are_there() -> None:
    found = scrape(Metrics("1.2.3"))
    assert found[series("specgw_build_info", version="1.2.3")] == 1
    assert found[series("process_open_fds")] > 0
    assert any(name == "python_info" for name, _ in found)


def test_two_registries_do_not_meet() -> None:
    one, other = Metrics("1"), Metrics("1")
    one.problem("no-route")
    assert b"no-route" not in other.expose()


def test_the_media_type_is_that_of_the_text_format() -> None:
    assert CONTENT_TYPE.startswith("text/plain; version=0.0.4")


def test_websockets_are_counted_while_they_are_open_and_by_how_the_gateway_ended_them() -> None:
    metrics = Metrics("1")
    metrics.websockets += 2
    metrics.websocket_bytes_in += 10
    metrics.websocket_bytes_out += 20
    metrics.websocket_closed(1009)
    metrics.websocket_closed(1009)
    found = scrape(metrics)
    assert found[series("specgw_websockets")] == 2
    assert found[series("specgw_websocket_bytes_total", direction="in")] == 10
    assert found[series("specgw_websocket_bytes_total", direction="out")] == 20
    assert found[series("specgw_websocket_closes_total", code="1009")] == 2
