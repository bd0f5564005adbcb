from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

from specgw.compiler.compile import compile_documents
from specgw.compiler.inputs import Inputs

ANSWER = {"200": {"description": ""}}


def found(folder: Path, operation: dict[str, Any], **components: Any) -> list[tuple[str, str]]:
    document = {
        "openapi": "3.1.0",
        "info": {"title": "t", "version": "1"},
        "paths": {"/a": {"post": {"responses": ANSWER, **operation}}},
        "components": {"schemas": components},
    }
    (folder / "t.yaml").write_text(yaml.safe_dump(document, sort_keys=False))
    build = compile_documents(Inputs((folder,), base=folder, examples=True), environ={})
    told = ((finding.code, finding.pointer or "") for finding in build.findings)
    return [(code, pointer) for code, pointer in told if code in ("default-invalid", "example-invalid")]


def test_a_default_is_judged_where_requests_have_it(tmp_path: Path) -> None:
    parameter = {"name": "q", "in": "query", "schema": {"type": "integer", "default": "many"}}
    assert found(tmp_path, {"parameters": [parameter]}) == [("default-invalid", "/paths/~1a/post/parameters/0/schema/default")]


def test_a_shared_schema_is_told_once(tmp_path: Path) -> None:
    content = {"application/json": {"schema": {"$ref": "#/components/schemas/A"}}}
    responses = {"200": {"description": "", "content": content}}
    wrong = {"type": "object", "properties": {"n": {"type": "integer", "examples": [1, "x"], "default": 2}}}
    told = found(tmp_path, {"requestBody": {"content": content}, "responses": responses}, A=wrong)
    assert told == [("example-invalid", "/components/schemas/A/properties/n/examples/1")]


def test_the_example_of_an_object_may_show_both_directions(tmp_path: Path) -> None:
    properties = {"id": {"type": "integer", "readOnly": True}, "secret": {"type": "string", "writeOnly": True}}
    schema = {"type": "array", "items": {"type": "object", "properties": properties, "example": {"id": 1, "secret": "x"}}}
    content = {"application/json": {"schema": schema}}
    assert found(tmp_path, {"requestBody": {"content": content}, "responses": {"200": {"description": "", "content": content}}}) == []


def test_values_are_no_schemas(tmp_path: Path) -> None:
    schema = {"type": "object", "enum": [{"type": "string", "default": 1}], "properties": {"const": {"type": "string", "default": "x"}}}
    assert found(tmp_path, {"requestBody": {"content": {"application/json": {"schema": schema}}}}) == []
