from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from openapi_spec_validator import OpenAPIV31SpecValidator

from specgw.compiler.compile import compile_documents
from specgw.compiler.generated import document_bytes
from specgw.compiler.inputs import Inputs

OK = "responses: {'200': {description: ok}}"
ID = "{name: id, in: path, required: true, schema: {type: string}}"


def test_the_only_server_is_the_gateway_and_x_gateway_is_gone(merge: Any) -> None:
    made = merge(
        """
        x-gateway: {mount: /api}
        components:
          x-gateway: {slow: {timeout: {total: 60s}}}
          schemas: {A: {type: object, properties: {x-gateway: {type: string}}}}
        paths:
          /a:
            servers: [{url: 'http://path.internal'}]
            x-gateway: {timeout: {total: 5s}}
            get:
              servers: [{url: 'http://operation.internal'}]
              x-gateway: {$ref: '#/components/x-gateway/slow'}
              x-kept: {a: 1}
              responses: {'200': {description: ok, content: {application/json: {schema: {$ref: '#/components/schemas/A'}}}}}
        """
    )
    assert made["servers"] == [{"url": "/"}]
    assert list(made["paths"]) == ["/api/a"]
    assert list(made["paths"]["/api/a"]) == ["get"]
    assert made["paths"]["/api/a"]["get"]["x-kept"] == {"a": 1}
    assert "x-gateway" not in made
    assert "x-gateway" not in made["components"]
    assert "internal" not in str(made)
    assert made["components"]["schemas"]["A"]["properties"] == {"x-gateway": {"type": "string"}}


@pytest.mark.parametrize(
    ("said", "server"),
    [
        ("https://api.example.com", "https://api.example.com"),
        ("https://api.example.com/v1/", "https://api.example.com/v1"),
        ("${PUBLIC_URL}", "/"),
        ("https://${HOST:-localhost}/", "/"),
    ],
)
def test_public_url_is_the_server_unless_the_environment_decides(merge: Any, said: str, server: str) -> None:
    made = merge({"gateway.yaml": f"gateway: {{listen: {{publicUrl: '{said}'}}}}", "a.yaml": f"paths: {{/a: {{get: {{{OK}}}}}}}"})
    assert made["servers"] == [{"url": server}]


def test_internal_and_disabled_operations_and_what_only_they_use_are_left_out(merge: Any) -> None:
    made = merge(
        """
        tags: [{name: open}, {name: closed}, {name: nobody}]
        components:
          schemas: {Open: {type: object}, Closed: {type: object}, Inner: {type: object}}
          securitySchemes: {key: {type: apiKey, in: header, name: X-Key}}
        paths:
          /a:
            get:
              tags: [open]
              responses: {'200': {description: ok, content: {application/json: {schema: {$ref: '#/components/schemas/Open'}}}}}
            put:
              tags: [closed]
              x-gateway: {visibility: internal}
              security: [{key: []}]
              responses: {'200': {description: ok, content: {application/json: {schema: {$ref: '#/components/schemas/Closed'}}}}}
          /b:
            x-gateway: {enabled: false}
            get: {responses: {'200': {description: ok, content: {application/json: {schema: {$ref: '#/components/schemas/Inner'}}}}}}
        """
    )
    assert {path: list(item) for path, item in made["paths"].items()} == {"/a": ["get"]}
    assert sorted(made["components"]["schemas"]) == ["Open", "Problem", "Violation"]
    assert "securitySchemes" not in made["components"]
    assert [tag["name"] for tag in made["tags"]] == ["open", "nobody"]


def test_what_stands_above_operations_is_said_at_each(merge: Any) -> None:
    made = merge(
        """
        security: [{key: []}]
        components: {securitySchemes: {key: {type: apiKey, in: header, name: X-Key}}}
        paths:
          /a:
            summary: About a
            parameters: [{name: page, in: query, schema: {type: integer}}, {name: size, in: query, schema: {type: integer}}]
            get: {responses: {'200': {description: ok}}}
            put:
              parameters: [{name: page, in: query, schema: {type: string}}]
              security: []
              responses: {'200': {description: ok}}
            post: {security: [{}, {key: []}], responses: {'200': {description: ok}}}
        """
    )
    item = made["paths"]["/a"]
    assert item["summary"] == "About a"
    assert "parameters" not in item
    assert "security" not in made
    assert [parameter["name"] for parameter in item["get"]["parameters"]] == ["page", "size"]
    assert [(parameter["name"], parameter["schema"]["type"]) for parameter in item["put"]["parameters"]] == [
        ("page", "string"),
        ("size", "integer"),
    ]
    assert (item["get"]["security"], item["put"]["security"], item["post"]["security"]) == ([{"key": []}], [], [{}, {"key": []}])


def test_documents_that_share_a_path_share_the_path_item_and_its_parameter_names(merge: Any) -> None:
    made = merge(
        {
            "a.yaml": f"paths: {{'/a/{{id}}': {{summary: One, get: {{parameters: [{ID}], {OK}}}}}}}",
            "b.yaml": "components: {parameters: {Name: {name: name, in: path, required: true, description: kept, "
            "schema: {type: integer}}}}\n"
            f"paths: {{'/a/{{name}}': {{summary: Other, put: {{parameters: [{{$ref: '#/components/parameters/Name'}}], {OK}}}}}}}",
        }
    )
    assert list(made["paths"]) == ["/a/{id}"]
    item = made["paths"]["/a/{id}"]
    assert sorted(item) == ["get", "put"]
    assert item["put"]["parameters"] == [
        {"name": "id", "in": "path", "required": True, "description": "kept", "schema": {"type": "integer"}}
    ]


def test_path_parameters_are_as_the_gateway_treats_them(merge: Any) -> None:
    made = merge(
        f"paths: {{'/a/{{id}}/{{b}}': {{get: {{parameters: [{{name: id, in: path, schema: {{}}}}, {{name: old, "
        f"in: path, required: true, schema: {{}}}}], {OK}}}}}}}"
    )
    assert made["paths"]["/a/{id}/{b}"]["get"]["parameters"] == [
        {"name": "id", "in": "path", "schema": {}, "required": True},
        {"name": "b", "in": "path", "required": True, "schema": {"type": "string"}},
    ]


def test_a_version_by_path_and_the_default_stand_side_by_side(merge: Any) -> None:
    made = merge(f"x-gateway: {{version: {{name: v1, default: true}}}}\npaths: {{/a: {{get: {{operationId: getA, {OK}}}}}}}")
    assert {path: item["get"]["operationId"] for path, item in made["paths"].items()} == {"/a": "getA", "/v1/a": "getA@v1"}


def test_what_is_not_enforced_is_marked(merge: Any) -> None:
    made = merge(f"paths: {{/a: {{post: {{requestBody: {{content: {{text/csv: {{schema: {{type: object}}}}}}}}, {OK}}}}}}}")
    assert made["paths"]["/a"]["post"]["x-specgw-unenforced"] == ["request body (text/csv) is not checked against its schema"]


def test_webhooks_come_along_and_share_no_name(merge: Any) -> None:
    text = """
    x-gateway: {service: NAME}
    paths: {/NAME: {get: {responses: {'200': {description: ok}}}}}
    components: {schemas: {Event: {type: object, title: NAME}}}
    webhooks:
      changed:
        post:
          requestBody: {content: {application/json: {schema: {$ref: '#/components/schemas/Event'}}}}
          responses: {'200': {description: ok}}
    """
    made = merge({"a.yaml": text.replace("NAME", "a"), "b.yaml": text.replace("NAME", "b")})
    assert list(made["webhooks"]) == ["changed", "b.changed"]
    content = made["webhooks"]["b.changed"]["post"]["requestBody"]["content"]
    assert content["application/json"]["schema"] == {"$ref": "#/components/schemas/b.Event"}
    assert "503" not in made["webhooks"]["changed"]["post"]["responses"]


def test_openapi_3_0_is_said_in_3_1(merge: Any) -> None:
    made = merge(
        {
            "a.yaml": """
            openapi: 3.0.3
            info: {title: A, version: '1'}
            servers: [{url: 'http://a'}]
            paths:
              /a:
                get:
                  parameters: [{name: q, in: query, schema: {type: integer, nullable: true, minimum: 0, exclusiveMinimum: true}}]
                  responses:
                    '200': {$ref: '#/components/responses/A', description: ignored}
            components: {responses: {A: {description: kept}}}
            """
        }
    )
    assert made["openapi"] == "3.1.0"
    operation = made["paths"]["/a"]["get"]
    assert operation["parameters"][0]["schema"] == {"type": ["integer", "null"], "exclusiveMinimum": 0}
    assert operation["responses"]["200"] == {"$ref": "#/components/responses/A"}


def test_a_single_contract_keeps_what_its_author_says_above(merge: Any) -> None:
    made = merge(
        {
            "a.yaml": "openapi: 3.1.0\ninfo: {title: A, version: 2.1.0, description: All of it}\nservers: [{url: 'http://a'}]\n"
            f"externalDocs: {{url: 'http://docs'}}\nx-logo: {{url: a.png}}\nx-refs: {{$ref: '#/x'}}\npaths: {{/a: {{get: {{{OK}}}}}}}"
        }
    )
    assert made["info"] == {"title": "A", "version": "2.1.0", "description": "All of it"}
    assert made["externalDocs"] == {"url": "http://docs"}
    assert made["x-logo"] == {"url": "a.png"}
    assert "x-refs" not in made


@pytest.mark.parametrize(
    "name", ["museum.yaml", "petstore3.yaml", "readme/3.1-train-travel.json", "openai.yaml", "github.yaml", "box.json"]
)
def test_real_documents_become_valid_ones(name: str) -> None:
    file = Path(__file__).parents[5] / "shared" / "specs" / name
    if not file.exists():
        pytest.skip("the public documents are not beside the repository")
    made = compile_documents(Inputs((file,)), environ={})
    for document in made.merged.values():
        assert not list(OpenAPIV31SpecValidator(json.loads(document_bytes(document))).iter_errors())
