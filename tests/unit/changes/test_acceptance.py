from __future__ import annotations

import pytest

from specgw.changes.acceptance import Unreadable, read_accepted, unaccepted, unused
from specgw.changes.change import Change

PUBLIC = Change(grade="weaker", code="security", subject="GET /status", message="public now")
CLOSED = Change(grade="stronger", code="security", subject="GET /users", message="needs a key")


def test_a_file_holds_a_mark_on_each_line_and_words_for_people() -> None:
    text = f"# wanted\n\n{PUBLIC.mark}  GET /status: for the load balancer\n  {CLOSED.mark} # at night\n"
    assert read_accepted(text) == {PUBLIC.mark, CLOSED.mark}


@pytest.mark.parametrize("text", ["GET /status", f"{PUBLIC.mark}0", "ABCDEF012345", f"\n{PUBLIC.mark[:11]}"])
def test_a_line_without_a_mark_is_told(text: str) -> None:
    with pytest.raises(Unreadable, match="does not begin with the mark"):
        read_accepted(text)


def test_only_what_is_weaker_has_to_be_accepted() -> None:
    assert unaccepted([PUBLIC, CLOSED], set()) == [PUBLIC]
    assert unaccepted([PUBLIC, CLOSED], {PUBLIC.mark}) == []


def test_marks_of_what_is_not_there_are_known() -> None:
    assert unused([PUBLIC], {PUBLIC.mark, CLOSED.mark}) == [CLOSED.mark]
