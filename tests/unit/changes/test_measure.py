from __future__ import annotations

import pytest

from specgw.changes.measure import accepted


@pytest.mark.parametrize(
    ("before", "after", "empty_is_all", "grade"),
    [
        ("ab", "ba", False, None),
        ("a", "ab", False, "weaker"),
        ("ab", "a", False, "stronger"),
        ("a", "b", False, "weaker"),
        ("a", "", False, "stronger"),
        ("", "a", False, "weaker"),
        ("a", "", True, "weaker"),
        ("", "a", True, "stronger"),
    ],
)
def test_more_lets_more_in(before: str, after: str, empty_is_all: bool, grade: str | None) -> None:
    found = list(accepted(before, after, subject="s", code="c", what="letters", empty_is_all=empty_is_all))
    assert [change.grade for change in found] == ([] if grade is None else [grade])


def test_what_is_said_of_it() -> None:
    [change] = accepted("", "ba", subject="s", code="c", what="letters", empty_is_all=True)
    assert change.message == "letters: any before, a, b now"
