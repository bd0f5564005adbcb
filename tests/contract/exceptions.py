"""What schemathesis reports of sandboxes that keep to their documents: the reasons, and the published documents that show them.

Each reason has a rule of the specifications on the gateway's side (`test_disagreements.py`, request by request), an operation that makes
schemathesis report it (`documents/disagreements.yaml`: where it no longer does, `test_exceptions.py` fails), and how its failures look.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from tests.contract.verdict import Failure

FORM = r"(?s:.*)(?:multipart/form-data|x-www-form-urlencoded)"
UNKNOWN = r"/properties/(?:binary|blob|html|json|password|string|unknown-format|url)\b"
"""The properties whose formats have no grammar, in the documents that show what is done with them."""


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a failure is none of the gateway's."""

    schemathesis: str
    """What it does."""
    rule: str
    signs: dict[str, str]
    """By schemathesis' code of the failure, what its text holds: a regular expression."""

    def explains(self, failure: Failure) -> bool:
        """Whether a failure is of this kind."""
        sign = self.signs.get(failure.code)
        return sign is not None and re.search(sign, failure.text) is not None


REASONS = {
    "discriminator": Reason(
        "lets `discriminator` decide what a `oneOf` admits",
        "it never changes the verdict (3.1.1, Discriminator Object)",
        {"ST202": r'"keyword":"oneOf"', "ST201": r"Invalid component: in body - (?s:.*)Content-Type: application/json"},
    ),
    "nesting": Reason(
        "writes arrays and objects inside of parameters as Python writes them, or with further brackets",
        "no style says how they nest",
        {"ST202": r'"in":"(?:header|path|query)","message":"(?:must be|must have|is nested)'},
    ),
    "names-alone": Reason(
        "sends the names of an object in `pipeDelimited` and `spaceDelimited`, without the values",
        "names and values stand in turn",
        {"ST202": r'"in":"query","message":"must be given only once"'},
    ),
    "commas": Reason(
        "percent-encodes the commas between names and values, or holds a name of no characters to be none",
        'values are split before decoding (3.2.0, appendix C); `""` is a name',
        {"ST202": r'"in":"query","message":"must have property names', "ST201": r"parameter `\w+` in path - incorrect type"},
    ),
    "label-dots": Reason(
        "puts a dot into a value of an exploded `label`",
        "dots stand between the properties (RFC 6570 section 3.2.5)",
        {"ST202": r'"in":"path","message":"must be written as property=value'},
    ),
    "form-text": Reason(
        "holds a value of a form to be no string, or no array, because it began as something else",
        "what arrives is text, and one value is an exploded array of one item",
        {"ST201": rf"Invalid component: in body(?s:.*?)type{FORM}"},
    ),
    "form-none": Reason(
        "sends nothing for an array of a form that is required and empty",
        "what is required has to be there",
        {"ST202": rf'(?:"keyword":"required"|<EMPTY>){FORM}'},
    ),
    "part-names": Reason(
        "writes control characters and backslashes into the names of parts",
        "a field value has none of the first (RFC 9110 section 5.5); a backslash hides what follows (5.6.4), or means itself in browsers",
        {"ST202": r"has a part with a malformed header field"},
    ),
    "part-style": Reason(
        "writes JSON in a part whose encoding has a `style`",
        "then contentType is ignored (3.1.1, Encoding Object)",
        {"ST202": rf'"in":"body"(?s:.*)"keyword":"style"{FORM}'},
    ),
    "no-body": Reason(
        "wants a form without fields, or XML without elements, refused, though no body is required",
        "no bytes are no body (RFC 9110 section 8.6), and `required` is false unless it is said",
        {"ST201": r"Invalid component: (?:in body - violates|Missing required property)(?s:.*)curl -X \w+ (?:-H '[^']*' )*http"},
    ),
    "no-text": Reason(
        "sends no bytes as a text that may be empty",
        "a required body has to be there",
        {"ST202": r"curl -X \w+ -H 'Content-Type: text/plain' http"},
    ),
    "cookies": Reason(
        "wants cookies refused that the document does not have",
        "a parameter is declared by itself; nothing closes the list",
        {"ST201": r"in cookie - object with unexpected properties"},
    ),
    "cookie-escapes": Reason(
        "writes a `%` into a cookie as it is",
        "`style: form` percent-encodes (RFC 6570 section 3.2.8), and what is no UTF-8 then has no reading that everybody shares",
        {"ST202": r'"in":"cookie","message":"has percent-escapes'},
    ),
    "unknown-format": Reason(
        "wants text refused that breaks a format such as `json`, `html` or `binary`",
        "a format for which no specification has a grammar asserts nothing (2020-12 Validation, section 7.2.3)",
        {"ST201": rf"(?s:in body(?!.*violates `format` at (?!{UNKNOWN})).*violates `format`)"},
    ),
    "authorization": Reason(
        "wants a required header parameter `Authorization` enforced",
        "parameters of this name are ignored",
        {"ST203": r"missing required 'Authorization' header", "ST201": r"Missing `Authorization` at header"},
    ),
    "pattern": Reason(
        "sends an empty text where it has no example of a pattern",
        "the pattern has to match",
        {"ST202": r'"keyword":"pattern"'},
    ),
    "impossible": Reason(
        "reports an `allOf` of a string and an integer",
        "nothing is valid there, and everything is refused",
        {"error": r"conflicts with"},
    ),
    "own-example": Reason(
        "reports an example of the document that breaks its own schema, and is answered as it stands",
        "`example-invalid` tells the author; clients get what the author wrote",
        {"ST108": r'"cvc": ?123'},
    ),
    "kept-json": Reason(
        "looks for what a form or XML created in a sandbox that keeps what is created",
        "it keeps what is created as JSON ([sandbox](sandbox.md#what-was-created)); other bodies are answered from the document",
        {"ST302": rf"{FORM}|Reproduce with:\s+curl -X POST (?:-H '[^']*' )*-H 'Content-Type: application/xml'"},
    ),
}

EXCEPTIONS: dict[str, tuple[str, ...]] = {
    "3.0-circular-paths": ("nesting",),
    "3.0-discriminators": ("discriminator",),
    "3.0-file-uploads": ("form-text", "part-names"),
    "3.0-form-data": ("no-body",),
    "3.0-parameters-cookies": ("cookie-escapes",),
    "3.0-parameters-extreme": ("cookies",),
    "3.0-parameters-style": ("nesting", "names-alone", "commas", "form-text", "part-names"),
    "3.0-polymorphism": ("discriminator",),
    "3.0-request-examples": ("no-text", "no-body"),
    "3.0-schema-circular": ("authorization",),
    "3.0-schema-encoding-style": ("form-text",),
    "3.0-schema-types": ("impossible", "unknown-format"),
    "3.0-schema-validation": ("pattern",),
    "3.1-parameters-style": ("nesting", "names-alone", "commas", "form-text", "part-names", "part-style"),
    "3.1-schema-encoding-style": ("form-text",),
    "3.1-schema-types": ("impossible", "unknown-format"),
    "3.1-train-travel": ("own-example",),
    "petstore3": ("form-text", "form-none", "no-body", "kept-json"),
    "v3.0-uspto": ("no-body",),
}
"""By document; what a document is not listed with is a failure, and what it is listed with has to come with the fixed seeds."""

RARE: dict[str, tuple[str, ...]] = {
    "3.0-parameters-style": ("cookie-escapes",),
    "3.1-parameters-style": ("cookie-escapes",),
    "3.0-schema-encoding-style": ("part-names",),
    "3.1-schema-encoding-style": ("part-names",),
}
"""What came with other seeds alone."""

EMPTY = {"3.1-webhooks": "no operation", "v3.1-webhook-example": "no operation"}
"""Documents without anything to ask, and why."""


def sorted_out(document: str, failures: Iterable[Failure]) -> tuple[list[Failure], list[str]]:
    """The failures that no exception of the document explains, and the reasons that explain the others."""
    listed = (*EXCEPTIONS.get(document, ()), *RARE.get(document, ()))
    left: list[Failure] = []
    shown: set[str] = set()
    for failure in failures:
        reasons = [reason for reason in listed if REASONS[reason].explains(failure)]
        shown.update(reasons)
        if not reasons:
            left.append(failure)
    return left, sorted(shown)
