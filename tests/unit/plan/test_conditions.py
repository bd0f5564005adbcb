from __future__ import annotations

import pytest

from specgw.http import Headers
from specgw.plan.conditions import predicate
from specgw.plan.model import Conditions


def holds(conditions: Conditions, headers: Headers, query: bytes | None) -> bool:
    asked = predicate(conditions)
    assert asked is not None
    return asked.holds(headers, query)


def test_without_conditions_there_is_nothing_to_ask() -> None:
    assert predicate(Conditions()) is None


@pytest.mark.parametrize(
    ("wanted", "headers", "verdict"),
    [
        ({"x-a": "1"}, [(b"x-a", b"1")], True),
        ({"X-A": "1"}, [(b"x-a", b"1")], True),
        ({"x-a": "1"}, [(b"x-a", b" 1\t")], True),
        ({"x-a": "1"}, [(b"x-a", b"2"), (b"x-a", b"1")], True),
        ({"x-a": "1"}, [(b"x-a", b"2")], False),
        ({"x-a": "1"}, [(b"x-b", b"1")], False),
        ({"x-a": "a"}, [(b"x-a", b"A")], False),
        ({"x-a": None}, [(b"x-a", b"")], True),
        ({"x-a": None}, [], False),
        ({"x-a": "1", "x-b": "2"}, [(b"x-b", b"2"), (b"x-a", b"1")], True),
        ({"x-a": "1", "x-b": "2"}, [(b"x-a", b"1")], False),
        ({"x-a": "café"}, [(b"x-a", "café".encode())], True),
    ],
)
def test_headers(wanted: dict[str, str | None], headers: Headers, verdict: bool) -> None:
    assert holds(Conditions(headers=wanted), headers, None) is verdict


@pytest.mark.parametrize(
    ("wanted", "query", "verdict"),
    [
        ({"v": "1"}, b"v=1", True),
        ({"v": "1"}, b"a=2&v=1", True),
        ({"v": "1"}, b"v=2&v=1", True),
        ({"v": "1"}, b"v=2", False),
        ({"v": "1"}, b"", False),
        ({"v": "1"}, None, False),
        ({"v": "a b"}, b"v=a+b", True),
        ({"v": "a b"}, b"v=a%20b", True),
        ({"v": "a=b"}, b"v=a=b", True),
        ({"a&b": "é"}, b"a%26b=%C3%A9", True),
        ({"v": None}, b"v", True),
        ({"v": None}, b"v=", True),
        ({"v": ""}, b"v", True),
        ({"v": None}, b"w=v", False),
        ({"v": "1", "w": None}, b"w=&v=1", True),
        ({"v": "1", "w": None}, b"v=1", False),
    ],
)
def test_query(wanted: dict[str, str | None], query: bytes | None, verdict: bool) -> None:
    assert holds(Conditions(query=wanted), [], query) is verdict


def test_headers_and_query_together() -> None:
    conditions = Conditions(headers={"x-a": "1"}, query={"v": "1"})
    assert holds(conditions, [(b"x-a", b"1")], b"v=1")
    assert not holds(conditions, [(b"x-a", b"1")], b"v=2")
    assert not holds(conditions, [], b"v=1")


def test_the_query_is_not_read_where_a_header_decides() -> None:
    class Unreadable(bytes):
        def decode(self, *_: object, **__: object) -> str:
            raise AssertionError("the query was read")

    assert not holds(Conditions(headers={"x-a": None}, query={"v": "1"}), [], Unreadable(b"v=1"))
