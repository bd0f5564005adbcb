from __future__ import annotations

import ast
import json

import pytest

from specgw.portal.samples.call import Call, Content, Credential
from specgw.portal.samples.words import Variable, address, expression, fields, needs, quoted

KEYS = tuple(Credential(place, "k") for place in ("query", "header", "cookie"))


def test_the_address_with_its_query() -> None:
    assert address(Call(method="GET", path="/x", query=("a=1", "b=2"))) == [Variable("GATEWAY"), "/x?a=1&b=2"]
    told = address(Call(method="GET", server="https://a.example", path="/x", credentials=KEYS))
    assert told == ["https://a.example/x", "?k=", Variable("API_KEY")]


def test_fields_carry_credentials_cookies_and_the_media_type() -> None:
    call = Call(method="POST", path="/x", fields=(("A", "b"),), cookies=("c=d",), credentials=KEYS, content=Content("text/plain", "x"))
    assert fields(call) == [
        *(("A", ["b"]), ("k", [Variable("API_KEY")]), ("Cookie", ["c=d", "; k=", Variable("API_KEY")])),
        ("Content-Type", ["text/plain"]),
    ]
    bearer = Call(method="GET", path="/x", credentials=(Credential("bearer"),))
    assert fields(bearer) == [("Authorization", ["Bearer ", Variable("TOKEN")])]
    assert needs(bearer, "bearer")
    assert not needs(bearer, "basic")


def test_neighbouring_literals_are_one() -> None:
    assert expression(["a", "b", Variable("C"), "d"], quoted, lambda name: f"${name}") == '"ab" + $C + "d"'


@pytest.mark.parametrize("text", ["", '"', "\\", "a\nb\r\t", "</script>", "ü\u2028\u202e\x00\x7f", "😀", "${x} `y` #{z}"])
def test_a_literal_is_what_it_says_in_every_language(text: str) -> None:
    told = quoted(text)
    assert json.loads(told) == ast.literal_eval(told) == text
    assert "<" not in told
    assert told.isprintable()


def test_half_a_surrogate_pair_is_no_text() -> None:
    assert quoted("\ud800") == '"?"'
