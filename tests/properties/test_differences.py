"""What specgw diff says of two schemas, held against values: one that only one of them allows is never told as harmless.

Members of `oneOf` are taken as ones that exclude each other (docs/diff.md), and so stand for `anyOf` here.
"""

from __future__ import annotations

from typing import Any

import jsonschema_rs
from hypothesis import assume, given
from hypothesis import strategies as st

from specgw.changes.clients.kinds import KINDS
from specgw.changes.clients.pair import pair
from specgw.changes.clients.schemas import Comparison, Direction
from tests.unit.changes.clients.test_operations import CASES, SCHEMAS

DOCUMENT = {"components": {"schemas": SCHEMAS}}
KNOWN = [case[key] for case in CASES["schemas"] for key in ("old", "new")]
SCALARS = (None, True, False, 0, 1, 2, 4, 5, 5.5, 6, 7, 10, -1, 2**40, "", "a", "b", "ab", "abcd", "abcdefghijk", "root", "1", "a@b.c")
SIMPLE: list[Any] = [
    *SCALARS, "2024-01-01", [], ["a"], ["a", "a"], ["a", "b", "c", "d"], [1], [1, 1], [2], ["a", 1], [None], {}, {"a": "b"}, {"a": 1},
    {"b": 1},
    {"a": "x", "b": "y"}, {"a": None}, {"x-a": "s"}, {"x-a": 1}, {"kind": "k", "sort": "s"}, {"kind": "k", "sort": "s", "bark": 1},
    {"leaf": "l"}, {"leaf": 1}, {"a": "b", "b": "c", "c": "d", "e": "f"}, {"ba": 1},
]  # fmt: skip
VALUES = [*SIMPLE, *([value] for value in SIMPLE), *({"p": value} for value in SIMPLE)]

# A property that is new or gone is one that nobody has counted on; what may be beside the listed ones, too.
OPEN = ("property-added", "required-property-added", "property-removed", "additional-allowed", "extensible-enum-widened")


def holders(schema: Any, other: Any) -> list[Any]:
    """A schema in the places where there can be one."""
    return [
        schema,
        {"type": "array", "items": schema},
        {"type": "object", "properties": {"p": schema}, "required": ["p"]},
        {"type": "object", "additionalProperties": schema},
        {"anyOf": [schema, other]},
        {"anyOf": [schema, {"type": "null"}]},
    ]


def without_one_of(schema: Any) -> Any:
    if isinstance(schema, dict):
        return {("anyOf" if key == "oneOf" else key): without_one_of(value) for key, value in schema.items()}
    return [without_one_of(each) for each in schema] if isinstance(schema, list) else schema


def validator(schema: Any) -> jsonschema_rs.Draft202012Validator:
    whole = {"$ref": "#/components/schemas/it", "components": {"schemas": {**SCHEMAS, "it": without_one_of(schema)}}}
    return jsonschema_rs.Draft202012Validator(whole, validate_formats=True)


@given(
    st.sampled_from(KNOWN), st.sampled_from(KNOWN), st.sampled_from(KNOWN), st.integers(0, 5), st.sampled_from(("request", "response"))
)
def test_what_somebody_notices_is_told(one: Any, two: Any, beside: Any, place: int, direction: Direction) -> None:
    old, new = holders(one, beside)[place], holders(two, beside)[place]
    # Nobody's values show what is of one direction alone.
    assume("readOnly" not in f"{old}{new}" and "writeOnly" not in f"{old}{new}")
    sends, takes = (validator(each) for each in ((old, new) if direction == "request" else (new, old)))
    lost = [value for value in VALUES if sends.is_valid(value) and not takes.is_valid(value)]
    codes = [each.code for each in Comparison(pair(DOCUMENT, DOCUMENT), direction, "it").compare(old, new, ())]
    assume(not any(code.removeprefix(f"{direction}-") in OPEN for code in codes))
    if lost:
        assert any(KINDS[code].grade in ("breaking", "risky") for code in codes), f"{lost[:3]} and {codes}"
