"""Validation against the definition of what it reads: JSON, RFC 6570 expansion, and bytes of any kind."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import quote

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from specgw.plan.model import Encoding
from specgw.policies.validation.escapes import Malformed, form, percent
from specgw.policies.validation.fields import split_cookies, split_pairs
from specgw.policies.validation.scalars import Form
from specgw.policies.validation.strict_json import Unreadable, depth, read
from specgw.policies.validation.styles import Deep, Exploded, label, matrix, named, simple
from specgw.problems import Problem
from tests.unit.policies.validation.contracts import Contract, answer, exchange, shape_of

# What json.dumps can write and JSON can hold.
TEXT = st.text(st.characters(exclude_categories=["Cs"]))
SCALARS = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | TEXT
VALUES = st.recursive(SCALARS, lambda inner: st.lists(inner, max_size=5) | st.dictionaries(TEXT, inner, max_size=5), max_leaves=20)


@given(VALUES, st.booleans(), st.sampled_from([None, 1]), st.sampled_from([(",", ":"), (", ", ": "), (" , ", "\t:\n")]))
@example({"a": ":\\\\u003a", "b": '\\":'}, True, None, (",", ":"))
@example([10**20, -(10**25), 1e20, "1" * 30], True, None, (",", ":"))
def test_any_json_value_is_read_as_it_was_written(value: Any, ascii_only: bool, indent: int | None, separators: tuple[str, str]) -> None:
    text = json.dumps(value, ensure_ascii=ascii_only, indent=indent, separators=separators).encode()
    assert read(text, 1000) == value
    nested = depth(text)
    assert nested == _depth(value)
    assert read(text, nested) == value
    if nested:
        with pytest.raises(Unreadable, match="nested deeper"):
            read(text, nested - 1)


def _depth(value: Any) -> int:
    if isinstance(value, dict):
        return 1 + max(map(_depth, value.values()), default=0)
    if isinstance(value, list):
        return 1 + max(map(_depth, value), default=0)
    return 0


def _escaped(draw: st.DrawFn, text: str) -> str:
    """A JSON string in which any character may be written as an escape."""
    out = []
    for character in text:
        units = character.encode("utf-16-be")
        escape = "".join(f"\\u{units[index]:02x}{units[index + 1]:02X}" for index in range(0, len(units), 2))
        plain = json.dumps(character, ensure_ascii=False)[1:-1]
        out.append(escape if draw(st.booleans()) else plain)
    return '"' + "".join(out) + '"'


@st.composite
def repeated_keys(draw: st.DrawFn) -> str:
    """A JSON text with a key that stands twice in one object, anywhere, in any spelling."""
    name = draw(TEXT)
    members = draw(st.lists(st.tuples(TEXT, VALUES), max_size=3))
    members.insert(draw(st.integers(0, len(members))), (name, draw(VALUES)))
    members.insert(draw(st.integers(0, len(members))), (name, draw(VALUES)))
    space = draw(st.sampled_from(["", " ", "\n\t"]))
    colon = f"{space}:{space}"
    text = "{" + ",".join(_escaped(draw, key) + colon + _written(draw, value) for key, value in members) + "}"
    for _ in range(draw(st.integers(0, 3))):
        text = f"[{text}, 1]" if draw(st.booleans()) else '{"around::": ' + text + "}"
    return text


def _written(draw: st.DrawFn, value: Any) -> str:
    return _escaped(draw, value) if isinstance(value, str) else json.dumps(value, ensure_ascii=draw(st.booleans()))


@given(repeated_keys())
@example('{"a":1,"\\u0061":2}')
@example('{"a":1,"a":"\\u003a"}')
@example('{"a":{"b":1},"a":"::\\u003A"}')
def test_a_repeated_key_is_always_found(text: str) -> None:
    json.loads(text)
    with pytest.raises(Unreadable, match="more than once"):
        read(text.encode(), 1000)


@given(st.binary() | st.text('{}[]:,"\\u0a1e-. \n').map(str.encode))
def test_what_is_read_is_what_everybody_reads(text: bytes) -> None:
    try:
        value = read(text, 1000)
    except Unreadable:
        return
    assert value == json.loads(text)


# RFC 6570, sections 3.2.1 to 3.2.9, for one variable.


def _expanded(text: str) -> str:
    """Section 3.2.1: everything but unreserved characters is percent-encoded."""
    return quote(text, safe="-._~")


def _members(value: Any) -> list[tuple[str, str]]:
    return [(_expanded(key), _expanded(member)) for key, member in value.items()]


def expand(operator: str, name: str, value: Any, *, explode: bool) -> str:
    """The expansion of `{operator name}` or `{operator name*}`."""
    first, separator, with_names = {"": ("", ",", False), ".": (".", ".", False), ";": (";", ";", True), "?": ("", "&", True)}[operator]
    if isinstance(value, str):
        text = _expanded(value)
        if with_names:
            text = name if operator == ";" and not text else f"{name}={text}"
        return first + text
    if explode:
        if isinstance(value, dict):
            pieces = [f"{key}={member}" for key, member in _members(value)]
        else:
            pieces = [f"{name}={_expanded(item)}" if with_names else _expanded(item) for item in value]
        return first + separator.join(pieces)
    items = [piece for pair in _members(value) for piece in pair] if isinstance(value, dict) else [_expanded(item) for item in value]
    return first + (f"{name}=" if with_names else "") + ",".join(items)


STRING = {"type": "string"}
NAMES = st.text("abcxyz é,;=.%/&[]", min_size=1, max_size=5)
VALUE = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)


@st.composite
def values(draw: st.DrawFn, *, dots: bool = True) -> tuple[Any, Any]:
    """A schema and one of its values. RFC 6570 leaves out empty lists, and a list of one empty item looks like one."""
    text = VALUE if dots else VALUE.filter(lambda value: "." not in value)
    kind = draw(st.sampled_from(["string", "array", "object"]))
    if kind == "string":
        return STRING, draw(text)
    if kind == "array":
        return {"type": "array", "items": STRING}, draw(st.lists(text, min_size=1, max_size=4).filter(lambda items: items != [""]))
    names = NAMES if dots else NAMES.filter(lambda name: "." not in name)
    return {"type": "object", "additionalProperties": STRING}, draw(st.dictionaries(names, text, min_size=1, max_size=4))


@given(values(), st.booleans())
def test_simple_reads_what_rfc_6570_writes(case: tuple[Any, Any], explode: bool) -> None:
    schema, value = case
    assert simple(Form(shape_of(schema)), percent, explode=explode)(expand("", "v", value, explode=explode))[0] == value


# The dot is unreserved and the separator: RFC 6570 itself cannot tell them apart.
@given(values(dots=False), st.booleans())
def test_label_reads_what_rfc_6570_writes(case: tuple[Any, Any], explode: bool) -> None:
    schema, value = case
    assert label(Form(shape_of(schema)), explode=explode)(expand(".", "v", value, explode=explode))[0] == value


@given(values(), st.booleans())
def test_matrix_reads_what_rfc_6570_writes(case: tuple[Any, Any], explode: bool) -> None:
    schema, value = case
    assert matrix(Form(shape_of(schema)), "v", explode=explode)(expand(";", "v", value, explode=explode))[0] == value


@given(values(), st.booleans())
def test_form_reads_what_rfc_6570_writes(case: tuple[Any, Any], explode: bool) -> None:
    schema, value = case
    fields = split_pairs(expand("?", "v", value, explode=explode).encode())
    shape = Form(shape_of(schema))
    if explode and isinstance(value, dict):
        assert Exploded("v", shape, form, open_=True).take(fields, frozenset()) == [value]
    else:
        assert named(shape, form, "form", explode=explode)(fields["v"])[0] == value


@given(st.sampled_from(["spaceDelimited", "pipeDelimited"]), st.data())
def test_delimited_reads_what_the_style_table_writes(style: Any, data: st.DataObject) -> None:
    # The delimiter is percent-encoded like data: a value that holds it cannot be written in these styles.
    delimiter, coded = {"spaceDelimited": (" ", "%20"), "pipeDelimited": ("|", "%7C")}[style]
    text = VALUE.filter(lambda value: delimiter not in value)
    items = data.draw(st.lists(text, min_size=1, max_size=4).filter(lambda items: items != [""]))
    fields = split_pairs(("v=" + coded.join(map(_expanded, items))).encode())
    assert named(Form(shape_of({"type": "array", "items": STRING})), form, style, explode=False)(fields["v"])[0] == items


KEYS = st.text("abcxyz é,;=.%/&", min_size=1, max_size=4).filter(lambda name: not name.isdigit())
DEEP = st.recursive(VALUE, lambda inner: st.dictionaries(KEYS, inner, min_size=1, max_size=3), max_leaves=6).filter(
    lambda value: isinstance(value, dict)
)


@given(DEEP)
def test_deep_objects_are_read_as_they_are_written(value: Any) -> None:
    def schema(member: Any) -> Any:
        return (
            {"type": "object", "properties": {key: schema(inner) for key, inner in member.items()}} if isinstance(member, dict) else STRING
        )

    def pairs(prefix: str, member: Any) -> list[str]:
        if isinstance(member, dict):
            return [pair for key, inner in member.items() for pair in pairs(f"{prefix}%5B{_expanded(key)}%5D", inner)]
        return [f"{prefix}={_expanded(member)}"]

    fields = split_pairs("&".join(pairs("v", value)).encode())
    assert Deep("v", Form(shape_of(schema(value))), form).take(fields, frozenset()) == [value]


@given(st.lists(VALUE, min_size=1, max_size=4).filter(lambda items: items != [""]))
def test_cookies_are_read_as_they_are_written(items: list[str]) -> None:
    cookies = split_cookies(("a=1; v=" + ",".join(map(_expanded, items)) + "; b=2").encode())
    assert named(Form(shape_of({"type": "array", "items": STRING})), percent, "form", explode=False)(cookies["v"])[0] == items


# Whatever the bytes, every stage ends with a verdict.


def _everything() -> Contract:
    contract = Contract("POST", unknown_query="reject", response="enforce")
    schemas: dict[str, Any] = {
        "text": {"type": "string", "pattern": "^(a|a?)+$(?<=b)", "format": "byte"},
        "number": {"type": "number", "multipleOf": 0.01},
        "array": {"type": "array", "items": {"type": ["integer", "null", "string"]}, "uniqueItems": True},
        "object": {
            "type": "object",
            "properties": {"a": {"type": "array", "items": {"type": "integer"}}},
            "additionalProperties": {"type": "integer"},
        },
        "any": {"anyOf": [{"type": "object", "required": ["a"]}, {"type": "array"}, {"type": "string", "format": "uuid"}]},
        "none": None,
    }
    styles: dict[str, tuple[str, ...]] = {
        "path": ("simple", "label", "matrix"), "query": ("form", "spaceDelimited", "pipeDelimited", "deepObject"),
        "header": ("simple",), "cookie": ("form",),
    }  # fmt: skip
    for location, named_styles in styles.items():
        for style in named_styles:
            for kind, schema in schemas.items():
                for explode in (True, False):
                    name = f"{location[0]}{style[0]}{kind[0]}{int(explode)}"
                    contract.parameter(location, name, schema, style=style, explode=explode)
        contract.parameter(location, f"{location[0]}json", schemas["object"], media_type="application/json")
    encodings = {"object": Encoding(styled=True, style="deepObject"), "a": Encoding(content_types=("application/json", "image/*"))}
    properties = {name: schema for name, schema in schemas.items() if schema is not None}
    form_schema = {"type": "object", "properties": {**properties, "a": schemas["object"]}, "required": ["a"]}
    contract.accepts("application/json", "json", schemas["any"])
    contract.accepts("application/x-www-form-urlencoded", "urlencoded", form_schema, encodings)
    contract.accepts("multipart/form-data", "multipart", form_schema, encodings)
    contract.accepts("text/*", "text", schemas["text"])
    contract.responds("default", contract.content("application/json", "json", schemas["any"]), headers=(contract.parameters[-1],))
    return contract


EVERYTHING = _everything()
NAMES_OF = {
    location: [parameter.name for parameter in EVERYTHING.parameters if parameter.location == location]
    for location in ("path", "query", "header", "cookie")
}
REQUESTS, ANSWERS, ROUTE = EVERYTHING.requests(), EVERYTHING.answers(), EVERYTHING.route()
PIECES = st.sampled_from(
    [
        b"",
        b"=",
        b"&",
        b"[",
        b"]",
        b"%",
        b"%2",
        b"%FF",
        b"%20",
        b"+",
        b";",
        b",",
        b".",
        b"|",
        b"\xff",
        b"a",
        b"1",
        b"1e9",
        b"null",
        b"\x00",
        b'"',
        b"{}",
    ]
)
RAW = st.lists(PIECES, max_size=8).map(b"".join) | st.binary(max_size=20)
FIELD = st.one_of(st.sampled_from([name.encode() for name in NAMES_OF["query"] + NAMES_OF["cookie"]]), RAW)
QUERY = st.lists(st.tuples(FIELD, RAW).map(b"=".join) | RAW, max_size=6).map(b"&".join)
COOKIE = st.lists(st.tuples(FIELD, RAW).map(b"=".join) | RAW, max_size=4).map(b"; ".join)
HEADER = st.tuples(st.sampled_from([name.encode() for name in NAMES_OF["header"]]) | RAW, RAW)
PART = st.tuples(
    st.sampled_from(["a", "text", "object", "array", "x"]),
    st.sampled_from(["", "\r\nContent-Type: application/json", "\r\nContent-Type: image/png"]),
    RAW,
)
PARTS = st.lists(
    PART.map(lambda part: f'--x\r\nContent-Disposition: form-data; name="{part[0]}"{part[1]}\r\n\r\n'.encode() + part[2] + b"\r\n"),
    max_size=4,
).map(lambda parts: b"".join(parts) + b"--x--\r\n")
TYPES = st.sampled_from(
    [
        b"application/json",
        b"application/x-www-form-urlencoded",
        b"multipart/form-data; boundary=x",
        b"text/plain",
        b"text/x; charset=utf-16",
        b"image/png",
    ]
)


@settings(max_examples=300, suppress_health_check=[HealthCheck.too_slow])
@given(
    path=st.fixed_dictionaries({name: RAW.map(lambda raw: raw.decode("latin-1")) for name in NAMES_OF["path"]}),
    query=st.none() | QUERY,
    headers=st.lists(HEADER | COOKIE.map(lambda value: (b"cookie", value)), max_size=5),
    content_type=TYPES | RAW,
    body=RAW | QUERY | PARTS | VALUES.map(lambda value: json.dumps(value).encode()),
    status=st.integers(100, 599),
)
def test_arbitrary_bytes_never_raise(
    path: dict[str, str], query: bytes | None, headers: list[tuple[bytes, bytes]], content_type: bytes, body: bytes, status: int
) -> None:
    made = exchange(ROUTE, path=path, headers=headers, body=body, type=None)
    made.query = query
    made.headers.append((b"content-type", content_type))
    problem = REQUESTS.request(made)
    if problem is None:
        problem = REQUESTS.body(made)
    assert isinstance(problem, Problem)  # no such request is right in everything
    assert problem.status in (400, 415)
    problem.body()
    answer(made, status, [*headers, (b"content-type", content_type)], body)
    made.media_type = None
    made.holds_response = False
    problem = ANSWERS.response(made)
    if problem is None and made.holds_response:
        problem = ANSWERS.response_body(made)
    assert problem is None or problem.status == 502


@given(RAW.map(lambda raw: raw.decode("latin-1")))
def test_decoding_ends_in_text_or_a_violation(text: str) -> None:
    for decode in (percent, form):
        try:
            decoded = decode(text)
        except Malformed:
            decoded = None
        if "%" not in text:
            assert decoded == (text if decode is percent else text.replace("+", " "))
        elif decoded is not None:
            decoded.encode()
