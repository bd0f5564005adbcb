from __future__ import annotations

import json

import pytest

from specgw.policies.validation.strict_json import Unreadable, depth, read


@pytest.mark.parametrize(
    "text",
    [
        b"1", b"-0", b'"x"', b"[]", b"{}", b"null", b' { "a" : 1 , "b" : "::" } ', b'{"a":{"a":{"a":1}}}', b'{"a":"\\u003a"}',
        b'{"time":"12:00:00","url":"https://example.org:80/"}', b'["{", "[[[[", "\\"["]', b"1.5e3", b'"\\ud83d\\ude00"',
        '{"é":"ü:"}'.encode(),
    ],
)  # fmt: skip
def test_reads_what_json_means(text: bytes) -> None:
    assert read(text, 64) == json.loads(text)


@pytest.mark.parametrize(
    ("text", "key"),
    [
        (b'{"a":1,"a":1}', "a"),
        (b'{"a":1,"a":2}', "a"),
        (b'{"a" :1, "b":2, "a": 3}', "a"),
        (b'{"a":1,"\\u0061":2}', "a"),
        # the escaped colon of the second value must not make up for the one that the lost member took along
        (b'{"a":1,"a":"\\u003a"}', "a"),
        (b'{"a":1,"a":"\\u003A"}', "a"),
        (b'[{"x":{"deep":1,"deep":{"y":2}}}]', "deep"),
        ('{"é":1,"\\u00e9":2}'.encode(), "é"),
        (b'{"":1,"":2}', ""),
        (b'{"a:b":1,"a:b":2}', "a:b"),
    ],
)
def test_refuses_a_repeated_key_and_names_it(text: bytes, key: str) -> None:
    with pytest.raises(Unreadable, match="more than once") as caught:
        read(text, 64)
    assert repr(key) in str(caught.value)


def test_a_long_repeated_key_is_named_in_part() -> None:
    text = f'{{"{"k" * 5000}":1,"{"k" * 5000}":2}}'.encode()
    with pytest.raises(Unreadable) as caught:
        read(text, 64)
    assert len(str(caught.value)) < 200


@pytest.mark.parametrize(
    "text",
    [
        b"", b" ", b"NaN", b"Infinity", b"-Infinity", b"1 2", b"{} x", b"[1,]", b'{"a":1,}', b"{'a':1}", b"01", b"+1", b"1.", b".5", b"0x1",
        b"\xef\xbb\xbf1", b'"\xff"', b'"\xed\xa0\x80"', b'"\\ud800"', b'"\\udc00\\ud800"', b'"\x01"', b'"\\x41"',
        b"//x\n1", b"1e999", b"tru",
        b"\x00", '"x"'.encode("utf-16"),
    ],
)  # fmt: skip
def test_refuses_what_rfc_8259_does_not_allow(text: bytes) -> None:
    with pytest.raises(Unreadable, match="is not valid JSON"):
        read(text, 64)


@pytest.mark.parametrize("number", [2**63 - 1, 2**63, 2**64 - 1, 2**64, -(2**63), -(2**63) - 1, 10**30, 10**19 + 1, -(10**300)])
def test_integers_of_any_size_are_exact(number: int) -> None:
    value = read(b'{"n": %d}' % number, 64)
    assert value == {"n": number}
    assert type(value["n"]) is int


def test_long_digits_in_strings_and_fractions_stay_what_they_are() -> None:
    assert read(b'["1234567890123456789012", 0.1234567890123456789012]', 64) == ["1234567890123456789012", 0.1234567890123456789012]


def test_an_integer_of_thousands_of_digits_is_refused() -> None:
    with pytest.raises(Unreadable):
        read(b"9" * 5000, 64)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (b"1", 0), (b'"[[["', 0), (b"[]", 1), (b"[[],[]]", 2), (b'{"a":[{"b":1}]}', 3), (b'["\\"[", "\\\\", "[", []]', 2),
        (b'["\\\\\\"[["]', 1),
        (b'{"[":{"\\\\":[]}}', 3),
    ],
)  # fmt: skip
def test_depth_counts_brackets_outside_strings(text: bytes, expected: int) -> None:
    json.loads(text)
    assert depth(text) == expected


def test_nesting_is_limited_exactly() -> None:
    assert read(b"[" * 5 + b"]" * 5, 5) == [[[[[]]]]]
    with pytest.raises(Unreadable, match="deeper than 5 levels"):
        read(b"[" * 6 + b"]" * 6, 5)
    # Many brackets side by side are not deep.
    assert len(read(b"[" + b"[]," * 500 + b"[]]", 2)) == 501


def test_nesting_beyond_what_the_writer_can_do_is_still_read_exactly() -> None:
    text = b"[" * 300 + b"1" + b"]" * 300
    value = read(text, 400)
    assert value == json.loads(text)
    with pytest.raises(Unreadable, match="more than once"):
        read(b"[" * 300 + b'{"a":1,"a":1}' + b"]" * 300, 400)


# Between a few hundred levels and orjson's 1,024 it depends on the version of Python whether the slower parser takes them.
@pytest.mark.parametrize("levels", [1025, 100_000])
def test_nesting_that_no_parser_takes_is_refused_whatever_the_limit(levels: int) -> None:
    with pytest.raises(Unreadable):
        read(b"[" * levels + b"]" * levels, 1_000_000)


def test_a_message_never_quotes_the_text() -> None:
    with pytest.raises(Unreadable) as caught:
        read(b'{"password": "hunter2" oops}', 64)
    assert "hunter2" not in str(caught.value)
    assert "oops" not in str(caught.value)


@pytest.mark.parametrize(
    "text",
    [
        b"1e-400", b"[-0.1E-999]", b"1.0000000000000000001", b"[0.99999999999999999999]", b"9007199254740993.00000000000001",
        b"10000000000000000001e-1", b'{"a": 1.00000000000000001}',
    ],
)  # fmt: skip
def test_refuses_what_doubles_make_another_kind_of_number(text: bytes) -> None:
    with pytest.raises(Unreadable, match="double"):
        read(text, 64)


@pytest.mark.parametrize(
    "text", [b"1e308", b"6.022e23", b"0e999", b"-0.0", b"0.30000000000000004", b"1.00000000000000", b"1E+100", b"5e-324"]
)
def test_reads_numbers_that_doubles_hold_as_far_as_they_can(text: bytes) -> None:
    assert read(text, 64) == json.loads(text)


@pytest.mark.parametrize(
    "text",
    [
        b"NaN", b"[Infinity]", b"-Infinity", b"1e400", b"01", b"1.", b".5", b"+1", b"0x10", b"1_000", b"{'a':1}",
        b"[1,]", b'{"a":1,}', b"// c\n1", b"1 2", b'"\\ud800"', b'"\\udc00\\ud800"', b'"\xed\xa0\x80"', b'"\xc0\xaf"',
        b'"\xff"', b"\xef\xbb\xbf{}", b"\xff\xfe{\0}\0", b"{\0}\0", b"\0{}", b"{}\0", b"\x0b{}", b"\xc2\xa0{}", b'"\n"',
        b'"\\x41"', b"", b" ",
    ],
)  # fmt: skip
def test_refuses_what_only_some_parsers_take(text: bytes) -> None:
    with pytest.raises(Unreadable, match="not valid JSON"):
        read(text, 64)
