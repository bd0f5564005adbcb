"""What cases.yaml does not show: which media ranges are held against each other, and what only people read."""

from __future__ import annotations

from specgw.changes.clients.media import content, media, schema, words
from specgw.changes.clients.pair import pair


def told(*media_types: str) -> dict[str, dict[str, object]]:
    return {name: {} for name in media_types}


def found(old: dict[str, dict[str, object]], new: dict[str, dict[str, object]], kind: str | None = None) -> list[tuple[str, str]]:
    return sorted((each.code, each.place) for each in media(pair({}, {}), "request", "body", (old, new), (), kind))


def test_a_range_is_narrowed_and_what_it_had_in_it_is_not_new() -> None:
    assert found(told("text/*"), told("text/a", "text/b")) == [("request-media-type-narrowed", "body text/a")]
    assert found(told("text/*"), told("text/a", "image/b")) == [
        ("request-media-type-added", "body image/b"),
        ("request-media-type-narrowed", "body text/a"),
    ]
    assert found(told("text/a", "text/*"), told("text/*")) == [], "it is in the range still"


def test_parameters_make_a_type_narrower_and_other_parameters_another_type() -> None:
    assert found(told("text/a;x=1"), told("text/a")) == [("request-media-type-widened", "body text/a")]
    assert [code for code, _ in found(told("text/a;x=1"), told("text/a;x=2"))] == ["request-media-type-added", "request-media-type-removed"]


def test_calls_have_words_of_their_own() -> None:
    assert found(told("text/*"), told("text/a"), "call") == [
        ("call-media-type-removed", "body text/*"),
    ]


def test_one_word_for_both_forms_of_examples() -> None:
    assert [each.code for each in words({"example": 1}, {"examples": {"a": {}}, "description": "Words."}, "body", ())] == [
        "description",
        "examples",
    ]


def test_sequences_say_it_of_their_items() -> None:
    assert content({"content": {"Text/A": {}, "b": None}}) == {"text/a": {}}
    assert schema({"x-specgw-itemSchema": {"type": "string"}}) == {"type": "string"}
