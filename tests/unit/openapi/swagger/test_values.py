from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.unit.openapi.swagger.documents import operation, read, upgraded


def parameter(folder: Path, text: str) -> Any:
    root = upgraded(folder, operation(f"[{text}]"))
    return root.value["paths"]["/a"]["post"]["parameters"][0]


def test_what_is_said_of_the_value_becomes_its_schema(tmp_path: Path) -> None:
    made = parameter(
        tmp_path, "{name: a, in: query, description: d, type: integer, maximum: 3, exclusiveMaximum: true, default: 1, x-a: b}"
    )
    assert made == {
        "name": "a", "in": "query", "description": "d", "x-a": "b",
        "schema": {"type": "integer", "default": 1, "maximum": 3, "exclusiveMaximum": True},
    }  # fmt: skip


@pytest.mark.parametrize(
    ("location", "said", "style", "explode"),
    [
        ("query", None, "form", False),
        ("query", "csv", "form", False),
        ("query", "ssv", "spaceDelimited", False),
        ("query", "pipes", "pipeDelimited", False),
        ("query", "multi", "form", True),
        ("header", "csv", None, None),
        ("path", None, None, None),
    ],
)
def test_lists(tmp_path: Path, location: str, said: str | None, style: str | None, explode: bool | None) -> None:
    stated = "" if said is None else f", collectionFormat: {said}"
    made = parameter(tmp_path, f"{{name: a, in: {location}, type: array, items: {{type: string}}{stated}}}")
    assert made["schema"] == {"type": "array", "items": {"type": "string"}}
    assert (made.get("style"), made.get("explode")) == (style, explode)


@pytest.mark.parametrize(
    "text",
    [
        "in: query, collectionFormat: tsv, items: {type: string}",
        "in: header, collectionFormat: ssv, items: {type: string}",
        "in: path, required: true, collectionFormat: pipes, items: {type: string}",
        "in: query, items: {type: array, items: {type: string}}",
    ],
)
def test_lists_that_3_0_cannot_say_are_marked(tmp_path: Path, text: str) -> None:
    outcome = read(tmp_path, operation(f"[{{name: a, type: array, {text}}}]").replace("/a:", "'/{a}':" if "in: path" in text else "/a:"))
    assert [finding.code for finding in outcome.findings] == ["upgrade-loss"]
    assert outcome.operation.parameters[0].node.value["x-specgw-unenforced"]


def test_form_fields(tmp_path: Path) -> None:
    text = operation(
        "[{name: f, in: formData, type: file}, {name: n, in: formData, type: integer, description: d, allowEmptyValue: true},"
        " {name: m, in: formData, type: array, items: {type: string}, collectionFormat: multi}]"
    )
    content = upgraded(tmp_path, text).value["paths"]["/a"]["post"]["requestBody"]["content"]
    assert list(content) == ["multipart/form-data"]
    assert content["multipart/form-data"]["schema"]["properties"] == {
        "f": {"type": "string", "format": "binary"},
        "n": {"anyOf": [{"type": "integer"}, {"type": "string", "maxLength": 0}], "description": "d"},
        "m": {"type": "array", "items": {"type": "string"}},
    }
