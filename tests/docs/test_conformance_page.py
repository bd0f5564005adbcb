"""docs/conformance.md shows what the matrix gives now, beside what openapi-core and Prism gave when they were last asked."""

from __future__ import annotations

import pytest

from tests.conformance import page


def test_the_page_is_what_the_matrix_gives(request: pytest.FixtureRequest) -> None:
    made = page.written()
    if request.config.getoption("--update-golden"):
        page.PAGE.write_text(made)
    assert page.PAGE.read_text() == made, "pytest tests/docs --update-golden writes it anew"
