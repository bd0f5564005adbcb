from __future__ import annotations

from typing import Any

import pytest

KEY = "{type: apiKey, in: header, name: X-API-Key}"
SIGN_IN = "{issuer: 'https://id.example', clientId: portal}"


def findings(build: Any, sign_in: str = SIGN_IN, *, public: str = "https://api.example", scheme: str = KEY, more: str = "") -> list[str]:
    api = f"components: {{securitySchemes: {{k: {scheme}}}}}\n"
    api += "paths: {/a: {get: {security: [{k: []}], responses: {default: {description: ok}}}}}"
    said = f"gateway:\n  listen: {{publicUrl: '{public}'}}\n  portal: {{signIn: {sign_in}{more}}}\n"
    return [f"{finding.code} {finding.pointer}" for finding in build({"api.yaml": api, "gateway.yaml": said}).findings]


def test_what_is_right_is_not_mentioned(build: Any) -> None:
    assert findings(build) == []
    assert findings(build, "{issuer: '${ISSUER}', clientId: portal}", public="${URL}") == []
    assert findings(build, scheme="{type: http, scheme: basic}") == []


@pytest.mark.parametrize(
    ("issuer", "plain", "found"),
    [
        ("http://id.example", "", True),
        ("http://id.example", ", plainHttp: true", False),
        ("http://localhost:9000", "", False),
    ],
)
def test_a_provider_that_would_be_asked_without_tls(build: Any, issuer: str, plain: str, found: bool) -> None:
    said = f"{{issuer: '{issuer}', clientId: portal{plain}}}"
    assert findings(build, said) == (["unencrypted-issuer /gateway/portal/signIn/issuer"] if found else [])


@pytest.mark.parametrize(("public", "found"), [("http://api.example", True), ("http://localhost:8080", False), ("/base", False)])
def test_sessions_that_could_be_taken_over(build: Any, public: str, found: bool) -> None:
    assert findings(build, public=public) == (["sign-in-in-the-clear /gateway/listen/publicUrl"] if found else [])


@pytest.mark.parametrize(
    "scheme",
    [
        "{type: http, scheme: basic, x-gateway: {users: {ada: '${HASH}'}}}",
        "{type: apiKey, in: header, name: K, x-gateway: {verify: upstream}}",
    ],
)
def test_keys_that_nothing_takes(build: Any, scheme: str) -> None:
    assert "sign-in-without-keys /gateway/portal/signIn" in findings(build, scheme=scheme)


def test_a_portal_that_is_not_served_needs_nothing(build: Any) -> None:
    assert findings(build, public="http://api.example", more=", enabled: false") == []
