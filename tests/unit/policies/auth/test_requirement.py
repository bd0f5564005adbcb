from __future__ import annotations

from typing import Any

import pytest

from specgw import problems
from specgw.plan.model import Origin, Require, Route, Scheme, SecurityScheme
from specgw.policies.auth.base import Identity
from specgw.policies.auth.requirement import Requirement, build, claimed
from specgw.policies.base import Exchange
from specgw.problems import Kind, Problem

ADA = Identity("oauth", "ada", None, frozenset({"read"}), frozenset({"editor"}), {"tier": "gold", "level": 3, "realm": {"groups": ["a"]}})


def outcome(identity: Identity | None = ADA, **required: Any) -> tuple[Problem | None, dict[str, object]]:
    policy = build(
        Route(id="a", service="s", method="GET", path="/", document_path="/", origin=Origin(file="f", line=1), require=Require(**required)),
        {},
    )
    assert isinstance(policy, Requirement)
    exchange = Exchange()
    exchange.identity, exchange.method, exchange.notes = identity, "GET", {}
    return policy.request(exchange), exchange.notes


@pytest.mark.parametrize(
    "required",
    [
        {"roles": ("editor",)},
        {"roles": ("owner", "editor")},
        {"scopes": ("read",)},
        {"claims": {"tier": "gold", "level": 3.0, "realm.groups": "a"}},
        {"when": "claims.level > 2 && request.method == 'GET'"},
        {"roles": ("editor",), "scopes": ("read",), "claims": {"tier": "gold"}, "when": "identity.subject == 'ada'"},
    ],
)
def test_who_has_it_all_goes_on(required: dict[str, Any]) -> None:
    assert outcome(**required) == (None, {})


@pytest.mark.parametrize(
    ("required", "kind", "detail"),
    [
        ({"roles": ("owner",)}, problems.INSUFFICIENT_SCOPE, "the caller lacks the role owner"),
        ({"roles": ("owner", "admin")}, problems.INSUFFICIENT_SCOPE, "the caller lacks one of the roles owner, admin"),
        ({"scopes": ("read", "write")}, problems.INSUFFICIENT_SCOPE, "the credentials lack: write"),
        (
            {"claims": {"tier": "silver"}},
            problems.REQUIREMENT_NOT_MET,
            "the claim 'tier' is not there, or not what this operation asks for",
        ),
        ({"when": "claims.level > 3"}, problems.REQUIREMENT_NOT_MET, "a condition of this operation is not met"),
    ],
)
def test_who_lacks_something_is_told_what(required: dict[str, Any], kind: Kind, detail: str) -> None:
    assert outcome(**required) == (Problem(kind, detail), {})


def test_who_came_with_a_token_is_told_which_scopes_another_one_needs() -> None:
    asked = ((SecurityScheme(name="oauth", scheme="s/oauth"),), (SecurityScheme(name="key", scheme="s/key"),))
    schemes = {
        "s/oauth": Scheme(name="oauth", service="s", kind="token", type="oauth2"),
        "s/key": Scheme(name="key", service="s", kind="apiKey", type="apiKey in header", field="X-Key"),
    }
    origin = Origin(file="f", line=1)
    require = Require(scopes=("write", "audit"))
    route = Route(id="a", service="s", method="GET", path="/", document_path="/", origin=origin, security=asked, require=require)
    policy = build(route, schemes)
    assert policy is not None
    exchange = Exchange()
    exchange.identity = ADA
    problem = policy.request(exchange)
    assert problem is not None
    [(name, value)] = problem.headers
    assert (name, value) == (
        b"WWW-Authenticate",
        b'Bearer realm="s", error="insufficient_scope", error_description="the credentials lack: audit, write", scope="audit write"',
    )
    exchange.identity = Identity("key", "key_1")
    problem = policy.request(exchange)
    assert problem is not None
    assert problem.headers == ()


@pytest.mark.parametrize("required", [{"roles": ("editor",)}, {"scopes": ("read",)}, {"claims": {"tier": "gold"}}])
def test_nobody_is_refused(required: dict[str, Any]) -> None:
    assert outcome(None, **required)[0] == Problem(problems.REQUIREMENT_NOT_MET, "this operation asks who calls, and nobody has said it")


def test_a_condition_on_the_request_alone_needs_nobody() -> None:
    assert outcome(None, when="request.method == 'GET'")[0] is None


def test_what_cannot_be_decided_is_refused_and_noted() -> None:
    problem, notes = outcome(when="claims.nothing == 'x'")
    assert problem == Problem(problems.REQUIREMENT_NOT_MET, "a condition of this operation is not met")
    assert notes == {"condition": "not decided: something that it asks for is not there"}


@pytest.mark.parametrize(
    ("name", "wanted", "met"),
    [
        ("text", "a", True),
        ("text", "b", False),
        ("yes", True, True),
        ("yes", 1, False),
        ("one", 1, True),
        ("one", 1.0, True),
        ("one", True, False),
        ("one", "1", False),
        ("list", "a", True),
        ("list", ["a", "b"], True),
        ("list", ["b", "a"], False),
        ("list", "c", False),
        ("object", {"a": 1}, True),
        ("object", {"a": True}, False),
        ("object", {"a": 1, "b": 2}, False),
        ("object.a", 1, True),
        ("object.b", 1, False),
        ("text.a", 1, False),
        ("https://x.example/y", "z", True),
        ("nothing", None, False),
        ("null", None, True),
    ],
)
def test_what_a_claim_is(name: str, wanted: object, met: bool) -> None:
    claims = {
        "text": "a",
        "yes": True,
        "one": 1,
        "list": ["a", "b"],
        "object": {"a": 1},
        "https://x.example/y": "z",
        "null": None,
    }
    assert claimed(claims, name, wanted) == met


def test_most_routes_require_nothing() -> None:
    route = Route(id="a", service="s", method="GET", path="/", document_path="/", origin=Origin(file="f", line=1))
    assert build(route, {}) is None
