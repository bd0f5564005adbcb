from __future__ import annotations

from typing import Any

import pytest

from specgw.portal.catalogue import Entry
from specgw.portal.retirement import Retirement, retirement


def told(deprecated: bool = False, **operation: Any) -> Retirement | None:
    entry = Entry("a.html", "GET", "/a", "A", "A", deprecated, operation)
    return retirement(entry, lambda method, path: "b.html" if (method, path) == ("GET", "/b") else "")


def test_what_stays_has_nothing_to_tell() -> None:
    assert told() is None


def test_what_goes_without_a_day() -> None:
    assert told(True) == Retirement()


@pytest.mark.parametrize(
    ("successor", "page", "linked"),
    [
        ("/b", "b.html", False),
        ("/c", "", False),
        ("https://api.example/b", "", True),
        ("javascript:alert(1)", "", False),
        ("//evil.example/", "", False),
    ],
)
def test_successors(successor: str, page: str, linked: bool) -> None:
    assert told(False, **{"x-sunset": "2030-01-31", "x-successor": successor}) == Retirement("2030-01-31", successor, page, linked)


def test_what_is_no_text_is_nothing() -> None:
    assert told(True, **{"x-sunset": 7, "x-successor": ["a"]}) == Retirement()
