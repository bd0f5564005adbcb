"""The values of the sandbox's identities, by the kind of scheme."""

from __future__ import annotations

from specgw.contract.credentials import identities
from specgw.contract.sandbox import sandbox_values
from specgw.plan.model import Plan


def test_two_values_for_every_scheme_that_has_values() -> None:
    schemes = {
        "key": {"type": "apiKey", "in": "query", "name": "k"},
        "login": {"type": "http", "scheme": "Basic"},
        "token": {"type": "http", "scheme": "bearer"},
        "oauth": {"type": "oauth2", "flows": {}},
        "oidc": {"type": "openIdConnect", "openIdConnectUrl": "https://issuer.example"},
        "digest": {"type": "http", "scheme": "digest"},
        "certificate": {"type": "mutualTLS"},
        "word": {"type": "http", "scheme": "HOBA"},
    }
    document = {"components": {"securitySchemes": schemes}}
    values = sandbox_values(Plan(), document)
    assert values.keys() == schemes.keys() - {"digest"}
    assert all(len(set(given)) == 2 for given in values.values())
    first, second = identities(values, document)
    assert first.sent.keys() == second.sent.keys() == values.keys()


def test_a_document_without_schemes_needs_none() -> None:
    assert sandbox_values(Plan(), {}) == {}
