"""The reasons are shown by tests/golden/explain; here the rest: prefixes, and that every candidate is told once."""

from __future__ import annotations

import pytest

from specgw.cli.explaining.asked import read_asked
from specgw.cli.explaining.candidates import hints, matches, rejected, told
from specgw.plan.model import Conditions, Origin, Plan, Route
from specgw.plan.table import RouteTable


def route(path: str, method: str = "GET", **members: object) -> Route:
    plain = {"id": f"{method} {path}", "service": "s", "document_path": path, "origin": Origin(file="api.yaml", line=1), **members}
    return Route(method=method, path=path, **plain)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("template", "path", "fits"),
    [
        ("/a/{x}", "/a/b", True),
        ("/a/{x}", "/a/b/c", True),
        ("/a/{x}", "/a", False),
        ("/a/", "/a", False),
        ("/a/", "/a/", True),
        ("/a/", "/a/b/c", True),
        ("/a/{x}.json", "/a/b.json/c", True),
        ("/a/{x}.json", "/a/b.xml/c", False),
        ("/", "/anything/at/all", True),
    ],
)
def test_a_prefix(template: str, path: str, fits: bool) -> None:
    assert matches(route(template, path_match="prefix"), path) is fits
    found = RouteTable([route(template, path_match="prefix")]).allowed(path, None)
    assert (found is not None) is fits


def test_every_route_with_the_path_is_taken_or_rejected() -> None:
    plan = Plan(
        routes=(
            route("/a/b"),
            route("/a/{x}"),
            route("/a/{x}", "PUT"),
            route("/a/", path_match="prefix"),
            route("/a/{x}", id="twice", conditions=Conditions(query={"q": None})),
            route("/other"),
        )
    )
    asked = read_asked("GET", "/a/c")
    result = RouteTable(plan.routes).match("GET", "/a/c", None, [], None)
    assert [(other.route.id, other.reason) for other in rejected(plan, asked, result)] == [
        ("GET /a/b", "") if matches(plan.routes[0], "/a/c") else ("PUT /a/{x}", "method: it answers PUT"),
        ("GET /a/", "prefix: an exact path comes first, which is /a/{x}"),
        ("twice", "conditions: query parameter q does not hold"),
    ]


def test_of_two_prefixes_the_longer_one() -> None:
    plan = Plan(routes=(route("/a", path_match="prefix"), route("/a/b", path_match="prefix")))
    asked = read_asked("GET", "/a/b/c")
    [other] = rejected(plan, asked, RouteTable(plan.routes).match("GET", "/a/b/c", None, [], None))
    assert other.reason == "prefix: a longer prefix comes first, which is /a/b"


def test_hints_for_a_path_of_the_document() -> None:
    plan = Plan(routes=(route("/api/users", document_path="/users"),))
    table = RouteTable(plan.routes)
    assert hints(plan, read_asked("GET", "/users"), table) == ["/users of the document is served under '/api': '/api/users'"]
    assert hints(plan, read_asked("GET", "/api/users/"), table) == ["'/api/users' is declared; a slash at the end makes another path"]
    assert hints(plan, read_asked("GET", "/zzz"), table) == []


def test_conditions_in_words() -> None:
    assert told(Conditions(headers={"x-beta": "on"}, query={"q": None})) == ["header x-beta = 'on'", "query parameter q"]
