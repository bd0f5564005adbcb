from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from specgw.compiler.passes.sandbox import concrete
from specgw.plan.sandbox import Pairing
from tests.unit.mock.conftest import planned


def response(**content: Any) -> dict[str, Any]:
    return {"200": {"description": "", "content": content}}


@pytest.mark.parametrize(
    ("media_range", "sent"),
    [
        ("application/json; charset=utf-8", "application/json; charset=utf-8"), ("*/*", "application/json"), ("text/*", "text/plain"),
        ("application/*+json", "application/json"), ("image/*", "image/png"), ("video/*", "video/octet-stream"),
    ],
)  # fmt: skip
def test_a_range_is_sent_as_one_type(media_range: str, sent: str) -> None:
    assert concrete(media_range) == sent


def test_examples_are_prepared_in_the_form_of_their_type(tmp_path: Path) -> None:
    said = {"application/json": {"example": {"a": 1}}, "application/xml": {"example": "<a/>"}, "text/plain": {"example": 3}}
    sandbox = planned(tmp_path, {"/a": {"get": {"operationId": "a", "responses": response(**said)}}}).sandbox
    (found,) = sandbox.responses.values()
    assert [(content.kind, content.examples[0].body) for content in found.content] == [("json", '{"a":1}'), ("xml", "<a/>"), ("text", "3")]


@pytest.mark.parametrize(
    ("schema", "example", "body"),
    [
        ({"$ref": "#/components/schemas/A"}, '{"a": 1}', '{"a": 1}'),
        ({"type": "array"}, "[1]", "[1]"),
        ({"type": "string"}, "[1]", '"[1]"'),
        ({}, "[1]", '"[1]"'),
        ({"type": "array"}, "[1", '"[1"'),
        ({"type": "array"}, "1", '"1"'),
    ],
)
def test_json_written_as_text_is_the_body_where_the_schema_wants_a_structure(
    tmp_path: Path, schema: dict[str, Any], example: str, body: str
) -> None:
    said = {"application/json": {"schema": schema, "example": example}}
    components = {"schemas": {"A": {"type": "object"}}}
    paths = {"/a": {"get": {"operationId": "a", "responses": response(**said)}}}
    (found,) = planned(tmp_path, paths, components=components).sandbox.responses.values()
    assert found.content[0].examples[0].body == body


def test_a_response_that_several_operations_share_is_prepared_once(tmp_path: Path) -> None:
    shared = {"responses": {"200": {"$ref": "#/components/responses/R"}}}
    components = {"responses": {"R": {"description": ""}}}
    sandbox = planned(tmp_path, {"/a": {"get": shared, "put": shared}}, components=components).sandbox
    assert list(sandbox.responses) == ["t.yaml#/components/responses/R"]
    assert len(sandbox.operations) == 2


def test_responses_that_are_the_same_at_several_places_stand_once(tmp_path: Path) -> None:
    one, other = response(**{"text/plain": {"example": "a"}}), response(**{"text/plain": {"example": "b"}})
    operations = {method: {"operationId": method, "responses": said} for method, said in (("get", one), ("put", other), ("post", one))}
    sandbox = planned(tmp_path, {"/a": operations}).sandbox
    assert [mock.responses["200"] for mock in map(sandbox.operations.__getitem__, ("get", "put", "post"))] == [
        "t.yaml#/paths/~1a/get/responses/200",
        "t.yaml#/paths/~1a/put/responses/200",
        "t.yaml#/paths/~1a/get/responses/200",
    ]
    assert len(sandbox.responses) == 2


def test_names_that_request_and_response_share_are_kept(tmp_path: Path) -> None:
    operation = {
        "operationId": "a",
        "parameters": [{"name": "id", "in": "path", "required": True, "schema": {}, "examples": {"x": {"value": 1}, "z": {"value": 2}}}],
        "requestBody": {"content": {"application/json": {"examples": {"x": {"value": {"b": 1}}}}}},
        "responses": response(**{"application/json": {"examples": {"x": {"value": 1}, "y": {"value": 2}}}}),
    }
    mock = planned(tmp_path, {"/a/{id}": {"post": operation}}, servers=[{"url": "/v2/"}]).sandbox.operations["a"]
    assert mock.pairings == (Pairing(name="x", parameters=(("path", "id", "1"),), bodies={"application/json": '{"b":1}'}),)
    assert mock.bases == ("/v2",)


def test_what_makes_values_plausible_is_kept_for_the_sandbox_alone(tmp_path: Path) -> None:
    schema = {"type": "string", "example": "Ada", "default": "Bob", "format": "nickname"}
    said = response(**{"application/json": {"schema": {"type": "object", "properties": {"name": schema}}}})
    plan = planned(tmp_path, {"/a": {"get": {"responses": said, "x-gateway": {"validate": {"response": "enforce"}}}}})
    assert "'samples': ['Ada', 'Bob'], 'format': 'nickname'" in str(plan.sandbox.schemas)
    assert "x-sandbox" not in str(plan.schemas)


def test_fields_that_the_gateway_writes_are_not_made(tmp_path: Path) -> None:
    headers = {"X-Request-Id": {"schema": {}}, "Content-Type": {"schema": {}}, "X-A": {"example": 1}}
    operation = {"responses": {"204": {"description": "", "headers": headers}}}
    (found,) = planned(tmp_path, {"/a": {"get": operation}}).sandbox.responses.values()
    assert [(header.name, header.text) for header in found.headers] == [("X-A", "1")]
