from __future__ import annotations

from typing import Any

import pytest

from specgw.openapi.marks import MAX_DEPTH, Fault, Unreadable
from specgw.openapi.yaml_text import parse_yaml


def faults(text: str) -> list[tuple[str, int, str]]:
    return [(fault.code, fault.offset, fault.pointer) for fault in parse_yaml(text).faults]


def stop(text: str) -> Fault:
    with pytest.raises(Unreadable) as caught:
        parse_yaml(text)
    return caught.value.fault


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("null", None), ("Null", None), ("NULL", None), ("~", None), ("", None),
        ("true", True), ("True", True), ("FALSE", False),
        ("0", 0), ("-0", 0), ("12", 12), ("-7", -7), ("123456789012345678901234567890", 123456789012345678901234567890),
        ("1.5", 1.5), ("1.", 1.0), ("-2.5e-3", -0.0025), ("1e3", 1000.0), ("0.0", 0.0),
        # What YAML 1.1 would change.
        ("2020-09-14", "2020-09-14"), ("2020-09-14T00:00:00Z", "2020-09-14T00:00:00Z"),
        ("on", "on"), ("no", "no"), ("yes", "yes"), ("y", "y"),
        ("0x1F", "0x1F"), ("0o17", "0o17"), ("017", "017"), ("0b1", "0b1"), ("1:30", "1:30"), ("1_000", "1_000"),
        ("+1", "+1"), (".5", ".5"), (".inf", ".inf"), ("-.INF", "-.INF"), (".nan", ".nan"), ("-", "-"), ("1e", "1e"),
        ("nUll", "nUll"), ("tRue", "tRue"),
        ("'12'", "12"), ('"true"', "true"), ("'~'", "~"), ("! 12x", "12x"), ("plain text", "plain text"),
    ],
)  # fmt: skip
def test_scalars(text: str, value: object) -> None:
    result = parse_yaml(f"[a, {text}]" if text != "-" else "['a', '-']").value[1] if text else parse_yaml("a:").value["a"]
    assert result == value
    assert type(result) is type(value)


def test_keys_are_strings_as_written() -> None:
    assert list(parse_yaml("{200: a, null: b, ~: c, true: d, 1.50: e, 'on': f, ? : g}").value) == [
        "200",
        "null",
        "~",
        "true",
        "1.50",
        "on",
        "",
    ]


def test_positions_count_characters() -> None:
    parsed = parse_yaml("é: 😀\nlist:\n  - 'x'\n  - k: v\n")
    assert parsed.marks.find(parsed.value, ["é"], key=False) == 3
    assert parsed.marks.find(parsed.value, ["list"], key=True) == 5
    assert parsed.marks.find(parsed.value, ["list", "0"], key=True) == 15
    assert parsed.marks.find(parsed.value, ["list", "1", "k"], key=False) == 26


def test_root_scalar_and_its_position() -> None:
    parsed = parse_yaml("# comment\nhello\n")
    assert (parsed.value, parsed.marks.root) == ("hello", 10)


@pytest.mark.parametrize("text", ["", "# only a comment\n", "---\n", "---\n# x\n...\n"])
def test_nothing(text: str) -> None:
    assert parse_yaml(text).value is None


def test_line_breaks_are_those_of_yaml_1_2() -> None:
    parsed = parse_yaml("a: one\u2028two\u2029three\u0085four\nb: x\n")
    assert parsed.value == {"a": "one\u2028two\u2029three\u0085four", "b": "x"}
    assert parsed.marks.find(parsed.value, ["b"], key=True) == 22


def test_stand_ins_for_line_breaks_do_not_touch_private_characters() -> None:
    assert parse_yaml("a: '\ue000 \u2028 \ue001'").value == {"a": "\ue000 \u2028 \ue001"}


def test_aliases_share_their_value() -> None:
    value = parse_yaml("a: &x {k: [1]}\nb: *x\nc: &s text\nd: *s\n*s : e\n").value
    assert value == {"a": {"k": [1]}, "b": {"k": [1]}, "c": "text", "d": "text", "text": "e"}
    assert value["a"] is value["b"]


def test_an_alias_as_key_is_the_text_of_its_anchor() -> None:
    assert parse_yaml("[&n 200, {*n : ok}]").value == [200, {"200": "ok"}]


def test_an_anchor_can_be_used_again() -> None:
    assert parse_yaml("[&x 1, *x, &x 2, *x]").value == [1, 1, 2, 2]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("{<<: *a, y: 3}", {"y": 3, "x": 1}),
        ("{y: 3, <<: *a}", {"y": 3, "x": 1}),
        ("{<<: [*b, *a]}", {"x": 9, "z": 8, "y": 2}),
        ("{<<: {q: 1}}", {"q": 1}),
        # Not a merge: quoted, or of something that is no mapping.
        ("{'<<': *a}", {"<<": {"x": 1, "y": 2}}),
        ("{<<: text}", {"<<": "text"}),
        ("{<<: []}", {"<<": []}),
        ("{<<: [*a, 1]}", {"<<": [{"x": 1, "y": 2}, 1]}),
    ],
)
def test_merge_keys(text: str, value: object) -> None:
    assert parse_yaml(f"[&a {{x: 1, y: 2}}, &b {{x: 9, z: 8}}, {text}]").value[2] == value


def test_a_merged_key_stands_where_it_was_written() -> None:
    parsed = parse_yaml("base: &b\n  x: 1\nuse:\n  y: 2\n  <<: *b\n  z: 3\n")
    places = {key: parsed.marks.find(parsed.value, ["use", key], key=True) for key in ("x", "y", "z")}
    assert places == {"x": 11, "y": 23, "z": 39}


def test_what_a_merge_overrides_is_no_repeated_key() -> None:
    assert faults("[&a {x: 1}, {<<: *a, x: 2}]") == []


@pytest.mark.parametrize(
    ("text", "offset", "pointer", "value"),
    [
        ("a: 1\nb: 2\na: 3\n", 10, "/a", {"a": 1, "b": 2}),
        ("a: {x: 1, 'x': {deep: [1, 2]}, y: 5}\n", 10, "/a/x", {"a": {"x": 1, "y": 5}}),
        ("- 200: a\n  '200': b\n", 11, "/0/200", [{"200": "a"}]),
        ("[0, {<<: {}, <<: {}}]", 13, "/1/<<", [0, {}]),
    ],
)
def test_repeated_keys_keep_the_first(text: str, offset: int, pointer: str, value: object) -> None:
    assert faults(text) == [("duplicate-key", offset, pointer)]
    assert parse_yaml(text).value == value


def test_marks_stay_in_step_behind_a_repeated_key() -> None:
    parsed = parse_yaml("{a: 1, a: {x: y}, b: 2}")
    assert parsed.marks.find(parsed.value, ["b"], key=True) == 18
    assert parsed.marks.find(parsed.value, ["b"], key=False) == 21


@pytest.mark.parametrize(
    ("text", "value", "codes"),
    [
        ("!!str 12", "12", []), ("!!int 12", 12, []), ("!!float 12", 12.0, []), ("!!float 1.5", 1.5, []),
        ("!!bool true", True, []), ("!!null ~", None, []),
        ("!!map {}", {}, []), ("!!seq []", [], []),
        ("!!int 1.5", "1.5", ["unsupported-tag"]), ("!!bool 1", "1", ["unsupported-tag"]), ("!!bool null", "null", ["unsupported-tag"]),
        ("!!null false", "false", ["unsupported-tag"]),
        ("!!binary aGk=", "aGk=", ["unsupported-tag"]), ("!!timestamp 2020-01-01", "2020-01-01", ["unsupported-tag"]),
        ("!include other", "other", ["unsupported-tag"]), ("!<tag:example.org,1> x", "x", ["unsupported-tag"]),
        ("!!set {a}", {"a": None}, ["unsupported-tag"]), ("!!omap [a: 1]", [{"a": 1}], ["unsupported-tag"]),
    ],
)  # fmt: skip
def test_tags(text: str, value: object, codes: list[str]) -> None:
    parsed = parse_yaml(f"k: {text}")
    assert parsed.value["k"] == value
    assert type(parsed.value["k"]) is type(value)
    assert [(fault.code, fault.pointer) for fault in parsed.faults] == [(code, "/k") for code in codes]


def test_numbers_that_nothing_can_hold() -> None:
    parsed = parse_yaml(f"[1e400, {'9' * 5000}, 1e308]")
    assert [(fault.code, fault.pointer) for fault in parsed.faults] == [("number-out-of-range", "/0"), ("number-out-of-range", "/1")]
    assert parsed.value[2] == 1e308


def test_a_second_document_is_not_read() -> None:
    assert faults("a: 1\n---\nb: 2\n") == [("several-documents", 5, "")]
    assert parse_yaml("a: 1\n---\nb: 2\n").value == {"a": 1}


def test_an_alias_without_anchor() -> None:
    assert faults("a: {b: *nothing}") == [("syntax", 7, "/a/b")]


@pytest.mark.parametrize("text", ["a: &x [1, *x]", "&x a: {b: &y {c: *y}}", "&r {a: [*r]}"])
def test_a_recursive_alias_stops(text: str) -> None:
    assert stop(text).code == "recursive-alias"


@pytest.mark.parametrize("text", ["? [a]\n: b", "? {a: b}\n: c", "{{host}}: x", "[&l [1], {*l : 1}]"])
def test_keys_that_are_no_strings_stop(text: str) -> None:
    assert stop(text).code == "syntax"


def test_deep_nesting_stops_and_costs_no_recursion() -> None:
    assert parse_yaml("[" * MAX_DEPTH + "]" * MAX_DEPTH).value
    fault = stop("[" * 100_000)
    assert (fault.code, fault.offset) == ("document-limits", MAX_DEPTH)


def test_aliases_do_not_nest_deeper() -> None:
    text = "- &a0 [x]\n" + "".join(f"- &a{number} [*a{number - 1}]\n" for number in range(1, MAX_DEPTH + 1))
    assert stop(text).code == "document-limits"


def test_an_alias_bomb_stops() -> None:
    text = "- &a0 [x, x, x, x, x, x, x, x, x, x]\n"
    text += "".join(f"- &a{level} [{', '.join([f'*a{level - 1}'] * 10)}]\n" for level in range(1, 30))
    assert stop(text).code == "document-limits"


def test_sharing_within_bounds_is_read() -> None:
    text = "- &a0 [x, x, x, x, x, x, x, x, x, x]\n- &a1 [" + ", ".join(["*a0"] * 10) + "]\n"
    assert len(parse_yaml(text).value[1]) == 10


@pytest.mark.parametrize(("text", "offset"), [("a: \x01", 3), ("é: b\nc: \x00", 8), ("a: \ufffe", 3)])
def test_characters_that_yaml_forbids(text: str, offset: int) -> None:
    fault = stop(text)
    assert (fault.code, fault.offset) == ("syntax", offset)
    assert "U+" in fault.message


def test_the_first_fault_of_many_is_where_it_is() -> None:
    fault: Any = stop("a: b\nc: d: e\n")
    assert fault.offset == 9


def test_a_line_of_nothing_but_tabs_is_an_empty_line() -> None:
    parsed = parse_yaml("a:\n  b: 1\n\t\n  c: 2\n \t \n\t")
    assert parsed.value == {"a": {"b": 1, "c": 2}}
    with pytest.raises(Unreadable, match="a tab indents this line"):
        parse_yaml("a:\n\t\n\tb: 1\n")
