"""Whom claims speak of."""

from __future__ import annotations

from typing import Any

import pytest

from specgw.identity.code_flow import Refused
from specgw.portal.live.people import DEVELOPER, person
from specgw.portal.live.sessions import Person

ISSUER = "https://id.example"


@pytest.mark.parametrize(
    ("claims", "source", "expected"),
    [
        ({}, "sub", Person(f"{ISSUER} 7", "7", "7")),
        ({"name": "Ada  L.", "email": "a@x"}, "sub", Person(f"{ISSUER} 7", "7", "Ada L.")),
        ({"name": 5, "preferred_username": "ada"}, "preferred_username", Person(f"{ISSUER} 7", "ada", "ada")),
        ({"email": "a@x", "email_verified": True}, "email", Person(f"{ISSUER} 7", "a@x", "a@x")),
        ({"org": {"team": "till"}}, "org.team", Person(f"{ISSUER} 7", "till", "7")),
        ({"name": "a\u202eb\n" + "x" * 200}, "sub", Person(f"{ISSUER} 7", "7", "a b " + "x" * 96)),
    ],
)
def test_who_that_is(claims: dict[str, Any], source: str, expected: Person) -> None:
    assert person({"sub": "7", **claims}, ISSUER, source) == expected


@pytest.mark.parametrize(
    ("claims", "source"),
    [
        ({}, "email"),
        ({"email": "a@x"}, "email"),
        ({"email": "a@x", "email_verified": "true"}, "email"),
        ({"team": ""}, "team"),
        ({"team": " till"}, "team"),
        ({"team": "a\nb"}, "team"),
        ({"team": ["till"]}, "team"),
        ({"team": "x" * 201}, "team"),
        ({"org": "x"}, "org.team"),
    ],
)
def test_without_a_usable_consumer_nobody_is_signed_in(claims: dict[str, Any], source: str) -> None:
    with pytest.raises(Refused):
        person({"sub": "7", **claims}, ISSUER, source)


def test_the_developer_is_nobody_that_a_provider_could_name() -> None:
    assert " " not in DEVELOPER.owner
