"""The two dialects of schemas: OpenAPI 3.0's Schema Object, and JSON Schema 2020-12 as OpenAPI 3.1 and 3.2 use it.

A document of one version is full of the other's words. Which keywords a dialect has is told here, so that a word of the
other is found and reported; it is enforced all the same, since its meaning is plain.

One rule is that of 2020-12 for both: a number with a zero fraction is an integer. The draft behind 3.0 (Wright 00, section
4.2) has it as "a JSON number without a fraction or exponent part", which JSON itself does not tell apart.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from specgw.diagnostics import closest, did_you_mean
from specgw.openapi.keywords import NOTHING, KeywordReading

TYPES = ("null", "boolean", "integer", "number", "string", "array", "object")
"""The type names of JSON Schema, in the order in which this package lists them."""

# Type names of other languages and of Swagger 2.0, and what they plainly mean: (JSON type, implied format).
_OTHER_NAMES: dict[str, tuple[str, str | None]] = {
    "int": ("integer", None),
    "int32": ("integer", "int32"),
    "int64": ("integer", "int64"),
    "long": ("integer", "int64"),
    "float": ("number", None),
    "double": ("number", None),
    "decimal": ("number", None),
    "numeric": ("number", None),
    "bool": ("boolean", None),
    "str": ("string", None),
    "text": ("string", None),
    "char": ("string", None),
    "password": ("string", None),
    "file": ("string", None),
    "binary": ("string", None),
    "byte": ("string", "byte"),
    "uuid": ("string", "uuid"),
    "email": ("string", "email"),
    "uri": ("string", "uri"),
    "date": ("string", "date"),
    "datetime": ("string", "date-time"),
    "date-time": ("string", "date-time"),
    "enum": ("string", None),
    "list": ("array", None),
    "dict": ("object", None),
    "map": ("object", None),
    "hash": ("object", None),
    "json": ("object", None),
    "none": ("null", None),
    "nil": ("null", None),
}

# Keywords that assert something and that OpenAPI 3.0's Schema Object has.
_BOTH = frozenset(
    (
        *("$ref", "type", "enum", "multipleOf", "maximum", "exclusiveMaximum", "minimum", "exclusiveMinimum", "maxLength", "minLength"),
        *("pattern", "maxItems", "minItems", "uniqueItems", "maxProperties", "minProperties", "required", "allOf", "oneOf", "anyOf", "not"),
        *("items", "properties", "additionalProperties", "format"),
    )
)
_ONLY_31 = frozenset(
    (
        *("const", "if", "then", "else", "dependentRequired", "dependentSchemas", "patternProperties", "propertyNames", "contains"),
        *("minContains", "maxContains", "prefixItems", "unevaluatedItems", "unevaluatedProperties"),
    )
)
BEFORE = frozenset(("dependencies", "additionalItems", "$recursiveRef"))
"""Asserting keywords of older drafts that have another name in 2020-12."""

ASSERTING = _BOTH | _ONLY_31 | BEFORE | {"$dynamicRef"}
"""Every keyword that the lowering reads: what stands beside them is annotation or unknown."""

NARROWING = ("enum", "const", "allOf", "anyOf", "oneOf", "not", "$ref", "if", "$dynamicRef", "$recursiveRef")
"""Keywords that may refuse null although the `type` beside them admits it."""

_ANNOTATIONS = frozenset(
    (
        *("title", "description", "default", "example", "examples", "deprecated", "readOnly", "writeOnly", "nullable", "discriminator"),
        *("xml", "externalDocs", "$comment", "$defs", "definitions", "$id", "id", "$schema", "$anchor", "$dynamicAnchor", "$vocabulary"),
        *("$recursiveAnchor", "contentEncoding", "contentMediaType", "contentSchema"),
    )
)

# `jsonSchemaDialect` and `$schema` values that mean JSON Schema 2020-12 with OpenAPI's annotations.
_KNOWN_DIALECTS = (
    "https://json-schema.org/draft/2020-12/schema",
    "https://spec.openapis.org/oas/3.1/dialect/",
    "https://spec.openapis.org/oas/3.1/schema-base/",
    "https://spec.openapis.org/oas/3.2/dialect/",
    "https://spec.openapis.org/oas/3.2/schema-base/",
)


@dataclass(frozen=True, slots=True)
class Dialect:
    """What differs between the versions in how a schema is read."""

    version: str
    reference_siblings: bool
    """Whether keywords beside `$ref` apply; OpenAPI 3.0: "any properties added SHALL be ignored"."""
    identifiers: bool
    """Whether `$id`, `$anchor`, `$dynamicRef` mean anything."""
    read_only_optional: bool
    """Whether a required property that is readOnly is required in responses only; in 3.1 readOnly is an annotation."""
    foreign: frozenset[str]
    """Asserting keywords that belong to other dialects."""


OPENAPI_30 = Dialect("3.0", reference_siblings=False, identifiers=False, read_only_optional=True, foreign=_ONLY_31 | BEFORE)
OPENAPI_31 = Dialect("3.1", reference_siblings=True, identifiers=True, read_only_optional=False, foreign=BEFORE)
OPENAPI_32 = Dialect("3.2", reference_siblings=True, identifiers=True, read_only_optional=False, foreign=BEFORE)


def dialect_of(version: str) -> Dialect:
    """The dialect of an OpenAPI version as `Document.version` has it."""
    return OPENAPI_30 if version == "3.0" else OPENAPI_32 if version == "3.2" else OPENAPI_31


def known_dialect(uri: Any) -> bool:
    """Whether a `$schema` or `jsonSchemaDialect` names a dialect that is enforced exactly."""
    return isinstance(uri, str) and uri.rstrip("#").startswith(_KNOWN_DIALECTS)


@lru_cache(maxsize=4096)
def misspelt(key: str) -> str | None:
    """The asserting keyword that an unknown key of a schema looks like, or None."""
    if key in ASSERTING or key in _ANNOTATIONS or key.startswith("x-"):
        return None
    folded = {word.lower(): word for word in ASSERTING}
    if key.lower() in folded:
        return folded[key.lower()]
    return closest(key, ASSERTING, likeness=0.87)


@dataclass(frozen=True, slots=True)
class TypeReading:
    """The types that `type` admits, or None when nothing is enforced, and the format that its name implied."""

    types: tuple[str, ...] | None
    format: str | None
    reading: KeywordReading


def read_type(value: Any, *, alone: bool) -> TypeReading:
    """Read `type`: names of JSON types, one or a list. `alone`: the schema says nothing else that YAML's null could hide."""
    if value is None:
        if alone:
            return TypeReading(("null",), None, KeywordReading(["null"], "is null, without quotes; it is read as the type 'null'"))
        return TypeReading(None, None, KeywordReading(NOTHING, "has no value; nothing is enforced"))
    names = value if isinstance(value, list) else [value]
    if not names:
        return _no_type("lists no type; it is not enforced")
    types: list[str] = []
    fault: str | None = None
    implied: str | None = None
    for name in names:
        known = name if name in TYPES else None if isinstance(name, list | dict) else _meant(name)
        if known is None and isinstance(name, str):
            return _no_type(f"names the unknown type '{name}'; it is not enforced", did_you_mean(name.lower(), TYPES))
        if known is None:
            return _no_type("has to be a type name or a list of them; it is not enforced")
        if known == "any":
            return TypeReading(None, None, KeywordReading(NOTHING, f"is '{name}', which is no type; every type is accepted"))
        if isinstance(known, tuple):
            said = "null, without quotes" if name is None else f"'{name}'"
            fault = fault or f"{'lists' if isinstance(value, list) else 'is'} {said}; it is read as '{known[0]}'"
            known, implied = known[0], known[1] or implied
        if known in types:
            fault = fault or f"lists '{known}' twice"
        else:
            types.append(known)
    return TypeReading(tuple(types), implied, KeywordReading(types, fault))


def _no_type(fault: str, hint: str | None = None) -> TypeReading:
    return TypeReading(None, None, KeywordReading(NOTHING, fault, lost=True, hint=hint))


def _meant(name: Any) -> tuple[str, str | None] | str | None:
    """What a name that is no JSON type plainly means: a type with a format, "any", or None."""
    if name is None:
        return "null", None
    if not isinstance(name, str):
        return None
    folded = name.strip().lower()
    if folded in TYPES:
        return folded, None
    return "any" if folded in ("any", "mixed", "*") else _OTHER_NAMES.get(folded)
