from __future__ import annotations

from typing import Any

import pytest

from specgw.portal.security import Scope, alternatives

SCHEMES: dict[str, Any] = {
    "bearer": {"type": "http", "scheme": "Bearer"},
    "basic": {"type": "http", "scheme": "basic"},
    "other": {"type": "http", "scheme": "HOBA"},
    "key": {"type": "apiKey", "in": "header", "name": "X-Key"},
    "query": {"type": "apiKey", "in": "query", "name": "k"},
    "cookie": {"type": "apiKey", "in": "cookie", "name": "c"},
    "oauth": {
        "type": "oauth2",
        "description": "Ask *us*.",
        "flows": {"clientCredentials": {"tokenUrl": "https://id.example/token", "scopes": {"read": "Read  all."}}},
    },
    "oidc": {"type": "openIdConnect", "openIdConnectUrl": "https://id.example/.well-known/openid-configuration"},
    "tls": {"type": "mutualTLS"},
    "new": {"type": "newer"},
}


@pytest.mark.parametrize(
    ("name", "words", "sent"),
    [
        ("bearer", "bearer token", "Authorization: Bearer TOKEN"),
        ("basic", "user name and password (Basic)", "Authorization: Basic base64(USERNAME:PASSWORD)"),
        ("other", "HTTP authentication HOBA", "Authorization: HOBA …"),
        ("key", "API key in header X-Key", "X-Key: API_KEY"),
        ("query", "API key in query k", "?k=API_KEY"),
        ("cookie", "API key in cookie c", "Cookie: c=API_KEY"),
        ("oauth", "OAuth 2.0 access token", "Authorization: Bearer TOKEN"),
        ("oidc", "OpenID Connect token", "Authorization: Bearer TOKEN"),
        ("tls", "client certificate", "a client certificate, when the connection is made"),
        ("new", "newer", ""),
        ("missing", "credentials", ""),
    ],
)
def test_schemes_in_words(name: str, words: str, sent: str) -> None:
    [alternative] = alternatives([{name: []}], {"components": {"securitySchemes": SCHEMES}})
    assert [(scheme.name, scheme.words, scheme.sent) for scheme in alternative.schemes] == [(name, words, sent)]
    assert alternative.schemes[0].key == (name in ("key", "query", "cookie"))


def test_alternatives_and_scopes() -> None:
    found = alternatives([{"oauth": ["read", 7, "odd"], "key": ["admin"]}, {}], {"components": {"securitySchemes": SCHEMES}})
    told = [[(scheme.name, scheme.scopes, scheme.roles) for scheme in one.schemes] for one in found]
    assert told == [[("oauth", [Scope("read", "Read all."), Scope("odd")], False), ("key", [Scope("admin")], True)], []]


def test_where_tokens_come_from() -> None:
    [found] = alternatives([{"oauth": [], "oidc": []}], {"components": {"securitySchemes": SCHEMES}})
    oauth, oidc = found.schemes
    assert oauth.description == ["Ask *us*."]
    assert oauth.addresses == [("clientCredentials, token", "https://id.example/token")]
    assert oidc.addresses == [("discovery", "https://id.example/.well-known/openid-configuration")]


@pytest.mark.parametrize("security", [None, [], "x", {}])
def test_nothing_asked(security: Any) -> None:
    assert alternatives(security, {}) == []
