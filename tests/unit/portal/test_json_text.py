from __future__ import annotations

import json
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from specgw.portal.json_text import WIDTH, json_text, shortened

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=30,
)


def test_what_is_short_stands_on_one_line() -> None:
    assert json_text({"type": "string", "enum": ["a", "b"]}) == '{"type": "string", "enum": ["a", "b"]}'
    assert json_text([]) == "[]"
    assert json_text({}) == "{}"
    assert json_text("ü") == '"ü"'


def test_what_is_long_has_its_members_on_lines_of_their_own() -> None:
    long = "x" * WIDTH
    assert json_text({"a": long, "b": [1, 2]}) == f'{{\n  "a": "{long}",\n  "b": [1, 2]\n}}'
    assert json_text([[long]]) == f'[\n  [\n    "{long}"\n  ]\n]'


@given(VALUES)
def test_it_is_the_same_json(value: Any) -> None:
    assert json.loads(json_text(value)) == value


def test_what_is_too_long_ends_with_a_line() -> None:
    assert shortened("a\nb", 3) == ("a\nb", True)
    assert shortened("a\nbc\nd", 5) == ("a\nbc\n…", False)
    assert shortened("a" * 9, 5) == ("aaaaa\n…", False)
