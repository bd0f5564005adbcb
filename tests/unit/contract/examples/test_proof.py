"""What is refused, what holds, and what cannot be tried. Each kind of finding with its words is in tests/golden."""

from __future__ import annotations

from typing import Any

import pytest

from specgw.contract.examples.proof import prove
from specgw.diagnostics import Findings
from tests.unit.contract.examples.conftest import Compile

ARRAY = {"type": "array", "items": {"type": "string"}}
PROPERTIES = {"r": {"type": "integer"}, "g": {"type": "string"}}
OBJECT = {"type": "object", "properties": PROPERTIES, "required": ["r"], "additionalProperties": False}


def parameter(location: str, style: str, explode: bool, schema: dict[str, Any], example: Any) -> dict[str, Any]:
    return {"name": "p", "in": location, "required": True, "style": style, "explode": explode, "schema": schema, "example": example}


STYLES = [
    (location, style, explode)
    for location, styles in {
        "path": ("simple", "label", "matrix"),
        "query": ("form", "spaceDelimited", "pipeDelimited", "deepObject"),
        "header": ("simple",),
        "cookie": ("form",),
    }.items()
    for style in styles
    for explode in (False, True)
]


@pytest.mark.parametrize(("location", "style", "explode"), STYLES)
def test_in_every_style_a_good_example_holds_and_a_bad_one_is_refused(location: str, style: str, explode: bool, compiled: Compile) -> None:
    path = "/notes/{p}" if location == "path" else "/notes"
    values: list[tuple[dict[str, Any], Any, Any]] = [(OBJECT, {"r": 1, "g": "a=b"}, {"r": "x"})]
    if style != "deepObject":
        values.append(({**ARRAY, "maxItems": 2}, ["one", "two"], ["a", "b", "c"]))
    if style in ("spaceDelimited", "pipeDelimited"):
        values = [] if explode else values
    for schema, good, bad in values:
        for example, refused in ((good, 0), (bad, 1)):
            findings = Findings()
            proved = prove(compiled({"parameters": [parameter(location, style, explode, schema, example)]}, path), findings)
            assert (proved.tried, proved.refused) == (1, refused), (schema, example, list(findings))
            assert len(findings) == refused
    assert values or explode


def test_what_else_is_wrong_is_not_the_fault_of_an_example(compiled: Compile) -> None:
    build = compiled(
        {
            "parameters": [
                {"name": "id", "in": "path", "required": True, "schema": {"type": "integer"}},
                {"name": "needed", "in": "query", "required": True, "schema": {"type": "integer"}},
                {"name": "a", "in": "query", "schema": {"type": "integer"}, "example": 1},
            ],
            "requestBody": {"required": True, "content": {"application/json": {"schema": {"type": "integer"}, "example": 1}}},
        },
        "/notes/{id}",
    )
    findings = Findings()
    assert prove(build, findings).refused == 0
    assert list(findings) == []


def test_an_example_that_no_path_can_hold_is_alone_to_blame(compiled: Compile) -> None:
    def text(location: str, name: str, example: str) -> dict[str, Any]:
        return {"name": name, "in": location, "required": True, "schema": {"type": "string"}, "example": example}

    body = {"content": {"application/json": {"schema": {"type": "integer"}, "example": 1}}}
    parameters = [text("path", "account", "dev"), text("path", "service", "db%2Fproduction"), text("query", "role", "admin")]
    findings = Findings()
    proved = prove(compiled({"parameters": parameters, "requestBody": body}, "/{service}/{account}"), findings)
    assert (proved.tried, proved.refused, proved.untried) == (4, 1, [])
    assert ["'service'" in finding.message for finding in findings] == [True]


def test_an_example_of_a_schema_shows_both_directions(compiled: Compile) -> None:
    note = {
        "type": "object",
        "additionalProperties": False,
        "properties": {"id": {"type": "integer", "readOnly": True}, "secret": {"type": "string", "writeOnly": True}},
        "example": {"id": 1, "secret": "s"},
    }
    content = {"application/json": {"schema": {"$ref": "#/components/schemas/Note"}}}
    operation = {"requestBody": {"content": content}, "responses": {"200": {"description": "ok", "content": content}}}
    findings = Findings()
    proved = prove(compiled(operation, components={"schemas": {"Note": note}}), findings)
    assert (proved.tried, proved.refused, list(findings)) == (2, 0, [])


def test_what_cannot_be_tried_is_told(compiled: Compile) -> None:
    responses = {
        "200": {
            "description": "ok",
            "content": {
                "application/xml": {"example": {"a": 1}},
                "text/event-stream": {"schema": {"type": "string"}, "example": "data: 1"},
            },
        }
    }
    findings = Findings()
    proved = prove(compiled({"responses": responses}), findings)
    assert [reason.partition(":")[0] for _, reason in proved.untried] == [
        "how a structure becomes application/xml is not said by the example",
        "the gateway does not look into it",
    ]
    assert list(findings) == []


def test_fields_that_an_answer_needs_do_not_hide_its_content(compiled: Compile) -> None:
    response = {
        "description": "ok",
        "headers": {"X-Needed": {"required": True, "schema": {"type": "string"}}},
        "content": {"application/json": {"schema": {"type": "integer"}, "example": "one"}},
    }
    findings = Findings()
    assert prove(compiled({"responses": {"2XX": response, "default": response}}), findings).refused == 2
