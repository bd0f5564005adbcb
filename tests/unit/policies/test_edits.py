"""Edits of fields and query parameters: rename, remove, set, add, in this order, and every other byte as it was."""

from __future__ import annotations

from typing import Any

import pytest

from specgw.plan.model import Edits, Origin, Route
from specgw.policies.base import Exchange
from specgw.policies.edits import build_query, build_request_fields, build_response_fields, edited

LINES = [b"Accept: a", b"X-One:  1 ", b"x-two: 2", b"X-ONE: 3", b"X-Raw: caf\xe9"]

# A case: the edits, and the field lines that come out of LINES.
CASES = [
    (Edits(remove=("x-one",)), [b"Accept: a", b"x-two: 2", b"X-Raw: caf\xe9"]),
    (Edits(remove=("X-Absent",)), LINES),
    (Edits(set={"X-One": "new"}), [b"Accept: a", b"x-two: 2", b"X-Raw: caf\xe9", b"X-One: new"]),
    (Edits(set={"X-New": "new"}), [*LINES, b"X-New: new"]),
    # To some services a name with underscores is the same.
    (Edits(set={"x_one": "new"}, remove=("X_Two",)), [b"Accept: a", b"X-Raw: caf\xe9", b"x_one: new"]),
    (Edits(add={"X-One": ("4", "5")}), [*LINES, b"X-One: 4", b"X-One: 5"]),
    (Edits(add={"X-New": ("é",)}), [*LINES, "X-New: é".encode()]),
    (Edits(rename={"x-one": "X-Uno"}), [b"Accept: a", b"X-Uno: 1", b"x-two: 2", b"X-Uno: 3", b"X-Raw: caf\xe9"]),
    (Edits(rename={"X-Raw": "X-Cooked"}), [*LINES[:4], b"X-Cooked: caf\xe9"]),
    # Names change places at once, not one after the other.
    (Edits(rename={"X-One": "X-Two", "X-Two": "X-One"}), [b"Accept: a", b"X-Two: 1", b"X-One: 2", b"X-Two: 3", b"X-Raw: caf\xe9"]),
    # The order: a new name can be removed, what is removed can be set, what is set can be added to.
    (Edits(rename={"X-Two": "X-Gone"}, remove=("X-Gone",)), [b"Accept: a", b"X-One:  1 ", b"X-ONE: 3", b"X-Raw: caf\xe9"]),
    (
        Edits(rename={"X-Two": "X-One"}, remove=("Accept", "X-One"), set={"X-One": "6"}, add={"X-One": ("7",)}),
        [b"X-Raw: caf\xe9", b"X-One: 6", b"X-One: 7"],
    ),
]


def route(**edits: Any) -> Route:
    return Route(id="a", service="s", method="GET", path="/", document_path="/", origin=Origin(file="f", line=1), **edits)


def pairs(lines: list[bytes]) -> list[tuple[bytes, bytes]]:
    return [(name.lower(), value.strip()) for name, _, value in (line.partition(b":") for line in lines)]


@pytest.mark.parametrize(("edits", "expected"), CASES)
def test_request_fields(edits: Edits, expected: list[bytes]) -> None:
    policy = build_request_fields(route(request_headers=edits))
    assert policy is not None
    exchange = Exchange()
    exchange.headers, exchange.lines = headers, lines = pairs(LINES), list(LINES)
    policy.request(exchange)
    assert exchange.lines == expected
    assert exchange.headers == pairs(expected), "names and values in step with the lines"
    assert (headers, lines) == (pairs(LINES), LINES), "the listener reads the same lists for the next request"


@pytest.mark.parametrize(("edits", "expected"), CASES)
def test_response_fields(edits: Edits, expected: list[bytes]) -> None:
    policy = build_response_fields(route(response_headers=edits))
    assert policy is not None
    exchange = Exchange()
    exchange.response_headers, exchange.response_lines = pairs(LINES), list(LINES)
    policy.response(exchange)
    assert exchange.response_lines == expected
    assert exchange.response_headers == pairs(expected)


@pytest.mark.parametrize(
    ("edits", "query", "expected"),
    [
        (Edits(remove=("a",)), b"a=1&b=2&a=3", b"b=2"),
        (Edits(remove=("a",)), b"a=1", None),
        (Edits(remove=("a",)), None, None),
        (Edits(remove=("a",)), b"A=1&aa=2", b"A=1&aa=2"),
        # However a name is written (URL Standard, application/x-www-form-urlencoded)
        (Edits(remove=("a b",)), b"a+b=1&a%20b=2&%61%20b&c", b"c"),
        (Edits(remove=("a[x]",)), b"a%5Bx%5D=1&a[x]=2&a[y]=3", b"a[y]=3"),
        # What no edit names keeps its bytes and its place
        (Edits(remove=("z",)), b"q=%7e+%2B%zz&;&=&q=\xe9", b"q=%7e+%2B%zz&;&=&q=\xe9"),
        (Edits(remove=("",)), b"=1&a=2", b"a=2"),
        (Edits(set={"a": "x y&z"}), b"a=1&b=2&a=3", b"b=2&a=x+y%26z"),
        (Edits(set={"a": "1"}), None, b"a=1"),
        (Edits(set={"a": ""}), b"a=1", b"a="),
        (Edits(add={"a": ("1", "2")}), b"a=0", b"a=0&a=1&a=2"),
        (Edits(rename={"a": "b c"}), b"a=%31&a&x=1", b"b+c=%31&b+c&x=1"),
        (Edits(rename={"a": "b", "b": "a"}), b"a=1&b=2", b"b=1&a=2"),
        (Edits(rename={"a": "b"}, remove=("b",)), b"a=1&b=2&c=3", b"c=3"),
        (Edits(rename={"a": "b"}, set={"b": "9"}, add={"b": ("10",)}), b"a=1&c=3", b"c=3&b=9&b=10"),
        (Edits(remove=("a",)), b"&&b=1&", b"b=1"),
    ],
)
def test_query_parameters(edits: Edits, query: bytes | None, expected: bytes | None) -> None:
    policy = build_query(route(request_query=edits))
    assert policy is not None
    exchange = Exchange()
    exchange.query = query
    policy.request(exchange)
    assert exchange.query == expected


def test_a_route_without_edits_has_no_policy() -> None:
    assert [build(route()) for build in (build_request_fields, build_response_fields, build_query)] == [None, None, None]


def test_answers_of_no_service_are_edited_as_well() -> None:
    edits = Edits(rename={"Old": "New"}, remove=("Gone",), set={"Kept": "2"}, add={"More": ("a", "b")})
    fields = [(b"Old", b"1"), (b"Gone", b"x"), (b"KEPT", b"1"), (b"Other", b"a: b")]
    expected = ((b"New", b"1"), (b"Other", b"a: b"), (b"Kept", b"2"), (b"More", b"a"), (b"More", b"b"))
    assert edited(edits, fields) == expected
