from __future__ import annotations

from typing import Any

import pytest

from specgw.plan.model import Body, Content, Origin, Route
from specgw.plan.xml import Xml, XmlNode
from specgw.portal.bodies import LONGEST_EXAMPLE, body, kind, manner, options, typed, written


def media(name: str, said: dict[str, Any], route: Route | None = None) -> dict[str, Any]:
    [found] = body({"content": {name: said}}, {}, route)["content"]
    return dict(found)


def fields(said: dict[str, Any], name: str = "multipart/form-data") -> dict[str, dict[str, Any]]:
    return {field["name"]: field for field in media(name, said)["fields"]}


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("application/json", "json"),
        ("application/vnd.a+json; charset=utf-8", "json"),
        ("*/*", "json"),
        ("application/x-ndjson", "lines"),
        ("application/jsonl", "lines"),
        ("application/soap+xml", "xml"),
        ("text/xml", "xml"),
        ("text/csv", "text"),
        ("application/yaml", "text"),
        ("application/x-www-form-urlencoded", "form"),
        ("multipart/form-data", "multipart"),
        ("image/png", "binary"),
        ("nonsense", ""),
    ],
)
def test_each_media_type_is_typed_in_its_way(name: str, told: str) -> None:
    assert kind(name) == told


def test_bodies_have_their_named_examples_and_json_stands_first() -> None:
    named = {"one": {"summary": "The first", "value": {"a": 1}}, "two": {"value": {"a": 2}}, "far": {"externalValue": "x"}}
    content = {"image/png": {}, "text/plain": {"example": "hi"}, "application/json": {"examples": named}}
    told = body({"required": True, "content": content}, {}, None)
    assert told["required"] is True
    [first, second, third] = told["content"]
    assert (first["kind"], first["examples"]) == ("json", [("The first", '{\n  "a": 1\n}'), ("two", '{\n  "a": 2\n}')])
    assert (second["kind"], third["kind"], third["examples"]) == ("binary", "text", [("Example", "hi")])


def test_examples_beyond_what_a_page_should_hold_are_left_out() -> None:
    named = {"long": {"value": "x" * LONGEST_EXAMPLE}, "short": {"value": "x"}}
    assert media("application/json", {"examples": named})["examples"] == [("short", '"x"')]


def test_lines_are_values_one_a_line() -> None:
    assert media("application/jsonl", {"example": [{"a": 1}, 2]})["examples"] == [("Example", '{"a": 1}\n2\n')]


def test_xml_is_written_as_the_gateway_reads_it_or_as_it_is_documented() -> None:
    xml = Xml(nodes=(XmlNode(name="pet", properties={"id": 1}), XmlNode(kind="attribute")))
    content = (Content(media_range="application/xml", kind="xml", xml=xml),)
    origin = Origin(file="a.yaml", line=1)
    route = Route(id="a", service="s", method="POST", path="/a", document_path="/a", origin=origin, body=Body(content=content))
    said = {"example": {"id": 7, "name": "<Tom>"}}
    [(_, text)] = media("application/xml", said, route)["examples"]
    assert text == '<?xml version="1.0" encoding="UTF-8"?>\n<pet id="7">\n<name>&lt;Tom&gt;</name>\n</pet>'
    assert media("application/xml", {"example": "<a/>"}, route)["examples"] == [("Example", "<a/>")]


def test_a_multipart_body_has_a_field_for_each_part() -> None:
    properties = {
        "name": {"type": "string", "enum": ["Tom", "Pia"]},
        "tags": {"type": "array", "items": {"type": "string"}},
        "owner": {"type": "object"},
        "pets": {"type": "array", "items": {"type": "object"}},
        "photo": {"type": "string", "format": "binary"},
        "scan": {"contentMediaType": "image/png"},
        "encoded": {"type": "string", "contentMediaType": "image/png", "contentEncoding": "base64"},
        "anything": {},
        "csv": {"type": "string"},
        "pictures": {"type": "array", "items": {"type": "string"}},
        "whole": {"type": "array", "items": {"type": "integer"}},
        "id": {"type": "integer", "readOnly": True},
    }
    encoding = {
        "csv": {"contentType": "text/csv"},
        "pictures": {"contentType": "image/png, image/*", "headers": {"X-Note": {"required": True, "schema": {"const": "n"}}}},
        "whole": {"contentType": "application/json"},
    }
    schema = {"type": "object", "required": ["name"], "properties": properties}
    said = {"schema": schema, "encoding": encoding, "example": {"pets": [{"a": 1}]}}
    told = fields(said)
    assert {name: (field["as"], field["each"], field["media"]) for name, field in told.items()} == {
        "name": ("text", False, ""),
        "tags": ("text", True, ""),
        "owner": ("json", False, "application/json"),
        "pets": ("json", True, "application/json"),
        "photo": ("file", False, ""),
        "scan": ("file", False, ""),
        "encoded": ("text", False, ""),
        "anything": ("file", False, ""),
        "csv": ("text", False, "text/csv"),
        "pictures": ("file", True, ""),
        "whole": ("json", False, "application/json"),
    }
    assert (told["name"]["required"], told["name"]["options"], told["pictures"]["accept"]) == (True, ["Tom", "Pia"], "image/png,image/*")
    assert told["pictures"]["headers"] == [{"name": "X-Note", "required": True, "value": "n"}]
    assert media("multipart/form-data", said)["examples"] == [("Example", {"pets": '[\n  {\n    "a": 1\n  }\n]'})]


def test_a_urlencoded_body_has_styles_and_no_files() -> None:
    properties = {"filter": {"type": "object"}, "ids": {"type": "array", "items": {"type": "integer"}}, "raw": {"format": "binary"}}
    encoding = {"filter": {"style": "deepObject"}, "ids": {"explode": False, "allowReserved": True}}
    told = fields({"schema": {"properties": properties}, "encoding": encoding}, "application/x-www-form-urlencoded")
    assert told["filter"]["styled"] == {"style": "deepObject", "explode": True, "allowReserved": False}
    assert told["ids"]["styled"] == {"style": "form", "explode": False, "allowReserved": True}
    assert told["raw"]["as"] == "text"


def test_a_form_whose_members_nobody_knows_is_typed_as_an_object() -> None:
    told = media("multipart/form-data", {"schema": {"additionalProperties": True}, "example": {"a": 1}})
    assert "fields" not in told
    assert told["examples"] == [("Example", '{\n  "a": 1\n}')]


def test_types_manners_and_values_as_they_are_typed() -> None:
    assert [typed({"type": ["null", "integer"]}), typed({"properties": {}}), typed({})] == ["integer", "object", ""]
    assert manner({}, "path") == {"style": "simple", "explode": False, "allowReserved": False}
    assert manner({}, "query")["explode"] is True
    assert (written([1, "b"], "array"), written({"a": 1}, "object"), written("x", "")) == ("1\nb", '{"a": 1}', "x")
    assert options({"type": "boolean"}, {}) == ["true", "false"]
    assert options({"enum": [None, 1, "a"]}, {}) == ["1", "a"]
    assert options({"enum": list(range(101))}, {}) == []
