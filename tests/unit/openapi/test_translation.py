from __future__ import annotations

import pytest

from specgw.openapi.translation import flagged, translated


@pytest.mark.parametrize(
    ("pattern", "said"),
    [
        ("^[[:alpha:]_]+$", "^[A-Za-z_]+$"),
        ("[^[:digit:]]", "[^0-9]"),
        ("a{,3}", "a{0,3}"),
        ("a++b?+c*+", "a+b?c*"),
        (r"\d{2}+", r"\d{2}"),
        ("(?P<year>x)", "(?<year>x)"),
    ],
)
def test_words_of_other_languages(pattern: str, said: str) -> None:
    assert translated(pattern) == said


@pytest.mark.parametrize("pattern", [r"^\++$", "^[*+]+$", "^(?:a+)+$", "^[a{,3}]+$", "a&&b", "[:alpha]", "[[:^alpha:]]"])
def test_what_only_looks_like_them(pattern: str) -> None:
    assert translated(pattern) == pattern


def test_intersected_classes_are_not_taken_for_something_else() -> None:
    assert translated("^[a-z&&[^b]]$") is None


def test_flags() -> None:
    assert flagged("(?i)a")
    assert not flagged("(?:a)(?=b)")
