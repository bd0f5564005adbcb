from __future__ import annotations

from typing import Any

from msgspec.structs import replace

from specgw.changes.compare import compare
from specgw.changes.enforced.side import Enforced
from specgw.plan.model import Edge, Require
from tests.unit.changes.plans import SCHEMES, plan, route


def test_the_gravest_come_first() -> None:
    old = plan(route("key"), route(None, path="/a"), route("key", path="/z"))
    new = plan(route(None), route("key", path="/a"), edge=Edge(fallback="legacy"))
    found = compare(Enforced(old), Enforced(new))
    assert [(change.grade, change.subject) for change in found] == [
        ("weaker", "GET /users"),
        ("weaker", "GET /z"),
        ("weaker", "gateway"),
        ("stronger", "GET /a"),
    ]
    assert len({change.mark for change in found}) == 4


def test_nothing_differs_from_itself() -> None:
    same = plan(route("oauth:read | key"), route(None, path="/a/{b}"))
    assert compare(Enforced(same), Enforced(same)) == []


def test_a_scheme_that_is_asked_for_and_weakened_is_one_change() -> None:
    upstream = {"users/key": replace(SCHEMES["users/key"], verify="upstream")}
    old, new = Enforced(plan(route("key"))), Enforced(plan(route("key"), schemes=upstream))
    assert [change.code for change in compare(old, new)] == ["scheme-verify"]


def test_what_is_needed_beyond_security_is_told_with_the_line_of_its_setting() -> None:
    def side(line: int, **said: Any) -> Enforced:
        made = plan(route("key", **said))
        settings = {"require.roles": {"file": "users.yaml", "line": line}} if said else {}
        return Enforced(made, {"routes": {made.routes[0].id: {"settings": settings}}})

    [change] = [each for each in compare(side(9, require=Require(roles=("admin",))), side(0)) if each.code == "require-roles"]
    assert (change.old and change.old.line, change.new and change.new.line) == (9, 7), "where nobody says it, the operation"
