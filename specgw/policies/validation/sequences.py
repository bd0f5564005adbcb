"""Bodies that repeat one structure: JSON Lines, JSON text sequences, server-sent events. They are read as one array.

OpenAPI 3.2 ("Sequential Media Types") has `schema` speak of that array, and `itemSchema` of each element.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from specgw.plan.model import BodyKind
from specgw.policies.validation import strict_json
from specgw.policies.validation.explain import MAX_VIOLATIONS, explain
from specgw.policies.validation.validators import Validator
from specgw.problems import Violation

Wrong = list[Violation] | None

# HTML section 9.2.5: a line of an event stream ends with CRLF, LF or CR.
_LINE_END = re.compile(r"\r\n|\n|\r")
_FIELDS = ("event", "data", "id", "retry")


class Unreadable(Exception):
    """An item cannot be read; says which one and why."""

    def __init__(self, index: int, message: str) -> None:
        super().__init__(message)
        self.index = index


def sequence(kind: BodyKind, whole: Validator | None, items: Validator | None, max_depth: int) -> Callable[[bytes], Wrong]:
    """The check of a body: of all items together, and of each."""
    read = _READERS[kind]

    def check(body: bytes) -> Wrong:
        try:
            values = read(body, max_depth)
        except Unreadable as unreadable:
            return [Violation("body", str(unreadable), "syntax", pointer=f"/{unreadable.index}")]
        found: list[Violation] = []
        if whole is not None and not whole.is_valid(values):
            found += explain(whole, values, "body")
        if items is not None:
            for index, value in enumerate(values):
                if not items.is_valid(value):
                    found += explain(items, value, "body", pointer=f"/{index}")
                    if len(found) > MAX_VIOLATIONS:
                        break
        return found or None

    return check


def _lines(body: bytes, max_depth: int) -> list[Any]:
    """JSON Lines and NDJSON: one value a line, each line but the last ended by LF; empty lines are none."""
    return [_value(line, index, max_depth) for index, line in enumerate(line for line in body.split(b"\n") if line.strip(b" \t\r"))]


def _sequence(body: bytes, max_depth: int) -> list[Any]:
    """JSON text sequences (RFC 7464 section 2.1): each value behind a record separator, U+001E, and ended by LF."""
    before, *records = body.split(b"\x1e")
    if before:
        raise Unreadable(0, "has to begin with a record separator (U+001E)")
    values: list[Any] = []
    for record in records:
        # "Multiple consecutive RS octets do not denote empty sequence elements": section 2.1.
        if not record:
            continue
        if not record.endswith((b" ", b"\t", b"\r", b"\n", b"}", b"]", b'"')):
            # Section 2.4: a number or a word that no white space follows may have been cut off.
            raise Unreadable(len(values), "is not ended by a line feed: it may have been cut off")
        values.append(_value(record, len(values), max_depth))
    return values


def _value(text: bytes, index: int, max_depth: int) -> Any:
    try:
        return strict_json.read(text, max_depth)
    except strict_json.Unreadable as unreadable:
        raise Unreadable(index, str(unreadable)) from None


def _events(body: bytes, max_depth: int) -> list[Any]:
    """Server-sent events as HTML section 9.2.6 interprets a stream; one that is not ended by an empty line is none."""
    try:
        text = body.decode("utf-8").removeprefix("\ufeff")
    except UnicodeDecodeError:
        raise Unreadable(0, "is not UTF-8 text") from None
    events: list[Any] = []
    event: dict[str, Any] = {}
    # "If the file ends in the middle of an event, before the final empty line, the incomplete event is not dispatched."
    for line in _LINE_END.split(text)[:-1]:
        if not line:
            # Without a `data` field "the data buffer is an empty string": nothing is dispatched.
            if "data" in event:
                events.append(event)
            event = {}
            continue
        name, _, value = line.partition(":")
        value = value.removeprefix(" ")
        if name == "data" and "data" in event:
            event["data"] += "\n" + value
        elif name == "retry":
            if value.isdecimal() and value.isascii() and len(value) < 19:
                event[name] = int(value)
        elif name in _FIELDS and not (name == "id" and "\0" in value):
            event[name] = value
    return events


_READERS: dict[str, Callable[[bytes, int], list[Any]]] = {"lines": _lines, "sequence": _sequence, "events": _events}
