from __future__ import annotations

from typing import Any

import pytest

from specgw.plan.model import BodyKind
from specgw.policies.validation.sequences import sequence
from specgw.policies.validation.validators import Validators


def found(kind: BodyKind, body: bytes, *, items: Any = None, whole: Any = None) -> list[tuple[str, str]] | None:
    validators = Validators({"x:/a": {"items": items, "whole": whole}})
    check, each = (
        None if schema is None else validators.get(f"x:/a#/{name}", formats=True) for name, schema in (("whole", whole), ("items", items))
    )
    wrong = sequence(kind, check, each, 8)(body)
    return None if wrong is None else [(violation.pointer, violation.keyword) for violation in wrong]


@pytest.mark.parametrize("body", [b"", b"1\n2\n", b"1\n2", b"1\r\n2\r\n", b"\n1\n\n", b" 1 \n"])
def test_lines(body: bytes) -> None:
    assert found("lines", body, items={"type": "integer"}) is None


@pytest.mark.parametrize(
    ("body", "at"), [(b"1\nx\n", "/1"), (b"[1,\n2]\n", "/0"), (b"1 2\n", "/0"), (b'{"a":1,"a":2}\n', "/0"), (b"1\n\xff\n", "/1")]
)
def test_lines_that_are_no_json(body: bytes, at: str) -> None:
    assert found("lines", body, items=True) == [(at, "syntax")]


def test_all_together_and_each() -> None:
    assert found("lines", b'1\n"a"\n3\n', items={"type": "integer"}, whole={"maxItems": 2}) == [("", "maxItems"), ("/1", "type")]


@pytest.mark.parametrize("body", [b"", b"\x1e1\n", b'\x1e{"a":\n1}\n\x1e2\n', b"\x1e\x1e1\n", b'\x1e"a"', b"\x1e[1]", b"\x1etrue "])
def test_sequences(body: bytes) -> None:
    assert found("sequence", body, items=True) is None


@pytest.mark.parametrize(("body", "at"), [(b"1\n", "/0"), (b"\x1e1", "/0"), (b"\x1e1\n\x1etrue", "/1"), (b"\x1e1\n2\n", "/0")])
def test_sequences_that_are_none_or_cut_off(body: bytes, at: str) -> None:
    assert found("sequence", body, items=True) == [(at, "syntax")]


@pytest.mark.parametrize(
    ("body", "events"),
    [
        (b"event: addString\ndata: This data is formatted\ndata: across two lines\nretry: 5\n\n",
         [{"event": "addString", "data": "This data is formatted\nacross two lines", "retry": 5}]),
        (b"event: addInt64\r\ndata: 1234.5678\r\nunknownField: this is ignored\r\n\r\n", [{"event": "addInt64", "data": "1234.5678"}]),
        (b": This is a comment\rdata:{}\r\r", [{"data": "{}"}]),
        (b"\xef\xbb\xbfdata\n\n", [{"data": ""}]),
        (b"event: no data\n\ndata: x\nid: 1\nretry: soon\n\n", [{"data": "x", "id": "1"}]),
        (b"data: never ended\n", []),
    ],
)  # fmt: skip
def test_events(body: bytes, events: list[Any]) -> None:
    assert found("events", body, whole={"const": events}) is None


def test_events_that_are_no_text() -> None:
    assert found("events", b"data: \xff\n\n", items=True) == [("/0", "syntax")]


def test_not_more_is_told_than_a_reader_wants() -> None:
    wrong = found("lines", b"1\n" * 1000, items={"type": "string"})
    assert wrong is not None
    assert len(wrong) == 101
