from __future__ import annotations

from typing import Any

import pytest

TEXT = """\
paths:
  /users/{id}:
    get:
      operationId: getUser
      parameters:
        - {name: id, in: path, required: true, schema: {}}
        - {name: X-Trace, in: header, schema: {}}
        - {name: fields, in: query, schema: {}}
      responses: {"200": {description: ok, links: {it: {LINK}}}}
"""


def told(build: Any, link: str, **more: str) -> list[str]:
    made = build({"a.yaml": TEXT.replace("LINK", link), **more})
    assert made.plan is not None
    return [f"{finding.code}: {finding.message}" for finding in made.findings]


@pytest.mark.parametrize(
    "parameters",
    [
        "id: $response.body#/id",
        "path.id: $request.path.id",
        "x-trace: $request.header.X-Trace",  # fields have no case
        "header.x-TRACE: $response.header.ETag",
        "fields: $request.query.fields",
        "fields: $url, id: $method, X-Trace: $statusCode",
        "id: $response.body",
        "id: 'user-{$response.body#/id}'",  # an expression within a text
        "id: $20",  # a text, as any other that begins with none of the names
        "id: 7",
    ],
)
def test_what_the_specification_allows_is_not_worth_a_word(build: Any, parameters: str) -> None:
    assert told(build, f"operationId: getUser, parameters: {{{parameters}}}") == []


@pytest.mark.parametrize(
    ("parameters", "message"),
    [
        ("name: $url", "GET /users/{id} has no parameter 'name'"),
        ("cookie.id: $url", "GET /users/{id} has no parameter 'cookie.id'"),
        ("query.X-Trace: $url", "GET /users/{id} has no parameter 'query.X-Trace'"),
        ("id: $request.path.name", "'id' is taken from the path parameter 'name', which GET /users/{id} does not have"),
        ("id: $request.query.id", "'id' is taken from the query parameter 'id', which GET /users/{id} does not have"),
        ("id: $response.body.id", "'$response.body.id' is no runtime expression"),
        ("id: $request.cookie.id", "'$request.cookie.id' is no runtime expression"),
        ("id: '$response.header.A b'", "'$response.header.A b' is no runtime expression"),
    ],
)
def test_parameters_have_to_be_there_on_both_sides(build: Any, parameters: str, message: str) -> None:
    assert told(build, f"operationId: getUser, parameters: {{{parameters}}}") == [f"link-parameter: {message}"]


def test_what_leads_to_another_machine_is_not_judged(build: Any) -> None:
    assert told(build, "operationRef: 'https://other.example/api.yaml#/paths/~1users/get', parameters: {any: 1}") == []


def test_an_operation_of_another_document_is_found_by_its_reference(build: Any) -> None:
    other = 'openapi: 3.1.0\ninfo: {title: b, version: "1"}\nservers: [{url: "http://b.example"}]\n' + TEXT.replace(
        "/users", "/others"
    ).replace("links: {it: {LINK}}", "x-a: b")
    assert told(build, "operationRef: 'b.yaml#/paths/~1others~1{id}/get', parameters: {name: 1}", **{"b.yaml": other}) == [
        "link-parameter: GET /others/{id} has no parameter 'name'"
    ]
    assert told(build, "operationRef: 'b.yaml#/paths/~1others~1{id}', parameters: {name: 1}", **{"b.yaml": other}) == [
        "link-operation: 'b.yaml#/paths/~1others~1{id}' leads to no operation"
    ]


def test_a_link_that_many_responses_refer_to_is_told_of_once(build: Any) -> None:
    components = "components: {links: {shared: {operationId: nobody}}}\n"
    made = build(
        {"a.yaml": TEXT.replace("{LINK}", '{$ref: "#/components/links/shared"}, again: {$ref: "#/components/links/shared"}') + components}
    )
    assert [finding.message for finding in made.findings] == ["no operation is called 'nobody'"]
