"""`require` and `csrf`: what a caller needs beyond `security`."""

from __future__ import annotations

from typing import Any

import pytest

from specgw.changes import requirements
from specgw.plan.model import Require, WebSocket
from tests.unit.changes.plans import plan, route

NONE: dict[str, Any] = {}


@pytest.mark.parametrize(
    ("before", "after", "code", "grade"),
    [
        (NONE, {"roles": ("editor",)}, "require-roles", "stronger"),
        ({"roles": ("editor",)}, NONE, "require-roles", "weaker"),
        ({"roles": ("editor",)}, {"roles": ("editor", "viewer")}, "require-roles", "weaker"),
        ({"roles": ("editor", "viewer")}, {"roles": ("editor",)}, "require-roles", "stronger"),
        ({"roles": ("editor",)}, {"roles": ("viewer",)}, "require-roles", "weaker"),
        ({"scopes": ("a", "b")}, {"scopes": ("a",)}, "require-scopes", "weaker"),
        ({"scopes": ("a",)}, {"scopes": ("a", "b")}, "require-scopes", "stronger"),
        ({"scopes": ("a",)}, {"scopes": ("b",)}, "require-scopes", "weaker"),
        ({"claims": {"tier": "gold"}}, NONE, "require-claims", "weaker"),
        ({"claims": {"tier": "gold"}}, {"claims": {"tier": "silver"}}, "require-claims", "weaker"),
        (NONE, {"claims": {"tier": "gold"}}, "require-claims", "stronger"),
        (NONE, {"when": "claims.a == 1"}, "require-when", "stronger"),
        ({"when": "claims.a == 1"}, NONE, "require-when", "weaker"),
        ({"when": "claims.a == 1"}, {"when": "claims.a == 1 && claims.b == 2"}, "require-when", "weaker"),
    ],
)
def test_what_is_required(before: dict[str, Any], after: dict[str, Any], code: str, grade: str) -> None:
    old, new = (route("key", require=Require(**said) if said else None) for said in (before, after))
    [change] = requirements.compare("GET /users", old, new, (plan(old), plan(new)))
    assert (change.code, change.grade) == (code, grade)


@pytest.mark.parametrize(
    ("asked", "before", "after", "grade"),
    [
        ("session", None, "off", "weaker"),
        ("session", "on", "off", "weaker"),
        ("session", "off", None, "stronger"),
        ("session", None, "on", None),
        ("key", None, "off", None),
        ("key | session", None, "off", "weaker"),
    ],
)
def test_protection_against_forged_requests_matters_where_a_cookie_authenticates(
    asked: str, before: str | None, after: str | None, grade: str | None
) -> None:
    old, new = (route(asked, csrf=said) for said in (before, after))
    assert [it.grade for it in requirements.compare("GET /users", old, new, (plan(old), plan(new)))] == ([] if grade is None else [grade])


def test_what_stays_is_no_change() -> None:
    same = route("key", require=Require(roles=("a",), claims={"x": [1]}, when="true"))
    assert list(requirements.compare("GET /users", same, same, (plan(same), plan(same)))) == []


@pytest.mark.parametrize(
    ("before", "after", "grade"),
    [
        (None, ("*",), "weaker"),
        (None, ("https://app.example",), "weaker"),
        (("https://a.example",), ("https://a.example", "https://b.example"), "weaker"),
        (("*",), ("https://a.example",), "stronger"),
        (("https://a.example", "https://b.example"), ("https://b.example",), "stronger"),
        (("https://a.example",), ("https://a.example",), None),
    ],
)
def test_pages_that_may_open_a_websocket(before: tuple[str, ...] | None, after: tuple[str, ...] | None, grade: str | None) -> None:
    old, new = (route("session", websocket=WebSocket(origins=origins)) for origins in (before, after))
    assert [it.grade for it in requirements.compare("GET /users", old, new, (plan(old), plan(new)))] == ([] if grade is None else [grade])
