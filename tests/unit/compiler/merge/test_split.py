from __future__ import annotations

from typing import Any

OK = "responses: {'200': {description: ok}}"


def paths(documents: dict[str, dict[str, Any]]) -> dict[str, list[str]]:
    return {name: sorted(document["paths"]) for name, document in documents.items()}


def test_versions_by_path_stand_in_one_document(merge_all: Any) -> None:
    text = f"x-gateway: {{service: a, version: {{name: VERSION, default: DEFAULT}}}}\npaths: {{/a: {{get: {{{OK}}}}}}}"
    made = merge_all(
        {
            "a.yaml": text.replace("VERSION", "v1").replace("DEFAULT", "true"),
            "b.yaml": text.replace("VERSION", "v2").replace("DEFAULT", "false"),
        }
    )
    assert paths(made) == {"openapi.json": ["/a", "/v1/a", "/v2/a"]}


def test_what_hosts_tell_apart_has_a_document_of_its_own(merge_all: Any) -> None:
    text = f"x-gateway: {{service: SERVICE, host: HOST}}\npaths: {{/a: {{get: {{{OK}}}}}, /SERVICE: {{get: {{{OK}}}}}}}"
    made = merge_all(
        {
            "1.yaml": text.replace("SERVICE", "x").replace("HOST", "[x.example.com]"),
            "2.yaml": text.replace("SERVICE", "y").replace(", host: HOST", ""),
            "3.yaml": text.replace("SERVICE", "z").replace("HOST", "[z.example.com]"),
        }
    )
    assert paths(made) == {
        "openapi.json": ["/a", "/y"],
        "openapi.x-x.example.com.json": ["/a", "/x"],
        "openapi.z-z.example.com.json": ["/a", "/z"],
    }


def test_what_conditions_tell_apart_in_one_document_is_split(merge_all: Any) -> None:
    made = merge_all(f"paths: {{/a: {{get: {{{OK}}}}}, '/a?beta=true': {{get: {{{OK}}}, put: {{{OK}}}}}, /b: {{get: {{{OK}}}}}}}")
    assert paths(made) == {"openapi.json": ["/a", "/b"], "openapi.users.json": ["/a"]}
    assert list(made["openapi.json"]["paths"]["/a"]) == ["get", "put"]


def test_the_document_without_conditions_comes_first(merge_all: Any) -> None:
    text = f"x-gateway: {{service: SERVICE}}\npaths: {{/a: {{x-gateway: {{match: MATCH}}, get: {{{OK}}}}}}}"
    made = merge_all(
        {
            "1.yaml": text.replace("SERVICE", "a").replace("MATCH", "{headers: {X-Beta: 'on'}}"),
            "2.yaml": text.replace("SERVICE", "b").replace("MATCH", "null"),
        }
    )
    assert list(made) == ["openapi.json", "openapi.a.json"]
    assert made["openapi.json"]["info"] == made["openapi.a.json"]["info"]
    assert "404" in made["openapi.a.json"]["paths"]["/a"]["get"]["responses"]
    assert "404" not in made["openapi.json"]["paths"]["/a"]["get"]["responses"]


def test_nothing_published_is_an_empty_document(merge_all: Any) -> None:
    made = merge_all(f"x-gateway: {{visibility: internal}}\npaths: {{/a: {{get: {{{OK}}}}}}}")
    assert paths(made) == {"openapi.json": []}
    assert "components" not in made["openapi.json"]
