from __future__ import annotations

from typing import Any

import pytest

from specgw.plan.model import Scheme
from specgw.policies.auth.base import Refusal
from specgw.policies.auth.challenges import challenge, words


def scheme(kind: Any, http: str | None = None, **more: Any) -> Scheme:
    return Scheme(name="s", service="users", kind=kind, type=kind, http_scheme=http, **more)


KEY = scheme("apiKey", location="query", field="key")
TOKEN = scheme("token", "bearer")


@pytest.mark.parametrize(
    ("of", "refusal", "scopes", "expected"),
    [
        (KEY, None, (), b'ApiKey realm="users", in="query", name="key"'),
        (scheme("basic", "basic"), Refusal("no"), (), b'Basic realm="users", charset="UTF-8"'),
        (TOKEN, None, (), b'Bearer realm="users"'),
        (TOKEN, None, ("a", "b"), b'Bearer realm="users", scope="a b"'),
        (TOKEN, Refusal("it expired"), (), b'Bearer realm="users", error="invalid_token", error_description="it expired"'),
        # RFC 6750 section 3: neither quotes nor backslashes, nor anything outside of ASCII.
        (TOKEN, Refusal('a "b" \\ ü\r\n'), (), b'Bearer realm="users", error="invalid_token", error_description="a _b_ _ ___"'),
        (scheme("mutualTLS"), None, (), b'ClientCertificate realm="users"'),
        (scheme("other", "digest"), None, (), b'Digest realm="users"'),
    ],
)
def test_challenges(of: Scheme, refusal: Refusal | None, scopes: tuple[str, ...], expected: bytes) -> None:
    assert challenge(of, refusal, scopes) == expected


def test_where_the_metadata_are() -> None:
    expected = b'Bearer realm="users", scope="a", resource_metadata="https://api.example/x"'
    assert challenge(TOKEN, None, ("a",), "https://api.example/x") == expected


def test_what_is_needed_in_words() -> None:
    assert words(KEY) == "an API key in the query parameter key"
    assert words(TOKEN) == "a bearer token in `Authorization`"
    assert words(scheme("other", "digest")) == "digest credentials in `Authorization`"
    assert words(scheme("mutualTLS")) == "a client certificate"
