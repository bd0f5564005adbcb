from __future__ import annotations

from typing import Any

import pytest

from specgw.xgateway.vocabulary.edits import Headers, Query, QueryEdits, RequestHeaderEdits, ResponseHeaderEdits


@pytest.mark.parametrize("model", [RequestHeaderEdits, ResponseHeaderEdits, QueryEdits])
def test_the_four_edits(read: Any, model: Any) -> None:
    found = read(model, "{rename: {A: B}, remove: [C], set: {D: e}, add: {F: g, H: [i, j]}}")
    assert (found.rename, found.remove, found.set, found.add) == ({"A": "B"}, ["C"], {"D": "e"}, {"F": "g", "H": ["i", "j"]})


@pytest.mark.parametrize("model", [RequestHeaderEdits, ResponseHeaderEdits, QueryEdits])
def test_null_stands_for_what_is_removed(read: Any, model: Any) -> None:
    found = read(model, "{rename: {A: null}, set: {D: null}, add: {F: null}, remove: null}")
    assert (found.rename, found.remove, found.set, found.add) == ({"A": None}, None, {"D": None}, {"F": None})


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("{add: {A: []}}", ["add.A.list: too_short"]),
        ("{add: {A: 5}}", ["add.A: wrong-value"]),
        ("{set: {A: b, a: c}}", ["set: a mapping that names each header once: 'A' and 'a' are the same header"]),
        ("{rename: {A: a}}", ["rename: a mapping from old to new names: 'A' keeps its name"]),
        ("{rename: {A: Connection}}", ["rename.A: a header that the gateway does not write itself"]),
        ("{rename: {Connection: A}}", ["rename.Connection.[key]: a header that the gateway does not write itself"]),
        ("{replace: {A: b}}", ["replace: extra_forbidden"]),
    ],
)
def test_edits_that_are_wrong(read: Any, text: str, wrong: list[str]) -> None:
    assert read(RequestHeaderEdits, text) == wrong
    assert read(ResponseHeaderEdits, text) == wrong


def test_query_parameters_have_case(read: Any) -> None:
    assert read(QueryEdits, "{rename: {a: A}, set: {b: c, B: d}}").set == {"b": "c", "B": "d"}


def test_directions(read: Any) -> None:
    assert read(Headers, "{request: {remove: [A]}, response: {remove: [Host]}}").response.remove == ["Host"]
    assert read(Query, "{response: {}}") == ["response: extra_forbidden"]
