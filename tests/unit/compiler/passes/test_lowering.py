from __future__ import annotations

from typing import Any

DOCUMENT = """
x-gateway: {validate: VALIDATE}
paths:
  /users:
    post:
      parameters: [{name: page, in: query, schema: {type: integer}}]
      requestBody: {required: true, content: {application/json: {schema: {type: object, required: [name]}}}}
      responses:
        '201':
          description: made
          headers: {X-Left: {schema: {type: integer}}}
          content: {application/json: {schema: {type: object}}}
        default: {description: no}
"""


def test_responses_are_lowered_only_where_they_are_validated(build: Any) -> None:
    made = build(DOCUMENT.replace("VALIDATE", "{response: 'off'}"))
    assert made.plan.routes[0].responses == ()
    assert [uri for uri in made.plan.schemas if uri.startswith("response:")] == []
    made = build(DOCUMENT.replace("VALIDATE", "{response: report}"))
    created, default = made.plan.routes[0].responses
    assert (created.status, created.headers[0].name, created.content[0].kind) == ("201", "X-Left", "json")
    assert created.content[0].schema.startswith("response:/users.yaml#")
    assert (default.status, default.content) == ("default", ())


def test_nothing_is_asked_of_requests_that_are_not_validated(build: Any) -> None:
    made = build(DOCUMENT.replace("VALIDATE", "{request: 'off'}"))
    [route] = made.plan.routes
    assert [(parameter.name, parameter.schema) for parameter in route.parameters] == [("page", None)]
    assert route.body.required
    assert [(content.media_range, content.schema) for content in route.body.content] == [("application/json", None)]
    assert made.plan.schemas == {}


def test_what_cannot_be_enforced_is_said_once_an_operation(build: Any) -> None:
    made = build(
        """
        paths:
          /a:
            post:
              requestBody:
                content:
                  application/pdf: {schema: {$ref: '#/components/schemas/A'}}
                  text/csv: {schema: {$ref: '#/components/schemas/A'}}
              responses: {default: {description: ok}}
        components: {schemas: {A: {type: object}}}
        """
    )
    assert made.plan.routes[0].unenforced == (
        "request body (application/pdf) is not checked against its schema",
        "request body (text/csv) is not checked against its schema",
    )
    assert made.plan.routes[0].enforcement == "partial"


def test_documents_of_different_versions_are_lowered_side_by_side(build: Any) -> None:
    schema = (
        "paths: {/PATH: {get: {parameters: [{name: q, in: query, schema: {type: integer, minimum: 0, "
        "exclusiveMinimum: FLAG}}], responses: {default: {description: ok}}}}}"
    )
    made = build(
        {
            "new.yaml": schema.replace("PATH", "new").replace("minimum: 0, exclusiveMinimum: FLAG", "exclusiveMinimum: 0"),
            "old.yaml": "openapi: 3.0.3\ninfo: {title: Old, version: '1'}\nservers: [{url: 'http://a'}]\n"
            + schema.replace("PATH", "old").replace("FLAG", "true"),
        }
    )
    assert list(made.findings) == []
    lowered = {}
    for route in made.plan.routes:
        uri, _, pointer = route.parameters[0].schema.partition("#")
        value = made.plan.schemas[uri]
        for token in pointer.split("/")[1:]:
            value = value[token.replace("~1", "/").replace("~0", "~")]
        lowered[route.path] = value
    assert lowered["/new"] == lowered["/old"] == {"type": "integer", "exclusiveMinimum": 0}


def test_a_body_without_a_usable_type_may_have_any(build: Any) -> None:
    text = "paths: {/a: {post: {requestBody: {required: true, content: CONTENT}, responses: {default: {description: ok}}}}}"
    for content, unenforced in (("{}", ()), ("{no: {schema: {type: object}}}", ("request body: none of its media types can be read",))):
        [route] = build(text.replace("CONTENT", content)).plan.routes
        assert route.body.required
        assert [(entry.media_range, entry.schema) for entry in route.body.content] == [("*/*", None)]
        assert route.unenforced == unenforced
