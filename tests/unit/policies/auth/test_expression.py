from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from specgw.policies.auth.base import Identity
from specgw.policies.auth.expression import FUNCTIONS, IDENTITY, LONGEST, REQUEST, Expression, Invalid, Undecided
from specgw.policies.base import Exchange

CLAIMED = {"sub": "ada", "level": 3, "groups": ["a", "b"]}
ADA = Identity("bearer", "ada", "shop", frozenset({"users:read", "users:write"}), frozenset({"editor"}), CLAIMED)


def exchange(**more: Any) -> Exchange:
    made = Exchange()
    made.method = "GET"
    made.path = b"/api/users/ad%C3%A4"
    made.path_values = {"id": "ad%C3%A4"}
    made.query = b"tag=a&tag=b&q=x%20y+z&empty"
    made.headers = [(b"host", b"gw.example:8080"), (b"x-team", b"red"), (b"x-team", b"blue")]
    made.client = "203.0.113.9"
    made.scheme = "https"
    for name, value in more.items():
        setattr(made, name, value)
    return made


@pytest.mark.parametrize(
    "source",
    [
        "claims.sub == 'ada'",
        "claims['sub'] == 'ada'",
        "claims.level >= 3 && 'b' in claims.groups",
        "has(claims.level) && !has(claims.nothing)",
        "claims.groups.exists(group, group == 'a')",
        "size(claims) == 3",
        "identity.subject == claims.sub && identity.consumer == 'shop' && identity.scheme == 'bearer'",
        "'users:read' in identity.scopes && identity.roles == ['editor']",
        "request.method in ['GET', 'HEAD']",
        "request.path == '/api/users/ad%C3%A4' && request.path.startsWith('/api/')",
        "request.parameters.id == 'adä'",
        "request.query.tag == 'a,b' && request.query.q == 'x y z' && request.query.empty == ''",
        "request.headers['x-team'] == 'red, blue'",
        "request.host == 'gw.example:8080' && request.client == '203.0.113.9' && request.scheme == 'https'",
        "request['method'] == 'GET'",
        "claims.sub.matches('^a.a$') // a comment that names request.nothing",
        "'request.nothing' != claims.sub",
        "request\n  .method == 'GET'",
    ],
)
def test_what_is_true_of_this_request(source: str) -> None:
    assert Expression(source).holds(exchange(), ADA) is True
    assert Expression(f"!({source.partition('//')[0]})").holds(exchange(), ADA) is False


def test_only_what_is_named_is_made() -> None:
    used = Expression("claims.sub == request.parameters.id || identity == identity").used
    assert used == {"claims": frozenset({"sub"}), "request": frozenset({"parameters"}), "identity": None}


def test_every_member_can_be_made() -> None:
    assert Expression("request == request && identity == identity").holds(exchange(query=None, headers=[]), None)
    assert Expression("identity.subject == '' && size(claims) == 0").holds(exchange(), None)


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        ("claims.nothing == 'ada'", "something that it asks for is not there"),
        ("request.headers['x-none'] == ''", "something that it asks for is not there"),
        ("claims.level == claims.level / 0", "division by zero"),
        ("claims.level + claims.sub == 3", "types do not fit"),
        ("claims.level", "the result is no truth value"),
        ("claims.sub.matches('(')", "it failed"),
    ],
)
def test_what_cannot_be_decided_says_why_and_shows_no_value(source: str, reason: str) -> None:
    with pytest.raises(Undecided) as undecided:
        Expression(source).holds(exchange(), ADA)
    assert str(undecided.value) == reason


@pytest.mark.parametrize(
    ("source", "message", "hint"),
    [
        ("claims.sub ==", "line 1, column 14: Syntax error", None),
        ("", "line 1, column 1: Syntax error", None),
        ("true ||\n)", "line 2, column 1: ", None),
        ("claim.sub == 'ada'", "there is no 'claim'", "did you mean 'claims'?"),
        ("jwt.sub == 'ada'", "there is no 'jwt'", "allowed: claims, identity, request"),
        ("request.methods == 'GET'", "'request' has no 'methods'", "did you mean 'method'?"),
        ("identity.sub == 'ada'", "'identity' has no 'sub'", "did you mean 'subject'?"),
        ("claims.sub.startswith('a')", "there is no function 'startswith'", "did you mean 'startsWith'?"),
        ("'a'", "its result is no truth value", "compare it with something"),
        ("1 + 2", "its result is no truth value", "compare it with something"),
        ("request.method", "its result is no truth value", "compare it with something"),
        ("claims", "its result is no truth value", "compare it with something"),
        ("true ||" * 1000 + "true", f"it is longer than {LONGEST} characters", None),
        ("\ud800", "it cannot be read", None),
    ],
)
def test_what_can_never_be_decided_is_refused_before_any_request(source: str, message: str, hint: str | None) -> None:
    with pytest.raises(Invalid) as invalid:
        Expression(source)
    assert str(invalid.value).startswith(message)
    assert (invalid.value.hint or "").startswith(hint or "")
    assert (invalid.value.hint is None) == (hint is None)


def test_the_functions_that_are_listed_are_there() -> None:
    for name in FUNCTIONS:
        with pytest.raises((Invalid, Undecided)) as failed:
            Expression(f"{name}(claims.a, 1, 2, 3) == 1").holds(exchange(), ADA)
        assert "there is no function" not in str(failed.value)


WORDS = st.sampled_from(
    [
        *(f"request.{name}" for name in REQUEST),
        *(f"identity.{name}" for name in IDENTITY),
        *("claims.sub", "claims.level", "claims['x']", "'a'", "1", "2.5", "true", "null", "[1]", "{'a': 1}"),
        *("==", "<", "in", "&&", "||", "!", "+", "?", ":", "(", ")", ".size()", "has("),
    ]
)
CLAIMS = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=8,
)


@given(st.lists(WORDS, max_size=9).map(" ".join) | st.text(max_size=30), st.dictionaries(st.sampled_from(["sub", "level", "x"]), CLAIMS))
def test_nothing_but_a_verdict_or_one_of_two_errors_ever_comes_out(source: str, claims: dict[str, Any]) -> None:
    identity = Identity("bearer", "ada", claims=claims)
    try:
        verdict: object = Expression(source).holds(exchange(), identity)
    except (Invalid, Undecided) as error:
        verdict = str(error)
    assert verdict is True or verdict is False or (isinstance(verdict, str) and verdict)
