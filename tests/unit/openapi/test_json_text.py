from __future__ import annotations

import json

import pytest

from specgw.openapi.json_text import parse_json
from specgw.openapi.marks import MAX_DEPTH, Fault, Unreadable


def stop(text: str) -> Fault:
    with pytest.raises(Unreadable) as caught:
        parse_json(text)
    return caught.value.fault


@pytest.mark.parametrize(
    "text",
    [
        "null",
        "true",
        "false",
        "0",
        "-0",
        "-12",
        "1.5",
        "1e3",
        "-2.5E-3",
        '""',
        '"x"',
        "[]",
        "{}",
        " [ ] ",
        "\t{\r\n}\n",
        '[1, "two", [3], {"four": 5}, null]',
        '{"a": {"b": {"c": []}}, "d": [[], [[]], {}]}',
        '{"": ""}',
        r'["\"\\\/\b\f\n\r\té\ud83d\ude00"]',
        r'{"\u0061\n": 1, "b" : 2}',
        '["é😀\u2028"]',
        '[{"a":1},{"a":2}]',
        "[123456789012345678901234567890]",
    ],
)
def test_agrees_with_the_standard_library(text: str) -> None:
    assert repr(parse_json(text).value) == repr(json.loads(text))


def test_positions_count_characters() -> None:
    parsed = parse_json('{"é": [1, {"k" : "v"}], \n"x\\n": 😀'.replace("😀", '"😀"') + "}")
    find = parsed.marks.find
    assert find(parsed.value, [], key=True) == 0
    assert find(parsed.value, ["é"], key=True) == 1
    assert find(parsed.value, ["é"], key=False) == 6
    assert find(parsed.value, ["é", "1", "k"], key=True) == 11
    assert find(parsed.value, ["é", "1", "k"], key=False) == 17
    assert find(parsed.value, ["x\n"], key=True) == 25
    assert find(parsed.value, ["x\n"], key=False) == 32


def test_repeated_keys_keep_the_first() -> None:
    parsed = parse_json(r'{"a": {"x": 1, "x": {"y": []}}, "\u0061": 2, "b": 3}')
    assert parsed.value == {"a": {"x": 1}, "b": 3}
    assert [(fault.code, fault.offset, fault.first, fault.pointer) for fault in parsed.faults] == [
        ("duplicate-key", 15, 7, "/a/x"),
        ("duplicate-key", 32, 1, "/a"),
    ]
    assert parsed.marks.find(parsed.value, ["b"], key=False) == 50


def test_numbers_that_nothing_can_hold() -> None:
    parsed = parse_json('{"a": [0, 1e400]}')
    assert [(fault.code, fault.offset, fault.pointer) for fault in parsed.faults] == [("number-out-of-range", 10, "/a/1")]


def test_deep_nesting_stops_and_costs_no_recursion() -> None:
    assert parse_json("[" * MAX_DEPTH + "]" * MAX_DEPTH).value
    for opening in ("[", '{"a":'):
        assert stop(opening * 100_000).code == "document-limits"


@pytest.mark.parametrize(
    ("text", "offset", "message", "hint"),
    [
        ("", 0, "value has to stand here, but the file ends", None),
        ("{", 1, "key in double quotes has to stand here, but the file ends", None),
        ("[", 1, "value has to stand here, but the file ends", None),
        ("[1", 2, "',' or ']'", None),
        ('{"a": 1', 7, "',' or '}'", None),
        ('{"a"', 4, "':' has to follow the key 'a'", None),
        ('{"a" 1}', 5, "':' has to follow the key 'a'", None),
        ("[1,]", 2, "comma cannot stand before ']'", "trailing"),
        ('{"a": 1 , }', 8, "comma cannot stand before '}'", "trailing"),
        ("[1 2]", 3, "',' or ']'", None),
        ('{"a": 1]', 7, "',' or '}'", None),
        ("[}", 1, "not '}'", None),
        ("[1}", 2, "',' or ']'", None),
        ("[[1]}", 4, "',' or ']'", None),
        ("{1: 2}", 1, "key in double quotes", None),
        ("{a: 2}", 1, "not 'a'", None),
        ("['a']", 1, 'not "\'"', "double quotes"),
        ("[NaN]", 1, "not 'NaN'", "NaN"),
        ("[-Infinity]", 1, "not '-Infinity'", "Infinity"),
        ("[True]", 1, "not 'True'", "true"),
        ("[trueish]", 1, "not 'trueish'", None),
        ("[01]", 1, "not '01'", "zeros"),
        ("[1.]", 1, "not '1.'", "numbers"),
        ("[.5]", 1, "not '.5'", "numbers"),
        ("[+1]", 1, "not '+1'", "'+'"),
        ("[1, // x\n2]", 4, "not '/'", "comments"),
        ('["a\nb"]', 3, "a line break cannot stand inside quotes", "\\n"),
        ('["a\x01"]', 3, "U+0001", "\\uXXXX"),
        ('["abc', 1, "never closed", None),
        (r'["a\x"]', 3, "no such escape", "\\uXXXX"),
        (r'["\u12g4"]', 3, "no such escape", None),
        (r'["x\ud83d"]', 1, "half of a surrogate pair", None),
        ("[1] x", 4, "goes on", None),
        ('"a" "b"', 4, "goes on", None),
    ],
)
def test_what_is_refused(text: str, offset: int, message: str, hint: str | None) -> None:
    fault = stop(text)
    assert (fault.code, fault.offset) == ("syntax", offset)
    assert message in fault.message
    assert (hint or "") in (fault.hint or "")
