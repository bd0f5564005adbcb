from __future__ import annotations

from typing import Any

import pytest

from specgw.compiler.checks.token_schemes import SECRETS
from specgw.policies.auth.algorithms import SECRET


def test_the_algorithms_with_secrets_are_those_that_verify_with_one() -> None:
    assert set(SECRETS) == set(SECRET)


def findings(build: Any, scheme: str) -> list[tuple[str, str]]:
    text = f"components: {{securitySchemes: {{t: {{type: http, scheme: bearer, x-gateway: {scheme}}}}}}}\n"
    text += "paths: {/a: {get: {security: [{t: []}], responses: {default: {description: ok}}}}}"
    return [(finding.code, finding.pointer.rpartition("/")[2]) for finding in build(text).findings]


@pytest.mark.parametrize(
    ("scheme", "found"),
    [
        ("{issuer: 'https://id.example'}", [("tokens-for-any-audience", "t")]),
        ("{issuer: 'https://id.example', audience: a}", []),
        ("{issuer: 'http://id.example', audience: a}", [("unencrypted-issuer", "issuer")]),
        ("{issuer: '${ISSUER}', audience: a}", []),
        ("{issuer: 'http://id.example', jwks: 'https://id.example/keys', audience: a}", []),
        ("{jwks: keys.json, algorithms: [HS256], audience: a}", []),
        ("{secret: '${S}', jwks: keys.json, audience: a}", [("two-sources-of-keys", "secret")]),
        ("{secret: '${S}', audience: a, algorithms: [ES256]}", [("algorithm-without-key", "algorithms")]),
        ("{issuer: 'https://id.example', audience: a, algorithms: [HS512]}", [("algorithm-without-key", "algorithms")]),
        ("{introspection: {url: 'http://id.example/ask'}, audience: a}", [("unencrypted-issuer", "url")]),
        ("{introspection: {url: 'http://id.example/ask'}, audience: a, plainHttp: true}", []),
        ("{verify: upstream}", []),
    ],
)
def test_what_is_told_of_a_scheme(build: Any, scheme: str, found: list[tuple[str, str]]) -> None:
    assert findings(build, scheme) == found
