from __future__ import annotations

from random import Random

import jsonschema_rs
import pytest

from specgw.mock.patterns import Unreadable, sampler

PATTERNS = [
    r"^[A-Z]{3}-\d{4}$", r"^(foo|bar)+$", r"^\w+@\w+\.com$", r"a{2,5}b?c*", r"^[^a-z]{4}$", r"^\d{1,3}(\.\d{1,3}){3}$", r"x{2}",
    r"^(?:a|b)(?<year>\d{4})$", r"^\x41\u0042$", r"^[\w.-]+$", r"^\+?[1-9]\d{1,14}$", r"^[a-f0-9-]{36}$", r"^.{3,8}$", r"^\S+\s\S+$",
    r"\\d", r"^[\]\-]$", r"^$", r"\bword\b",
]  # fmt: skip


@pytest.mark.parametrize("pattern", PATTERNS)
def test_what_is_made_matches(pattern: str) -> None:
    sample = sampler(pattern)
    for seed in range(20):
        text = sample(Random(seed), 4)
        assert jsonschema_rs.Draft202012Validator({"pattern": pattern}).is_valid(text), text


@pytest.mark.parametrize("pattern", ["(", "[", "a)", "*a", "[z-\\d]", "\\", r"(a)\1", r"\p{Script=Greek}", "a{5000}", r"\u{110000}"])
def test_what_no_text_is_made_for_is_said(pattern: str) -> None:
    with pytest.raises(Unreadable):
        sampler(pattern)


def test_properties_of_characters_have_samples() -> None:
    assert sampler(r"^\p{Lu}\p{Nd}$")(Random(1), 1)[0].isupper()
    assert not sampler(r"^\P{L}$")(Random(1), 1).isalpha()
