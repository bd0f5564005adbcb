from __future__ import annotations

from typing import Any

import pytest

from specgw.xgateway.vocabulary.schemes import Scheme, read_secret

REFERENCE = "a '${NAME}' reference without a default"
HASH = "a password hash such as '$scrypt$ln=14,r=8,p=1$SALT$HASH'"


def test_a_scheme_in_full(read: Any) -> None:
    text = """
    issuer: https://id.example.com/realms/a
    audience: [users, products]
    jwks: keys.json
    algorithms: [RS256, EdDSA]
    leeway: 0s
    preset: keycloak
    introspection: {url: https://id.example.com/introspect, clientId: gateway, clientSecret: '${SECRET}'}
    scopesFrom: scope
    rolesFrom: realm_access.roles
    forward: claims
    verify: gateway
    users: {ann: '$scrypt$ln=14,r=8,p=1$c2FsdHNhbHRzYWx0c2FsdA$UmVhbGx5IG5vdGhpbmcgYnV0IDMyIGJ5dGVzIGhlcmU', bob: '${BOB}'}
    ca: ca.pem
    subjects: [CN=ann]
    """
    found = read(Scheme, text)
    assert found.audience == ["users", "products"]
    assert found.introspection.client_secret == "${SECRET}"


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("algorithms: [none]", ["algorithms.0: literal_error"]),
        ("algorithms: []", ["algorithms: too_short"]),
        ("audience: 5", ["audience: wrong-value"]),
        ("introspection: {}", ["introspection.url: missing"]),
        ("jwksUri: https://a", ["jwksUri: extra_forbidden"]),
        ("users: {ann: 5}", [f"users.ann: {HASH}, or a '${{NAME}}' reference"]),
        ("users: {ann: hunter2}", [f"users.ann: {HASH}, or a '${{NAME}}' reference"]),
        ("users: {ann: '${A'}", [f"users.ann: {HASH}, or a '${{NAME}}' reference"]),
        ("users: {'a:b': '${A}'}", ["users.a:b.[key]: a user name: text without a colon"]),
        ("introspection: {url: 'https://a', clientSecret: hunter2}", [f"introspection.clientSecret: {REFERENCE}"]),
    ],
)
def test_schemes_that_are_wrong(read: Any, text: str, wrong: list[str]) -> None:
    assert read(Scheme, text) == wrong


@pytest.mark.parametrize("value", ["", 5, None, []])
def test_a_secret_is_text(value: object) -> None:
    with pytest.raises(ValueError, match="text, or a") as caught:
        read_secret(value)
    assert "5" not in str(caught.value)
