"""XML bodies by the schemas of documents: the examples of OpenAPI's "XML Object", and what differs from them."""

from __future__ import annotations

from typing import Any

import pytest

from tests.conformance.asking import Answer, Gateway, Request

PETS = {"type": "string", "enum": ["dog", "cat"]}


def gateway(schema: Any, version: str = "3.0.4", **components: Any) -> Gateway:
    content = {"application/xml": {"schema": schema}}
    return Gateway(
        {
            "openapi": version,
            "info": {"title": "x", "version": "1"},
            "servers": [{"url": "http://127.0.0.1:9"}],
            "x-gateway": {"validate": {"response": "enforce"}},
            "components": {"schemas": components},
            "paths": {
                "/x": {"post": {"requestBody": {"content": content}, "responses": {"200": {"description": "ok", "content": content}}}}
            },
        }
    )


def wrong(asked: Gateway, body: str, media_type: str = "application/xml") -> list[tuple[str, str]]:
    """Pointer and keyword of what is wrong with a body, the same in both directions."""
    problem = asked.ask(Request("/x", "POST", (("Content-Type", media_type),), body.encode()))
    answered = asked.answered(Request("/x", "POST"), Answer(200, (("Content-Type", media_type),), body.encode()))
    found = [] if problem is None else [(violation.pointer, violation.keyword) for violation in problem.violations]
    assert found == ([] if answered is None else [(violation.pointer, violation.keyword) for violation in answered.violations])
    return found


PERSON = {
    "type": "object",
    "required": ["id", "name"],
    "properties": {
        "id": {"type": "integer", "format": "int32", "xml": {"attribute": True}},
        "name": {"type": "string", "xml": {"namespace": "https://example.com/schema/sample", "prefix": "sample"}},
        "born": {"type": "integer", "nullable": True},
    },
    "additionalProperties": False,
}
NAME = '<sample:name xmlns:sample="https://example.com/schema/sample">example</sample:name>'


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (f'<Person id="123">{NAME}</Person>', []),
        (f'<Person id="123">\n {NAME}\n <born> 7 </born></Person>', []),
        (f'<p:Person id="1" xmlns:p="urn:any">{NAME}<p:born>7</p:born></p:Person>', []),
        ('<Person id="1" xmlns:p="https://example.com/schema/sample"><p:name/></Person>', []),
        (
            f'<Person id="1" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:type="P" xml:lang="en">{NAME}'
            '<born xsi:nil="true"/></Person>',
            [],
        ),
        (f'<Person id="x">{NAME}</Person>', [("/id", "type")]),
        (f"<Person><id>1</id>{NAME}</Person>", [("/id", "xml")]),
        ('<Person id="1"><name>example</name></Person>', [("/name", "xml")]),
        (f'<Person id="1">{NAME}{NAME}</Person>', [("/name", "xml")]),
        (f'<Person id="1">{NAME}<other/></Person>', [("", "additionalProperties")]),
        (f'<Person id="1" other="1">{NAME}</Person>', [("", "additionalProperties")]),
        (f'<Person id="1">text{NAME}</Person>', [("", "xml")]),
        (f'<Person id="1">{NAME}<born><year>1</year></born></Person>', [("/born", "type")]),
        (f'<Person id="1">{NAME}<born c="1">1</born></Person>', [("/born", "xml")]),
        ("<Person/>", [("", "required"), ("", "required")]),
        ("<Other/>", [("", "xml")]),
        ("<Person", [("", "syntax")]),
        ("<!DOCTYPE Person><Person/>", [("", "syntax")]),
    ],
)
def test_attributes_namespaces_and_what_is_not_declared(body: str, expected: list[tuple[str, str]]) -> None:
    assert wrong(gateway({"$ref": "#/components/schemas/Person"}, Person=PERSON), body) == expected


# OpenAPI 3.0.4, section "XML Arrays": the rules of array and items, and the elements for ["dog", "cat"].
ARRAYS: list[tuple[dict[str, Any], dict[str, Any], str]] = [
    ({}, {}, "<animals>dog</animals><animals>cat</animals>"),
    ({}, {"name": "animal"}, "<animal>dog</animal><animal>cat</animal>"),
    ({"name": "aliens"}, {"name": "animal"}, "<animal>dog</animal><animal>cat</animal>"),
    ({"wrapped": True}, {}, "<animals><animals>dog</animals><animals>cat</animals></animals>"),
    ({"wrapped": True}, {"name": "animal"}, "<animals><animal>dog</animal><animal>cat</animal></animals>"),
    ({"name": "aliens", "wrapped": True}, {"name": "animal"}, "<aliens><animal>dog</animal><animal>cat</animal></aliens>"),
    ({"name": "aliens", "wrapped": True}, {}, "<aliens><aliens>dog</aliens><aliens>cat</aliens></aliens>"),
]


@pytest.mark.parametrize("version", ["3.0.4", "3.1.1"])
@pytest.mark.parametrize(("array", "items", "elements"), ARRAYS)
def test_arrays(version: str, array: dict[str, Any], items: dict[str, Any], elements: str) -> None:
    schema = {"type": "array", "xml": array, "items": {**PETS, "xml": items}, "enum": [["dog", "cat"], []]}
    asked = gateway({"type": "object", "properties": {"animals": schema}, "additionalProperties": False, "required": ["animals"]}, version)
    assert wrong(asked, f"<document>{elements}</document>") == []
    assert ("/animals/0", "enum") in wrong(asked, f"<document>{elements.replace('dog', 'horse')}</document>")
    for other, others, elsewhere in ARRAYS:
        if elements != elsewhere:
            assert wrong(asked, f"<document>{elsewhere}</document>") != [], (other, others)
    wrapped = array.get("wrapped", False)
    # Without a wrapper an empty array cannot be told from none: it is valid where one of the two is.
    assert wrong(asked, "<document/>") == ([("", "required")] if wrapped else [])


def test_what_a_wrapper_holds() -> None:
    schema = {"type": "array", "xml": {"name": "animals", "wrapped": True}, "items": {**PETS, "xml": {"name": "animal"}}}
    asked = gateway(schema)
    assert wrong(asked, "<animals><animal>dog</animal></animals>") == []
    assert wrong(asked, "<animals/>") == []
    assert wrong(asked, "<animals><other/></animals>") == [("/0", "xml")]
    assert wrong(asked, '<animals count="1"/>') == [("", "xml")]
    assert wrong(asked, "<animals>dog</animals>") == [("", "xml")]


def test_a_schema_that_contains_itself() -> None:
    kids = {"type": "array", "items": {"$ref": "#/components/schemas/Tree"}}
    tree = {"type": "object", "properties": {"n": {"type": "integer"}, "kids": kids}}
    asked = gateway({"$ref": "#/components/schemas/Tree"}, Tree=tree)
    assert wrong(asked, "<Tree><n>1</n><kids><n>2</n><kids/></kids><kids/></Tree>") == []
    assert wrong(asked, "<Tree><kids/><kids><kids><n>x</n></kids></kids></Tree>") == [("/kids/1/kids/0/n", "type")]


def test_alternatives_are_read_as_one() -> None:
    cat = {"type": "object", "required": ["meow"], "properties": {"kind": {"type": "string"}, "meow": {"type": "boolean"}}}
    dog = {"type": "object", "required": ["bark"], "properties": {"kind": {"type": "string"}, "bark": {"type": "integer"}}}
    asked = gateway({"oneOf": [cat, dog], "xml": {"name": "pet"}}, "3.1.1")
    assert wrong(asked, "<pet><kind>cat</kind><meow>true</meow></pet>") == []
    assert wrong(asked, "<pet><bark>3</bark></pet>") == []
    assert wrong(asked, "<pet><bark>x</bark></pet>") == [("", "oneOf")]


def test_maps_and_what_no_rule_speaks_of() -> None:
    asked = gateway({"type": "object", "additionalProperties": {"type": "integer"}})
    assert wrong(asked, "<m><a>1</a><b>2</b></m>") == []
    assert wrong(asked, "<m><a>1</a><b>x</b></m>") == [("/b", "type")]
    free = gateway({"type": "object", "maxProperties": 2})
    assert wrong(free, '<m><a q="1"><b/><b/><b>x</b></a><c/></m>') == []
    assert wrong(free, "<m><a/><b/><c/></m>") == [("", "maxProperties")]


def test_text_without_a_type() -> None:
    asked = gateway({"type": "object", "properties": {"a": {"enum": [1, "x", {}]}}})
    assert [wrong(asked, f"<m><a>{text}</a></m>") for text in ("1", "x", "")] == [[], [], []]
    assert wrong(asked, "<m><a>2</a></m>") == [("/a", "enum")]


def test_charset_of_the_content_type() -> None:
    asked = gateway({"type": "object", "properties": {"a": {"type": "integer"}}})
    assert wrong(asked, "<m><a>1</a></m>", "application/xml; charset=UTF-8") == []
    problem = asked.ask(Request("/x", "POST", (("Content-Type", "application/xml; charset=utf-7"),), b"<m/>"))
    assert problem is not None
    assert problem.status == 415


def test_an_element_that_no_rule_speaks_of_may_stand_there_more_than_once() -> None:
    asked = gateway({"type": "object", "properties": {"id": {"type": "integer"}}, "xml": {"name": "note"}}, "3.1.0")
    assert wrong(asked, "<note><id>1</id><tag>a</tag><tag><deep>b</deep></tag></note>") == []
    assert wrong(asked, "<note><id>1</id><id>2</id></note>") == [("/id", "xml")]


def test_elements_that_an_additional_schema_speaks_of_are_values_of_it_one_by_one() -> None:
    asked = gateway({"type": "object", "additionalProperties": {"type": "integer"}, "xml": {"name": "note"}}, "3.1.0")
    assert wrong(asked, "<note><a>1</a><b>2</b></note>") == []
    assert wrong(asked, "<note><a>1</a><a>2</a></note>") == [("/a", "xml")]
