from __future__ import annotations

import copy
import gc
import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from specgw.compiler import compile as compiling
from specgw.compiler.compile import compile_documents
from specgw.compiler.generated import write_build
from specgw.compiler.inputs import Inputs
from specgw.diagnostics import Severity
from specgw.openapi.fields import METHODS
from specgw.plan.codec import encode

USERS = """
paths:
  /users/{id}:
    get:
      operationId: getUser
      parameters: [{name: id, in: path, required: true, schema: {type: integer}}]
      responses: {'200': {description: A user}}
"""


def test_a_plain_document_becomes_a_plan(build: Any) -> None:
    made = build(USERS)
    assert list(made.findings) == []
    [route] = made.plan.routes
    assert (route.id, route.method, route.path, route.service) == ("getUser", "GET", "/users/{id}", "users")
    assert (route.origin.file, route.origin.line, route.origin.pointer) == ("users.yaml", 7, "/paths/~1users~1{id}/get")
    assert made.plan.upstreams["users"].targets[0].url == "http://127.0.0.1:8081"
    [parameter] = route.parameters
    uri, _, pointer = parameter.schema.partition("#")
    assert uri in made.plan.schemas
    assert pointer == "/paths/~1users~1%7Bid%7D/get/parameters/0/schema"


def test_one_bad_document_hides_nothing_of_the_others(build: Any, found: Any) -> None:
    made = build({"a.yaml": "paths: []", "b.yaml": "x: [", "c.yaml": "paths: {/x: {get: {x-gateway: {mout: /a}, responses: {}}}}"})
    assert made.plan is None
    assert {(code, file) for code, file, _ in found(made)} >= {
        ("wrong-type", "a.yaml"),
        ("syntax", "b.yaml"),
        ("unknown-key", "c.yaml"),
    }


def test_an_error_means_no_plan_and_a_warning_does_not(build: Any) -> None:
    assert build(USERS.replace("getUser", "getUser\n      x-gateway: {enabld: true}")).plan is None
    warned = build({"users.yaml": "openapi: 3.1.0\ninfo: {title: Users, version: '1'}" + USERS})
    assert [finding.severity for finding in warned.findings] == [Severity.WARNING]
    assert warned.plan is not None


def test_strict_is_asked_of_the_findings(build: Any) -> None:
    made = build({"users.yaml": "openapi: 3.1.0\ninfo: {title: Users, version: '1'}" + USERS})
    assert [finding.severity for finding in made.findings.settle(strict=True)] == [Severity.ERROR]


def test_the_order_of_files_makes_no_difference(write: Any, tmp_path: Path) -> None:
    paths = write({"a.yaml": USERS, "b.yaml": USERS.replace("users/", "others/"), "gateway.yaml": "gateway: {}"})
    first, second = (compile_documents(Inputs(order, base=tmp_path)) for order in (paths, paths[::-1]))
    assert first.plan is not None
    assert second.plan is not None
    assert encode(first.plan) == encode(second.plan)


def test_nothing_named_is_a_finding(tmp_path: Path) -> None:
    made = compile_documents(Inputs((tmp_path,)))
    assert [finding.code for finding in made.findings] == ["no-documents"]
    assert made.plan is None


@pytest.mark.parametrize("enabled", [True, False])
def test_collecting_garbage_is_as_it_was_before(tmp_path: Path, enabled: bool) -> None:
    before = gc.isenabled()
    try:
        (gc.enable if enabled else gc.disable)()
        compile_documents(Inputs((tmp_path,)))
        assert gc.isenabled() is enabled
    finally:
        (gc.enable if before else gc.disable)()


def test_the_plan_is_assembled_last() -> None:
    assert compiling.PASSES[-1].__module__.endswith("assembly")


def test_what_is_asked_of_the_build_afterwards_adds_no_finding(build: Any) -> None:
    made = build(USERS + "      callbacks: {done: {$ref: '#/components/callbacks/none'}}\n")
    before = list(made.findings)
    assert made.merged["openapi.json"]["paths"]
    assert list(made.findings) == before


RICH: dict[str, Any] = {
    "openapi": "3.1.0",
    "info": {"title": "Shop", "version": "1", "x-gateway-ish": 1},
    "servers": [{"url": "https://{host}/v1", "variables": {"host": {"default": "a.example"}}}],
    "security": [{"key": []}, {}],
    "tags": [{"name": "items", "description": "Things"}],
    "x-gateway": {
        "mount": "/api",
        "version": {"name": "v1", "default": True},
        "validate": {"response": "report"},
        "timeout": {"total": "5s"},
    },
    "paths": {
        "/items/{id}": {
            "parameters": [{"$ref": "#/components/parameters/Id"}],
            "get": {
                "operationId": "getItem",
                "tags": ["items"],
                "responses": {"200": {"$ref": "#/components/responses/Item"}, "4XX": {"description": "no"}},
            },
            "put": {
                "x-gateway": {"rewrite": {"template": "/x/{id}"}, "upstream": [{"match": {"query": {"v": "2"}}, "upstream": "http://b"}]},
                "requestBody": {
                    "content": {
                        "application/json": {"schema": {"$ref": "#/components/schemas/Item"}, "examples": {"one": {"value": {"id": 1}}}},
                        "multipart/form-data": {
                            "schema": {"type": "object", "properties": {"a": {"type": "string", "default": "b"}}},
                            "encoding": {"a": {"contentType": "text/plain", "headers": {"X-A": {"schema": {"type": "integer"}}}}},
                        },
                    }
                },
                "responses": {"default": {"description": "ok"}},
                "callbacks": {"done": {"{$request.body#/url}": {"post": {"responses": {"200": {"description": "ok"}}}}}},
            },
        }
    },
    "components": {
        "parameters": {"Id": {"name": "id", "in": "path", "required": True, "style": "label", "schema": {"type": ["integer", "null"]}}},
        "responses": {
            "Item": {
                "description": "One",
                "headers": {"X-Left": {"schema": {"type": "integer", "minimum": 0}}},
                "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Pet"}, "example": {}}},
                "links": {"self": {"operationId": "getItem", "parameters": {"id": "$response.body#/id"}}},
            }
        },
        "schemas": {
            "Item": {
                "type": "object",
                "required": ["id"],
                "properties": {"id": {"type": "integer"}, "next": {"$ref": "#/components/schemas/Item"}},
            },
            "Pet": {
                "oneOf": [{"$ref": "#/components/schemas/Item"}, {"enum": ["a"]}],
                "discriminator": {"propertyName": "kind", "mapping": {"item": "Item"}},
            },
            "Heir": {"allOf": [{"$ref": "#/components/schemas/Pet"}]},
        },
        "securitySchemes": {"key": {"type": "apiKey", "in": "header", "name": "X-Key"}},
    },
}
JUNK: tuple[Any, ...] = (None, True, -1.5, "x", [], {}, ["a"], {"$ref": "#/components"}, {"a": None})


def places(value: Any, *path: Any) -> Iterator[tuple[Any, ...]]:
    """The paths to everything inside a value."""
    for key, child in value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ():
        yield (*path, key)
        yield from places(child, *path, key)


@pytest.mark.parametrize("junk", JUNK, ids=str)
def test_no_value_in_any_place_raises(tmp_path: Path, junk: Any) -> None:
    file = tmp_path / "shop.json"
    for path in places(RICH):
        document = copy.deepcopy(RICH)
        holder = document
        for key in path[:-1]:
            holder = holder[key]
        holder[path[-1]] = junk
        file.write_text(json.dumps(document))
        made = compile_documents(Inputs((file,), base=tmp_path), environ={})
        assert (made.plan is None) is made.findings.errors
        if made.plan is not None:
            write_build(made, tmp_path / "out")


def test_a_document_that_says_nothing_of_x_gateway_needs_no_models_of_it(write: Any) -> None:
    [path] = write({"users.yaml": USERS})
    code = (
        "import sys; from pathlib import Path; from specgw.compiler.compile import compile_documents; "
        "from specgw.compiler.inputs import Inputs; made = compile_documents(Inputs((Path(sys.argv[1]),))); "
        "sys.exit(made.plan is None or 'pydantic' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code, str(path)], check=False).returncode == 0


@pytest.mark.parametrize(
    "name", ["museum.yaml", "petstore3.yaml", "readme/3.1-train-travel.json", "openai.yaml", "github.yaml", "box.json"]
)
def test_real_documents_have_an_entry_for_each_operation(name: str) -> None:
    file = Path(__file__).parents[4] / "shared" / "specs" / name
    if not file.exists():
        pytest.skip("the public documents are not beside the repository")
    paths = yaml.load(file.read_text(), Loader=yaml.CSafeLoader)["paths"]
    made = compile_documents(Inputs((file,)), environ={})
    assert not made.findings.errors
    assert len(made.listing) == sum(method in METHODS for item in paths.values() for method in item)
