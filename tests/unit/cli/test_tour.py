from __future__ import annotations

import json
from typing import Any

import pytest

from specgw.cli.tour import readable, requests
from specgw.plan.model import Body, Conditions, Origin, Parameter, Plan, Route, Scheme, SecurityScheme

BASE = "http://127.0.0.1:8080"


def route(method: str, path: str, service: str = "users", **more: Any) -> Route:
    return Route(
        id=f"{method} {path}", service=service, method=method, path=path, document_path=path, origin=Origin(file="a.yaml", line=1), **more
    )


def test_a_line_of_the_access_log_becomes_a_sentence() -> None:
    line = {"time": "now", "method": "GET", "path": "/api/users", "status": 200, "durationMs": 3.14, "operationId": "listUsers"}
    assert readable(json.dumps(line)) == "GET    /api/users → 200  3.1 ms  listUsers"


def test_a_refusal_says_its_problem() -> None:
    line = {"method": "POST", "path": "/api/users", "status": 400, "durationMs": 0.5, "operationId": "x", "problem": "invalid-request"}
    assert readable(json.dumps(line)) == "POST   /api/users → 400  0.5 ms  invalid-request"


@pytest.mark.parametrize("line", ["", "watching for changes", "{", '{"method": "GET"}', "{not json}", '{"method": 1, "path": 2}'])
def test_any_other_line_stays(line: str) -> None:
    assert readable(line) == line


def test_one_request_for_each_service_one_refusal_and_the_gateways_own_pages() -> None:
    plan = Plan(
        routes=(
            route("GET", "/api/products", "products"),
            route("GET", "/api/products/{id}", "products"),
            route("DELETE", "/api/users"),
            route("GET", "/api/users"),
            route("GET", "/api/users/all"),
            route("POST", "/api/users", body=Body(required=True)),
        )
    )
    assert list(requests(plan, BASE, dev=True)) == [
        f"curl {BASE}/api/products",
        f"curl {BASE}/api/users",
        f"curl -i -X POST {BASE}/api/users -H 'Content-Type: application/json' -d '{{}}'",
        f"curl -i {BASE}/not-declared",
        f"curl {BASE}/metrics",
    ]


@pytest.mark.parametrize(
    "more",
    [
        {"path_match": "prefix"},
        {"hosts": ("api.example.com",)},
        {"conditions": Conditions(query={"a": None})},
        {"security": ((SecurityScheme(name="key", scheme="users/key"),),)},
        {"parameters": (Parameter(name="q", location="query", style="form", required=True),)},
        {"visibility": "internal"},
    ],
)
def test_what_needs_more_than_a_path_is_not_proposed(more: dict[str, Any]) -> None:
    plan = Plan(routes=(route("GET", "/things", **more),))
    assert list(requests(plan, BASE, dev=False)) == [f"curl -i {BASE}/not-declared"]


KEY = Scheme(name="key", service="users", kind="apiKey", type="apiKey in header", field="X-Key")


def test_what_needs_a_key_is_proposed_with_the_one_that_everybody_knows_and_without() -> None:
    security = ((SecurityScheme(name="key", scheme="users/key"),),)
    plan = Plan(
        routes=(route("GET", "/users", security=security), route("POST", "/users", security=security, body=Body(required=True))),
        schemes={"users/key": KEY},
    )
    assert list(requests(plan, BASE, dev=True))[:3] == [
        f"curl -H 'X-Key: DEV_KEY_12345' {BASE}/users",
        f"curl -i {BASE}/users",
        f"curl -i -X POST {BASE}/users -H 'X-Key: DEV_KEY_12345' -H 'Content-Type: application/json' -d '{{}}'",
    ]
    assert list(requests(plan, BASE, dev=False)) == [f"curl -i {BASE}/not-declared"]


@pytest.mark.parametrize(
    ("scopes", "kind", "location"),
    [(("admin",), "apiKey", "header"), ((), "token", "header"), ((), "apiKey", "cookie")],
)
def test_what_that_key_does_not_open_is_not_proposed(scopes: tuple[str, ...], kind: Any, location: Any) -> None:
    scheme = Scheme(name="key", service="users", kind=kind, type="", field="X-Key", location=location)
    security = ((SecurityScheme(name="key", scheme="users/key", scopes=scopes),),)
    plan = Plan(routes=(route("GET", "/users", security=security),), schemes={"users/key": scheme})
    assert list(requests(plan, BASE, dev=True))[:1] == [f"curl -i {BASE}/not-declared"]
