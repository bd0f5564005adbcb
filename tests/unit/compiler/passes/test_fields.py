from __future__ import annotations

from typing import Any

import pytest

from specgw.plan.model import Parameter, Shape


def parameter(build: Any, said: str) -> Parameter:
    made = build(f"paths: {{/a: {{get: {{parameters: [{{name: q, {said}}}], responses: {{default: {{description: ok}}}}}}}}}}")
    assert made.plan is not None, list(made.findings)
    [found] = made.plan.routes[0].parameters
    return found  # type: ignore[no-any-return]


def test_a_parameter_comes_with_its_style_and_shape(build: Any) -> None:
    found = parameter(build, "in: query, required: true, style: pipeDelimited, schema: {type: array, items: {type: integer}}")
    assert (found.name, found.location, found.style, found.explode, found.required) == ("q", "query", "pipeDelimited", False, True)
    assert found.shape == Shape(types=("array",), items=Shape(types=("integer",)))
    assert found.schema is not None


@pytest.mark.parametrize("schema", ["{}", "true", "{description: anything}"])
def test_a_schema_that_accepts_everything_is_none(build: Any, schema: str) -> None:
    assert parameter(build, f"in: query, schema: {schema}").schema is None


def test_flags_come_along(build: Any) -> None:
    found = parameter(build, "in: query, allowReserved: true, allowEmptyValue: true, schema: {type: string}")
    assert (found.allow_reserved, found.allow_empty) == (True, True)


def test_json_content_is_parsed(build: Any) -> None:
    found = parameter(build, "in: query, content: {application/json: {schema: {type: object}}}")
    assert found.media_type == "application/json"
    assert found.schema is not None


@pytest.mark.parametrize(
    ("media_type", "schema", "types"),
    [
        ("text/plain", "{type: string, maxLength: 3}", ("string",)),
        ("text/csv", "{type: string, maxLength: 3}", ("string",)),
        ("text/plain", "{type: integer}", ("integer",)),
    ],
)
def test_text_is_read_as_what_its_schema_speaks_of(build: Any, media_type: str, schema: str, types: tuple[str, ...]) -> None:
    found = parameter(build, f"in: query, content: {{{media_type}: {{schema: {schema}}}}}")
    assert (found.media_type, found.shape.types) == (media_type, types)
    assert found.schema is not None


def test_other_content_is_marked_and_found(build: Any, found: Any) -> None:
    made = build(
        "paths: {/a: {get: {parameters: [{name: q, in: query, content: {application/xml: {schema: {type: object}}}}], "
        "responses: {default: {description: ok}}}}}"
    )
    [route] = made.plan.routes
    assert (route.parameters[0].schema, route.parameters[0].media_type) == (None, None)
    assert route.unenforced == ("query parameter 'q': its content of type application/xml",)
    assert found(made) == [("content-not-enforced", "users.yaml", 4)]


def test_a_shared_parameter_is_found_once_and_marks_every_operation(build: Any) -> None:
    made = build(
        """
        paths:
          /a:
            parameters: [{name: q, in: query, content: {text/csv: {schema: {type: array}}}}]
            get: {responses: {default: {description: ok}}}
            put: {responses: {default: {description: ok}}}
        """
    )
    assert len(list(made.findings)) == 1
    assert all(route.unenforced for route in made.plan.routes)
    assert len(made.plan.routes) == 2


def test_one_header_object_under_two_names_is_two_headers(build: Any) -> None:
    made = build(
        """
        x-gateway: {validate: {response: enforce}}
        paths:
          /a:
            get:
              responses:
                default:
                  description: ok
                  headers: {A: {$ref: '#/components/headers/Count'}, B: {$ref: '#/components/headers/Count'}}
        components: {headers: {Count: {schema: {type: integer}}}}
        """
    )
    assert [header.name for header in made.plan.routes[0].responses[0].headers] == ["A", "B"]
