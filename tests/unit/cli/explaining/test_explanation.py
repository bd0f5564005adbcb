"""The document that `--format json` prints; what is in it is shown as text by tests/golden/explain."""

from __future__ import annotations

from typing import Any

from specgw.cli.explaining.asked import read_asked
from specgw.cli.explaining.explanation import explain
from specgw.plan.model import Edge, Origin, Parameter, Plan, Route, Shape, Target, Upstream, UpstreamChoice, Validate

ORIGIN = Origin(file="api.yaml", line=7)
ROUTE = Route(
    id="list",
    operation_id="list",
    service="users",
    method="GET",
    path="/api/users",
    document_path="/users",
    origin=ORIGIN,
    upstreams=(UpstreamChoice(upstream="users"),),
    validate=Validate(unknown_query="reject"),
    parameters=(Parameter(name="page", location="query", style="form", explode=True, shape=Shape(types=("integer",)), schema="x"),),
)
PLAN = Plan(routes=(ROUTE,), upstreams={"users": Upstream(name="users", targets=(Target(url="https://u.example/base/"),))})
ORIGINS: dict[str, Any] = {
    "defaults": {"mount": "none", "timeout.connect": "1s", "timeout.total": "60s", "headers": "none", "maxBody": "1MiB"},
    "routes": {
        "list": {
            "settings": {
                "mount": {"value": "/api", "from": "root", "file": "api.yaml", "line": 3},
                "timeout.total": {"value": "9s", "from": "path", "file": "api.yaml", "line": 5},
                "headers.request.set.X-A": {"value": "b", "from": "operation", "file": "api.yaml", "line": 9},
            },
            "security": None,
        }
    },
    "unserved": [],
}
MATRIX: dict[str, Any] = {"operations": [{"route": "list", "alternatives": []}]}


def explained(method: str, url: str, plan: Plan = PLAN) -> dict[str, Any]:
    return explain(plan, ORIGINS, MATRIX, read_asked(method, url))


def test_settings_with_their_places_and_defaults() -> None:
    settings = [(said["name"], said["value"], said["from"], said["line"]) for said in explained("GET", "/api/users")["settings"]]
    assert settings == [
        ("mount", "/api", "root", 3),
        ("timeout.connect", "1s", "default", None),
        ("timeout.total", "9s", "path", 5),
        ("headers.request.set.X-A", "b", "operation", 9),
        ("maxBody", "1MiB", "default", None),
    ]


def test_the_parts() -> None:
    explanation = explained("GET", "/api/users?page=1&more=2")
    assert explanation["answer"] == {"by": "route", "status": None, "reason": "the route list"}
    assert explanation["route"]["file"] == "api.yaml"
    assert explanation["security"] == {"public": True, "alternatives": [], "from": "default", "file": None, "line": None}
    assert explanation["validation"]["undeclaredQuery"] == ["more"]
    [target] = explanation["upstream"]["targets"]
    assert target["origin"] + target["path"] == "https://u.example/base/users"


def test_answers_without_a_route() -> None:
    assert explained("PUT", "/api/users")["answer"]["status"] == 405
    assert explained("OPTIONS", "/api/users")["answer"]["status"] == 204
    assert explained("GET", "/nothing")["answer"]["status"] == 404
    assert explained("GET", "/a//b")["answer"]["status"] == 400
    assert explained("GET", "/portal/index.html")["answer"] == {
        "by": "gateway",
        "status": None,
        "reason": "the gateway answers this path itself, where that page is served",
    }
    fallback = Plan(routes=(ROUTE,), upstreams=PLAN.upstreams, edge=Edge(fallback="users"))
    assert explained("GET", "/nothing", fallback)["answer"]["by"] == "fallback"


def test_a_route_of_an_older_build_is_explained_without_places() -> None:
    explanation = explain(PLAN, {**ORIGINS, "routes": {}}, {"operations": []}, read_asked("GET", "/api/users"))
    assert {said["from"] for said in explanation["settings"]} == {"default"}
