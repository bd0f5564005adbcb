"""docs/differences.md shows every row with what both say of its example today."""

from __future__ import annotations

import pytest

from tests.conformance import differences


def test_the_page_is_what_both_say(request: pytest.FixtureRequest) -> None:
    made = differences.written()
    if request.config.getoption("--update-golden"):
        differences.PAGE.write_text(made)
    assert differences.PAGE.read_text() == made, "pytest tests/docs --update-golden writes it anew"
