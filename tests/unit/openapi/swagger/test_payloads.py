from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.unit.openapi.swagger.documents import operation, read, upgraded


def post(folder: Path, text: str) -> Any:
    return upgraded(folder, text).value["paths"]["/a"]["post"]


def test_a_body_has_the_types_that_are_consumed(tmp_path: Path) -> None:
    text = operation("[{in: body, name: b, required: true, description: d, schema: {type: object}}]", ", consumes: [a/b, ' c/d ', a/b]")
    assert post(tmp_path, text)["requestBody"] == {
        "description": "d",
        "required": True,
        "content": {"a/b": {"schema": {"type": "object"}}, "c/d": {"schema": {"type": "object"}}},
    }


def test_the_operation_s_types_replace_the_document_s(tmp_path: Path) -> None:
    body = "[{in: body, name: b, schema: {}}]"
    assert list(post(tmp_path, "consumes: [a/b]\n" + operation(body))["requestBody"]["content"]) == ["a/b"]
    assert list(post(tmp_path, "consumes: [a/b]\n" + operation(body, ", consumes: [c/d]"))["requestBody"]["content"]) == ["c/d"]
    assert list(post(tmp_path, "consumes: [a/b]\n" + operation(body, ", consumes: []"))["requestBody"]["content"]) == ["application/json"]


def test_json_is_taken_where_nothing_is_said_and_that_is_told_once(tmp_path: Path) -> None:
    one = "{parameters: [{in: body, name: b, schema: {}}], responses: {default: {description: ''}}}"
    outcome = read(tmp_path, f"paths: {{/a: {{post: {one}, put: {one}}}}}\n")
    assert outcome.found == [("upgrade-loss", 3)]
    assert all(operation.request_body is not None for operation in outcome.operations)


@pytest.mark.parametrize(
    ("consumes", "kinds"),
    [
        ("", ["application/x-www-form-urlencoded", "multipart/form-data"]),
        (", consumes: [multipart/form-data]", ["multipart/form-data"]),
        (", consumes: ['application/x-www-form-urlencoded; charset=utf-8']", ["application/x-www-form-urlencoded; charset=utf-8"]),
        (", consumes: [application/json]", ["application/x-www-form-urlencoded", "multipart/form-data", "application/json"]),
    ],
)
def test_forms(tmp_path: Path, consumes: str, kinds: list[str]) -> None:
    made = post(tmp_path, operation("[{in: formData, name: a, type: integer, required: true}]", consumes))["requestBody"]
    assert list(made["content"]) == kinds
    assert made["required"] is True
    assert made["content"][kinds[0]]["schema"] == {"type": "object", "properties": {"a": {"type": "integer"}}, "required": ["a"]}


def test_what_forms_say_nothing_of_is_marked(tmp_path: Path) -> None:
    outcome = read(tmp_path, operation("[{in: formData, name: a, type: integer}]", ", consumes: [application/json]"))
    assert outcome.found == [("upgrade-loss", 3)]
    body = outcome.operation.request_body
    assert body is not None
    assert "x-specgw-unenforced" in body.content[-1].node.value


def test_responses(tmp_path: Path) -> None:
    text = (
        "produces: [a/b]\npaths: {/a: {post: {responses: {200: {description: d, schema: {type: string}, headers: {X-A: {type: integer}},"
        " examples: {c/d: x, not a type: y}}, 201: {description: f, schema: {type: file}}, 204: {description: n}}}}}\n"
    )
    responses = post(tmp_path, text)["responses"]
    assert responses["200"] == {
        "description": "d",
        "headers": {"X-A": {"schema": {"type": "integer"}}},
        "content": {"a/b": {"schema": {"type": "string"}}, "c/d": {"schema": {"type": "string"}, "example": "x"}},
    }
    assert responses["201"]["content"] == {"a/b": {"schema": {"type": "string", "format": "binary"}}}
    assert responses["204"] == {"description": "n"}


def test_two_bodies_are_not_checked(tmp_path: Path) -> None:
    outcome = read(tmp_path, operation("[{in: body, name: a, schema: {}}, {in: formData, name: b, type: string}]"))
    assert [code for code, _ in outcome.found] == ["upgrade-loss"]
    body = outcome.operation.request_body
    assert body is not None
    assert [entry.media_range for entry in body.content] == ["*/*"]
