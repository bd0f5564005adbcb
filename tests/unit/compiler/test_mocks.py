from __future__ import annotations

from typing import Any


def examples(build: Any, media: str, components: str = "") -> Any:
    made = build(
        "paths: {/a: {get: {operationId: getA, responses: {'200': {description: ok, content: {application/json: "
        + media
        + "}}}}}}\n"
        + components
    )
    return made.mocks["getA.json"]["responses"]["200"]["application/json"]


def test_one_file_a_served_operation(build: Any) -> None:
    made = build(
        """
        paths:
          /a/{id}:
            parameters: [{name: id, in: path, required: true, schema: {}}]
            get: {responses: {'204': {description: none}}}
            put: {operationId: Put-a, responses: {default: {description: ok}}}
            patch: {operationId: put-A, responses: {default: {description: ok}}}
            delete: {x-gateway: {enabled: false}, responses: {default: {description: ok}}}
        """
    )
    assert sorted(made.mocks) == ["GET-a-id.json", "Put-a.json", "put-A-2.json"]
    assert made.mocks["GET-a-id.json"] == {"route": "GET /a/{id}", "method": "GET", "path": "/a/{id}", "responses": {"204": {}}}


def test_an_example_is_the_default(build: Any) -> None:
    assert examples(build, "{example: {a: 1}}") == {"default": {"a": 1}}
    assert examples(build, "{example: null}") == {"default": None}


def test_named_examples_are_resolved(build: Any) -> None:
    found = examples(
        build,
        "{examples: {one: {value: 1}, two: {$ref: '#/components/examples/Two'}, far: {externalValue: 'http://a'}}}",
        "components: {examples: {Two: {$ref: '#/components/examples/Second'}, Second: {value: {$ref: kept}}}}",
    )
    assert found == {"one": 1, "two": {"$ref": "kept"}}


def test_the_schema_speaks_where_nobody_else_does(build: Any) -> None:
    components = "components: {schemas: {A: {type: integer, example: 7}, B: {type: integer, examples: [8, 9]}}}"
    assert examples(build, "{schema: {$ref: '#/components/schemas/A'}}", components) == {"default": 7}
    assert examples(build, "{schema: {$ref: '#/components/schemas/B'}}", components) == {"default": 8}
    assert examples(build, "{example: 1, schema: {$ref: '#/components/schemas/A'}}", components) == {"default": 1}
    assert examples(build, "{schema: {type: string}}") == {}
