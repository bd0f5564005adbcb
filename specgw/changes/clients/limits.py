"""Numbers that limit values: which of two schemas allows more by them."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

_COUNTS = ("Length", "Items", "Properties")

Verdict = tuple[str, str, str, str]
"""`narrowed`, `widened` or `changed`; the keyword; and what was said before and is said now."""


def compare(old: dict[str, Any], new: dict[str, Any]) -> Iterator[Verdict]:
    """Each limit that differs."""
    for sign, keyword, exclusive in ((1, "maximum", "exclusiveMaximum"), (-1, "minimum", "exclusiveMinimum")):
        before, after = _bound(old, sign, keyword, exclusive), _bound(new, sign, keyword, exclusive)
        if before != after:
            stated = exclusive if exclusive in new and keyword not in new else keyword
            yield "widened" if after > before else "narrowed", stated, _shown(before, sign, keyword), _shown(after, sign, keyword)
    for sign, prefix, nothing in ((1, "max", math.inf), (-1, "min", 0)):
        for what in _COUNTS:
            keyword = f"{prefix}{what}"
            was, now = _number(old, keyword, nothing), _number(new, keyword, nothing)
            if was != now:
                yield "widened" if sign * now > sign * was else "narrowed", keyword, _said(keyword, was), _said(keyword, now)
    yield from _multiples(old.get("multipleOf"), new.get("multipleOf"))
    before_unique, after_unique = (schema.get("uniqueItems") is True for schema in (old, new))
    if before_unique != after_unique:
        shown = ("no uniqueItems", "uniqueItems")
        yield "narrowed" if after_unique else "widened", "uniqueItems", shown[before_unique], shown[after_unique]


def _multiples(old: Any, new: Any) -> Iterator[Verdict]:
    if old == new:
        return
    if old is None or (new is not None and _divides(old, new)):
        verb = "narrowed"
    else:
        verb = "widened" if new is None or _divides(new, old) else "changed"
    shown = tuple("no multipleOf" if value is None else f"multipleOf {value:g}" for value in (old, new))
    yield verb, "multipleOf", shown[0], shown[1]


def _divides(one: float, other: float) -> bool:
    quotient = other / one
    return abs(quotient - round(quotient)) < 1e-9


def _bound(schema: dict[str, Any], sign: int, keyword: str, exclusive: str) -> tuple[float, bool]:
    """The tighter of both bounds, so that a greater one allows more."""
    inside = (sign * _number(schema, keyword, sign * math.inf), True)
    outside = (sign * _number(schema, exclusive, sign * math.inf), exclusive not in schema)
    value, inclusive = min(inside, outside)
    if schema.get("type") == "integer" and not math.isinf(value):
        # Of whole numbers, `exclusiveMinimum: 4` is `minimum: 5`.
        return (math.floor(value) if inclusive else math.ceil(value) - 1), True
    return value, inclusive


def _number(schema: dict[str, Any], keyword: str, nothing: float) -> float:
    value = schema.get(keyword)
    return value if isinstance(value, int | float) and not isinstance(value, bool) else nothing


def _shown(bound: tuple[float, bool], sign: int, keyword: str) -> str:
    value, inclusive = bound
    return f"no {keyword}" if math.isinf(value) else f"{keyword} {sign * value:g}{'' if inclusive else ' exclusive'}"


def _said(keyword: str, value: float) -> str:
    return f"no {keyword}" if value in (0, math.inf) else f"{keyword} {value:g}"
