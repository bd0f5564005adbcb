"""Which examples a document states, and where."""

from __future__ import annotations

from specgw.compiler.stated import stated
from tests.unit.contract.examples.conftest import Compile, compiled

__all__ = ["compiled"]


def test_examples_of_everything_with_their_places(compiled: Compile) -> None:
    build = compiled(
        {
            "parameters": [
                {"name": "a", "in": "query", "schema": {"type": "integer"}, "example": 1},
                {"name": "b", "in": "query", "content": {"application/json": {"example": {"x": 1}}}},
            ],
            "requestBody": {"content": {"application/json": {"examples": {"one": {"value": 2}, "far": {"externalValue": "http://x/"}}}}},
            "responses": {
                "2XX": {
                    "description": "ok",
                    "headers": {"X-Left": {"schema": {"type": "integer", "examples": [3, 4]}}},
                    "content": {"text/plain": {"schema": {"$ref": "#/components/schemas/Text"}}},
                }
            },
        },
        components={"schemas": {"Text": {"type": "string", "example": "t"}}},
    )
    found = list(stated(build.declared[0], build.follow))
    assert [(example.what, example.value, example.of_schema) for example in found] == [
        ("the query parameter 'a'", 1, False),
        ("the query parameter 'b'", {"x": 1}, False),
        ("the request body (application/json)", 2, False),
        ("the header 'X-Left' of the response 2XX", 3, True),
        ("the header 'X-Left' of the response 2XX", 4, True),
        ("the response 2XX (text/plain)", "t", True),
    ]
    assert found[-1].node.pointer == "/components/schemas/Text/example"


def test_examples_of_an_object_take_the_place_of_those_of_its_schema(compiled: Compile) -> None:
    build = compiled({"parameters": [{"name": "a", "in": "query", "schema": {"example": 1}, "examples": {"x": {"value": 2}}}]})
    assert [example.value for example in stated(build.declared[0], build.follow)] == [2]
