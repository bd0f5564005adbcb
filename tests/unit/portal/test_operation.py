from __future__ import annotations

from typing import Any

from specgw.plan.model import Plan
from specgw.portal.catalogue import catalogue
from specgw.portal.lexicon import lexicons
from specgw.portal.making import Maker
from specgw.portal.operation import Described, describe

PROBLEM = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
COMPONENTS: dict[str, Any] = {
    "schemas": {"Problem": {"type": "object"}, "User": {"type": "object"}},
    "parameters": {"page": {"name": "page", "in": "query", "schema": {"type": "integer", "minimum": 1}, "example": 2, "deprecated": True}},
    "responses": {"GatewayTimeout": {"description": "Too late.", "content": PROBLEM}},
    "securitySchemes": {"key": {"type": "apiKey", "in": "header", "name": "X-Key"}},
}


def described(servers: Any = ({"url": "/"},), **operation: Any) -> Described:
    document = {"paths": {"/users/{id}": {"post": operation}}, "components": COMPONENTS, "servers": list(servers)}
    [volume] = catalogue({"openapi.json": document})
    return describe(volume.groups[0].entries[0], lexicons([volume])["openapi.json"], Maker(Plan()))


def test_parameters_of_a_path_come_first() -> None:
    said = described(
        parameters=[
            {"$ref": "#/components/parameters/page"},
            {"name": "id", "in": "path", "required": True, "description": "Which.", "schema": {"type": "string"}},
            {"name": "filter", "in": "query", "content": {"application/json": {"schema": {"type": "object"}}}},
            {"name": "odd", "in": "body"},
            7,
        ]
    )
    told = [
        (place, field.row.name, field.row.required, field.row.marks, field.row.kind, field.examples)
        for place, fields in said.parameters.items()
        for field in fields
    ]
    assert told == [
        ("path", "id", True, [], "string", []),
        ("query", "page", False, ["deprecated"], "integer", [("", "2")]),
        ("query", "filter", False, [], "object as application/json", []),
    ]
    assert said.parameters["query"][0].row.constraints == ["≥ 1"]
    assert said.parameters["path"][0].row.description == ["Which."]


def test_parameters_unfold_and_say_how_they_are_written() -> None:
    price = {"type": "object", "properties": {"min": {"type": "number", "minimum": 0}}}
    said = described(parameters=[{"name": "price", "in": "query", "style": "deepObject", "explode": True, "schema": price}])
    [field] = said.parameters["query"]
    assert field.manner == "One parameter for each member: price[member]=value."
    assert "<code>min</code>" in field.tree


def test_a_schema_is_shown_once() -> None:
    user = {"application/json": {"schema": {"$ref": "#/components/schemas/User"}}, "text/plain": {}}
    said = described(
        requestBody={"required": True, "description": "It.", "content": user},
        responses={"200": {"description": "ok", "content": user}, "504": {"$ref": "#/components/responses/GatewayTimeout"}, "x-note": {}},
    )
    assert said.body is not None
    assert (said.body.required, said.body.description) == (True, ["It."])
    json, text = said.body.content
    assert (json.name, json.repeated, json.anchor) == ("application/json", False, "schema-User")
    assert (text.name, text.schema) == ("text/plain", "")
    again = said.answers[0].content[0]
    assert (again.repeated, again.anchor) == (True, "schema-User")
    assert [(answer.status, answer.reason, answer.description) for answer in said.answers] == [
        ("200", "OK", ["ok"]),
        ("504", "Gateway Timeout", ["Too late."]),
    ]
    assert [answer.own for answer in said.answers] == [False, True]
    assert said.answers[1].content == [], "what the gateway says has a page of its own"


def test_schemas_without_a_name_are_there_as_json_and_others_on_their_page() -> None:
    schema = {"type": "object", "properties": {"a": {}}}
    said = described(
        requestBody={
            "content": {"a/b": {"schema": schema}, "a/c": {"schema": schema}, "a/d": {"schema": {"$ref": "#/components/schemas/User"}}}
        }
    )
    assert said.body is not None
    first, again, named = said.body.content
    assert (first.schema, first.page, first.text) == ("object", "", '{"type": "object", "properties": {"a": {}}}')
    assert (again.repeated, again.anchor) == (True, first.anchor)
    assert (named.schema, named.page, named.text) == ("User", "../schemas/User.html", "")


def test_reasons_are_the_same_under_every_python() -> None:
    said = described(responses={"413": {}, "422": {}, "2XX": {}, "default": {}, "299": {}})
    assert [answer.reason for answer in said.answers] == ["Content Too Large", "Unprocessable Content", "", "", ""]


def test_header_fields_of_answers() -> None:
    location = {"schema": {"format": "uri", "type": "string"}, "required": True}
    [answer] = described(responses={"200": {"headers": {"Location": location}}}).answers
    assert [(field.row.name, field.row.kind, field.row.required) for field in answer.headers] == [("Location", "string (uri)", True)]


def test_credentials() -> None:
    assert described().public
    assert described(security=[]).public
    asked = described(security=[{"key": []}])
    assert (asked.public, [scheme.name for scheme in asked.alternatives[0].schemes]) == (False, ["key"])
    assert 'X-Key: \'"$API_KEY"' in asked.samples[0].text
    optional = described(security=[{"key": []}, {}])
    assert (optional.public, len(optional.alternatives)) == (True, 1)


def test_servers_and_the_call() -> None:
    here = described()
    assert (here.servers, here.asks_address) == (["/"], True)
    there = described([{"url": "https://api.example.com"}])
    assert (there.servers, there.asks_address) == (["https://api.example.com"], False)
    assert "https://api.example.com/users/id" in there.samples[0].text
    assert described([]).asks_address


def test_a_summary_that_is_too_long_for_a_heading_begins_the_description() -> None:
    said = described(summary="word " * 50, description="More.")
    assert said.description == [("word " * 50).strip(), "More."]
    assert described(summary="Short", description="More.").description == ["More."]


def test_what_is_not_checked_exactly_is_said() -> None:
    assert described(**{"x-specgw-unenforced": ["a pattern"]}).unenforced == ["a pattern"]
