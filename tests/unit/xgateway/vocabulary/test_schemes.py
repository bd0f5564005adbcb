from __future__ import annotations

from typing import Any

import pytest

from specgw.xgateway.vocabulary.schemes import Scheme, read_secret


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
    users: {ann: '$2b$12$abc'}
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
        ("users: {ann: 5}", ["users.ann: text, or a '${NAME}' reference"]),
        ("users: {ann: '${A'}", ["users.ann: text, or a '${NAME}' reference"]),
    ],
)
def test_schemes_that_are_wrong(read: Any, text: str, wrong: list[str]) -> None:
    assert read(Scheme, text) == wrong


@pytest.mark.parametrize("value", ["", 5, None, []])
def test_a_secret_is_text(value: object) -> None:
    with pytest.raises(ValueError, match="text, or a") as caught:
        read_secret(value)
    assert "5" not in str(caught.value)
