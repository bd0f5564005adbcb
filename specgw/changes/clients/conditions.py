"""Conditions of a schema that are compared by whether they are there: a further one allows less, whatever it says."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from typing import Any

from specgw.changes.clients.flattening import Schema, key_of, same

Whole = Callable[[int, Any], Any]
"""A value of the old (0) or the new (1) schema with references followed."""
Verdict = tuple[str, str, str, str]
"""The code, the keyword, and what was said before and is said now."""

_ALONE = ("not", "contains", "propertyNames", "unevaluatedItems", "unevaluatedProperties")
_COUNTS = ("minContains", "maxContains")
_BRANCHES = ("if", "then", "else")


def compare(old: Schema, new: Schema, whole: Whole) -> Iterator[Verdict]:
    """Each condition that differs."""
    for keyword in _ALONE:
        said = [{key_of(whole(side, each)) for each in all_of(schema, keyword)} for side, schema in enumerate((old, new))]
        if max(map(len, said)) > 1:
            yield from _several(keyword, *said)
            continue
        yield from _verdict(keyword, *(_alone(whole(side, schema), keyword) for side, schema in enumerate((old, new))))
    if "contains" in old and "contains" in new and same(whole(0, old["contains"]), whole(1, new["contains"])):
        yield from _counts(old, new)
    yield from _verdict("if", *(_branches(whole(side, schema)) for side, schema in enumerate((old, new))))
    for keyword in ("dependentRequired", "dependentSchemas"):
        before, after = (_dependent(whole(side, schema), keyword) for side, schema in enumerate((old, new)))
        if before != after:
            code = "added" if before < after else "removed" if after < before else "changed"
            yield f"constraint-{code}", keyword, _listed(before), _listed(after)
    known = {*_ALONE, "pattern"}
    rest = (
        {key_of(whole(side, each)) for each in schema.get("x-all", ()) if not set(each) <= known} for side, schema in enumerate((old, new))
    )
    yield from _several("allOf", *rest)


def all_of(schema: Schema, keyword: str) -> list[Any]:
    """Everything that is said by a keyword: its own value, and those of members of `allOf` that nobody could put together with it."""
    return [each[keyword] for each in (*schema.get("x-all", ()), schema) if keyword in each]


def _several(keyword: str, before: set[str], after: set[str]) -> Iterator[Verdict]:
    if before != after:
        verb = "added" if before < after else "removed" if after < before else "changed"
        was, now = (", ".join(sorted(said)) or "none" for said in (before - after, after - before))
        yield f"constraint-{verb}", keyword, was, now


def _verdict(keyword: str, before: Any, after: Any) -> Iterator[Verdict]:
    if not same(before, after):
        verb = "added" if before is None else "removed" if after is None else "changed"
        was, now = ("none" if said is None else f"{keyword} {key_of(said)}" for said in (before, after))
        yield f"constraint-{verb}", keyword, was, now


def _alone(schema: Schema, keyword: str) -> Any:
    """What a keyword says; None where it forbids nothing."""
    said = schema.get(keyword)
    if keyword == "contains" and said is not None:
        # "a minContains keyword is absent: 1 is assumed"; with 0 any array is valid (JSON Schema 2020-12 section 10.3.1.3).
        return None if schema.get("minContains") == 0 and "maxContains" not in schema else True if said == {} else said
    return said if keyword == "not" else None if said is True or said == {} else said


def _counts(old: Schema, new: Schema) -> Iterator[Verdict]:
    for keyword, nothing, sign in (("minContains", 1, -1), ("maxContains", math.inf, 1)):
        was, now = old.get(keyword, nothing), new.get(keyword, nothing)
        if was != now:
            before, after = (f"no {keyword}" if keyword not in schema else f"{keyword} {schema[keyword]:g}" for schema in (old, new))
            yield f"limit-{'widened' if sign * now > sign * was else 'narrowed'}", keyword, before, after


def _branches(schema: Schema) -> Any:
    """`if` with what follows it; None where nothing does (section 10.2.2)."""
    said = {keyword: schema[keyword] for keyword in _BRANCHES if keyword in schema}
    return said if "if" in said and len(said) > 1 else None


def _dependent(schema: Schema, keyword: str) -> frozenset[str]:
    """What follows from which property, one by one."""
    said = schema.get(keyword)
    found = set()
    for name, value in said.items() if isinstance(said, dict) else ():
        found |= {f"{name} → {each}" for each in (value if isinstance(value, list) else [key_of(value)])}
    return frozenset(found)


def _listed(said: frozenset[str]) -> str:
    return ", ".join(sorted(said)) or "none"
