from __future__ import annotations

from typing import get_args

from specgw.plan.model import Plan, Scheme, SchemeKind
from specgw.policies.auth.api_key import ApiKey
from specgw.policies.auth.base import Services
from specgw.policies.auth.presence import Nothing, Presence
from specgw.policies.auth.schemes import BUILD, build, verifiers

KEY = Scheme(name="key", service="s", kind="apiKey", type="apiKey in header", field="X-Key")
TOKEN = Scheme(name="token", service="s", kind="token", type="http bearer", http_scheme="bearer")


def test_every_kind_has_a_verifier() -> None:
    assert BUILD.keys() == set(get_args(SchemeKind))


def test_the_service_verifies_where_the_scheme_says_so() -> None:
    upstream = Scheme(name="key", service="s", kind="apiKey", type="apiKey in header", field="X-Key", verify="upstream")
    assert isinstance(build(upstream, Services()), Presence)
    assert isinstance(build(KEY, Services()), ApiKey)


def test_nothing_to_verify_with_lets_nobody_in() -> None:
    assert isinstance(build(TOKEN, Services()), Nothing)


def test_schemes_of_a_plan_by_their_keys() -> None:
    made = verifiers(Plan(schemes={"s/key": KEY, "s/token": TOKEN}), Services())
    assert made.keys() == {"s/key", "s/token"}
