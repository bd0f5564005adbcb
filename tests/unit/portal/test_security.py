from __future__ import annotations

from typing import Any

import pytest

from specgw.portal.security import alternatives

SCHEMES: dict[str, Any] = {
    "bearer": {"type": "http", "scheme": "Bearer"},
    "basic": {"type": "http", "scheme": "basic"},
    "other": {"type": "http", "scheme": "HOBA"},
    "key": {"type": "apiKey", "in": "header", "name": "X-Key"},
    "oauth": {"type": "oauth2"},
    "oidc": {"type": "openIdConnect"},
    "tls": {"type": "mutualTLS"},
    "new": {"type": "newer"},
}


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("bearer", "bearer token"),
        ("basic", "user name and password (Basic)"),
        ("other", "HTTP authentication HOBA"),
        ("key", "API key in header X-Key"),
        ("oauth", "OAuth 2.0 access token"),
        ("oidc", "OpenID Connect token"),
        ("tls", "client certificate"),
        ("new", "newer"),
        ("missing", "credentials"),
    ],
)
def test_schemes_in_words(name: str, words: str) -> None:
    [alternative] = alternatives([{name: []}], {"components": {"securitySchemes": SCHEMES}})
    assert [(scheme.name, scheme.words) for scheme in alternative.schemes] == [(name, words)]


def test_alternatives_and_scopes() -> None:
    found = alternatives([{"oauth": ["read", 7], "key": []}, {}], {"components": {"securitySchemes": SCHEMES}})
    assert [[(scheme.name, scheme.scopes) for scheme in one.schemes] for one in found] == [[("oauth", ["read"]), ("key", [])], []]


@pytest.mark.parametrize("security", [None, [], "x", {}])
def test_nothing_asked(security: Any) -> None:
    assert alternatives(security, {}) == []
