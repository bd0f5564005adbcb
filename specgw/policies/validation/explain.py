"""Why a value is invalid, in plain words: the errors of a validator as `Violation`s.

Only called when a value was refused. Messages say what was expected; they are made from the schema and never hold
the submitted value, wherever it stands.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from jsonschema_rs import ValidationError

from specgw.policies.validation.escapes import escaped
from specgw.policies.validation.sampling import errors
from specgw.policies.validation.validators import Validator
from specgw.problems import Violation

MAX_VIOLATIONS = 100
"""How many violations one answer lists."""

_MAX_OPTIONS = 20
_MAX_NAME = 64


def explain(validator: Validator, value: Any, location: str, name: str | None = None, *, pointer: str = "") -> list[Violation]:
    """Every way in which the value breaks the schema; never empty, at most `MAX_VIOLATIONS` + 1.

    `pointer` is where the value stands inside the parameter or body that `location` and `name` speak of.
    """
    found: list[Violation] = []
    for error, actual in errors(validator, value):
        for reason in _reasons(error, validator):
            violation = Violation(
                location=location,
                name=name,
                pointer=pointer + "".join(f"/{escaped(part)}" for part in actual(reason.instance_path)),
                keyword=_keyword(reason),
                message=_message(reason),
            )
            if violation not in found:
                found.append(violation)
        if len(found) > MAX_VIOLATIONS:
            break
    if not found:
        # The value is so large that nothing can be said for certain about its first members.
        found.append(Violation(location=location, name=name, pointer=pointer, keyword="schema", message="must match its schema"))
    return found


def _reasons(error: ValidationError, validator: Validator) -> Iterator[ValidationError]:
    """The error itself, or for `anyOf` and `oneOf` the errors of the alternative that was most likely meant."""
    if error.kind.name in ("anyOf", "oneOf"):
        branches = getattr(error.kind, "context", None) or []
        said = validator.alternative(error)
        # What a discriminator says is what was meant, unless that one is right, and others are, too.
        branch = branches[said] if said is not None and said < len(branches) and branches[said] else None
        if branch is None:
            branch = _likely(branches, len(error.instance_path))
        if branch is not None:
            for inner in branch:
                yield from _reasons(inner, validator)
            return
    yield error


def _likely(branches: Sequence[Sequence[ValidationError]], level: int) -> Sequence[ValidationError] | None:
    """The one alternative that the value comes closest to; None when several are equally close.

    An alternative of another type is far, one whose constant member (what a discriminator points at) differs is less
    far, and among the rest the one with the fewest errors is closest.
    """
    if any(not branch for branch in branches):
        return None  # an alternative holds: more than one matched
    ranked = sorted((_distance(branch, level), index) for index, branch in enumerate(branches))
    if not ranked or (len(ranked) > 1 and ranked[0][0] == ranked[1][0]):
        return None
    best, index = ranked[0]
    return None if best[0] == 2 else branches[index]


def _distance(branch: Sequence[ValidationError], level: int) -> tuple[int, int]:
    far = 0
    for error in branch:
        keyword = error.kind.name
        depth = len(error.instance_path) - level
        if depth == 0 and keyword in ("type", "const", "enum", "falseSchema"):
            far = 2
        elif depth == 1 and keyword in ("const", "enum"):
            far = max(far, 1)
    return far, len(branch)


# What reports itself as another keyword, or as a false schema: the schema path has the keyword as it was written.
_AS_WRITTEN = frozenset(
    (
        "additionalProperties",
        "unevaluatedProperties",
        "unevaluatedItems",
        "items",
        "propertyNames",
        "dependentRequired",
        "minContains",
        "maxContains",
    )
)


def _keyword(error: ValidationError) -> str:
    last = error.schema_path[-1] if error.schema_path else None
    if last in _AS_WRITTEN:
        return str(last)
    return "not" if error.kind.name == "falseSchema" else error.kind.name


def _article(word: str) -> str:
    return f"an {word}" if word[0] in "aeio" else f"a {word}"


def _type(kind: Any) -> str:
    types = list(kind.types)
    if types == ["null"]:
        return "must be null"
    if len(types) == 1:
        return f"must be {_article(types[0])}"
    return "must be one of these types: " + ", ".join(sorted(types))


def _literal(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, default=str)


def _enum(kind: Any) -> str:
    options = [_literal(option) for option in kind.options]
    more = f" and {len(options) - _MAX_OPTIONS} more" if len(options) > _MAX_OPTIONS else ""
    return f"must be one of {', '.join(options[:_MAX_OPTIONS])}{more}"


def _names(names: Sequence[str]) -> str:
    shown = ", ".join(f"'{name[:_MAX_NAME]}'" for name in names[:_MAX_OPTIONS])
    return f"{shown} and {len(names) - _MAX_OPTIONS} more" if len(names) > _MAX_OPTIONS else shown


def _unexpected(kind: Any) -> str:
    return f"must not have the undeclared {'properties' if len(kind.unexpected) > 1 else 'property'} {_names(kind.unexpected)}"


def _not(kind: Any) -> str:
    match getattr(kind, "schema", None):
        case {"pattern": str(pattern), **more} if not more:
            return f"must not match the pattern {pattern}"
    return "must not match the schema under `not`"


def _any_of(kind: Any) -> str:
    if all(len(branch) == 1 and branch[0].kind.name == "type" for branch in kind.context):
        return "must be one of these types: " + ", ".join(sorted({name for [error] in kind.context for name in error.kind.types}))
    return f"must match at least one of {_count(len(kind.context), 'alternative')}"


def _count(number: int, thing: str) -> str:
    plural = thing[:-1] + "ies" if thing.endswith("y") else thing + "s"
    return f"{number} {thing if number == 1 else plural}"


_MESSAGES: dict[str, Callable[[Any], str]] = {
    "additionalItems": lambda kind: f"must have at most {_count(kind.limit, 'item')}",
    "additionalProperties": _unexpected,
    "anyOf": _any_of,
    "const": lambda kind: f"must be {_literal(kind.expected_value)}",
    "contains": lambda kind: "must contain the items that the schema asks for",
    "contentEncoding": lambda kind: f"must be encoded as {kind.content_encoding}",
    "contentMediaType": lambda kind: f"must hold {kind.content_media_type}",
    "enum": _enum,
    "exclusiveMaximum": lambda kind: f"must be less than {kind.limit}",
    "exclusiveMinimum": lambda kind: f"must be greater than {kind.limit}",
    "falseSchema": lambda kind: "is not allowed here",
    "format": lambda kind: f"must have the format '{kind.format}'",
    "maxItems": lambda kind: f"must have at most {_count(kind.limit, 'item')}",
    "maximum": lambda kind: f"must be at most {kind.limit}",
    "maxLength": lambda kind: f"must have at most {_count(kind.limit, 'character')}",
    "maxProperties": lambda kind: f"must have at most {_count(kind.limit, 'property')}",
    "minItems": lambda kind: f"must have at least {_count(kind.limit, 'item')}",
    "minimum": lambda kind: f"must be at least {kind.limit}",
    "minLength": lambda kind: f"must have at least {_count(kind.limit, 'character')}",
    "minProperties": lambda kind: f"must have at least {_count(kind.limit, 'property')}",
    "multipleOf": lambda kind: "must be a whole number" if kind.multiple_of == 1 else f"must be a multiple of {kind.multiple_of}",
    "not": _not,
    "required": lambda kind: f"must have the property '{kind.property}'",
    "type": _type,
    "unevaluatedItems": lambda kind: "must not have items that no schema describes",
    "unevaluatedProperties": _unexpected,
    "uniqueItems": lambda kind: "must not have equal items",
}


def _message(error: ValidationError) -> str:
    kind: Any = error.kind
    name = kind.name
    if name == "falseSchema" and _keyword(error) in ("additionalProperties", "unevaluatedProperties"):
        return "must not have undeclared properties"
    if name == "pattern":
        # The same keyword stands for a pattern that gave up at its backtracking limit.
        return f"must match the pattern {kind.pattern}" if hasattr(kind, "pattern") else "takes too long to match against its pattern"
    if name == "oneOf":
        if any(not branch for branch in kind.context):
            return f"must match exactly one of {_count(len(kind.context), 'alternative')}, and matches more"
        return f"must match exactly one of {_count(len(kind.context), 'alternative')}"
    if name == "propertyNames":
        return f"must have other property names: each {_message(kind.error)}"
    say = _MESSAGES.get(name)
    return say(kind) if say is not None else f"must satisfy `{name}`"
