from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from specgw.openapi.look_around import Part, alternatives, split, tokens


def holds(parts: tuple[Part, ...], text: str) -> bool:
    return all((re.search(part.text, text, re.ASCII) is not None) == part.wanted for part in parts)


@pytest.mark.parametrize(
    ("pattern", "parts"),
    [
        ("^(?!admin)[a-z]+$", [Part("^(?:admin)", False), Part("^[a-z]+$")]),
        ("^(?=.*1)(?!.*2)", [Part("^(?:.*1)"), Part("^(?:.*2)", False)]),
        ("^(?!a|b)c", [Part("^(?:a|b)", False), Part("^c")]),
        ("^[a-z-]+(?<!-)$", [Part("(?:-)$", False), Part("^[a-z-]+$")]),
        ("^a(?<=a)(?<!b)$", [Part("(?:b)$", False), Part("(?:a)$"), Part("^a$")]),
        ("(?i)^(?!x)y", [Part("(?i)^(?:x)", False), Part("(?i)^y")]),
        ("^((?!foo).)*$", [Part("foo", False), Part("^.*$")]),
        ("^(?:(?!foo).)+$", [Part("foo", False), Part("^.+$")]),
        ("^(?![)(])(?!\\(|[^]()])a", [Part("^(?:[)(])", False), Part("^(?:\\(|[^]()])", False), Part("^a")]),
    ],
)
def test_what_is_taken_apart(pattern: str, parts: list[Part]) -> None:
    assert list(split(pattern)) == parts


@pytest.mark.parametrize(
    "pattern",
    [
        "",
        "a",
        "(?!a)b",  # anywhere: it need not be the same place for all conditions
        "^(?!a)b|c",
        "^(?!(a))b\\1",
        "^(?=a)*b",  # no condition at all
        "^(?!a){0,1}b",
        "^a(?!b)c",
        "^(?:(?!a?).)*$",  # nothing is everywhere
        "^(?:(?!a|\\b).)*$",
        "^(?:(?!a)b)*$",
        "(?m)^(?!a)b",  # there are more beginnings than one
    ],
)
def test_what_is_left_whole(pattern: str) -> None:
    parts = split(pattern)
    assert "".join(part.text for part in parts if part.wanted) in (pattern, "^" + pattern.removeprefix("^"))
    assert all(part.wanted for part in parts)


def test_tokens_are_the_expression_in_pieces() -> None:
    pattern = r"^(?<name>[^]\]()]+)\k<name>(?=\u{1F600}|\p{L}{1,3}?)(?:a|\))$"
    assert "".join(tokens(pattern)) == pattern
    assert tokens(pattern)[:3] == ["^", "(?<name>", r"[^]\]()]"]


def test_alternatives_are_those_outside_of_groups() -> None:
    assert alternatives(tokens("^a(b|c)|[|]|")) == [["^", "a", "(", "b", "|", "c", ")"], ["[|]"], []]


ATOMS = st.sampled_from(["a", "b", ".", "[ab]", "[^a]", "a|b", ".*b", "a+", "", "b?", "(a|b)", "(?:ab)*", "$"])
CONDITIONS = st.lists(st.tuples(st.sampled_from(["(?=", "(?!"]), ATOMS), max_size=3)
ENDS = st.lists(st.tuples(st.sampled_from(["(?<=", "(?<!"]), st.sampled_from(["a", "b", "[ab]", "ab"])), max_size=2)


@given(conditions=CONDITIONS, rest=ATOMS.filter(lambda atom: "|" not in atom), ends=ENDS, text=st.text("abc", max_size=6))
def test_the_parts_say_what_the_whole_said(conditions: list[tuple[str, str]], rest: str, ends: list[tuple[str, str]], text: str) -> None:
    look = "".join(f"{kind}{inner})" for kind, inner in conditions)
    behind = "".join(f"{kind}{inner})" for kind, inner in ends)
    pattern = f"^{look}{rest}{behind}$"
    assert holds(split(pattern), text) == (re.search(pattern, text) is not None)


@given(inner=ATOMS, times=st.sampled_from("*+"), text=st.text("abc\n", max_size=6))
def test_a_text_without_something(inner: str, times: str, text: str) -> None:
    pattern = f"^(?:(?!{inner}).){times}$".replace("$$", "$")
    assert holds(split(pattern), text) == (re.search(pattern, text) is not None)
