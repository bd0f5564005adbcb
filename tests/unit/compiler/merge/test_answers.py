from __future__ import annotations

from typing import Any

import pytest

from specgw.compiler.merge.answers import EMPTY_OR_PROBLEM, UNDESCRIBED

PROBLEM = {"$ref": "#/components/schemas/Problem"}


def answers(merge: Any, operation: str, path: str = "/a", said: str = "", more: str = "") -> dict[str, Any]:
    made = merge(f"{more}\npaths: {{'{path}': {{x-gateway: {{{said}}}, post: {{{operation}}}}}}}")
    found = made["paths"][path]["post"]["responses"]
    found["components"] = made["components"]
    return found  # type: ignore[no-any-return]


def statuses(merge: Any, operation: str, path: str = "/a", said: str = "", more: str = "") -> list[str]:
    return list(answers(merge, operation + ", responses: {'201': {description: ok}}", path, said, more))[1:-1]


BODY = "requestBody: {content: {application/json: {schema: {type: object}}}}"
QUERY = "parameters: [{name: q, in: query, schema: {type: integer}}]"
PATH = "parameters: [{name: id, in: path, required: true, schema: {type: integer}}]"


@pytest.mark.parametrize(
    ("operation", "path", "said", "expected"),
    [
        ("summary: a", "/a", "", ["400", "413", "502", "503", "504"]),
        (QUERY, "/a", "", ["400", "413", "502", "503", "504"]),
        ("summary: a", "/a", "validate: {unknownQuery: reject}", ["400", "413", "502", "503", "504"]),
        (QUERY, "/a", "validate: {request: report}", ["413", "502", "503", "504"]),
        (BODY, "/a", "", ["400", "413", "415", "502", "503", "504"]),
        (BODY, "/a", "validate: {request: 'off'}", ["413", "502", "503", "504"]),
        (PATH, "/a/{id}", "", ["400", "404", "413", "502", "503", "504"]),
        ("summary: a", "/a", "match: {headers: {X-A: a}}", ["400", "404", "413", "502", "503", "504"]),
        ("summary: a", "/a", "mock: {mode: always}", ["400", "404", "406", "413", "501", "503"]),
        ("summary: a", "/a", "mock: {mode: fallback}", ["400", "404", "406", "413", "501", "502", "503", "504"]),
        (
            "summary: a", "/a", "mock: {mode: always, faults: {rate: 1%, kind: status, status: 429}}",
            ["400", "404", "406", "413", "429", "501", "503"],
        ),
        ("summary: a", "/a", "mock: {faults: {rate: 1%, kind: status, status: 429}}", ["400", "413", "502", "503", "504"]),
        ("summary: a", "/a", "host: a.example", ["400", "404", "413", "502", "503", "504"]),
    ],
)  # fmt: skip
def test_an_operation_documents_what_the_gateway_can_answer_there(
    merge: Any, operation: str, path: str, said: str, expected: list[str]
) -> None:
    assert statuses(merge, operation, path, said) == expected


def test_credentials_that_are_required_may_be_missing(merge: Any) -> None:
    schemes = "components: {securitySchemes: {key: {type: apiKey, in: header, name: X-Key}}}"
    assert "401" in statuses(merge, "security: [{key: []}]", more=schemes)
    assert "401" not in statuses(merge, "security: [{}, {key: []}]", more=schemes)
    assert "403" not in statuses(merge, "security: [{key: []}]", more=schemes)


def test_credentials_may_be_good_and_not_enough(merge: Any) -> None:
    schemes = "components: {securitySchemes: {key: {type: apiKey, in: header, name: X-Key}}}"
    assert "403" in statuses(merge, "security: [{key: [admin]}]", more=schemes)
    assert "403" not in statuses(merge, "security: [{key: [admin]}, {}]", more=schemes)


def test_credentials_may_be_wrong_too_often(merge: Any) -> None:
    schemes = "components: {securitySchemes: {key: {type: apiKey, in: header, name: X-Key}}}"
    assert "429" in statuses(merge, "security: [{key: []}]", more=schemes)
    assert "429" in statuses(merge, "security: [{}, {key: []}]", more=schemes)
    assert "429" not in statuses(merge, "security: []", more=schemes)


@pytest.mark.parametrize(("place", "said", "forgeable"), [("cookie", "", True), ("cookie", "csrf: 'off'", False), ("header", "", False)])
def test_a_request_with_a_cookie_may_come_from_another_site(merge: Any, place: str, said: str, forgeable: bool) -> None:
    schemes = f"components: {{securitySchemes: {{key: {{type: apiKey, in: {place}, name: sid}}}}}}"
    assert ("403" in statuses(merge, "security: [{key: []}]", said=said, more=schemes)) is forgeable


def test_without_an_upstream_nobody_is_waited_for(merge: Any) -> None:
    made = merge({"a.yaml": "openapi: 3.1.0\ninfo: {title: a, version: '1'}\npaths: {/a: {get: {responses: {'200': {description: ok}}}}}"})
    assert list(made["paths"]["/a"]["get"]["responses"]) == ["200", "400", "413", "503"]


def test_a_path_beside_a_more_concrete_one_may_get_405(merge: Any) -> None:
    made = merge(
        f"paths: {{'/a/{{id}}': {{get: {{{PATH}, responses: {{'200': {{description: ok}}}}}}, put: {{{PATH}, "
        f"responses: {{'200': {{description: ok}}}}}}}}, "
        "/a/me: {get: {responses: {'200': {description: ok}}}}}"
    )
    assert "405" in made["paths"]["/a/{id}"]["put"]["responses"]
    assert "405" not in made["paths"]["/a/{id}"]["get"]["responses"]
    assert "405" not in made["paths"]["/a/me"]["get"]["responses"]


def test_answers_are_shared_components(merge: Any) -> None:
    found = answers(merge, QUERY + ", responses: {'201': {description: ok}}")
    assert found["400"] == {"$ref": "#/components/responses/GatewayBadRequest"}
    assert found["components"]["responses"]["GatewayBadRequest"]["content"] == {"application/problem+json": {"schema": PROBLEM}}
    assert found["components"]["schemas"]["Problem"]["properties"]["violations"]["items"] == {"$ref": "#/components/schemas/Violation"}


def test_a_declared_response_stays_and_gets_the_problem_beside_it(merge: Any) -> None:
    found = answers(
        merge,
        QUERY + ", responses: {'400': {$ref: '#/components/responses/Bad'}, '502': {description: mine}}",
        more="components: {responses: {Bad: {description: bad, headers: {X-A: {schema: {}}}, "
        "content: {application/json: {schema: {type: object}}}}}}",
    )
    assert found["400"] == {
        "description": "bad",
        "headers": {"X-A": {"schema": {}}},
        "content": {"application/json": {"schema": {"type": "object"}}, "application/problem+json": {"schema": PROBLEM}},
    }
    # Without content the service's answer is empty: with a declared one, every empty answer would break the document.
    assert found["502"] == {"description": f"mine\n\n{EMPTY_OR_PROBLEM}"}


def test_a_range_or_default_goes_on_to_speak_of_what_it_covers(merge: Any) -> None:
    text = "{description: WORD, content: {application/json: {schema: {title: WORD}}}}"
    found = answers(merge, QUERY + f", responses: {{4xx: {text.replace('WORD', 'client')}, default: {text.replace('WORD', 'other')}}}")
    assert (found["400"]["description"], found["503"]["description"]) == ("client", "other")
    assert list(found["400"]["content"]) == ["application/json", "application/problem+json"]
    assert list(found)[:-1] == ["400", "413", "502", "503", "504", "4XX", "default"]


def test_a_declared_problem_is_one_of_two(merge: Any) -> None:
    declared = "{description: bad, content: {application/problem+json: {schema: {$ref: '#/components/schemas/Problem'}}}}"
    found = answers(
        merge, QUERY + f", responses: {{'400': {declared}}}", more="components: {schemas: {Problem: {type: object, required: [code]}}}"
    )
    assert found["400"]["content"]["application/problem+json"] == {
        "schema": {"anyOf": [PROBLEM, {"$ref": "#/components/schemas/gateway.Problem"}]}
    }
    assert found["components"]["schemas"]["Problem"] == {"type": "object", "required": ["code"]}


def test_a_declared_problem_that_says_nothing_stays(merge: Any) -> None:
    found = answers(merge, QUERY + ", responses: {'400': {description: bad, content: {application/problem+json: {}}}}")
    assert found["400"]["content"] == {"application/problem+json": {}}


def test_an_operation_with_websockets_documents_how_they_are_refused(merge: Any) -> None:
    text = "paths: {/a: {get: {x-gateway: {websocket: SAID}, responses: {'101': {description: open}}}}}"
    for said, expected in (
        ("{}", ["101", "400", "403", "413", "426", "502", "503", "504"]),
        ("{origins: ['*']}", ["101", "400", "413", "426", "502", "503", "504"]),
        ("{origins: []}", ["101", "400", "403", "413", "426", "502", "503", "504"]),
    ):
        assert list(merge(text.replace("SAID", said))["paths"]["/a"]["get"]["responses"]) == expected


def test_an_internal_path_takes_requests_from_a_public_one(merge: Any) -> None:
    made = merge(
        f"paths: {{'/a/{{id}}': {{put: {{{PATH}, responses: {{'200': {{description: ok}}}}}}}}, "
        "/a/me: {x-gateway: {visibility: internal}, get: {responses: {'200': {description: ok}}}}}"
    )
    assert "405" in made["paths"]["/a/{id}"]["put"]["responses"]


@pytest.mark.parametrize("declared", ["", ", responses: {}", ", responses: {'102': {description: wait}}"])
def test_where_no_final_response_is_declared_every_answer_is_the_services(merge: Any, declared: str) -> None:
    made = merge(f"paths: {{'/a': {{post: {{summary: a{declared}}}}}}}")["paths"]["/a"]["post"]["responses"]
    assert made["default"] == {"description": UNDESCRIBED}
    assert {"400", "413", "502"} < set(made)
