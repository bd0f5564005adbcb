from __future__ import annotations

from typing import Any

import pytest

from specgw.plan.model import Encoding
from specgw.policies.validation.forms import MAX_FIELDS
from tests.unit.policies.validation.contracts import Contract

INTEGER = {"type": "integer", "maximum": 100}
ADDRESS = {"type": "object", "properties": {"zip": INTEGER, "city": {"type": "string"}}, "required": ["zip"]}
URLENCODED = "application/x-www-form-urlencoded"


def urlencoded(body: str, properties: Any, encoding: dict[str, Encoding] | None = None, **more: Any) -> list[tuple[str, str]]:
    schema = {"type": "object", "properties": properties, **more}
    contract = Contract().accepts(URLENCODED, "urlencoded", schema, encoding)
    return [(pointer, keyword) for _, _, pointer, keyword in contract.violations(body=body.encode("latin-1"), type=URLENCODED)]


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("n=5", []),
        ("n=5&tags=a&tags=b", []),
        ("tags=a", []),
        ("s=a+b%2B", []),
        ("n=500", [("/n", "maximum")]),
        ("n=x", [("/n", "type")]),
        ("n=1&n=2", [("/n", "style")]),
        ("tags=a&tags=toolong", [("/tags/1", "maxLength")]),
        ("s=%zz&n=1&n=1", [("/s", "encoding"), ("/n", "style")]),
        ("%zz=1", [("", "encoding")]),
        ("s=\xff", [("", "encoding")]),
        ("unknown=1&unknown=2", []),
    ],
)
def test_urlencoded_without_encodings(body: str, expected: list[Any]) -> None:
    properties = {
        "n": INTEGER,
        "tags": {"type": "array", "items": {"type": "string", "maxLength": 3}},
        "s": {"type": "string", "const": "a b+"},
    }
    assert urlencoded(body, properties) == expected


def test_the_number_of_fields_is_limited() -> None:
    assert urlencoded("&".join(["a=1"] * MAX_FIELDS), {}) == []
    assert urlencoded("&".join(["a=1"] * (MAX_FIELDS + 1)), {}) == [("", "syntax")]


def test_undeclared_fields_meet_additional_properties() -> None:
    assert urlencoded("a=1&b=2", {"a": INTEGER}, additionalProperties=False) == [("", "additionalProperties")]
    assert urlencoded("b=2", {}, additionalProperties=INTEGER) == []
    assert urlencoded("b=200", {}, additionalProperties=INTEGER) == [("/b", "maximum")]


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("address=%7B%22zip%22:5%7D", []),
        ('address={"zip":500}', [("/address/zip", "maximum")]),
        ('address={"zip":5,"zip":6}', [("/address", "syntax")]),
        ("address=5+Main+Street", [("/address", "syntax")]),
        ("address[zip]=5&address[city]=x", []),
        ("address[zip]=500", [("/address/zip", "maximum")]),
        ('address={"zip":5}&address[zip]=5', [("/address", "style")]),
        ("address={}&address={}", [("/address", "style")]),
    ],
)
def test_an_object_in_an_urlencoded_body_is_json_or_in_brackets(body: str, expected: list[Any]) -> None:
    assert urlencoded(body, {"address": ADDRESS}) == expected


def test_styles_of_urlencoded_properties() -> None:
    numbers = {"type": "array", "items": INTEGER}
    piped = {"ids": Encoding(styled=True, style="pipeDelimited", explode=False)}
    assert urlencoded("ids=1|2", {"ids": numbers}, piped) == []
    assert urlencoded("ids=1|200", {"ids": numbers}, piped) == [("/ids/1", "maximum")]
    plain = {"ids": Encoding(styled=True, style="form", explode=False)}
    assert urlencoded("ids=1,2", {"ids": numbers}, plain) == []
    assert urlencoded("ids=1&ids=2", {"ids": numbers}, plain) == [("/ids", "style")]
    deep = {"address": Encoding(styled=True, style="deepObject")}
    assert urlencoded("address[zip]=5", {"address": ADDRESS}, deep) == []
    assert urlencoded("address[zip]=500", {"address": ADDRESS}, deep) == [("/address/zip", "maximum")]
    assert urlencoded('address={"zip":5}', {"address": ADDRESS}, deep) == [("/address", "style")]
    exploded = {"address": Encoding(styled=True, style="form", explode=True)}
    assert urlencoded("zip=5&city=x", {"address": ADDRESS}, exploded) == []
    assert urlencoded("zip=500", {"address": ADDRESS}, exploded) == [("/address/zip", "maximum")]


def test_content_types_of_urlencoded_properties() -> None:
    json = {"ids": Encoding(content_types=("application/json",))}
    assert urlencoded("ids=[1,2]", {"ids": {"type": "array", "items": INTEGER}}, json) == []
    assert urlencoded("ids=[1,200]", {"ids": {"type": "array", "items": INTEGER}}, json) == [("/ids/1", "maximum")]
    text = {"s": Encoding(content_types=("text/plain",))}
    assert urlencoded("s=a+b", {"s": {"type": "string", "const": "a b"}}, text) == []


def part(name: str, data: str, *headers: str, filename: str | None = None) -> str:
    disposition = f'form-data; name="{name}"' + (f'; filename="{filename}"' if filename is not None else "")
    lines = [f"Content-Disposition: {disposition}", *headers]
    return "--x\r\n" + "".join(f"{line}\r\n" for line in lines) + f"\r\n{data}\r\n"


def multipart(properties: Any, *parts: str, encoding: dict[str, Encoding] | None = None, **more: Any) -> list[tuple[str, str]]:
    schema = {"type": "object", "properties": properties, **more}
    contract = Contract().accepts("multipart/form-data", "multipart", schema, encoding)
    body = ("".join(parts) + "--x--\r\n").encode("latin-1")
    return [(pointer, keyword) for _, _, pointer, keyword in contract.violations(body=body, type="multipart/form-data; boundary=x")]


JSON = "Content-Type: application/json"


@pytest.mark.parametrize(
    ("parts", "expected"),
    [
        ([part("n", "5")], []),
        ([part("n", "500")], [("/n", "maximum")]),
        ([part("n", "5", "Content-Type: text/plain; charset=us-ascii")], []),
        ([part("n", "5", JSON)], []),
        ([part("n", "5"), part("n", "6")], [("/n", "style")]),
        ([part("s", "\xe9")], [("/s", "encoding")]),
        ([part("s", "\xe9", "Content-Type: text/plain; charset=iso-8859-1")], []),
        ([part("s", "a", "Content-Type: text/plain; charset=klingon")], [("/s", "encoding")]),
        ([part("s", "toolong")], [("/s", "maxLength")]),
        ([part("file", "\x89PNG\r\n\x00\xff", "Content-Type: image/png", filename="a.png")], []),
        ([part("file", "\xff" * 21, "Content-Type: image/png", filename="a.png")], [("/file", "maxLength")]),
        ([part("file", "\xff\xfe", filename="a.bin")], []),
        ([part("file", '{"a": 1}', JSON, filename="a.json")], []),
        ([part("file", "{broken", JSON, filename="a.json")], []),
        ([part("address", '{"zip": 5}', JSON)], []),
        ([part("address", '{"zip": 5}')], []),
        ([part("address", '{"zip": 500}', JSON)], [("/address/zip", "maximum")]),
        ([part("address", '{"zip": 5, "zip": 6}', JSON)], [("/address", "syntax")]),
        ([part("address", "zip 5")], [("/address", "syntax")]),
        ([part("address", "zip", "Content-Type: application/octet-stream")], [("/address", "type")]),
        ([part("ids", "1"), part("ids", "2")], []),
        ([part("ids", "1")], []),
        ([part("ids", "1"), part("ids", "200")], [("/ids/1", "maximum")]),
        ([part("ids", "[1, 2]", JSON)], []),
        ([part("ids", "[1, 200]", JSON)], [("/ids/1", "maximum")]),
        ([part("unknown", "x"), part("unknown", "y")], []),
        (
            [part("n", "500"), part("s", "toolong"), part("address", "{}")],
            [("/address", "required"), ("/n", "maximum"), ("/s", "maxLength")],
        ),
    ],
)
def test_multipart(parts: list[str], expected: list[Any]) -> None:
    properties = {
        "n": INTEGER,
        "s": {"type": "string", "maxLength": 3},
        "file": {"type": "string", "format": "binary", "maxLength": 20},
        "address": ADDRESS,
        "ids": {"type": "array", "items": INTEGER},
    }
    assert sorted(multipart(properties, *parts)) == expected


def test_content_types_that_the_encoding_lists() -> None:
    images = {"file": Encoding(content_types=("image/png", "image/jpeg"))}
    properties = {"file": {"type": "string"}}
    assert multipart(properties, part("file", "x", "Content-Type: image/jpeg"), encoding=images) == []
    assert multipart(properties, part("file", "x", "Content-Type: image/gif"), encoding=images) == [("/file", "mediaType")]
    assert multipart(properties, part("file", "\xff"), encoding=images) == []
    ranges = {"file": Encoding(content_types=("image/*",))}
    assert multipart(properties, part("file", "x", "Content-Type: image/gif"), encoding=ranges) == []
    document = {"file": Encoding(content_types=("application/json",))}
    assert multipart({"file": ADDRESS}, part("file", '{"zip": 500}'), encoding=document) == [("/file/zip", "maximum")]


def test_headers_of_parts() -> None:
    contract = Contract()
    header = contract.make_parameter("header", "X-Count", INTEGER, required=True)
    contract.accepts("multipart/form-data", "multipart", {"type": "object"}, {"file": Encoding(headers=(header,))})

    def wrong(*parts: str) -> list[tuple[str, str | None, str, str]]:
        return contract.violations(body=("".join(parts) + "--x--\r\n").encode(), type="multipart/form-data; boundary=x")

    assert wrong(part("file", "x", "X-Count: 5"), part("other", "x")) == []
    assert wrong(part("file", "x", "X-Count: 500")) == [("body", None, "/file", "maximum")]
    assert wrong(part("file", "x")) == [("body", None, "/file", "required")]


def test_a_property_that_is_one_value_or_several() -> None:
    properties = {"to": {"anyOf": [{"type": "array", "items": {"type": "integer"}}, {"type": "string", "enum": ["all"]}]}}
    assert multipart(properties, part("to", "all")) == []
    assert multipart(properties, part("to", "5")) == []
    assert multipart(properties, part("to", "5"), part("to", "6")) == []
    assert multipart(properties, part("to", "none")) != []


def test_a_part_is_required_like_any_property() -> None:
    assert multipart({"file": {"type": "string"}}, part("other", "x"), required=["file"]) == [("", "required")]
    assert multipart({"file": {"type": "string"}}, part("other", "x"), additionalProperties=False) == [("", "additionalProperties")]


def test_the_body_of_a_form_that_is_no_form() -> None:
    contract = Contract().accepts("multipart/form-data", "multipart", {"type": "object"})
    for content_type in ("multipart/form-data", "multipart/form-data; boundary=y", 'multipart/form-data; boundary=""'):
        assert contract.violations(body=part("a", "1").encode(), type=content_type) == [("body", None, "", "syntax")]


ITEMS = {"type": "array", "items": ADDRESS}


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ('a={"zip":1}&a={"zip":2}', []),
        ('a={"zip":1}', []),
        ('a=[{"zip":1},{"zip":2}]', []),
        ("a[0][zip]=1&a[1][zip]=2", []),
        ('a={"zip":1}&a={"zip":200}', [("/a/1/zip", "maximum")]),
        ('a=[{"zip":200}]', [("/a/0/zip", "maximum")]),
        ("a[0][zip]=200", [("/a/0/zip", "maximum")]),
        ("a=x", [("/a", "syntax")]),
        ('a={"zip":1}&a[0][zip]=1', [("/a", "style")]),
    ],
)
def test_items_that_are_objects_are_json(body: str, expected: list[Any]) -> None:
    # OpenAPI "Encoding Object": the default contentType of an object is application/json, and arrays have one value an item.
    assert urlencoded(body, {"a": ITEMS}) == expected


STYLED: list[tuple[str, bool, Any, list[tuple[str, str]]]] = [
    ("form", True, {"type": "array", "items": INTEGER}, [("p", "1"), ("p", "2")]),
    ("form", False, {"type": "array", "items": INTEGER}, [("p", "1,2")]),
    ("spaceDelimited", False, {"type": "array", "items": INTEGER}, [("p", "1 2")]),
    ("pipeDelimited", False, {"type": "array", "items": INTEGER}, [("p", "1|2")]),
    ("form", True, ADDRESS, [("zip", "1"), ("city", "a%2C b+c")]),
    ("form", False, ADDRESS, [("p", "zip,1,city,a")]),
    ("deepObject", True, ADDRESS, [("p[zip]", "1"), ("p[city]", "a&b=c")]),
    ("form", True, INTEGER, [("p", "7")]),
]


@pytest.mark.parametrize(("style", "explode", "schema", "parts"), STYLED)
def test_parts_by_style(style: Any, explode: bool, schema: Any, parts: list[tuple[str, str]]) -> None:
    # OpenAPI 3.1.1 "Encoding Object"; 3.2.0 appendix C: "the `?`, `=`, and `&` characters are not used, and URI percent encoding is
    # not applied".
    whole = {"type": "object", "properties": {"p": schema, "o": {"type": "string"}}, "required": ["p"], "additionalProperties": False}
    encoding = {"p": Encoding(style=style, explode=explode, styled=True)}
    contract = Contract().accepts("multipart/form-data", "multipart", whole, encoding)

    def wrong(sent: list[tuple[str, str]]) -> list[str]:
        pieces = [f'--b\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{text}\r\n' for name, text in sent]
        body = "".join([*pieces, "--b--\r\n"]).encode("latin-1")
        return [keyword for *_, keyword in contract.violations(body=body, type="multipart/form-data; boundary=b")]

    assert wrong(parts) == wrong([*parts, ("o", "x")]) == []
    assert wrong([("o", "x")]) == ["required"]
    assert wrong([*parts, ("q", "x")]) == ["additionalProperties"]
    assert wrong([(name, "\xff") for name, _ in parts][:1]) == ["encoding"]
