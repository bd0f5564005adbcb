"""Keywords of one schema that contradict each other, so that nothing, or no object, array or text, is ever valid.

JSON Schema allows such schemas, and they are enforced as they stand. Nobody writes one on purpose outside of `not`,
though: a misspelt name under `required` refuses every request.
"""

from __future__ import annotations

from typing import Any

from specgw.diagnostics import closest
from specgw.openapi.keywords import type_of
from specgw.openapi.sites import Site

# Lower and upper limit, and what has to lie between them.
_LIMITS = (
    ("minimum", "maximum", "number"),
    ("minLength", "maxLength", "text"),
    ("minItems", "maxItems", "array"),
    ("minProperties", "maxProperties", "object"),
)


def report(site: Site) -> None:
    """Report what contradicts itself in a schema that was lowered."""
    if site.context.strict or not site.dropped.isdisjoint(("type", "enum", "properties")):
        return
    lowered = site.out
    for least, most, what in _LIMITS:
        if least in lowered and most in lowered and lowered[least] > lowered[most]:
            _found(site, least, f"no {what} is valid: `{least}` is above `{most}`")
    if "enum" in lowered and "type" in lowered:
        _enum(site, lowered["enum"], lowered["type"])
    if lowered.get("additionalProperties") is False and "required" in lowered and "patternProperties" not in lowered:
        _required(site, lowered["required"], lowered.get("properties", {}))


def _enum(site: Site, values: list[Any], types: str | list[str]) -> None:
    admitted = {types} if isinstance(types, str) else set(types)
    if "number" in admitted:
        admitted.add("integer")
    if admitted.isdisjoint(map(type_of, values)):
        _found(site, "enum", f"nothing is valid: no value of `enum` has the type {' or '.join(map(repr, sorted(admitted)))}")


def _required(site: Site, required: list[str], properties: dict[str, Any]) -> None:
    for name in required:
        if name not in properties:
            message = f"no object is valid: `required` asks for '{name}', which `additionalProperties: false` refuses"
            close = closest(name, properties.keys() - set(required))
            _found(site, "required", message, None if close is None else f"did you mean '{close}'?")


def _found(site: Site, keyword: str, message: str, hint: str | None = None) -> None:
    site.find("contradiction", keyword, message, hint=hint)
