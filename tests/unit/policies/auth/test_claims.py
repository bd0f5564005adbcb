from __future__ import annotations

from typing import Any

import pytest

from specgw.policies.auth.claims import Expected
from specgw.policies.auth.compact import Unacceptable
from tests.unit.policies.auth.issuing import AUDIENCE, ISSUER, NOW, claims

EXPECTED = Expected(issuer=ISSUER, audience=(AUDIENCE, "other"))


@pytest.mark.parametrize(
    "changed",
    [
        {},
        {"aud": [AUDIENCE, "somebody"]},
        {"aud": "other"},
        {"nbf": NOW + 30, "iat": NOW + 30},
        {"iat": None},
        {"exp": NOW + 0.5},
        {"exp": NOW - 29},
        {"sub": None},
    ],
    ids=str,
)
def test_accepted(changed: dict[str, Any]) -> None:
    assert EXPECTED.check_token(claims(**changed), NOW) == changed.get("exp", NOW + 600) + 30


def test_leeway_is_as_configured() -> None:
    strict = Expected(issuer=ISSUER, audience=(AUDIENCE,), leeway=0)
    assert strict.check_token(claims(exp=NOW + 1), NOW) == NOW + 1
    for changed in ({"exp": NOW}, {"nbf": NOW + 1}, {"iat": NOW + 1}):
        with pytest.raises(Unacceptable):
            strict.check_token(claims(**changed), NOW)


def test_without_a_configured_audience_tokens_for_anybody_are_accepted() -> None:
    anybody = Expected(issuer=ISSUER)
    assert anybody.check_token(claims(aud=None), NOW)
    assert anybody.check_token(claims(aud="somebody"), NOW)
    with pytest.raises(Unacceptable, match="neither text nor a list"):
        anybody.check_token(claims(aud=1), NOW)


def test_without_an_issuer_any_is_accepted_whose_keys_fit() -> None:
    assert Expected(audience=(AUDIENCE,)).check_token(claims(iss=None), NOW)


def test_keycloaks_own_type_tells_id_tokens_from_access_tokens() -> None:
    keycloak = Expected(issuer=ISSUER, audience=(AUDIENCE,), kind="Bearer")
    assert keycloak.check_token(claims(typ="Bearer"), NOW)
    assert keycloak.check_token(claims(), NOW)
    with pytest.raises(Unacceptable, match="another type"):
        keycloak.check_token(claims(typ="ID"), NOW)


def test_an_introspection_answer_may_say_less() -> None:
    assert EXPECTED.check_introspected({"active": True, "aud": AUDIENCE}, NOW) is None
    assert EXPECTED.check_introspected(claims(active=True, token_type="Bearer"), NOW) == NOW + 630


@pytest.mark.parametrize(
    "changed",
    [
        {"iss": "https://evil.example"},
        {"iss": 1},
        {"aud": None},
        {"aud": "somebody"},
        {"exp": NOW - 31},
        {"nbf": NOW + 31},
        {"sub": 1},
        {"token_type": "refresh_token"},
        {"token_type": "DPoP"},
        {"token_type": 1},
        {"cnf": {"jkt": "x"}},
    ],
    ids=str,
)
def test_an_introspection_answer_that_speaks_against_the_token(changed: dict[str, Any]) -> None:
    with pytest.raises(Unacceptable):
        EXPECTED.check_introspected(claims(**changed), NOW)
