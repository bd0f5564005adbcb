from __future__ import annotations

from typing import Any

import pytest

from specgw.policies.validation.parameters import HeaderFields, NamedFields, PathValues
from tests.unit.policies.validation.contracts import Contract

INTEGER = {"type": "integer", "minimum": 1, "maximum": 100}
STRING = {"type": "string", "minLength": 2}


def get(location: str, name: str, schema: Any, **more: Any) -> Contract:
    return Contract("GET").parameter(location, name, schema, **more)


@pytest.mark.parametrize("value", ["1", "17", "100", "1e1", "5.0", "%31"])
def test_path_values_are_read_by_their_type(value: str) -> None:
    assert get("path", "id", INTEGER, required=True).violations(path={"id": value}) == []


@pytest.mark.parametrize(
    ("value", "keyword"),
    [
        ("0", "minimum"),
        ("101", "maximum"),
        ("x", "type"),
        ("", "type"),
        ("01", "type"),
        ("1.5", "type"),
        ("%", "encoding"),
        ("%FF", "encoding"),
        ("²", "type"),
    ],
)
def test_path_values_that_break_their_schema(value: str, keyword: str) -> None:
    assert get("path", "id", INTEGER, required=True).violations(path={"id": value}) == [("path", "id", "", keyword)]


@pytest.mark.parametrize(("style", "text"), [("label", ".5"), ("matrix", ";id=5")])
def test_path_styles_reach_their_readers(style: str, text: str) -> None:
    contract = get("path", "id", INTEGER, style=style, required=True)
    assert contract.violations(path={"id": text}) == []
    assert contract.violations(path={"id": "5"}) == [("path", "id", "", "style")]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("n=5", []),
        ("n=5&other=x", []),
        (None, []),
        ("", []),
        ("n=", [("query", "n", "", "type")]),
        ("n=500", [("query", "n", "", "maximum")]),
        ("n=1&n=2", [("query", "n", "", "style")]),
        ("%6E=500", [("query", "n", "", "maximum")]),
        ("n=+5", [("query", "n", "", "type")]),
        ("n=5;m=6", [("query", "n", "", "type")]),
        ("n=%zz", [("query", "n", "", "encoding")]),
        ("%zz=1", [("query", None, "", "encoding")]),
    ],
)
def test_query_parameters(query: str | None, expected: list[Any]) -> None:
    assert get("query", "n", INTEGER).violations(query=query) == expected


def test_strings_of_a_query_are_form_decoded_before_they_are_judged() -> None:
    contract = get("query", "s", {"type": "string", "enum": ["a b", "c+d", "é"]})
    for text in ("a+b", "a%20b", "c%2Bd", "%C3%A9", "é"):
        assert contract.violations(query=f"s={text}") == []
    assert contract.violations(query="s=c+d") == [("query", "s", "", "enum")]


@pytest.mark.parametrize("location", ["query", "header", "cookie"])
def test_a_required_parameter_that_is_missing(location: str) -> None:
    contract = get(location, "x", STRING, required=True)
    assert contract.violations() == [(location, "x", "", "required")]
    assert contract.violations(query="y=1", headers=[(b"y", b"1"), (b"cookie", b"y=1")]) == [(location, "x", "", "required")]
    assert contract.violations(query="x=ab", headers=[(b"x", b"ab"), (b"cookie", b"x=ab")]) == []
    assert get(location, "x", STRING).violations() == []


def test_everything_that_is_wrong_is_told_at_once() -> None:
    contract = get("path", "id", INTEGER, required=True).parameter("query", "n", INTEGER).parameter("query", "m", INTEGER, required=True)
    contract.parameter("header", "X-Trace", STRING, required=True).parameter("cookie", "c", INTEGER)
    found = contract.violations(path={"id": "x"}, query="n=0", headers=[(b"cookie", b"c=0")])
    assert found == [
        ("path", "id", "", "type"),
        ("query", "n", "", "minimum"),
        ("query", "m", "", "required"),
        ("header", "X-Trace", "", "required"),
        ("cookie", "c", "", "minimum"),
    ]


def test_header_names_have_no_case_and_repeated_lines_are_one_list() -> None:
    contract = get("header", "X-Ids", {"type": "array", "items": INTEGER, "minItems": 3})
    assert contract.violations(headers=[(b"x-ids", b"1, 2"), (b"x-ids", b"3")]) == []
    assert contract.violations(headers=[(b"x-ids", b"1,2")]) == [("header", "X-Ids", "", "minItems")]
    assert contract.violations(headers=[(b"x-ids", b"1,500,x")]) == [
        ("header", "X-Ids", "/1", "maximum"),
        ("header", "X-Ids", "/2", "type"),
    ]


@pytest.mark.parametrize("name", ["Accept", "content-type", "AUTHORIZATION"])
def test_header_parameters_that_openapi_ignores(name: str) -> None:
    assert get("header", name, {"enum": ["never"]}, required=True).violations(headers=[(name.lower().encode(), b"x/y")]) == []


def test_header_values_are_not_percent_decoded_and_may_hold_any_bytes() -> None:
    assert get("header", "x", {"enum": ["a%20b"]}).violations(headers=[(b"x", b" a%20b ")]) == []
    assert get("header", "x", {"type": "string", "maxLength": 2}).violations(headers=[(b"x", b"\xc3\xa9")]) == []


def test_cookies() -> None:
    contract = get("cookie", "n", INTEGER)
    assert contract.violations(headers=[(b"cookie", b"a=x; n=5")]) == []
    assert contract.violations(headers=[(b"cookie", b'n="5"')]) == []
    assert contract.violations(headers=[(b"cookie", b"n=5; n=5")]) == [("cookie", "n", "", "style")]
    assert contract.violations(headers=[(b"cookie", b"n=%")]) == [("cookie", "n", "", "type")]  # no escape, and no number


def test_allow_empty_value() -> None:
    contract = get("query", "flag", {"type": "boolean"}, allow_empty=True)
    for query in ("flag", "flag=", "flag=true"):
        assert contract.violations(query=query) == []
    assert contract.violations(query="flag=1") == [("query", "flag", "", "type")]
    assert get("query", "flag", {"type": "boolean"}).violations(query="flag") == [("query", "flag", "", "type")]


def test_content_parameters_are_documents() -> None:
    schema = {"type": "object", "properties": {"a": INTEGER}, "required": ["a"]}
    contract = get("query", "filter", schema, media_type="application/json")
    assert contract.violations(query="filter=%7B%22a%22:+5%7D") == []
    assert contract.violations(query='filter={"a":500}') == [("query", "filter", "/a", "maximum")]
    assert contract.violations(query='filter={"a":5,"a":5}') == [("query", "filter", "", "syntax")]
    assert contract.violations(query="filter=x") == [("query", "filter", "", "syntax")]
    assert contract.violations(query="filter={}&filter={}") == [("query", "filter", "", "style")]
    header = get("header", "x", schema, media_type="application/json")
    assert header.violations(headers=[(b"x", b'{"a":5}')]) == []
    assert header.violations(headers=[(b"x", b"%7B%22a%22:5%7D")]) == [("header", "x", "", "syntax")]
    text = get("cookie", "x", {"maxLength": 3}, media_type="text/plain")
    assert text.violations(headers=[(b"cookie", b"x=a%20b")]) == []
    assert text.violations(headers=[(b"cookie", b"x=abcd")]) == [("cookie", "x", "", "maxLength")]
    number = get("query", "x", INTEGER, media_type="text/plain")
    assert number.violations(query="x=5") == []
    assert number.violations(query="x=500") == [("query", "x", "", "maximum")]


def test_a_value_with_several_readings_is_valid_when_one_is() -> None:
    contract = get("query", "x", {"anyOf": [{"type": "integer", "maximum": 10}, {"type": "string", "enum": ["all", "500"]}]})
    for text in ("5", "all", "500"):
        assert contract.violations(query=f"x={text}") == []
    assert contract.violations(query="x=50") != []
    mixed = get("query", "x", {"type": "array", "items": {"type": ["integer", "string"], "not": {"const": 3}}})
    assert mixed.violations(query="x=1&x=a&x=3") == []


def test_nullable_parameters() -> None:
    contract = get("query", "x", {"type": ["integer", "null"]})
    for text in ("5", "", "null"):
        assert contract.violations(query=f"x={text}") == []
    assert contract.violations(query="x=nil") == [("query", "x", "", "type")]


def test_a_parameter_without_schema_only_has_to_be_readable() -> None:
    contract = get("query", "x", None)
    assert contract.violations(query="x=anything&x=twice") == []
    assert contract.violations(query="x=%") == [("query", "x", "", "encoding")]


def test_exploded_objects_and_deep_objects_side_by_side() -> None:
    point = {"type": "object", "properties": {"x": INTEGER, "y": INTEGER}, "required": ["x"]}
    contract = (
        get("query", "point", point, required=True).parameter("query", "f", point, style="deepObject").parameter("query", "page", INTEGER)
    )
    assert contract.violations(query="x=1&y=2&page=3&f[x]=1") == []
    assert contract.violations(query="page=3") == [("query", "point", "", "required")]
    assert contract.violations(query="x=0&f[y]=500") == [
        ("query", "point", "/x", "minimum"),
        ("query", "f", "", "required"),
        ("query", "f", "/y", "maximum"),
    ]
    assert contract.violations(query="x=1&x=2&f=1") == [("query", "point", "/x", "style"), ("query", "f", "", "style")]


def test_a_free_exploded_object_takes_the_fields_that_nobody_claims() -> None:
    labels = {"type": "object", "additionalProperties": {"type": "string", "maxLength": 3}}
    contract = get("query", "labels", labels, required=True).parameter("query", "page", INTEGER)
    assert contract.violations(query="a=b&page=50") == []
    assert contract.violations(query="a=long") == [("query", "labels", "/a", "maxLength")]
    assert contract.violations(query="page=5") == [("query", "labels", "", "required")]
    anything = get("query", "labels", {"type": "object", "minProperties": 1}, required=True)
    assert anything.violations(query="a=b") == []


def test_violations_tell_what_was_expected_and_never_the_value() -> None:
    contract = get("query", "token", {"type": "string", "pattern": "^[a-f]+$", "maxLength": 3})
    problem = contract.problem(query="token=hunter2-secret")
    assert problem is not None
    assert [violation.message for violation in problem.violations] == ["must have at most 3 characters", "must match the pattern ^[a-f]+$"]
    assert b"hunter2" not in problem.body()


def test_what_is_not_declared_is_empty() -> None:
    validators = Contract().schemas.validators()
    assert not PathValues([], validators, formats=True, max_depth=8)
    assert not NamedFields([], validators, formats=True, max_depth=8)
    assert not HeaderFields([], validators, formats=True, max_depth=8)


def test_unknown_names() -> None:
    contract = get("query", "point", {"type": "object", "properties": {"x": INTEGER}}).parameter(
        "query", "f", {"type": "object"}, style="deepObject"
    )
    fields = NamedFields(contract.parameters, contract.schemas.validators(), formats=True, max_depth=8)
    assert fields.unknown({"x": "1", "f[a]": "1", "point": "1", "y": "2", "": "3"}) == ["point", "y", ""]
    free = get("query", "labels", {"type": "object"})
    assert NamedFields(free.parameters, free.schemas.validators(), formats=True, max_depth=8).unknown({"x": "1"}) == []
