from __future__ import annotations

from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from specgw.portal.machine.yaml_text import yaml_text

TRICKY = st.sampled_from(
    [
        *(
            "",
            " ",
            "no",
            "On",
            "null",
            "~",
            "2020-09-14",
            "1:30",
            "0x1F",
            "1e3",
            ".5",
            "<<",
            "=",
            "- a",
            "a: b",
            "a #b",
            "#",
            "&a",
            "*a",
            "!a",
        ),
        *(
            "|",
            ">",
            "%",
            "@",
            "`",
            "{a}",
            "[a]",
            "a\nb",
            "a\n",
            "a\n\n",
            "\na",
            "  a\nb",
            "a \nb",
            "a\n b",
            "a\tb\n",
            "\x85",
            "\u2028",
            "\ufeff",
        ),
        *(
            "---",
            "...\nx",
            "'",
            '"',
            "\\",
            "\x7f",
            "é",
            "👩‍💻",
            "True",
            "nan",
            "a/b",
            "text/plain",
            "application/json",
            "x" * 2000,
            "--- a\nb",
        ),
    ]
)
SCALARS = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | TRICKY | st.text(max_size=20)
VALUES = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TRICKY | st.text(max_size=8), inner, max_size=4), max_leaves=20
)


@given(VALUES)
def test_readers_of_yaml_1_1_find_the_same(value: Any) -> None:
    assert yaml.safe_load(yaml_text(value)) == value


@given(VALUES)
def test_people_find_it_in_few_lines(value: Any) -> None:
    assert yaml_text(value).endswith("\n")
    assert "\t" not in yaml_text(value)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ({"a": {"b": ["c", {"d": 1, "e": [2]}]}}, "a:\n  b:\n  - c\n  - d: 1\n    e:\n    - 2\n"),
        ({"200": "yes", "no": None}, '"200": "yes"\n"no": null\n'),
        ({"a": "x\ny\n", "b": "x\n\ny"}, "a: |\n  x\n  y\nb: |-\n  x\n\n  y\n"),
        ([[], {}, [[1]], "a\nb"], "- []\n- {}\n- - - 1\n- |-\n  a\n  b\n"),
        ({"x" * 1001: {"a": 1}}, f"? {'x' * 1001}\n:\n  a: 1\n"),
        (1e300, "1.0e+300\n"),
    ],
)
def test_what_it_looks_like(value: Any, text: str) -> None:
    assert yaml_text(value) == text
