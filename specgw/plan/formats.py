"""The formats that are enforced, and how: the one list behind `validate.formats`, for compiler, run time and docs.

JSON Schema makes `format` an annotation unless an implementation says that it asserts it (2020-12 Validation, section
7.2.1). This gateway asserts the formats of the table, each only for values of its own JSON type, and treats every other
name as an annotation. Three ways of checking are used:

- `native`: jsonschema-rs checks it, switched by its `validate_formats`.
- `text`: a function of this module, given to jsonschema-rs as `formats=CHECKS`, switched by `validate_formats` too.
- `number`: jsonschema-rs hands only strings to format checks, so the compiler writes a `$ref` into the resource
  `RESOURCE` next to the format, and `resources(enforced)` fills that resource with the ranges or with schemas that
  accept everything. A Plan holds the enforced one; where `validate.formats` is false the run time replaces it:
  `{**plan.schemas, **formats.resources(False)}`.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

RESOURCE = "format:/numbers"
"""URI of the resource that holds the ranges of numeric formats."""


@dataclass(frozen=True, slots=True)
class Format:
    """One enforced format: the JSON type it speaks of, where it is defined, and what is checked."""

    name: str
    type: Literal["string", "number"]
    by: Literal["native", "text", "number"]
    source: str
    checks: str


_RFC3339 = "RFC 3339 section 5.6"
_REGISTRY = "OpenAPI format registry"

FORMATS: tuple[Format, ...] = (
    Format("date", "string", "native", _RFC3339, "a full date that exists, `2024-02-29`"),
    Format("date-time", "string", "native", _RFC3339, "date, `T`, time and offset, `2024-02-29T12:00:00Z`"),
    Format("time", "string", "native", _RFC3339, "a time with offset, `12:00:00Z`"),
    Format("duration", "string", "native", "RFC 3339 appendix A", "an ISO 8601 duration, `P3DT12H`"),
    Format("email", "string", "native", "RFC 5321 section 4.1.2", "an address"),
    Format("idn-email", "string", "native", "RFC 6531", "an address that may hold non-ASCII characters"),
    Format("hostname", "string", "native", "RFC 1123 section 2.1", "a host name in ASCII, punycode included"),
    Format("idn-hostname", "string", "native", "RFC 5890 section 2.3.2.3", "a host name that may hold non-ASCII characters"),
    Format("ipv4", "string", "native", "RFC 2673 section 3.2", "a dotted quad"),
    Format("ipv6", "string", "native", "RFC 4291 section 2.2", "an address without zone"),
    Format("uri", "string", "native", "RFC 3986", "an absolute URI, with a scheme"),
    Format("uri-reference", "string", "native", "RFC 3986 section 4.1", "a URI or a relative reference"),
    Format("iri", "string", "native", "RFC 3987", "an absolute IRI"),
    Format("iri-reference", "string", "native", "RFC 3987", "an IRI or a relative reference"),
    Format("uri-template", "string", "native", "RFC 6570", "a URI template"),
    Format("uuid", "string", "native", "RFC 4122", "a UUID of any version, with hyphens"),
    Format("json-pointer", "string", "native", "RFC 6901 section 5", "a JSON pointer"),
    Format("relative-json-pointer", "string", "native", "Relative JSON Pointers", "a relative JSON pointer"),
    Format("regex", "string", "native", "ECMA-262", "a regular expression"),
    Format("byte", "string", "text", "RFC 4648 section 4", "base64 with its padding and without line breaks"),
    Format("base64url", "string", "text", "RFC 4648 section 5", "base64 in the URL alphabet, padding optional"),
    Format("int8", "number", "number", _REGISTRY, "an integer from -128 to 127"),
    Format("int16", "number", "number", _REGISTRY, "an integer from -2^15 to 2^15-1"),
    Format("int32", "number", "number", _REGISTRY, "an integer from -2^31 to 2^31-1"),
    Format("int64", "number", "number", _REGISTRY, "an integer from -2^63 to 2^63-1"),
    Format("uint8", "number", "number", _REGISTRY, "an integer from 0 to 255"),
    Format("uint16", "number", "number", _REGISTRY, "an integer from 0 to 2^16-1"),
    Format("uint32", "number", "number", _REGISTRY, "an integer from 0 to 2^32-1"),
    Format("uint64", "number", "number", _REGISTRY, "an integer from 0 to 2^64-1"),
    Format("double-int", "number", "number", _REGISTRY, "an integer from -(2^53-1) to 2^53-1"),
    Format("float", "number", "number", _REGISTRY, "a number within the range of IEEE 754 binary32"),
    Format("double", "number", "number", _REGISTRY, "a number within the range of IEEE 754 binary64"),
)

ENFORCED: dict[str, Format] = {entry.name: entry for entry in FORMATS}


def _integers(low: int, high: int) -> dict[str, Any]:
    return {"minimum": low, "maximum": high, "multipleOf": 1}


_BINARY32 = (2 - 2**-23) * 2.0**127
_BINARY64 = (2 - 2**-52) * 2.0**1023

RANGES: dict[str, dict[str, Any]] = {
    **{f"int{bits}": _integers(-(2 ** (bits - 1)), 2 ** (bits - 1) - 1) for bits in (8, 16, 32, 64)},
    **{f"uint{bits}": _integers(0, 2**bits - 1) for bits in (8, 16, 32, 64)},
    "double-int": _integers(-(2**53 - 1), 2**53 - 1),
    "float": {"minimum": -_BINARY32, "maximum": _BINARY32},
    "double": {"minimum": -_BINARY64, "maximum": _BINARY64},
}
"""What the numeric formats mean, in words that every reader of schemas knows."""


def resources(enforced: bool) -> dict[str, Any]:
    """The resource `RESOURCE` with the ranges of the numeric formats, or with schemas that accept everything."""
    return {RESOURCE: {name: dict(limits) if enforced else {} for name, limits in sorted(RANGES.items())}}


_BYTE = re.compile(r"(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?", re.ASCII)
_BASE64URL = re.compile(r"(?:[A-Za-z0-9_-]{4})*(?:[A-Za-z0-9_-]{2}(?:==)?|[A-Za-z0-9_-]{3}=?)?", re.ASCII)

CHECKS: dict[str, Callable[[str], bool]] = {
    "base64url": lambda text: _BASE64URL.fullmatch(text) is not None,
    "byte": lambda text: _BYTE.fullmatch(text) is not None,
}
"""What jsonschema-rs takes as `formats=`: the checks of `text` formats by name."""
