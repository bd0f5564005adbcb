from __future__ import annotations

import pytest

from specgw.portal.text import LONGEST_PROSE, Names, clipped, cut, line, mapping, paragraphs, printable, sequence, visible


def test_only_objects_and_lists_are_what_they_should_be() -> None:
    values: tuple[object, ...] = ({"a": 1}, [1], None, "x")
    assert [mapping(value) for value in values] == [{"a": 1}, {}, {}, {}]
    assert [list(sequence(value)) for value in values] == [[], [1], [], []]


def test_long_text_ends_in_an_ellipsis() -> None:
    assert (clipped("abc", 3), clipped("abcd", 3)) == ("abc", "ab…")
    assert line("  one\n two\t three ") == "one two three"
    assert line(7) == ""
    assert len(line("x" * 100_000)) < 1000
    assert LONGEST_PROSE - 2 < len(paragraphs("x " * 100_000)[0]) <= LONGEST_PROSE


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("one\nline\n\nnext  one\n", ["one line", "next one"]),
        ("one\r\n\r\ntwo", ["one", "two"]),
        ("these:\n- a\n- b", ["these:\n- a\n- b"]),
        ("1. a\n2. b", ["1. a\n2. b"]),
        ("> said\nby", ["> said\nby"]),
        ("see\n```\na = 1\n\n  b\n```\n\nend\nhere", ["see\n```\na = 1\n\n  b\n```", "end here"]),
        ("```\nnever\n\nclosed", ["```\nnever\n\nclosed"]),
        ("\n \n\n", []),
        ("", []),
        (None, []),
        ({"not": "text"}, []),
    ],
)
def test_line_breaks_stay_where_lines_mean_something(text: object, told: list[str]) -> None:
    assert paragraphs(text) == told


def test_what_html_cannot_hold_is_replaced() -> None:
    assert printable("a\x00b\x1b\ud800c\td\ne") == "a\ufffdb\ufffd\ufffdc\td\ne"


def test_names_are_portable_and_unique_whatever_the_case() -> None:
    names = Names()
    wanted = ["getUser", "getuser", "get/user", "get user", "../../etc/passwd", "…", "…", "x" * 500, ""]
    made = [names.unique(name, "operation") for name in wanted]
    assert made == ["getUser", "getuser-2", "get-user", "get-user-2", "etc-passwd", "operation", "operation-2", "x" * 100, "operation-3"]


def test_what_cannot_be_seen_is_shown_as_an_escape() -> None:
    assert visible("user\u202etxt.exe\u200b") == "user\\u202etxt.exe\\u200b"
    assert visible("שלום 👩‍💻 é") == "שלום 👩‍💻 é"


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("one two three four", "one two …"),
        ("x" * 40, "x" * 10 + " …"),
        ("see the [guide of it](https://a.example/b)", "see the …"),
        ("as in `a b c d e f`", "as in …"),
        ("at https://a.example/b/c", "at …"),
        ("one\ntwo\nthree", "one\ntwo …"),
        ("twelve chars", "twelve chars"),
    ],
)
def test_prose_ends_between_words_and_outside_of_links(text: str, left: str) -> None:
    assert cut(text, 12) == left


@pytest.mark.parametrize(
    ("wanted", "name"), [("con", "con_"), ("NUL.x", "NUL_.x"), ("com1", "com1_"), ("console", "console"), ("../../aux", "aux_")]
)
def test_no_name_is_that_of_a_device(wanted: str, name: str) -> None:
    assert Names().unique(wanted, "x") == name
