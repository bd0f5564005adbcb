from __future__ import annotations

import jsonschema_rs
import pytest

from specgw.openapi.patterns import needs_backtracking, read_pattern


def matches(pattern: str, text: str) -> bool:
    read = read_pattern(pattern).text
    assert read is not None
    return jsonschema_rs.Draft202012Validator({"pattern": read}).is_valid(text)


@pytest.mark.parametrize("pattern", [r"^[a-z]+$", r"\d{3}", "", r"^\p{L}+$", r"\u00e9", "/v1/", "a/b$", r"^\/api\/$"])
def test_expressions_of_ecma_262_are_kept(pattern: str) -> None:
    read = read_pattern(pattern)
    assert (read.text, read.repaired, read.backtracking) == (pattern, False, False)


@pytest.mark.parametrize("pattern", ["(", "[", "*a", r"\Qa\E", "(a{1000}){1000}", "/^a$/q"])
def test_what_cannot_be_compiled_is_not_enforced(pattern: str) -> None:
    assert read_pattern(pattern).text is None


def test_delimiters_that_could_never_match_are_taken_off() -> None:
    assert read_pattern("/^[a-z]+$/").repaired
    assert matches("/^[a-z]+$/", "abc")
    assert not matches("/^[a-z]+$/", "ABC")
    assert matches("/^[a-z]+$/i", "ABC")
    assert matches("/^a.c$/gs", "a\nc")


def test_anchors_of_other_languages_mean_the_ends() -> None:
    assert read_pattern(r"\A\d+\Z").text == r"^\d+$"
    assert read_pattern(r"\A\d+\z").text == r"^\d+$"
    assert not matches(r"\A\d+\Z", "x12")
    assert not matches(r"\A\d+\Z", "12x")


def test_what_only_looks_like_an_anchor_is_kept() -> None:
    assert read_pattern(r"\\A").text == r"\\A"
    assert read_pattern(r"[\\]A-Z]\Z").text == r"[\\]A-Z]$"
    assert matches(r"C:\\Zoo", "C:\\Zoo")


@pytest.mark.parametrize(
    ("pattern", "good", "bad"),
    [
        ("^{a}$", "{a}", "a"),
        ("^(?:{[0-9a-f]{4}})$", "{12ab}", "12ab"),
        ("^a{,5}$", "a{,5}", "aaa"),
        (r"^[\w-.]+$", "a-b.c", "a b"),
        (r"^[a-\d]$", "-", "b"),
        (r"^[\b]$", "\b", "b"),
        (r"^a\0$", "a\0", "a0"),
        (r"^\{{2}[{]{$", "{{{{", "{{{"),
    ],
)
def test_what_ecma_262_allows_for_old_pages(pattern: str, good: str, bad: str) -> None:
    assert not read_pattern(pattern).repaired
    assert matches(pattern, good)
    assert not matches(pattern, bad)


@pytest.mark.parametrize("pattern", ["(?=a)", "(?!a)b", "(?<=a)b", "(?<!a)b", r"(a)\1"])
def test_look_around_and_back_references_backtrack(pattern: str) -> None:
    assert needs_backtracking(pattern)
    assert read_pattern(pattern).text == pattern
    assert read_pattern(pattern).backtracking


def test_nested_quantifiers_do_not() -> None:
    assert not needs_backtracking("^(a+)+$")
