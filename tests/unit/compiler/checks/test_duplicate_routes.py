from __future__ import annotations

from typing import Any

import pytest

OK = "responses: {default: {description: ok}}"
ID = "parameters: [{name: NAME, in: path, required: true, schema: {}}]"


def text(path: str, said: str = "{}", name: str = "id") -> str:
    parameters = ID.replace("NAME", name) + ", " if "{" in path else ""
    return f"x-gateway: {said}\npaths: {{'{path}': {{get: {{{parameters}{OK}}}}}}}"


def codes(build: Any) -> list[str]:
    return [finding.code for finding in build.findings]


def test_the_finding_names_both_places(build: Any) -> None:
    made = build({"a.yaml": text("/a"), "b.yaml": text("/a")})
    assert made.plan is None
    [finding] = made.findings
    assert (finding.code, finding.file, finding.line) == ("duplicate-route", "b.yaml", 5)
    assert "GET /a is declared at a.yaml:5 already" in finding.message


def test_names_of_parameters_tell_nothing_apart(build: Any) -> None:
    made = build({"a.yaml": text("/a/{id}"), "b.yaml": text("/a/{name}", name="name")})
    assert "matches the same paths as /a/{id}" in next(iter(made.findings)).message


def test_a_mount_may_make_paths_the_same(build: Any) -> None:
    assert codes(build({"a.yaml": text("/api/a"), "b.yaml": text("/a", "{mount: /api}")})) == ["duplicate-route"]


@pytest.mark.parametrize(
    "said",
    [
        "{mount: /b}",
        "{host: b.example}",
        "{version: v2}",
    ],
)
def test_what_a_request_can_tell_apart_is_fine(build: Any, said: str) -> None:
    assert codes(build({"a.yaml": text("/a"), "b.yaml": text("/a", said)})) == []


def test_conditions_tell_apart_unless_they_are_the_same(build: Any) -> None:
    path = f"paths: {{/a: {{x-gateway: {{match: {{headers: {{X-Beta: VALUE}}}}}}, get: {{{OK}}}}}}}"
    assert codes(build({"a.yaml": path.replace("VALUE", "'1'"), "b.yaml": path.replace("VALUE", "'2'")})) == []
    assert codes(build({"a.yaml": path.replace("VALUE", "true"), "b.yaml": path.replace("VALUE", "true")})) == ["duplicate-route"]


def test_two_default_versions_meet_at_the_path_without_version(build: Any) -> None:
    said = "{version: {name: NAME, default: true}}"
    made = build({"a.yaml": text("/a", said.replace("NAME", "v1")), "b.yaml": text("/a", said.replace("NAME", "v2"))})
    assert codes(made) == ["duplicate-route"]


def test_hosts_meet_where_their_lists_do(build: Any) -> None:
    made = build({"a.yaml": text("/a", "{host: [x.example, y.example]}"), "b.yaml": text("/a", "{host: [y.example, z.example]}")})
    [finding] = made.findings
    assert "on host y.example" in finding.message


def test_in_one_document_the_way_out_is_another(build: Any) -> None:
    made = build(
        f"paths: {{'/a/{{b}}': {{get: {{{ID.replace('NAME', 'b')}, {OK}}}}}, '/a/{{c}}': {{get: {{{ID.replace('NAME', 'c')}, {OK}}}}}}}"
    )
    [finding] = made.findings
    assert finding.hint == "keep one of the two"


def test_what_is_disabled_claims_nothing(build: Any) -> None:
    assert codes(build({"a.yaml": text("/a"), "b.yaml": text("/a", "{enabled: false}")})) == []
