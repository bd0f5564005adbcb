"""The document of one service, out of one of several."""

from __future__ import annotations

import json
from typing import Any

from openapi_spec_validator import OpenAPIV31SpecValidator

from specgw.plan.model import Origin, Plan, Route
from specgw.portal.catalogue import catalogue
from specgw.portal.excerpt import excerpt, written

FINE = {"200": {"description": "Fine.", "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Cat"}}}}}
DOCUMENT: dict[str, Any] = {
    "openapi": "3.1.0",
    "info": {"title": "Everything", "version": "1"},
    "servers": [{"url": "/"}],
    "tags": [{"name": "cats"}, {"name": "dogs"}],
    "paths": {
        "/shared": {
            "summary": "Both.",
            "get": {"operationId": "cat", "tags": ["cats"], "security": [{"key": []}], "responses": FINE},
            "put": {"operationId": "dog", "tags": ["dogs"], "security": [{"login": []}], "responses": {"200": {"description": "Fine."}}},
            "x-specgw-additionalOperations": {"COPY": {"operationId": "copy", "responses": {"200": {"description": "Fine."}}}},
        },
        "/dogs": {"get": {"operationId": "dogs", "responses": {"200": {"description": "Fine."}}}},
    },
    "components": {
        "schemas": {
            "Cat": {"properties": {"home": {"$ref": "#/components/schemas/A.b"}, "next": {"$ref": "#/components/schemas/Cat"}}},
            "A.b": {"type": "string"},
            "Dog": {"type": "string"},
        },
        "securitySchemes": {"key": {"type": "apiKey", "in": "header", "name": "X"}, "login": {"type": "http", "scheme": "basic"}},
    },
}
OWNERS = {("GET", "/shared"): "cats", ("COPY", "/shared"): "cats", ("PUT", "/shared"): "dogs", ("GET", "/dogs"): "dogs"}


def parts() -> dict[str, dict[str, Any]]:
    where = Origin(file="a.yaml", line=1)
    routes = tuple(
        Route(id=f"{method} {path}", service=service, method=method, path=path, document_path=path, origin=where)
        for (method, path), service in OWNERS.items()
    )
    return {volume.name: excerpt(volume) for volume in catalogue({"openapi.json": DOCUMENT}, Plan(routes=routes))}


def test_a_service_has_its_operations_and_what_they_refer_to() -> None:
    cats = parts()["cats"]
    assert next(iter(cats)) == "openapi"
    assert {path: sorted(item) for path, item in cats["paths"].items()} == {"/shared": ["get", "summary", "x-specgw-additionalOperations"]}
    assert cats["tags"] == [{"name": "cats"}]
    known = {section: sorted(names) for section, names in cats["components"].items()}
    assert known == {"schemas": ["A.b", "Cat"], "securitySchemes": ["key"]}


def test_each_is_a_valid_document_and_they_divide_the_whole() -> None:
    found = parts()
    for document in found.values():
        OpenAPIV31SpecValidator(json.loads(written(document))).validate()
    assert sorted(path for document in found.values() for path in document["paths"]) == ["/dogs", "/shared", "/shared"]


def test_a_file_is_short_and_begins_with_the_version() -> None:
    assert written({"openapi": "3.1.0", "info": {}}) == b'{"openapi":"3.1.0","info":{}}'
