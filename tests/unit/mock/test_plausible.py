from __future__ import annotations

import re
from random import Random

import jsonschema_rs
import pytest

from specgw.mock import plausible
from specgw.plan.formats import CHECKS, ENFORCED


@pytest.mark.parametrize("name", [name for name, known in ENFORCED.items() if known.type == "string"])
def test_every_enforced_format_has_valid_samples(name: str) -> None:
    validator = jsonschema_rs.Draft202012Validator({"format": name}, validate_formats=True, formats=CHECKS)
    for seed in range(50):
        text = plausible.text("", name, Random(seed))
        assert validator.is_valid(text), text


@pytest.mark.parametrize(
    ("name", "pattern"),
    [
        ("email", r".+@example\.com"), ("firstName", "[A-Z][a-z]+"), ("created_at", r"\d{4}-.+T.+Z"), ("city", "[A-Z].+"),
        ("countryCode", "[A-Z]{2}"), ("homepage_url", "https://.+"), ("userId", r"\w+-\d+"), ("postalCode", r"\d{5}"),
    ],
)  # fmt: skip
def test_a_name_says_what_a_text_is_like(name: str, pattern: str) -> None:
    assert re.fullmatch(pattern, plausible.text(name, None, Random(3)))


def test_numbers_lie_where_they_usually_do() -> None:
    assert plausible.usual_range("latitude") == (-60, 60)
    assert plausible.usual_range("") == (1, 1000)
