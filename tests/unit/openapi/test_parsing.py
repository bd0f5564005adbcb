from __future__ import annotations

from typing import Any

import pytest

from specgw.openapi.json_text import parse_json
from specgw.openapi.marks import Unreadable
from specgw.openapi.parsing import Parser
from specgw.openapi.yaml_text import parse_yaml


class Open(Parser):
    """A parser in the middle of `{a/b: [x, {c: …}]}`."""

    def __init__(self) -> None:
        super().__init__()
        root: dict[str, Any] = {}
        items: list[Any] = ["x"]
        self.current: dict[str, Any] = {}
        root["a/b"] = items
        items.append(self.current)
        self._frames = [(None, None, []), (root, "a/b", []), (items, None, [])]

    def number(self, text: str, *, exact: bool) -> tuple[int | float | str, list[tuple[str, int, str]]]:
        """What a number becomes as the value of `c`, and the faults found."""
        value = self._number(text, 30, self.current, "c", exact=exact)
        return value, [(fault.code, fault.offset, fault.pointer) for fault in self._faults]


@pytest.mark.parametrize(
    ("text", "exact", "value"),
    [("18446744073709551617", True, 18446744073709551617), ("1.50", False, 1.5), ("-0", True, 0), ("1e308", False, 1e308)],
)
def test_numbers(text: str, exact: bool, value: float) -> None:
    read, faults = Open().number(text, exact=exact)
    assert (read, type(read), faults) == (value, type(value), [])


@pytest.mark.parametrize(("text", "exact"), [("1e400", False), ("-1e400", False), ("9" * 5000, True)])
def test_numbers_that_are_too_large_stay_text_and_are_found_at_their_place(text: str, exact: bool) -> None:
    assert Open().number(text, exact=exact) == (text, [("number-out-of-range", 30, "/a~1b/1/c")])


@pytest.mark.parametrize("parse", [parse_json, parse_yaml])
def test_both_find_the_same_in_the_same_text(parse: Any) -> None:
    text = '{"a": [0, {"b": 1e999, "b": 2}], "a": 3}'
    parsed = parse(text)
    assert parsed.value == {"a": [0, {"b": "1e999"}]}
    assert [(fault.code, fault.offset, fault.pointer, fault.first) for fault in parsed.faults] == [
        ("number-out-of-range", text.index("1e999"), "/a/1/b", None),
        ("duplicate-key", text.index('"b": 2'), "/a/1/b", text.index('"b"')),
        ("duplicate-key", text.index('"a": 3'), "/a", 1),
    ]
    assert parsed.faults[1].message.count("{line}") == 1


@pytest.mark.parametrize("parse", [parse_json, parse_yaml])
def test_both_stop_where_it_nests_too_deep(parse: Any) -> None:
    with pytest.raises(Unreadable) as stop:
        parse("[" * 200 + "]" * 200)
    assert (stop.value.fault.code, stop.value.fault.offset) == ("document-limits", 128)
