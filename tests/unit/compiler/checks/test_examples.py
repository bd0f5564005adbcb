from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from specgw.compiler.compile import compile_documents
from specgw.compiler.inputs import Inputs

PET = {
    "type": "object",
    "required": ["id", "pin"],
    "properties": {"id": {"type": "integer", "readOnly": True}, "pin": {"type": "string", "writeOnly": True}},
}


def found(folder: Path, operation: dict[str, Any], *, examples: bool = True, **more: Any) -> list[str]:
    whole = {"responses": {"200": {"description": ""}}, **operation}
    document = {"openapi": "3.0.3", "info": {"title": "t", "version": "1"}, "paths": {"/a": {"post": whole}, "/b": {"post": whole}}, **more}
    (folder / "t.yaml").write_text(yaml.safe_dump(document, sort_keys=False))
    findings = compile_documents(Inputs((folder,), base=folder, examples=examples), environ={}).findings
    return [finding.message for finding in findings if finding.code == "example-invalid"]


def query(schema: Any, example: Any, **more: Any) -> dict[str, Any]:
    return {"parameters": [{"name": "q", "in": "query", "schema": schema, "example": example, **more}]}


def answer(schema: Any, example: Any, kind: str = "application/json") -> dict[str, Any]:
    return {"responses": {"200": {"description": "", "content": {kind: {"schema": schema, "example": example}}}}}


@pytest.mark.parametrize(
    ("schema", "example"),
    [
        ({"type": "integer"}, 5),
        ({"type": "integer"}, "5"),
        ({"type": "string"}, 5),
        ({"type": "string", "pattern": "^t"}, True),
        ({"type": "array", "items": {"type": "integer"}}, "5"),
        ({"type": "array", "items": {"type": "integer"}}, "5,6"),
        ({"type": "array", "items": {"type": "integer"}}, [5, 6]),
    ],
)
def test_a_parameter_may_be_written_as_its_text(tmp_path: Path, schema: Any, example: Any) -> None:
    assert found(tmp_path, query(schema, example)) == []


@pytest.mark.parametrize(
    ("operation", "said"),
    [
        (query({"type": "integer"}, "huge"), "the query parameter 'q' breaks its schema: must be an integer"),
        (
            query({"type": "array", "items": {"type": "integer"}}, [5, "x"]),
            "the query parameter 'q' breaks its schema: at /1: must be an integer",
        ),
        (answer({"type": "integer"}, "5"), "the response 200 (application/json) breaks its schema: must be an integer"),
        (answer({"type": "integer"}, "x", "text/plain"), "the response 200 (text/plain) breaks its schema: must be an integer"),
        (answer({"type": "object"}, [], "application/xml"), "the response 200 (application/xml) breaks its schema: must be an object"),
        (answer(PET, {"id": 1, "pin": "x"}), "the response 200 (application/json) breaks its schema: at /pin: is not allowed here"),
        (
            {"requestBody": {"content": {"application/json": {"schema": PET, "example": {"id": "x"}}}}},
            "the request body (application/json) breaks its schema: must have the property 'pin'; at /id: must be an integer",
        ),
    ],
)
def test_what_a_schema_refuses_is_told_with_the_reason(tmp_path: Path, operation: dict[str, Any], said: str) -> None:
    messages = found(tmp_path, operation)
    assert len(messages) == 2, "each path has one"
    assert messages[0] == f"this example of {said}"


def test_whole_messages_and_directions_are_left_alone(tmp_path: Path) -> None:
    assert found(tmp_path, answer({"type": "object"}, "<a/>", "application/xml")) == []
    assert found(tmp_path, answer({**PET, "example": {"id": 1, "pin": "x"}}, {"id": 1})) == []
    shared = {"content": {"application/json": {"schema": {**PET, "example": {"id": 1, "pin": "x"}}}}}
    assert found(tmp_path, {"requestBody": shared, "responses": {"200": {"description": "", **shared}}}) == []


def test_an_example_of_several_operations_is_told_once(tmp_path: Path) -> None:
    response = answer({"type": "integer"}, "x")["responses"]["200"]
    operation = {"responses": {"200": {"$ref": "#/components/responses/A"}}}
    assert len(found(tmp_path, operation, components={"responses": {"A": response}})) == 1


def test_servers_do_without(tmp_path: Path) -> None:
    assert found(tmp_path, answer({"type": "integer"}, "x"), examples=False) == []
