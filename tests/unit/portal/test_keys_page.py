"""The page of keys, told from the Plan."""

from __future__ import annotations

from typing import Any

import pytest

from specgw.plan.model import Origin, Parameter, Plan, Require, Route, Scheme, SecurityScheme
from specgw.portal.keys_page import Example, Way, example, schemes, ways

KEY = Scheme(name="key", service="a", kind="apiKey", type="apiKey in header", field="X-API-Key")
QUERY = Scheme(name="query", service="a", kind="apiKey", type="apiKey in query", field="key", location="query")
COOKIE = Scheme(name="cookie", service="a", kind="apiKey", type="apiKey in cookie", field="key", location="cookie")
BASIC = Scheme(name="basic", service="a", kind="basic", type="http basic")
OTHER = Scheme(name="token", service="a", kind="token", type="http bearer")


def route(path: str = "/notes", *schemes: Scheme, method: str = "GET", **more: Any) -> Route:
    asked = tuple((SecurityScheme(name=scheme.name, scheme=f"a/{scheme.name}"),) for scheme in schemes or (KEY,))
    origin = Origin(file="a.yaml", line=1)
    usual = {"id": f"{method} {path}", "service": "a", "method": method, "path": path, "document_path": path, "origin": origin}
    return Route(**{**usual, "security": asked, **more})


def plan(*routes: Route) -> Plan:
    return Plan(routes=routes, schemes={f"a/{scheme.name}": scheme for scheme in (KEY, QUERY, COOKIE, BASIC, OTHER)})


def test_each_way_is_told_once() -> None:
    twice = Plan(schemes={"a/key": KEY, "b/k": Scheme(name="k", service="b", kind="apiKey", type="", field="X-API-Key"), "a/token": OTHER})
    assert ways(twice) == [Way("in the header field", "X-API-Key: KEY", ("key", "k"))]
    assert schemes(twice) == ["a/key", "b/k"]
    assert [way.code for way in ways(plan())] == ["X-API-Key: KEY", "Authorization: Basic …", "Cookie: key=KEY", "?key=KEY"]


@pytest.mark.parametrize(
    "scheme",
    [
        OTHER,
        Scheme(name="key", service="a", kind="apiKey", type="", verify="upstream"),
        Scheme(name="basic", service="a", kind="basic", type="", users={"ada": "x"}),
    ],
)
def test_what_takes_no_keys_of_the_store(scheme: Scheme) -> None:
    assert ways(Plan(schemes={"a/x": scheme})) == []


@pytest.mark.parametrize(
    ("scheme", "expected"),
    [
        (KEY, Example("/notes", '--header "X-API-Key: $KEY"')),
        (QUERY, Example("/notes", "", "?key=$KEY")),
        (BASIC, Example("/notes", '--user "anybody:$KEY"')),
        (COOKIE, None),
        (OTHER, None),
    ],
)
def test_a_first_call(scheme: Scheme, expected: Example | None) -> None:
    assert example(plan(route("/notes", scheme))) == expected


@pytest.mark.parametrize(
    "unfit",
    [
        route("/first", method="POST"),
        route("/first/{id}"),
        route("/first", visibility="internal"),
        route("/first", hosts=("a.example",)),
        route("/first", security=None),
        route("/first", require=Require(roles=("admin",))),
        route("/first", parameters=(Parameter(name="q", location="query", style="form", required=True),)),
        route("/first", security=((SecurityScheme(name="key", scheme="a/key"), SecurityScheme(name="token", scheme="a/token")),)),
        route("/first", security=((SecurityScheme(name="key", scheme="a/key", scopes=("admin",)),),)),
    ],
)
def test_a_first_call_needs_nothing_but_a_key(unfit: Route) -> None:
    found = example(plan(unfit, route("/second")))
    assert found is not None
    assert found.path == "/second"
