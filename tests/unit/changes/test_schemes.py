"""Security schemes: one field of one scheme differs, and what that comes to."""

from __future__ import annotations

from typing import Any

import pytest
from msgspec.structs import replace

from specgw.changes import schemes
from specgw.plan.model import Introspection
from tests.unit.changes.plans import SCHEMES, plan

ASK = Introspection(url="https://id.example.com/ask", client_id="gw", client_secret="${SECRET}")


@pytest.mark.parametrize(
    ("scheme", "before", "after", "code", "grade"),
    [
        ("oauth", {}, {"verify": "upstream"}, "scheme-verify", "weaker"),
        ("oauth", {"verify": "upstream"}, {}, "scheme-verify", "stronger"),
        ("oauth", {}, {"audience": ()}, "scheme-audience", "weaker"),
        ("oauth", {}, {"audience": ("users", "shop")}, "scheme-audience", "weaker"),
        ("oauth", {}, {"audience": ("shop",)}, "scheme-audience", "weaker"),
        ("oauth", {"audience": ()}, {}, "scheme-audience", "stronger"),
        ("oauth", {}, {"algorithms": ("RS256", "HS256")}, "scheme-algorithms", "weaker"),
        ("oauth", {}, {"algorithms": ()}, "scheme-algorithms", "weaker"),
        ("oauth", {"algorithms": ()}, {}, "scheme-algorithms", "stronger"),
        ("oauth", {}, {"leeway": 60.0}, "scheme-leeway", "weaker"),
        ("oauth", {}, {"leeway": 5.0}, "scheme-leeway", "stronger"),
        ("oauth", {}, {"issuer": "https://other.example.com"}, "scheme-issuer", "weaker"),
        ("oauth", {}, {"issuer": None, "jwks": "keys.json"}, "scheme-issuer", "weaker"),
        ("oauth", {"issuer": None, "jwks": "keys.json"}, {"jwks": "keys.json"}, "scheme-issuer", "stronger"),
        ("oauth", {"jwks": "a.json"}, {"jwks": "b.json"}, "scheme-keys", "weaker"),
        ("oauth", {"open_id_connect_url": "https://a"}, {"open_id_connect_url": "https://b"}, "scheme-discovery", "weaker"),
        ("oauth", {}, {"introspection": ASK}, "scheme-introspection", "weaker"),
        ("oauth", {"introspection": ASK}, {}, "scheme-introspection", "stronger"),
        ("oauth", {}, {"scopes_from": "permissions"}, "scheme-scopes-from", "weaker"),
        ("oauth", {"roles_from": "groups"}, {}, "scheme-roles-from", "weaker"),
        ("oauth", {}, {"preset": "auth0"}, "scheme-scopes-from", "weaker"),
        ("oauth", {"secret": "${A}"}, {"secret": "${B}"}, "scheme-secret", "weaker"),
        ("oauth", {}, {"plain_http": True}, "scheme-plain-http", "weaker"),
        ("oauth", {"plain_http": True}, {}, "scheme-plain-http", "stronger"),
        ("oauth", {}, {"kind": "other", "type": "http digest", "http_scheme": "digest"}, "scheme-type", "weaker"),
        ("oauth", {}, {"forward": "keep"}, "scheme-forward", "neutral"),
        ("key", {}, {"location": "query", "field": "key"}, "scheme-place", "neutral"),
        ("basic", {}, {"users": {"ada": "hash", "eve": "hash"}}, "scheme-users", "weaker"),
        ("basic", {}, {"users": {}}, "scheme-users", "weaker"),
        ("basic", {"users": {"ada": "hash", "eve": "hash"}}, {}, "scheme-users", "stronger"),
        ("basic", {}, {"users": {"ada": "another hash"}}, "scheme-passwords", "neutral"),
        ("mtls", {}, {"ca": "other.pem"}, "scheme-authorities", "weaker"),
        ("mtls", {}, {"subjects": ()}, "scheme-subjects", "weaker"),
        ("mtls", {}, {"subjects": ("CN=ada", "CN=eve")}, "scheme-subjects", "weaker"),
        ("mtls", {"subjects": ()}, {}, "scheme-subjects", "stronger"),
    ],
)
def test_one_difference(scheme: str, before: dict[str, Any], after: dict[str, Any], code: str, grade: str) -> None:
    key = f"users/{scheme}"
    old, new = ({**SCHEMES, key: replace(SCHEMES[key], **said)} for said in (before, after))
    found = {change.code: change for change in schemes.compare(plan(schemes=old), plan(schemes=new))}
    assert found[code].grade == grade
    assert found[code].subject == f"scheme {key}"
    assert not any("hash" in change.message + change.before + change.after for change in found.values())


def test_a_scheme_that_only_one_side_has_lets_nobody_in_by_itself() -> None:
    assert list(schemes.compare(plan(schemes={}), plan())) == []


def test_the_secret_of_introspection_is_no_difference() -> None:
    old, new = (
        {"users/oauth": replace(SCHEMES["users/oauth"], introspection=replace(ASK, client_secret=secret))} for secret in ("${A}", "${B}")
    )
    assert list(schemes.compare(plan(schemes=old), plan(schemes=new))) == []
