from __future__ import annotations

from pathlib import Path

from tests.unit.openapi.swagger.documents import HEAD, operation, read, upgraded


def test_components(tmp_path: Path) -> None:
    root = upgraded(
        tmp_path,
        "consumes: [a/b]\npaths: {}\ndefinitions: {A: {}}\nparameters: {q: {name: q, in: query, type: string},"
        " b: {name: b, in: body, schema: {type: object}}, f: {name: f, in: formData, type: string}}\nresponses: {R: {description: ''}}\n",
    )
    assert root.value["openapi"] == "3.0.3"
    assert root.value["components"] == {
        "schemas": {"A": {}},
        "parameters": {"q": {"name": "q", "in": "query", "schema": {"type": "string"}}},
        "requestBodies": {"b": {"content": {"a/b": {"schema": {"type": "object"}}}}},
        "responses": {"R": {"description": ""}},
    }


def test_operations_take_the_parameters_of_their_path(tmp_path: Path) -> None:
    outcome = read(
        tmp_path,
        "consumes: [multipart/form-data]\npaths:\n  /a:\n    parameters: [{name: q, in: query, type: string},"
        " {name: f, in: formData, type: string}, {name: g, in: formData, type: string}]\n"
        "    post: {parameters: [{name: f, in: formData, type: integer}],"
        " responses: {default: {description: ''}}}\n",
    )
    assert [parameter.name for parameter in outcome.operation.parameters] == ["q"]
    body = outcome.operation.request_body
    assert body is not None
    schema = body.content[0].schema
    assert schema is not None
    assert schema.value["properties"] == {"f": {"type": "integer"}, "g": {"type": "string"}}
    assert outcome.found == []


def test_references_to_what_moved(tmp_path: Path) -> None:
    text = "consumes: [a/b]\nparameters: {b: {name: b, in: body, schema: {type: object}}}\n" + operation(
        "[{name: x, in: body, schema: {$ref: '#/parameters/b/schema'}}]"
    )
    outcome = read(tmp_path, text)
    body = outcome.operation.request_body
    assert body is not None
    schema = body.content[0].schema
    assert schema is not None
    target = outcome.library.resolve(schema)
    assert target is not None
    assert target.value == {"type": "object"}
    assert target.written().pointer == "/parameters/b/schema"


def test_wrong_types_are_told_as_everywhere(tmp_path: Path) -> None:
    outcome = read(
        tmp_path,
        "paths: {/a: 3, /b: {get: 4, put: {parameters: 5, responses: 6}, post: {parameters: [7], responses: {200: 8}}}}\n"
        "parameters: {p: 9}\nresponses: {r: 10}\nsecurityDefinitions: {s: 11}\ndefinitions: 12\nschemes: 13\nhost: 14\nconsumes: 15\n",
    )
    assert {code for code, _ in outcome.found} == {"wrong-type"}
    assert len(outcome.found) >= 7


def test_a_word_of_openapi_3_is_none_of_2_0(tmp_path: Path) -> None:
    outcome = read(tmp_path, "paths: {}\nservers: [{url: https://a.example}]\ncolour: red\n")
    assert [code for code, _ in outcome.found] == ["unknown-field", "unknown-field"]
    assert HEAD.startswith("swagger")
