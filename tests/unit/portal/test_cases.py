from __future__ import annotations

from typing import Any

from specgw.plan.model import Plan
from specgw.portal.cases import ROOM, Case, Cases
from specgw.portal.making import Maker


def cases() -> Cases:
    return Cases({}, Maker(Plan()), None)


def told(found: list[Case]) -> list[tuple[str, str, str, bool]]:
    return [(case.status, case.media, case.example.text, case.example.generated) for case in found]


def test_examples_of_a_request_are_documented_or_made() -> None:
    body = {
        "content": {
            "application/json": {"examples": {"a": {"value": 1}, "b": {"value": 2}}},
            "application/x-www-form-urlencoded": {
                "schema": {"type": "object", "required": ["n"], "properties": {"n": {"type": "integer"}}}
            },
            "image/png": {"schema": {"type": "string"}},
            "text/plain": {},
        }
    }
    assert told(cases().request(body)) == [
        ("", "application/json", "1", False),
        ("", "application/json", "2", False),
        ("", "application/x-www-form-urlencoded", "n=1", True),
    ]
    assert cases().request(None) == []


def test_examples_of_answers() -> None:
    content: dict[str, Any] = {"content": {"text/plain": {"example": "hello"}}}
    assert told(cases().answers([("200", content), ("404", {}), ("default", 7)])) == [("200", "text/plain", "hello", False)]


def test_room_is_for_all_examples_of_a_page() -> None:
    long = {"content": {"text/plain": {"examples": {str(number): {"value": "word\n" * 500} for number in range(12)}}}}
    found = cases().answers([("200", long), ("201", long)])
    assert len(found) == 24
    assert sum(len(case.example.text) for case in found) < ROOM + 24 * 500
    assert [found[0].example.whole, found[-1].example.whole] == [True, False]
    assert all(case.example.text for case in found)
