"""Keywords that assert something of a value themselves: types, values, bounds, formats, expressions, required properties.

Each function lowers one keyword of a `Site`; those that take names make such a function.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any

from specgw.openapi import keywords
from specgw.openapi.dialects import ASSERTING, read_type
from specgw.openapi.keywords import NOTHING
from specgw.openapi.model import Node
from specgw.openapi.patterns import NAME_LIMIT, Pattern, read_pattern
from specgw.openapi.sites import Site
from specgw.plan import formats

Rule = Callable[[Site, Any], None]

_WHOLE = 2**53
"""From here on doubles are whole numbers (IEEE 754)."""


def types(site: Site, value: Any) -> None:
    """`type`, together with `nullable`, which adds null to it."""
    source = site.node.value
    alone = site.dialect.identifiers and not any(key in ASSERTING for key in source if key != "type")
    result = read_type(value, alone=alone)
    if isinstance(value, list) and not site.dialect.identifiers:
        site.foreign(site.node.at("type"), "list of types")
    if site.read("type", result.reading) is NOTHING or result.types is None:
        return
    admitted = list(result.types)
    flag = source.get("nullable")
    if flag is not None and site.read("nullable", keywords.read_flag(flag)) is True and "null" not in admitted:
        admitted.append("null")
        if site.dialect.identifiers and not site.context.bare:
            site.repaired("nullable", "is no keyword of OpenAPI 3.1; it is read as the type 'null'")
    site.out["type"] = admitted[0] if len(admitted) == 1 else admitted
    if "array" in admitted and "items" not in source and not site.dialect.identifiers:
        site.find("schema-fault", "type", "an array needs `items` in OpenAPI 3.0; without it, every item is accepted")
    if result.format is not None and "format" not in source:
        format_name(site, result.format)


def nullable(site: Site, value: Any) -> None:
    """Tell where 3.0's `nullable` does not do what it seems to ("only if `type` is explicitly defined", 3.0.3)."""
    schema = site.node.value
    if site.dialect.identifiers or value is not True:
        return
    if "type" not in schema and any(keyword in schema for keyword in ("allOf", "anyOf", "oneOf", "not")):
        site.find("nullable-without-effect", "nullable", "`nullable` has no effect without `type` in the same schema")
    elif isinstance(schema.get("enum"), list) and None not in schema["enum"]:
        site.find("nullable-without-effect", "nullable", "`nullable` has no effect while null is not among the values of `enum`")


def enum(site: Site, value: Any) -> None:
    """`enum`, with the values that `type` says were meant."""
    admitted = read_type(site.node.value.get("type"), alone=False).types or ()
    kept = site.read("enum", keywords.read_enum(value, admitted))
    if kept is not NOTHING:
        site.out["enum"] = kept


def plain(keyword: str) -> Rule:
    """A keyword whose lowered value depends on nothing but its value."""
    reader = keywords.READERS[keyword]

    def rule(site: Site, value: Any) -> None:
        read = site.read(keyword, reader(value))
        if read is not NOTHING:
            site.out[keyword] = read

    return rule


def bound(limit: str, exclusive: str) -> Rule:
    """`minimum` or `maximum`: exclusive when the boolean of 3.0 beside it says so."""

    def rule(site: Site, value: Any) -> None:
        read = site.read(limit, keywords.read_number(value))
        if read is not NOTHING:
            site.out[exclusive if as_flag(site.node.value.get(exclusive)) is True else limit] = read

    return rule


def exclusive_bound(limit: str, exclusive: str) -> Rule:
    """`exclusiveMinimum` or `exclusiveMaximum`: a bound of its own in 3.1, a boolean that `bound` reads in 3.0."""

    def rule(site: Site, value: Any) -> None:
        flag = as_flag(value)
        if flag is None:
            read = site.read(exclusive, keywords.read_number(value))
            if read is NOTHING:
                return
            if not site.dialect.identifiers:
                site.foreign(site.node.at(exclusive), f"`{exclusive}` that is a number")
            site.out[exclusive] = read
        elif flag and limit not in site.node.value:
            site.repaired(exclusive, f"has no effect without `{limit}`")
        elif site.dialect.identifiers:
            site.repaired(exclusive, f"is a boolean as in OpenAPI 3.0; it {'makes' if flag else 'does not make'} `{limit}` exclusive")
        elif not isinstance(value, bool):
            site.repaired(exclusive, f"is the text '{value}'; it is read as the boolean")

    return rule


def as_flag(value: Any) -> bool | None:
    """A boolean, also one that was written as text; None for everything else."""
    if isinstance(value, bool):
        return value
    return {"true": True, "false": False}.get(value.strip().lower()) if isinstance(value, str) else None


def _folded(name: str) -> str:
    return name.lower().replace("-", "").replace("_", "").strip()


# Formats by what is left of their names without capitals and hyphens: `dateTime` is not `date-time`.
_FORMATS = {_folded(name): name for name in formats.ENFORCED}


def format_name(site: Site, value: Any) -> None:
    """`format`, where it is one of those that are enforced; see `plan.formats` for how."""
    if not isinstance(value, str):
        if value is not None:
            site.repaired("format", "has to be a name; it has no effect")
        return
    known = formats.ENFORCED.get(value)
    if known is None:
        meant = _FORMATS.get(_folded(value))
        if meant is not None:
            message = f"`format` is {value!r}, which is none that is known; it has no effect"
            site.find("schema-fault", "format", message, hint=f"did you mean '{meant}'?")
        return
    if known.by != "number":
        site.out["format"] = value
        return
    reference = f"{formats.RESOURCE}#/{value}"
    if "$ref" in site.node.value or "$ref" in site.out:
        site.out.setdefault("allOf", []).append({"$ref": reference})
    else:
        site.out["$ref"] = reference


def multiple_of(site: Site, value: Any) -> None:
    """`multipleOf`; a fraction like 0.01 is asked only of numbers that may have one.

    Numbers of 2^53 and more are whole, as doubles, and so multiples of 0.01. Divided exactly, a number of 300 digits would take
    a hundred times as long as others, and a body of them seconds.
    """
    read = site.read("multipleOf", keywords.READERS["multipleOf"](value))
    if read is NOTHING:
        return
    if (1 / Fraction(str(read))).denominator != 1 or read >= 1:
        site.out["multipleOf"] = read
    else:
        small = {"minimum": -_WHOLE, "maximum": _WHOLE}
        site.out.setdefault("allOf", []).append({"if": small, "then": {"multipleOf": read}})


def pattern(site: Site, value: Any) -> None:
    """`pattern`."""
    if value is None:
        site.repaired("pattern", "has no value; nothing is enforced")
    elif not isinstance(value, str):
        site.lost("pattern", "has to be a string; it is not enforced")
    else:
        read = enforceable(site, "pattern", site.node.at("pattern"), value)
        if read is None:
            return
        asked: dict[str, Any] = {"pattern": read.text}
        if read.parts:
            parts = ({"pattern": part.text} for part in read.parts)
            asked = {"allOf": [asks if part.wanted else {"not": asks} for part, asks in zip(read.parts, parts, strict=True)]}
        if read.limit is not None:
            # Not beside it: then the expression would be tried on a text that is too long for it all the same.
            short = {"maxLength": read.limit}
            asked = {"if": short, "then": asked, "else": short}
        if "pattern" in asked:
            site.out |= asked
        else:
            site.out.setdefault("allOf", []).append(asked)


def enforceable(site: Site, keyword: str, place: Node, expression: str) -> Pattern | None:
    """A regular expression as it is enforced; None, reported and marked, when it cannot be."""
    read = read_pattern(expression)
    add = site.run.findings.add
    shown = expression if len(expression) <= 80 else expression[:77] + "..."
    if read.text is None:
        add("pattern-not-enforced", place, f"this is no regular expression of ECMA-262 (JavaScript) that can be enforced: {shown}")
        site.mark(keyword)
        return None
    if read.repaired:
        add(
            "schema-fault",
            place,
            f"this expression is not all ECMA-262 (JavaScript), but of another language: {shown}",
            hint=f"it is read as {read.text}",
        )
    named = keyword == "patternProperties"
    limit = NAME_LIMIT if named else read.limit
    if read.backtracking or (read.parts and named):
        message = f"this expression needs backtracking; texts of more than {limit} characters are refused for it: {shown}"
        hint = "avoid look-around and back-references" if named else "avoid back-references, and look-around but behind `^` and before `$`"
        add("pattern-backtracks", place, message, hint=hint)
    elif read.limit is not None and not _short(site.node.value.get("maxLength"), read.limit):
        message = f"this expression can be slow; texts of more than {limit} characters are refused for it: {shown}"
        add("pattern-costly", place, message, hint=None if named else f"say `maxLength: {limit}` or less beside it")
    return read


def _short(length: Any, limit: int) -> bool:
    return isinstance(length, int) and length <= limit


def required(site: Site, value: Any) -> None:
    """`required`, without the properties that are hidden in this direction."""
    flag = as_flag(value)
    if flag is None:
        names = site.read("required", keywords.read_names(value))
        if names is not NOTHING:
            require(site, names)
        return
    # Draft 3, and the habit of those who know `required: true` from parameters: `applicators.properties` reads it.
    meaning = "this property is required" if flag else "it has no effect"
    if flag and not site.node.pointer.rpartition("/")[0].endswith("/properties"):
        meaning = "it has no effect here"
    site.repaired("required", f"has to be a list of names beside `properties`, not a boolean; {meaning}")


def require(site: Site, names: list[str]) -> None:
    """Require properties, unless they are hidden in this direction."""
    hidden = site.context.relaxed | site.hidden_names() if names else site.context.relaxed
    left = [name for name in names if name not in hidden]
    if left:
        known = site.out.setdefault("required", [])
        known.extend(name for name in left if name not in known)
