from __future__ import annotations

from typing import Any

import pytest

from specgw.plan.xml import Xml, XmlNode
from specgw.portal.examples import LONGEST, MOST, Example, body, examples, media_kind, said

DOCUMENT: dict[str, Any] = {
    "components": {
        "examples": {"ann": {"summary": "Ann", "description": "An *administrator*.", "value": {"name": "Ann"}}},
        "schemas": {"User": {"example": {"name": "Eve"}}},
    }
}


def found(holder: dict[str, Any], media_range: str = "application/json") -> list[Example]:
    return examples(holder, media_range, DOCUMENT, None)


def test_all_named_examples_are_there() -> None:
    named = {
        "first": {"$ref": "#/components/examples/ann"},
        "second": {"value": [1, 2]},
        "third": {"externalValue": "https://files.example/user.json"},
        "fourth": {"x-specgw-dataValue": {"a": 1}},
        "fifth": {"x-specgw-dataValue": {"a": 1}, "x-specgw-serializedValue": '{"a":1}'},
        "empty": {},
    }
    assert found({"examples": named}) == [
        Example("Ann", ["An *administrator*."], '{"name": "Ann"}'),
        Example("second", [], "[1, 2]"),
        Example("third", [], "", elsewhere="https://files.example/user.json"),
        Example("fourth", [], '{"a": 1}'),
        Example("fifth", [], '{"a":1}'),
    ]


def test_examples_of_schemas() -> None:
    assert found({"schema": {"$ref": "#/components/schemas/User"}}) == [Example("", [], '{"name": "Eve"}')]
    assert [(one.name, one.text) for one in found({"schema": {"examples": [1, 2]}})] == [("Example 1", "1"), ("Example 2", "2")]
    assert found({"schema": {"examples": ["a"]}}) == [Example("", [], '"a"')]
    assert found({"example": None, "schema": {"example": 2}}) == [Example("", [], "null")]
    assert found({"schema": {}}) == []


def test_what_is_long_is_shortened_and_many_are_few() -> None:
    [long] = found({"example": ["x" * 50] * 200})
    assert (long.whole, len(long.text) <= LONGEST + 2) == (False, True)
    assert len(found({"examples": {str(number): {"value": number} for number in range(50)}})) == MOST


@pytest.mark.parametrize(
    ("value", "media_range", "text"),
    [
        ({"a": 1}, "application/json", '{"a": 1}'),
        ('{"a":1}', "application/vnd.x+json", '{"a":1}'),
        ("{a", "application/json", '"{a"'),
        ("plain", "text/plain", "plain"),
        (7, "text/plain", "7"),
        ("<a/>", "application/xml", "<a/>"),
        ({"a": [1, 2], "b": "x y"}, "application/x-www-form-urlencoded", "a=1&a=2&b=x%20y"),
        ([{"a": 1}, {"b": 2}], "application/jsonl", '{"a":1}\n{"b":2}'),
        ([{"a": 1}], "application/json-seq", '{"a":1}'),
        ([{"data": "x"}], "text/event-stream", "data: x"),
        ({"a": 1}, "application/octet-stream", '{"a": 1}'),
    ],
)
def test_bodies_are_written_as_they_are_sent(value: Any, media_range: str, text: str) -> None:
    assert body(value, media_range, None) == text


def test_xml_has_a_line_for_each_element() -> None:
    xml = Xml(nodes=(XmlNode(name="user", properties={"name": 1, "tags": 2}), XmlNode(), XmlNode(items=3), XmlNode(name="tag")))
    assert body({"name": "A & B", "tags": ["x", ""]}, "application/xml", xml).splitlines() == [
        '<?xml version="1.0" encoding="UTF-8"?>',
        "<user>",
        "  <name>A &amp; B</name>",
        "  <tag>x</tag>",
        "  <tag/>",
        "</user>",
    ]


def test_forms_with_parts() -> None:
    lines = body({"name": "Ann", "address": {"city": "Ulm"}}, "multipart/form-data", None).splitlines()
    assert 'Content-Disposition: form-data; name="name"' in lines
    assert '{"city":"Ulm"}' in lines


@pytest.mark.parametrize(
    ("media_range", "kind"),
    [
        ("application/problem+json", "json"),
        ("*/*", "json"),
        ("image/svg+xml", "xml"),
        ("text/*", "text"),
        ("image/png", "binary"),
        ("odd", "binary"),
    ],
)
def test_kinds_of_media_types(media_range: str, kind: str) -> None:
    assert media_kind(media_range) == kind


def test_junk_is_no_example() -> None:
    assert list(said({"examples": [1], "schema": 7}, {})) == []
    assert list(said({"examples": {"a": 7, "b": {"summary": 3, "externalValue": 4}}}, {})) == []
