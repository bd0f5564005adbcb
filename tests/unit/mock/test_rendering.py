from __future__ import annotations

from typing import Any

import pytest

from specgw.mock.rendering import content_type, json_text, parameter_text, rendered, xml_text
from specgw.plan.sandbox import MockContent, MockKind
from specgw.plan.xml import Xml, XmlNode


def content(kind: MockKind, media_type: str = "a/b") -> MockContent:
    return MockContent(media_range=media_type, media_type=media_type, kind=kind)


@pytest.mark.parametrize(
    ("kind", "value", "body"),
    [
        ("json", {"a": [1, "ä"]}, '{"a":[1,"ä"]}'),
        ("json", "\ud800", '"?"'),
        ("text", 3, "3"),
        ("text", "a", "a"),
        ("urlencoded", {"a": "b c", "d": [1, 2], "e": {"f": True}}, "a=b%20c&d=1&d=2&e=%7B%22f%22%3Atrue%7D"),
        ("lines", [{"a": 1}, 2], '{"a":1}\n2\n'),
        ("sequence", [1], "\x1e1\n"),
        ("events", [{"event": "x", "data": "a\nb"}, "c"], "event: x\ndata: a\ndata: b\n\ndata: c\n\n"),
        ("binary", "abc", "abc"),
    ],
)
def test_each_media_type_has_its_form(kind: MockKind, value: Any, body: str) -> None:
    assert rendered(value, content(kind)).decode() == body


def test_a_multipart_form_has_a_part_for_each_field_and_names_its_boundary() -> None:
    form = content("multipart", "multipart/form-data")
    body = rendered({"a": "b", "c": {"d": 1}}, form).decode()
    assert body.count("Content-Disposition: form-data") == 2
    assert 'name="c"\r\nContent-Type: application/json\r\n\r\n{"d":1}\r\n' in body
    assert content_type(form) == "multipart/form-data; boundary=specgw-sandbox-boundary"
    assert content_type(content("json", "application/json")) == "application/json"


def test_fields_have_the_style_simple() -> None:
    assert parameter_text([1, "a"]) == "1,a"
    assert parameter_text({"a": 1, "b": True}) == "a,1,b,true"
    assert parameter_text({"a": 1}, explode=True) == "a=1"
    assert parameter_text(None) == "null"


def test_xml_is_written_by_its_rules() -> None:
    xml = Xml(
        nodes=(
            XmlNode(name="pet", namespace="urn:p", properties={"id": 1, "tags": 2, "note": 4}),
            XmlNode(kind="attribute"),
            XmlNode(items=3, wrapped=True),
            XmlNode(name="tag"),
            XmlNode(kind="text"),
        )
    )
    text = xml_text({"id": '<"', "tags": ["a", "b"], "other": None, "note": "x&y"}, xml)
    assert text.startswith('<?xml version="1.0" encoding="UTF-8"?><pet xmlns="urn:p" id=\'&lt;"\'>')
    assert "<tags><tag>a</tag><tag>b</tag></tags>" in text
    assert 'xsi:nil="true"' in text
    assert text.endswith("x&amp;y</pet>")


def test_xml_without_rules_is_written_by_names() -> None:
    assert xml_text({"a b": 1, "0": "\x00"}, None).endswith("<root><a_b>1</a_b><_0/></root>")


def test_integers_of_any_size_stay_as_they_are() -> None:
    assert json_text(2**70) == str(2**70)
