from __future__ import annotations

from typing import Any

import pytest


def hidden(build: Any, path: str, said: str = "{}") -> list[str]:
    parameters = "parameters: [{name: id, in: path, required: true, schema: {}}], " if "{id}" in path else ""
    made = build(f"paths: {{'{path}': {{x-gateway: {said}, get: {{{parameters}responses: {{default: {{description: ok}}}}}}}}}}")
    assert made.plan is not None
    assert {finding.code for finding in made.findings} <= {"hides-builtin-path"}
    return [finding.message.split(" ")[5].rstrip(",") for finding in made.findings]


@pytest.mark.parametrize(
    ("path", "builtin"),
    [
        ("/healthz", ["/healthz"]),
        ("/{id}", ["/healthz", "/readyz"]),
        ("/ready{id}", ["/readyz"]),
        ("/metrics", ["/metrics"]),
        ("/portal", ["/portal/"]),
        ("/portal/users", ["/portal/"]),
        ("/sandbox/{id}", ["/sandbox/"]),
        ("/openapi.json", ["/openapi.json"]),
        ("/portals", []),
        ("/users/healthz", []),
        ("/{id}/x", []),
    ],
)
def test_what_the_gateway_answers_itself_is_hidden_by(build: Any, path: str, builtin: list[str]) -> None:
    assert hidden(build, path) == builtin


def test_a_prefix_of_everything_hides_the_probes(build: Any) -> None:
    assert hidden(build, "/", "{pathMatch: prefix}") == ["/healthz", "/readyz"]
    assert hidden(build, "/") == []


def test_metadata_are_hidden_only_where_there_are_any(build: Any) -> None:
    paths = "paths: {'/{a}/{b}': {get: {parameters: [{name: a, in: path, required: true, schema: {}}, {name: b, in: path, required: true, schema: {}}], responses: {default: {description: ok}}}}}"  # noqa: E501
    scheme = "components: {securitySchemes: {login: {type: openIdConnect, openIdConnectUrl: 'https://id.example/.well-known/openid-configuration', x-gateway: {audience: a}}}}"  # noqa: E501
    assert "hides-builtin-path" not in {finding.code for finding in build(paths).findings}
    found = [finding.message for finding in build(f"{paths}\n{scheme}").findings if finding.code == "hides-builtin-path"]
    assert [message.split(" ")[5].rstrip(",") for message in found] == ["/.well-known/oauth-protected-resource"]


def test_a_host_of_its_own_leaves_the_others_alone(build: Any) -> None:
    assert hidden(build, "/healthz", "{host: a.example}") == []
