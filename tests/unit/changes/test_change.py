from __future__ import annotations

import re
from dataclasses import replace

from specgw.changes.change import Change
from specgw.plan.model import Origin

CHANGE = Change(grade="weaker", code="security", subject="GET /users", message="public now", before="key", after="public")


def test_a_mark_does_not_depend_on_words_and_place() -> None:
    assert re.fullmatch("[0-9a-f]{12}", CHANGE.mark)
    assert replace(CHANGE, message="otherwise", new=Origin(file="a", line=1)).mark == CHANGE.mark


def test_another_change_has_another_mark() -> None:
    others = [
        replace(CHANGE, after="key, or public"),
        replace(CHANGE, subject="GET /user"),
        replace(CHANGE, code="csrf"),
        replace(CHANGE, before=""),
    ]
    assert CHANGE.mark not in {change.mark for change in others}
