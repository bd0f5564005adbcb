from __future__ import annotations

import pytest

from specgw.openapi.pointers import escape, index_of, pointer_of, tokens_of


@pytest.mark.parametrize(("token", "escaped"), [("a/b", "a~1b"), ("~", "~0"), ("~1", "~01"), ("a b%", "a b%")])
def test_escape(token: str, escaped: str) -> None:
    assert escape(token) == escaped


# RFC 6901 section 5, and what escapes each other.
@pytest.mark.parametrize(
    ("pointer", "tokens"),
    [
        ("", []),
        ("/", [""]),
        ("/foo/0", ["foo", "0"]),
        ("/a~1b", ["a/b"]),
        ("/m~0n", ["m~n"]),
        ("/~01/~1~0", ["~1", "/~"]),
        ("//x", ["", "x"]),
    ],
)
def test_pointers_and_their_tokens(pointer: str, tokens: list[str]) -> None:
    assert tokens_of(pointer) == tokens
    assert pointer_of(tokens) == pointer


@pytest.mark.parametrize(("token", "index"), [("0", 0), ("10", 10), ("01", None), ("-1", None), ("-", None), ("", None), ("٣", None)])
def test_index_of(token: str, index: int | None) -> None:
    assert index_of(token) == index


def test_an_index_beyond_any_list_is_none() -> None:
    assert index_of("9" * 5000) is None
