"""OAuth 2.0 and OpenID Connect become bearer tokens; everything else of a document stays."""

from __future__ import annotations

from specgw.contract.tokens import with_bearer_tokens


def test_schemes_of_tokens_become_bearer() -> None:
    schemes = {
        "login": {"type": "oauth2", "flows": {}},
        "sso": {"type": "openIdConnect", "openIdConnectUrl": "https://id.example"},
        "key": {"type": "apiKey", "in": "header", "name": "X-Key"},
    }
    document = {"openapi": "3.1.0", "paths": {}, "components": {"schemas": {"A": {}}, "securitySchemes": schemes}}
    bearer = {"type": "http", "scheme": "bearer"}
    assert with_bearer_tokens(document) == {
        **document,
        "components": {"schemas": {"A": {}}, "securitySchemes": {"login": bearer, "sso": bearer, "key": schemes["key"]}},
    }
    assert schemes["login"] == {"type": "oauth2", "flows": {}}


def test_a_document_without_them_is_as_it_was() -> None:
    for document in ({"openapi": "3.1.0"}, {"components": {"securitySchemes": {"key": {"type": "apiKey"}}}}):
        assert with_bearer_tokens(document) is document
