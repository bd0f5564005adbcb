from __future__ import annotations

from typing import Any

import pytest

from specgw.openapi.model import SecurityScheme
from specgw.plan.model import Scheme
from specgw.xgateway.schemes import digest, read_extension, settle_scheme


def settled(folder: Any, text: str = "{}", kind: str = "oauth2", file: str = "api.yaml", **more: Any) -> Scheme:
    return settle_scheme(SecurityScheme(folder.read(text, file), "name", kind, **more), "users", folder.findings)


@pytest.mark.parametrize(
    ("kind", "more", "expected"),
    [
        ("apiKey", {"location": "query", "field": "k"}, {"kind": "apiKey", "type": "apiKey in query", "location": "query", "field": "k"}),
        ("http", {"http_scheme": "basic"}, {"kind": "basic", "type": "http basic", "http_scheme": "basic"}),
        ("http", {"http_scheme": "bearer"}, {"kind": "token", "type": "http bearer", "http_scheme": "bearer"}),
        ("http", {"http_scheme": "digest"}, {"kind": "other", "type": "http digest", "http_scheme": "digest"}),
        ("mutualTLS", {}, {"kind": "mutualTLS", "type": "mutualTLS"}),
        ("oauth2", {"scopes": ("a", "b")}, {"kind": "token", "type": "oauth2", "http_scheme": "bearer", "scopes": ("a", "b")}),
        (
            "openIdConnect",
            {"open_id_connect_url": "https://id/x"},
            {"kind": "token", "type": "openIdConnect", "http_scheme": "bearer", "open_id_connect_url": "https://id/x"},
        ),
    ],
)
def test_what_a_scheme_is_without_x_gateway(folder: Any, kind: str, more: dict[str, Any], expected: dict[str, Any]) -> None:
    assert settled(folder, kind=kind, **more) == Scheme(name="name", service="users", **expected)
    assert folder.said() == []


def test_a_preset_and_paths_of_the_authors_own(folder: Any) -> None:
    scheme = settled(folder, "x-gateway: {preset: auth0, scopesFrom: a.b, rolesFrom: 'https://example.com/roles'}")
    assert (scheme.preset, scheme.scopes_from, scheme.roles_from) == ("auth0", "a.b", "https://example.com/roles")
    assert folder.said() == []


def test_everything_that_a_token_scheme_can_say(folder: Any) -> None:
    scheme = settled(
        folder,
        """
        x-gateway:
          issuer: https://id.example.com
          audience: [a, b, a]
          jwks: keys.json
          algorithms: [ES256]
          leeway: 5s
          secret: "${H}"
          plainHttp: true
          introspection: {url: "https://id.example.com/ask", clientId: gw, clientSecret: "${S}"}
          forward: claims
        """,
    )
    assert (scheme.issuer, scheme.audience, scheme.jwks) == ("https://id.example.com", ("a", "b"), "keys.json")
    assert (scheme.algorithms, scheme.leeway, scheme.forward) == (("ES256",), 5.0, "claims")
    assert (scheme.secret, scheme.plain_http) == ("${H}", True)
    assert scheme.introspection is not None
    assert scheme.introspection.client_secret == "${S}"
    assert folder.said() == []


def test_upstream_keeps_credentials(folder: Any) -> None:
    scheme = settled(folder, "x-gateway: {verify: upstream}")
    assert (scheme.verify, scheme.forward, scheme.verifiable) == ("upstream", "keep", True)


@pytest.mark.parametrize(
    ("kind", "text", "said"),
    [
        ("apiKey", "introspection: {url: https://a}", "misplaced-key /x-gateway/introspection: 'introspection' has no effect in a security"
         " scheme of the type apiKey (it is for schemes with bearer tokens)"),
        ("mutualTLS", "users: {}", "misplaced-key /x-gateway/users: 'users' has no effect in a security scheme of the type mutualTLS"
         " (it is for schemes of HTTP Basic)"),
        ("oauth2", "verify: upstream, issuer: https://a", "misplaced-key /x-gateway/issuer: 'issuer' has no effect where 'verify: upstream'"
         " leaves credentials to the service (leave out one of the two)"),
        ("oauth2", "verify: upstream, forward: strip", "wrong-value /x-gateway/forward: the service cannot verify what 'forward: strip'"
         " keeps from it (leave it out: with 'verify: upstream' credentials are kept)"),
    ],
)  # fmt: skip
def test_what_has_no_effect_is_refused(folder: Any, kind: str, text: str, said: str) -> None:
    settled(folder, f"x-gateway: {{{text}}}", kind=kind, location="header" if kind == "apiKey" else "")
    assert folder.said() == [said]


def scheme(folder: Any, text: str) -> list[str]:
    read_extension(folder.read(text).at("x-gateway"), "token", folder.findings)
    said: list[str] = folder.said()
    return said


def test_what_a_scheme_says_is_checked(folder: Any) -> None:
    said = scheme(folder, "x-gateway: {issuer: id.example.com, algoritms: [RS256], forward: drop, timeout: {total: 5s}}")
    assert [line.partition(" (allowed")[0] for line in said] == [
        "wrong-value /x-gateway/issuer: 'issuer' must be an http or https URL such as 'http://127.0.0.1:8081/base', not 'id.example.com'"
        " (did you mean 'http://id.example.com'?)",
        "unknown-key /x-gateway/algoritms: unknown key 'algoritms' in 'x-gateway' (did you mean 'algorithms'?",
        "wrong-value /x-gateway/forward: 'forward' must be one of 'strip', 'keep', 'claims', not 'drop'",
        "misplaced-key /x-gateway/timeout: 'timeout' cannot stand in a security scheme"
        " (it belongs in an operation, a path item or at the document's root)",
    ]


def test_secrets_are_never_shown(folder: Any) -> None:
    said = scheme(folder, "x-gateway: {introspection: {url: 'http://h', clientSecret: 8172635}, users: {ann: [hunter2]}}")
    assert len(said) == 2
    assert not any("8172635" in line or "hunter2" in line for line in said)


@pytest.mark.parametrize("value", ["5", "[]", "null"])
def test_a_scheme_whose_extension_is_no_mapping(folder: Any, value: str) -> None:
    assert scheme(folder, f"x-gateway: {value}") == ["wrong-value /x-gateway: 'x-gateway' must be a mapping"]


def test_a_development_key_is_written_down_as_its_digest() -> None:
    assert digest("abc") == "sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
