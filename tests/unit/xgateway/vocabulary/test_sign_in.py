from __future__ import annotations

from typing import Any

import pytest

from specgw.xgateway.vocabulary.sign_in import OwnKeys, SignIn

URL = "an http or https URL such as 'http://127.0.0.1:8081/base'"
SCOPE = "a scope such as 'profile', without blanks"
CLAIM = "a claim such as 'scope' or 'realm_access.roles'"
SECRET = "a '${NAME}' reference without a default"


def test_all_of_it(read: Any) -> None:
    text = """
    issuer: https://id.example.com/realms/x
    clientId: portal
    clientSecret: ${PORTAL_SECRET}
    scopes: [profile, email]
    consumerFrom: org.team
    plainHttp: true
    """
    assert isinstance(read(SignIn, text), SignIn)
    assert isinstance(read(OwnKeys, "{most: 5, lifetime: 2160h, scopes: ['orders:write'], roles: [buyer]}"), OwnKeys)


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("{clientId: portal}", ["issuer: missing"]),
        ("{issuer: https://id.example.com}", ["clientId: missing"]),
        ("{issuer: id.example.com, clientId: portal}", [f"issuer: {URL}"]),
        ("{issuer: https://id.example.com, clientId: ''}", ["clientId: text that is not empty"]),
        ("{issuer: https://id.example.com, clientId: a, clientSecret: hunter2}", [f"clientSecret: {SECRET}"]),
        ("{issuer: https://id.example.com, clientId: a, scopes: ['a b']}", [f"scopes.0: {SCOPE}"]),
        ("{issuer: https://id.example.com, clientId: a, consumerFrom: 'a..b'}", [f"consumerFrom: {CLAIM}"]),
    ],
)
def test_what_is_wrong(read: Any, text: str, wrong: list[str]) -> None:
    assert read(SignIn, text) == wrong


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("{most: 0}", ["most: greater_than_equal"]),
        ("{lifetime: 0s}", ["lifetime: longer than zero"]),
        ("{roles: ['']}", ["roles.0: text that is not empty"]),
    ],
)
def test_what_keys_cannot_be(read: Any, text: str, wrong: list[str]) -> None:
    assert read(OwnKeys, text) == wrong


def test_keys_that_people_look_for_lead_to_those_that_are_there() -> None:
    assert set(SignIn.astray) == {"redirectUri", "discovery", "claim"}
