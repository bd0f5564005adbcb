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


@pytest.mark.parametrize(
    ("pattern", "good", "bad"),
    [
        ("^a{,3}$", "aaa", "aaaa"),
        ("^[[:alpha:]_]+$", "a_Z", "a1"),
        ("^a++b?+$", "aab", "ba"),
        (r"^\d{2}+$", "12", "123"),
        ("^(?P<year>[0-9]{4})$", "2020", "x"),
        ("(?i)^abc$", "ABC", "abd"),
    ],
)
def test_words_of_other_languages(pattern: str, good: str, bad: str) -> None:
    assert read_pattern(pattern).repaired
    assert matches(pattern, good)
    assert not matches(pattern, bad)


@pytest.mark.parametrize("pattern", [r"^\++$", "^[*+]+$", "^(?:a+)+$", "^[a{,3}]+$"])
def test_what_only_looks_like_words_of_other_languages(pattern: str) -> None:
    assert read_pattern(pattern).text == pattern
    assert not read_pattern(pattern).repaired


def test_intersected_classes_are_not_taken_for_something_else() -> None:
    assert read_pattern("^[a-z&&[^b]]$").text is None


@pytest.mark.parametrize("pattern", ["(?=a)", "(?!a)b", "(?<=a)b", "(?<!a)b", r"(a)\1"])
def test_look_around_and_back_references_backtrack(pattern: str) -> None:
    assert needs_backtracking(pattern)
    assert read_pattern(pattern).text == pattern
    assert read_pattern(pattern).backtracking


def test_nested_quantifiers_do_not() -> None:
    assert not needs_backtracking("^(a+)+$")


@pytest.mark.parametrize(
    ("pattern", "limit"),
    [
        ("(a|a)*b", None),
        ("^(a+)+$", None),
        (r"^[a-z]{1,5000}$", None),
        ("[0-9a-f]{32}", None),  # first: where it may have begun is no matter
        (r"^\d{4}-[a-z]{20}", None),
        (r"^$|^(?:x|y)(?:\d{1,3}\.){6}$", None),
        (r"^(?:[a-z\d](?:[a-z\d-]{0,61}[a-z\d])?\.)+[a-z]{2,}$", None),
        (r"^(?:.{0,40}(?:a|ab){1,20}.)+$", 3539),
        (r"^(?:.{0,70}b){2,}$", 1418),
        ("a.{40}c", 4938),
        ("^a|b.{40}c", 4878),
        (r"^.*a.{16}$", 8000),
        (r"^[^@]+@[^@]{1,64}$", 3041),
        (r"^(?:ab){2,}c{20}$", 8000),
        (r"\p{L}{1,100}1", 799),
        (r"^.*a.{400}$", 497),
        ("([ab]{0,40}){0,40}x", 499),
        ("^([ab]{0,40}){0,40}x", 499),  # in each other: it is not told which of the two counts
        ("^([ab]{0,4}){0,40}x", None),
        (r"((\w{1,20}b){0,30}\p{L}){0,30}$", 100),
        ("(?!b)a*c", 500),
        (r"^(.)\1$", 500),
        # Taken apart, each condition is for the linear engine.
        ("^(?!b)a*c", None),
        # Taken apart, one of them would still be slow.
        ("^(?!.*a.{40}c)b", 500),
    ],
)
def test_how_long_a_text_may_be(pattern: str, limit: int | None) -> None:
    assert read_pattern(pattern).limit == limit


@pytest.mark.parametrize(
    ("pattern", "good", "bad"), [("(?!b)[ab]c", "xacx", "xbcx"), ("^x-(?!b)", "x-a", "x-b"), (r"^(.)\1", "aab", "abb")]
)
def test_long_names_of_properties_do_not_match(pattern: str, good: str, bad: str) -> None:
    of_names = read_pattern(pattern).of_names
    validator = jsonschema_rs.Draft202012Validator({"pattern": of_names})
    assert validator.is_valid(good)
    assert not validator.is_valid(bad)
    assert validator.is_valid(good.ljust(500, "."))
    assert not validator.is_valid(good.ljust(501, "."))


def test_names_that_cost_nothing_are_asked_as_they_are_written() -> None:
    assert read_pattern("^x-").of_names == "^x-"
    assert read_pattern("(").of_names is None
