"""Every style × explode × location × type, each cell with what it accepts, as which value, and what it refuses.

The spellings are those of the tables "Style Values" of OpenAPI 3.1 and of RFC 6570.
"""

from __future__ import annotations

from typing import Any

import pytest

from specgw.policies.validation.escapes import Malformed, form, percent, plain
from specgw.policies.validation.fields import split_cookies, split_pairs
from specgw.policies.validation.scalars import Form, Readings
from specgw.policies.validation.styles import Deep, Exploded, label, matrix, named, simple
from tests.unit.policies.validation.contracts import shape_of

STRING = {"type": "string"}
NUMBER = {"type": "integer"}
STRINGS = {"type": "array", "items": STRING}
NUMBERS = {"type": "array", "items": NUMBER}
COLOUR = {"type": "object", "properties": {"R": NUMBER, "G": NUMBER, "B": NUMBER, "name": STRING}}
RGB = {"R": 100, "G": 200, "B": 150}
REFUSED = object()

PATH_AND_HEADER: list[tuple[bool, Any, str, Any]] = [
    # explode, schema, text, value
    (False, STRING, "blue", "blue"),
    (True, STRING, "blue", "blue"),
    (False, STRING, "blue,black", "blue,black"),
    (False, NUMBER, "5", 5),
    (False, STRINGS, "blue,black,brown", ["blue", "black", "brown"]),
    (True, STRINGS, "blue,black,brown", ["blue", "black", "brown"]),
    (False, STRINGS, "blue", ["blue"]),
    (False, STRINGS, "a,,b", ["a", "", "b"]),
    (False, NUMBERS, "1,2,3", [1, 2, 3]),
    (False, COLOUR, "R,100,G,200,B,150", RGB),
    (True, COLOUR, "R=100,G=200,B=150", RGB),
    (True, COLOUR, "name=a=b", {"name": "a=b"}),
    (False, COLOUR, "R,100,G", REFUSED),
    (False, COLOUR, "R=100,G=200,B=150", REFUSED),
    (True, COLOUR, "R,100,G,200", REFUSED),
    (True, COLOUR, "R=100,R=200", REFUSED),
    (False, COLOUR, "R,100,R,200", REFUSED),
    (False, STRINGS, "", []),
    (False, COLOUR, "", {}),
    (False, {}, "a,b", "a,b"),
]


def one(readings: Readings) -> Any:
    """The most specific reading."""
    return readings[0]


def check(read: Any, text: Any, value: Any) -> None:
    if value is REFUSED:
        with pytest.raises(Malformed) as caught:
            read(text)
        assert caught.value.keyword == "style"
    else:
        assert one(read(text)) == value


@pytest.mark.parametrize(("explode", "schema", "text", "value"), PATH_AND_HEADER)
def test_simple_in_path(explode: bool, schema: Any, text: str, value: Any) -> None:
    check(simple(Form(shape_of(schema)), percent, explode=explode), text, value)


@pytest.mark.parametrize(("explode", "schema", "text", "value"), PATH_AND_HEADER)
def test_simple_in_header(explode: bool, schema: Any, text: str, value: Any) -> None:
    check(simple(Form(shape_of(schema)), plain, explode=explode), text, value)


def test_delimiters_are_found_before_decoding() -> None:
    path = simple(Form(shape_of(STRINGS)), percent, explode=False)
    assert one(path("a%2Cb,c%20d")) == ["a,b", "c d"]
    pairs = simple(Form(shape_of(COLOUR)), percent, explode=True)
    assert one(pairs("na%6De=x%3Dy%2Cz")) == {"name": "x=y,z"}
    header = simple(Form(shape_of(STRINGS)), plain, explode=False)
    assert one(header("a%2Cb, c ,d")) == ["a%2Cb", "c", "d"]


@pytest.mark.parametrize(
    ("explode", "schema", "text", "value"),
    [
        (False, STRING, ".blue", "blue"),
        (True, STRING, ".blue", "blue"),
        (False, STRING, ".", ""),
        (False, STRING, ".v1.5", "v1.5"),
        (False, {"type": "number"}, ".1.5", 1.5),
        (False, STRINGS, ".blue,black,brown", ["blue", "black", "brown"]),
        (True, STRINGS, ".blue.black.brown", ["blue", "black", "brown"]),
        (False, STRINGS, ".blue.black", ["blue.black"]),
        (True, NUMBERS, ".1.2", [1, 2]),
        (False, STRINGS, ".", []),
        (False, COLOUR, ".R,100,G,200,B,150", RGB),
        (True, COLOUR, ".R=100.G=200.B=150", RGB),
        (False, STRING, "blue", REFUSED),
        (True, STRINGS, "blue.black", REFUSED),
        (False, COLOUR, ".R,100,G", REFUSED),
        (True, COLOUR, ".R.100", REFUSED),
        (False, STRING, "", REFUSED),
    ],
)
def test_label(explode: bool, schema: Any, text: str, value: Any) -> None:
    check(label(Form(shape_of(schema)), explode=explode), text, value)


@pytest.mark.parametrize(
    ("explode", "schema", "text", "value"),
    [
        (False, STRING, ";color=blue", "blue"),
        (True, STRING, ";color=blue", "blue"),
        (False, STRING, ";color=", ""),
        (False, STRING, ";color", ""),
        (False, NUMBER, ";color=5", 5),
        (False, STRING, ";col%6Fr=a%3Bb", "a;b"),
        (False, STRINGS, ";color=blue,black,brown", ["blue", "black", "brown"]),
        (True, STRINGS, ";color=blue;color=black;color=brown", ["blue", "black", "brown"]),
        (True, NUMBERS, ";color=1", [1]),
        (False, COLOUR, ";color=R,100,G,200,B,150", RGB),
        (True, COLOUR, ";R=100;G=200;B=150", RGB),
        (True, {}, ";color=x", "x"),
        (True, {"anyOf": [NUMBERS, STRING]}, ";color=x;color=y", ["x", "y"]),
        (False, STRING, "blue", REFUSED),
        (False, STRING, "color=blue", REFUSED),
        (False, STRING, ";colour=blue", REFUSED),
        (False, STRING, ";color=blue;color=black", REFUSED),
        (True, STRING, ";color=blue;color=black", REFUSED),
        (False, STRINGS, ";color=blue;color=black", REFUSED),
        (True, STRINGS, ";color=blue;size=black", REFUSED),
        (True, COLOUR, ";R;G=200", REFUSED),
        (True, {"anyOf": [COLOUR, STRINGS]}, ";R;G", REFUSED),
        (True, COLOUR, ";R=1;R=2", REFUSED),
        (False, STRING, "", REFUSED),
    ],
)
def test_matrix(explode: bool, schema: Any, text: str, value: Any) -> None:
    check(matrix(Form(shape_of(schema)), "color", explode=explode), text, value)


QUERY: list[tuple[Any, bool, Any, str, Any]] = [
    # style, explode, schema, query, value
    ("form", True, STRING, "color=blue", "blue"),
    ("form", False, STRING, "color=blue", "blue"),
    ("form", True, STRING, "color=", ""),
    ("form", True, STRING, "color", ""),
    ("form", True, STRING, "color=a+b%2Bc", "a b+c"),
    ("form", True, STRING, "color=a,b", "a,b"),
    ("form", True, NUMBER, "color=5", 5),
    ("form", True, STRING, "color=1&color=2", REFUSED),
    ("form", False, STRING, "color=1&color=1", REFUSED),
    ("form", True, STRINGS, "color=blue&color=black&color=brown", ["blue", "black", "brown"]),
    ("form", True, STRINGS, "color=blue,black", ["blue,black"]),
    ("form", True, STRINGS, "color=", [""]),
    ("form", True, NUMBERS, "color=1", [1]),
    ("form", True, NUMBERS, "color=1&x=9&color=2", [1, 2]),
    ("form", False, STRINGS, "color=blue,black,brown", ["blue", "black", "brown"]),
    ("form", False, STRINGS, "color=a%2Cb,c", ["a,b", "c"]),
    ("form", False, STRINGS, "color=", []),
    ("form", False, NUMBERS, "color=1,2", [1, 2]),
    ("form", False, NUMBERS, "color=1&color=2", REFUSED),
    ("form", False, COLOUR, "color=R,100,G,200,B,150", RGB),
    ("form", False, COLOUR, "color=R,100,G", REFUSED),
    ("form", True, {}, "color=x", "x"),
    ("form", True, {}, "color=x&color=y", ["x", "y"]),
    ("form", True, {"anyOf": [NUMBERS, STRING]}, "color=x&color=y", ["x", "y"]),
    ("spaceDelimited", False, STRINGS, "color=blue%20black%20brown", ["blue", "black", "brown"]),
    ("spaceDelimited", False, STRINGS, "color=blue+black", ["blue", "black"]),
    ("spaceDelimited", False, NUMBERS, "color=1%202", [1, 2]),
    ("spaceDelimited", False, STRINGS, "color=a,b", ["a,b"]),
    ("spaceDelimited", False, COLOUR, "color=R%20100%20G%20200%20B%20150", RGB),
    ("spaceDelimited", False, COLOUR, "color=R%20100%20G", REFUSED),
    ("spaceDelimited", True, STRINGS, "color=blue&color=black", ["blue", "black"]),
    ("spaceDelimited", False, STRINGS, "color=blue&color=black", REFUSED),
    ("pipeDelimited", False, STRINGS, "color=blue%7Cblack%7cbrown", ["blue", "black", "brown"]),
    ("pipeDelimited", False, STRINGS, "color=blue|black", ["blue", "black"]),
    ("pipeDelimited", False, NUMBERS, "color=1|2", [1, 2]),
    ("pipeDelimited", False, COLOUR, "color=R|100|G|200|B|150", RGB),
    ("pipeDelimited", False, COLOUR, "color=R|100|G", REFUSED),
    ("pipeDelimited", True, STRINGS, "color=blue&color=black", ["blue", "black"]),
    ("pipeDelimited", False, STRINGS, "color=blue&color=black", REFUSED),
]


@pytest.mark.parametrize(("style", "explode", "schema", "query", "value"), QUERY)
def test_named_in_query(style: Any, explode: bool, schema: Any, query: str, value: Any) -> None:
    raw = split_pairs(query.encode())["color"]
    check(named(Form(shape_of(schema)), form, style, explode=explode), raw, value)


@pytest.mark.parametrize(
    ("explode", "schema", "cookies", "value"),
    [
        (True, STRING, "color=blue", "blue"),
        (False, STRING, "color=blue", "blue"),
        (True, STRING, "color=a%20b+c", "a b+c"),
        (True, NUMBER, "color=5; x=6", 5),
        (False, STRINGS, "color=blue,black", ["blue", "black"]),
        (False, NUMBERS, "color=1,2", [1, 2]),
        (True, STRINGS, "color=blue", ["blue"]),
        (True, STRINGS, "color=blue; color=black", ["blue", "black"]),
        (False, COLOUR, "color=R,100,G,200,B,150", RGB),
        (True, STRING, "color=blue; color=blue", REFUSED),
        (False, STRINGS, "color=blue; color=black", REFUSED),
        (False, COLOUR, "color=R,100,G", REFUSED),
    ],
)
def test_named_in_cookie(explode: bool, schema: Any, cookies: str, value: Any) -> None:
    raw = split_cookies(cookies.encode())["color"]
    check(named(Form(shape_of(schema)), percent, "form", explode=explode), raw, value)


@pytest.mark.parametrize(
    ("query", "value"),
    [
        ("R=100&G=200&B=150", RGB),
        ("R=100", {"R": 100}),
        ("R=100&other=1", {"R": 100}),
        ("name=a+b&G=x", {"name": "a b", "G": "x"}),
        ("R=1&R=2", REFUSED),
    ],
)
def test_exploded_objects_are_fields_of_their_own(query: str, value: Any) -> None:
    part = Exploded("color", Form(shape_of(COLOUR)), form, open_=False)
    check(lambda fields: part.take(fields, frozenset()), split_pairs(query.encode()), value)


def test_structures_inside_of_others_are_documents() -> None:
    rows = {"type": "array", "items": {"type": "object", "properties": {"n": NUMBER}}}
    many = named(Form(shape_of(rows)), form, "form", explode=True)
    check(many, ['{"n":1}', "%7B%22n%22:2%7D"], [{"n": 1}, {"n": 2}])
    check(named(Form(shape_of(rows)), form, "form", explode=False), "%7B%22n%22%3A1%2C%22m%22%3A2%7D,{}", [{"n": 1, "m": 2}, {}])
    part = Exploded("f", Form(shape_of({"type": "object", "properties": {"rows": rows, "at": rows["items"]}})), form, open_=False)
    fields = split_pairs(b'at={"n":1}&rows={"n":2}')
    check(lambda raw: part.take(raw, frozenset()), fields, {"at": {"n": 1}, "rows": [{"n": 2}]})
    check(lambda raw: part.take(raw, frozenset()), split_pairs(b"at={}&at={}"), REFUSED)


def test_an_exploded_object_without_any_property_is_not_there() -> None:
    part = Exploded("color", Form(shape_of(COLOUR)), form, open_=False)
    assert part.take(split_pairs(b"other=1"), frozenset()) is None


def test_an_exploded_object_with_additional_properties_takes_what_nobody_claims() -> None:
    shape = shape_of({"type": "object", "properties": {"a": NUMBER, "tags": NUMBERS}, "additionalProperties": NUMBER})
    part = Exploded("filter", Form(shape), form, open_=True)
    assert part.take(split_pairs(b"a=1&b=2&page=3&tags=4&tags=5"), frozenset({"page"})) == [{"a": 1, "b": 2, "tags": [4, 5]}]


def test_an_exploded_object_or_something_else() -> None:
    shape = shape_of({"anyOf": [{"type": "object"}, STRING]})
    part = Exploded("filter", Form(shape), form, open_=False)
    assert one(part.take(split_pairs(b"filter=all"), frozenset()) or []) == "all"


NESTED = {
    "type": "object",
    "properties": {
        "a": NUMBER,
        "list": NUMBERS,
        "inner": {"type": "object", "properties": {"x": NUMBER, "many": STRINGS}},
        "rows": {"type": "array", "items": {"type": "object", "properties": {"n": NUMBER}}},
        "mixed": {"anyOf": [NUMBERS, NUMBER]},
    },
}


@pytest.mark.parametrize(
    ("query", "value"),
    [
        ("f[a]=1", {"a": 1}),
        ("f%5Ba%5D=1", {"a": 1}),
        ("f[a]=1&f[b]=2&g=3", {"a": 1, "b": 2}),
        ("f[s]=a+b%5D", {"s": "a b]"}),
        ("f[inner][x]=1", {"inner": {"x": 1}}),
        ("f[list]=1&f[list]=2", {"list": [1, 2]}),
        ("f[list]=1", {"list": [1]}),
        ("f[list][]=1&f[list][]=2", {"list": [1, 2]}),
        ("f[list][0]=1&f[list][1]=2", {"list": [1, 2]}),
        ("f[inner][many]=a&f[inner][many]=b", {"inner": {"many": ["a", "b"]}}),
        ("f[rows][0][n]=1&f[rows][1][n]=2", {"rows": [{"n": 1}, {"n": 2}]}),
        ("f[mixed]=1", {"mixed": [1]}),
        ('f[inner]={"x": 1}', {"inner": {"x": 1}}),
        ('f[rows]={"n":1}&f[rows]={"n":2}', {"rows": [{"n": 1}, {"n": 2}]}),
        ("f[x][y]=1", {"x": {"y": 1}}),
        ("f[]=1", [1]),
        ("f=1", REFUSED),
        ("f=1&f[a]=1", REFUSED),
        ("f[a]=1&f[a]=2", REFUSED),
        ("f[a=1", REFUSED),
        ("f[a]x=1", REFUSED),
        ("f[a][[b]]=1", REFUSED),
        ("f[a]=1&f[a][b]=2", REFUSED),
        ("f[a][b]=2&f[a]=1", REFUSED),
        ("f[][b]=2", REFUSED),
        ("f" + "[a]" * 50 + "=1", REFUSED),
    ],
)
def test_deep_objects(query: str, value: Any) -> None:
    part = Deep("f", Form(shape_of(NESTED)), form)
    check(lambda fields: part.take(fields, frozenset()), split_pairs(query.encode()), value)


def test_a_deep_object_that_is_not_there_and_one_that_may_be_a_string() -> None:
    part = Deep("f", Form(shape_of({"anyOf": [{"type": "object"}, STRING]})), form)
    assert part.take(split_pairs(b"g=1&fx[a]=1"), frozenset()) is None
    assert one(part.take(split_pairs(b"f=all"), frozenset()) or []) == "all"
    assert [part.claims(name) for name in ("f", "f[a]", "fa", "g")] == [True, True, False, False]


def test_the_place_of_a_repeated_property_is_told() -> None:
    part = Deep("f", Form(shape_of(NESTED)), form)
    with pytest.raises(Malformed) as caught:
        part.take(split_pairs(b"f[inner][x]=1&f[inner][x]=2"), frozenset())
    assert caught.value.pointer == "/inner/x"
