from __future__ import annotations

from typing import Any

import pytest

from tests.conformance.asking import compiled


def marked(schema: Any, version: str = "3.1.1", **components: Any) -> list[str]:
    """What is said about a body of application/xml that is not read."""
    build = compiled(
        {
            "openapi": version,
            "info": {"title": "x", "version": "1"},
            "servers": [{"url": "http://127.0.0.1:9"}],
            "components": {"schemas": components},
            "paths": {
                "/x": {
                    "post": {
                        "requestBody": {"content": {"application/xml": {"schema": schema}}},
                        "responses": {"200": {"description": "ok"}},
                    }
                }
            },
        }
    )
    assert build.plan is not None
    (route,) = build.plan.routes
    assert route.body is not None
    assert (route.body.content[0].kind == "xml") == (not route.unenforced)
    assert len([finding for finding in build.findings if finding.code == "content-not-enforced"]) == len(route.unenforced)
    return [words.rpartition(": ")[2] for words in route.unenforced]


STRING = {"type": "string"}


def having(**properties: Any) -> dict[str, Any]:
    return {"type": "object", "properties": properties}


@pytest.mark.parametrize(
    ("schema", "reason"),
    [
        ({"type": "array", "items": STRING}, "an array that is not wrapped has no root element"),
        ({"type": "object", "xml": {"attribute": True}}, "its root is no element"),
        ({"type": "object", "patternProperties": {"^x": STRING}}, "`patternProperties` has no form in XML"),
        ({"type": "array", "xml": {"wrapped": True}, "prefixItems": [STRING]}, "`prefixItems` has no form in XML"),
        (having(a={"type": "array"}), "an array without `items` has elements without a form"),
        (having(a={"type": "array", "items": {"type": "array", "items": STRING}}), "an array whose items are no elements has no form"),
        (having(a={"type": ["array", "string"], "items": STRING}), "an array that may be something else as well has no form of its own"),
        (having(a={"type": "object", "xml": {"attribute": True}}), "arrays and objects cannot be attributes or text"),
        (having(a={**STRING, "xml": {"prefix": "p"}}), "a `prefix` without a `namespace` stands for nothing"),
        (having(a=STRING, b={**STRING, "xml": {"name": "a"}}), "the properties 'a' and 'b' have the same form in XML"),
        (
            {"allOf": [{"type": "object", "properties": {"a": STRING}}, {"properties": {"a": {**STRING, "xml": {"name": "b"}}}}]},
            "a property has different forms in XML, by the schemas that declare it",
        ),
    ],
)
def test_what_could_mean_several_values_is_marked(schema: Any, reason: str) -> None:
    assert marked(schema) == [reason]


@pytest.mark.parametrize(
    "schema",
    [
        {"type": "object", "properties": {"a": STRING, "b": {**STRING, "xml": {"name": "a", "attribute": True}}}},
        {"type": "object", "properties": {"a": STRING, "b": {**STRING, "xml": {"name": "a", "namespace": "urn:b", "prefix": "b"}}}},
        {"allOf": [{"type": "object", "properties": {"a": STRING}}, {"properties": {"a": {"maxLength": 3}}}]},
        {"type": "object", "properties": {"left": {"$ref": "#/components/schemas/N"}, "right": {"$ref": "#/components/schemas/N"}}},
    ],
)
def test_what_means_one_value_is_read(schema: Any) -> None:
    node = {"type": "object", "properties": {"left": {"$ref": "#/components/schemas/N"}, "right": {"$ref": "#/components/schemas/N"}}}
    assert marked(schema, N=node) == []


def test_a_string_that_is_the_whole_document_is_passed_on() -> None:
    build = compiled(
        {
            "openapi": "3.0.4",
            "info": {"title": "x", "version": "1"},
            "servers": [{"url": "http://127.0.0.1:9"}],
            "paths": {
                "/x": {
                    "post": {
                        "requestBody": {"content": {"application/xml": {"schema": STRING}}},
                        "responses": {"200": {"description": "ok"}},
                    }
                }
            },
        }
    )
    assert build.plan is not None
    assert (list(build.findings), build.plan.routes[0].unenforced) == ([], ())
