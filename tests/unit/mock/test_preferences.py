from __future__ import annotations

import pytest

from specgw.http import parse_media_type
from specgw.mock.preferences import LONGEST_DELAY, NONE, Preferences, best, in_query, pairs, read_accept, read_preferences


@pytest.mark.parametrize(
    ("field", "said"),
    [
        (b"code=404", Preferences(code=404)),
        (b"code=404, code=200", Preferences(code=404)),
        (b"CODE=404;x=1;y", Preferences(code=404)),
        (b'example="a, \\"b\\""', Preferences(example='a, "b"')),
        (b"dynamic=true,seed=7", Preferences(dynamic=True, seed="7")),
        (b"dynamic", Preferences(dynamic=True)),
        (b"dynamic=false", Preferences(dynamic=False)),
        (b"delay=250", Preferences(delay=0.25)),
        (b"delay=2s", Preferences(delay=2.0)),
        (b"delay=999999s", Preferences(delay=LONGEST_DELAY)),
        (b"code=99, code", NONE),
        (b"", NONE),
        (b',,;"===\xff', NONE),
        (b'example="open', NONE),
        (b"example = cat", Preferences(example="cat")),
    ],
)
def test_preferences_are_read_as_the_rfc_writes_them(field: bytes, said: Preferences) -> None:
    assert read_preferences(field) == said


def test_commas_in_quotes_are_no_ends() -> None:
    assert pairs('a="1,2", b') == [("a", "1,2"), ("b", "")]


@pytest.mark.parametrize(
    ("accept", "chosen"),
    [
        (b"*/*", 0),
        (b"text/plain", 1),
        (b"text/*;q=0.5, application/json;q=0.4", 1),
        (b"application/json;q=0, */*", 1),
        (b"text/plain;q=0.5, application/json;q=0.5", 0),
        (b"image/png", None),
        (b"application/json;q=2", 0),
        (b";;;", 0),
        (b"", 0),
        (b"application/json;charset=utf-8", 0),
    ],
)
def test_the_type_that_is_liked_best_is_chosen(accept: bytes, chosen: int | None) -> None:
    offered = [parse_media_type("application/json"), parse_media_type("text/plain")]
    assert best(read_accept(accept), offered) == chosen


def test_nothing_offered_is_nothing_chosen() -> None:
    assert best(None, []) is None


def test_the_query_says_the_same_behind_the_field() -> None:
    said = in_query(b"a=1&__code=404&__example=a+b%21&__dynamic&__other=1&__code=200", own={"__seed"})
    assert said == {"code": "404", "example": "a b!", "dynamic": ""}
    assert read_preferences(b"", said) == Preferences(code=404, example="a b!", dynamic=True)
    assert read_preferences(b"code=200, seed=x", said) == Preferences(code=200, example="a b!", dynamic=True, seed="x")
    assert in_query(b"__seed=1&__code=%ff&\xff=1&&=", own={"__seed"}) == {"code": "\ufffd"}
