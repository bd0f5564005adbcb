from __future__ import annotations

from typing import Any

import pytest

USERS = (
    "paths: {'/users/{id}': {get: {operationId: getUser, parameters: [{name: id, in: path, required: true, "
    "schema: {}}], responses: {default: {description: ok}}}}}"
)


def places(build: Any) -> dict[str, tuple[str, str | None]]:
    return {route.id: (route.path, route.version) for route in build.plan.routes}


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("{}", {"getUser": ("/users/{id}", None)}),
        ("{mount: /api}", {"getUser": ("/api/users/{id}", None)}),
        ("{mount: /api, version: v1}", {"getUser": ("/api/v1/users/{id}", "v1")}),
        (
            "{mount: /api, version: {name: v1, by: path, default: true}}",
            {"getUser": ("/api/users/{id}", "v1"), "getUser@v1": ("/api/v1/users/{id}", "v1")},
        ),
    ],
)
def test_the_public_path_is_mount_version_and_document_path(build: Any, said: str, expected: dict[str, tuple[str, str]]) -> None:
    made = build(f"x-gateway: {said}\n{USERS}")
    assert places(made) == expected
    assert {route.document_path for route in made.plan.routes} == {"/users/{id}"}


def test_host_and_match_and_path_match_come_along(build: Any) -> None:
    made = build(
        "x-gateway: {host: [A.example, b.example]}\n"
        "paths:\n  /files:\n    x-gateway: {pathMatch: prefix, match: {headers: {X-Beta: true}, query: {a: b}}}\n"
        "    get: {responses: {default: {description: ok}}}\n"
    )
    [route] = made.plan.routes
    assert route.hosts == ("a.example", "b.example")
    assert route.path_match == "prefix"
    assert (route.conditions.headers, route.conditions.query) == ({"x-beta": None}, {"a": "b"})


def test_a_query_in_a_path_is_a_condition(build: Any, found: Any) -> None:
    made = build("paths: {'/a?beta=true': {get: {responses: {default: {description: ok}}}}}")
    [route] = made.plan.routes
    assert (route.path, route.conditions.query) == ("/a", {"beta": "true"})
    assert found(made) == [("query-in-path", "users.yaml", 4)]


@pytest.mark.parametrize("path", ["/a//b", "/a/../b", "/a%zz", "/a%FF", "/a%2Fb"])
def test_a_path_that_no_request_can_have_is_no_route_and_one_finding(build: Any, found: Any, path: str) -> None:
    made = build(f"paths: {{'{path}': {{get: {{responses: {{default: {{description: ok}}}}}}}}}}")
    assert found(made) == [("unreachable-path", "users.yaml", 4)]
    assert made.plan.routes == ()
    assert [(entry.path, entry.enforcement) for entry in made.listing] == [(path, "unreachable")]
