from __future__ import annotations

from specgw.changes.clients.side import Difference, change, resolve, shown


def test_references_are_followed_to_the_end_and_not_in_circles() -> None:
    document = {"a/b": {"$ref": "#/c"}, "c": {"d": 1}, "loop": {"$ref": "#/loop"}}
    assert resolve(document, {"$ref": "#/a~1b"}) == {"d": 1}
    assert resolve(document, {"$ref": "#/loop"}) == {}
    assert resolve(document, "text") == "text"


def test_values_are_shown_alike_for_equal_ones_and_cut() -> None:
    assert (shown(None), shown({"b", "a"}), shown({"b": 1, "a": 2})) == ("", "a, b", '{"a": 2, "b": 1}')
    assert len(shown("x" * 500)) == 120


def test_a_change_says_what_was_and_what_is() -> None:
    made = change("GET /a", Difference("request-type-changed", "query q", "string", "integer"), None, None)
    assert (made.grade, made.subject) == ("breaking", "GET /a, query q")
    assert made.message == "values are of another type: string before, integer now"
    assert change("GET /a", Difference("body-removed"), None, None).message == "no body is taken any more"
