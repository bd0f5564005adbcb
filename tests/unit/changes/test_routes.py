"""Who may call which operation: `before → after`, and what that comes to."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from specgw.changes import routes
from specgw.plan.model import Conditions, Edge, Require
from tests.unit.changes.plans import ORIGIN, SCHEMES, plan, route


@pytest.mark.parametrize(
    ("before", "after", "grade"),
    [
        ("oauth:read", "oauth:read", None),
        ("oauth:read", None, "weaker"),
        ("oauth:read", "", "weaker"),
        ("oauth:read", "oauth:read | -", "weaker"),
        ("oauth:read", "oauth:read | key", "weaker"),
        ("oauth:read + key", "key", "weaker"),
        ("oauth:read + key", "oauth:read | key", "weaker"),
        ("oauth:read,write", "oauth:read", "weaker"),
        ("oauth:read", "oauth:write", "weaker"),
        ("oauth:read", "oauth", "weaker"),
        ("oauth:read", "key", "weaker"),
        ("oauth:read | key", "oauth | key", "weaker"),
        (None, "key", "stronger"),
        ("key | -", "key", "stronger"),
        ("key | session", "key", "stronger"),
        ("key", "key + oauth:read", "stronger"),
        ("oauth:read", "oauth:read,write", "stronger"),
        ("key", "key | key + oauth:read", None),
        ("key | session", "session | key", None),
        ("key | key + session", "key", None),
        (None, "", None),
        ("", "-", None),
    ],
)
def test_security_of_an_operation(before: str | None, after: str | None, grade: str | None) -> None:
    found = list(routes.compare(plan(route(before)), plan(route(after))))
    real = [change.grade for change in found if change.grade != "neutral"]
    assert real == ([] if grade is None else [grade])


def test_what_is_said_in_another_way_is_neutral() -> None:
    [change] = routes.compare(plan(route("key")), plan(route("key | key + oauth:read")))
    assert (change.grade, change.code, change.subject) == ("neutral", "security", "GET /users")


def test_a_weaker_one_says_what_is_enough_now() -> None:
    [change] = routes.compare(plan(route("oauth:read,write")), plan(route("oauth:read | key")))
    assert change.message == "users/key, or users/oauth(read) is enough now; before it took users/oauth(read, write)"
    assert (change.before, change.after) == ("users/oauth(read, write)", "users/key, or users/oauth(read)")
    assert change.old == change.new == ORIGIN


@pytest.mark.parametrize(
    ("asked", "grade", "message"),
    [(None, "weaker", "new, and public"), ("key | -", "weaker", "new, and public"), ("key", "neutral", "new, and protected")],
)
def test_a_new_operation(asked: str | None, grade: str, message: str) -> None:
    [change] = routes.compare(plan(), plan(route(asked)))
    assert (change.grade, change.code, change.message) == (grade, "operation-added", message)


def test_a_new_operation_in_front_of_a_template_that_asked_for_more() -> None:
    item = route("oauth:read,write", path="/users/{id}")
    [change] = routes.compare(plan(item), plan(item, route("oauth:read", path="/users/me")))
    assert (change.grade, change.code) == ("weaker", "operation-added")
    assert "GET /users/{id}" in change.message


def test_an_operation_that_is_gone() -> None:
    [change] = routes.compare(plan(route("key")), plan())
    assert (change.grade, change.code, change.message) == ("neutral", "operation-removed", "gone")


def test_an_operation_that_leaves_its_path_to_a_template_that_asks_for_less() -> None:
    item = route("key", path="/users/{id}")
    [change] = routes.compare(plan(item, route("key + oauth:read", path="/users/me")), plan(item))
    assert (change.grade, change.code) == ("weaker", "operation-removed")
    [same] = routes.compare(plan(item, route("key", path="/users/me")), plan(item))
    assert same.grade == "neutral"


def test_an_operation_that_leaves_its_path_to_the_fallback() -> None:
    behind = Edge(fallback="legacy")
    [change] = routes.compare(plan(route("key"), edge=behind), plan(edge=behind))
    assert (change.grade, change.code) == ("weaker", "operation-removed")
    [public] = routes.compare(plan(route(None), edge=behind), plan(edge=behind))
    assert public.grade == "neutral"


def test_names_of_parameters_make_no_other_operation() -> None:
    assert list(routes.compare(plan(route("key", path="/users/{id}")), plan(route("key", path="/users/{userId}")))) == []


def test_hosts_and_conditions_make_another_operation() -> None:
    one = route("key", hosts=("a.example",), conditions=Conditions(headers={"x-beta": "on"}, query={"preview": None}))
    other = replace(one, hosts=("b.example",))
    assert sorted(change.code for change in routes.compare(plan(one), plan(other))) == ["operation-added", "operation-removed"]
    assert [change.subject for change in routes.compare(plan(), plan(one))] == ["GET /users (a.example)"]
    weaker = replace(one, security=None)
    assert [change.grade for change in routes.compare(plan(one), plan(weaker))] == ["weaker"]


def test_another_name_of_a_scheme_lets_nobody_in() -> None:
    renamed = {**SCHEMES, "users/apiKey": replace(SCHEMES["users/key"], name="apiKey")}
    del renamed["users/key"]
    after = route(None, security=tuple(tuple(replace(it, scheme="users/apiKey") for it in row) for row in route("key").security or ()))
    assert [it for it in routes.compare(plan(route("key")), plan(after, schemes=renamed)) if it.grade != "neutral"] == []


def test_a_concrete_path_that_takes_requests_over_asks_for_what_the_template_asked() -> None:
    template = route("key", path="/users/{id}", require=Require(roles=("editor",)))
    concrete = route("key", path="/users/me")
    found = {change.code: change.grade for change in routes.compare(plan(template), plan(template, concrete))}
    assert found == {"require-roles": "weaker", "operation-added": "neutral"}
    back = {change.code: change.grade for change in routes.compare(plan(template, concrete), plan(template))}
    assert back == {"operation-removed": "neutral"}


def test_a_concrete_path_that_goes_leaves_its_requests_to_a_template_that_asks_for_less() -> None:
    template = route("key", path="/users/{id}")
    concrete = route("key", path="/users/me", require=Require(scopes=("admin",)))
    found = {change.code: change.grade for change in routes.compare(plan(template, concrete), plan(template))}
    assert found == {"require-scopes": "weaker", "operation-removed": "neutral"}
