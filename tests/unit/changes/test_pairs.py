from __future__ import annotations

from specgw.changes.pairs import key, pairs, subject
from specgw.plan.model import Conditions
from tests.unit.changes.plans import plan, route


def test_names_of_parameters_count_for_nothing() -> None:
    assert key(route(path="/users/{id}")) == key(route(path="/users/{name}")) != key(route(path="/users/id"))


def test_what_only_hosts_or_conditions_tell_apart_is_the_same_where_that_is_sure() -> None:
    old, new = route(hosts=("a.example",)), route(hosts=("b.example",))
    assert list(pairs(plan(old), plan(new))) == [(old, new)]
    beta = route(conditions=Conditions(headers={"x-beta": "on"}))
    assert list(pairs(plan(route(), beta), plan(route()))) == [(route(), route())]
    assert list(pairs(plan(route(hosts=("a.example",)), beta), plan(route(hosts=("b.example",))))) == []


def test_hosts_stand_behind_the_address() -> None:
    assert subject(route(hosts=("a.example", "b.example"))) == "GET /users (a.example, b.example)"
