"""The parameters of an operation, each made into one check at activation.

A check takes the raw text and returns None, or what is wrong with it. Absent parameters, unknown query parameters and
fields that belong together (exploded objects, `deepObject`) are dealt with by `Query`, `Cookies` and `HeaderFields`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from specgw.http import parse_media_type
from specgw.plan.model import Parameter
from specgw.policies.validation import strict_json
from specgw.policies.validation.escapes import Malformed, cookie, form, percent, plain
from specgw.policies.validation.explain import explain
from specgw.policies.validation.scalars import Form, Readings
from specgw.policies.validation.styles import Decode, Deep, Exploded, Fields, label, matrix, named, simple
from specgw.policies.validation.validators import Validators
from specgw.problems import Violation

Wrong = list[Violation] | None
"""What a check found: None when everything is right, so that the ordinary case makes no list."""

TextCheck = Callable[[str], Wrong]
FieldCheck = Callable[[str | list[str]], Wrong]

_DECODE: dict[str, Decode] = {"path": percent, "query": form, "cookie": cookie, "header": plain}


class Judge:
    """Decides about the readings of one parameter: right when one of them is valid."""

    __slots__ = ("_accepts", "_location", "_name", "_validator")

    def __init__(self, parameter: Parameter, validators: Validators, *, formats: bool) -> None:
        self._validator = None if parameter.schema is None else validators.get(parameter.schema, formats=formats)
        self._accepts = _anything if self._validator is None else self._validator.is_valid
        self._location = parameter.location
        self._name = parameter.name

    def checking(self, parameter: Parameter, max_depth: int) -> Callable[[Any], Wrong]:
        """The check that reads the raw value of a parameter with a single name and judges its readings."""
        read = reader(parameter, max_depth)
        accepts, explain_all, malformed_as = self._accepts, self.explain, self.malformed

        def check(raw: Any) -> Wrong:
            try:
                readings = read(raw)
            except Malformed as malformed:
                return malformed_as(malformed)
            for value in readings:
                if accepts(value):
                    return None
            return explain_all(readings)

        return self._quick(parameter, check)

    def _quick(self, parameter: Parameter, check: Callable[[Any], Wrong]) -> Callable[[Any], Wrong]:
        """A short way in front of a check, for the plain values that most requests carry; the rest takes the long way."""
        accepts = self._accepts
        types = frozenset(parameter.shape.types)
        if parameter.media_type is not None or parameter.style not in ("simple", "form"):
            return check
        if types and types <= {"integer", "number"}:

            def check_number(raw: Any) -> Wrong:
                # Up to 18 digits without a leading zero; isdigit alone would let other scripts pass.
                plain_digits = type(raw) is str and raw.isdigit() and raw.isascii() and len(raw) < 19 and (raw[0] != "0" or raw == "0")
                return None if plain_digits and accepts(int(raw)) else check(raw)

            return check_number
        if types == {"string"} and parameter.location != "header":

            def check_string(raw: Any) -> Wrong:
                if type(raw) is str and "%" not in raw and "+" not in raw and accepts(raw):
                    return None
                return check(raw)

            return check_string
        return check

    def judge(self, readings: Readings) -> Wrong:
        """None when one of the readings is valid."""
        if any(self._accepts(value) for value in readings):
            return None
        return self.explain(readings)

    def explain(self, readings: Readings) -> list[Violation]:
        """Why the most specific reading is invalid."""
        assert self._validator is not None, "without a schema every reading is accepted"
        return explain(self._validator, readings[0], self._location, self._name)

    def malformed(self, malformed: Malformed) -> list[Violation]:
        """What is told of a value that cannot be read."""
        return [Violation(self._location, malformed.message, malformed.keyword, self._name, malformed.pointer)]


def missing(parameter: Parameter) -> Violation:
    """The violation of a required parameter that is not there."""
    return Violation(parameter.location, "is required", "required", parameter.name)


def reader(parameter: Parameter, max_depth: int) -> Callable[[Any], Readings]:
    """How the raw value of a parameter with a single name is read."""
    if parameter.media_type is not None:
        return _content(parameter, max_depth)
    shape = Form(parameter.shape)
    if parameter.style == "label":
        return label(shape, explode=parameter.explode)
    if parameter.style == "matrix":
        return matrix(shape, parameter.name, explode=parameter.explode)
    if parameter.style == "simple":
        return simple(shape, _decode(parameter), explode=parameter.explode)
    return named(shape, _decode(parameter), parameter.style, explode=parameter.explode)


def _exploded(parameter: Parameter) -> bool:
    """Whether a value is an object whose properties are fields of their own."""
    return parameter.style in ("form", "cookie") and parameter.explode and "object" in parameter.shape.types


def _decode(parameter: Parameter) -> Decode:
    # OpenAPI 3.2: of a cookie in the style of that name, "any apparent percent-encoding MUST NOT be decoded".
    return plain if parameter.style == "cookie" else _DECODE[parameter.location]


def _content(parameter: Parameter, max_depth: int) -> Callable[[Any], Readings]:
    """A `content` parameter: its decoded text is a document of the media type, JSON or plain text."""
    decode = _DECODE[parameter.location]
    media = parse_media_type(parameter.media_type or "")
    json = media is not None and media.json
    scalar = Form(parameter.shape).scalar

    def read(raw: str | list[str]) -> Readings:
        if not isinstance(raw, str):
            raise Malformed("style", "must be given only once")
        text = decode(raw)
        if not json:
            return scalar(text)
        try:
            return (strict_json.read(text.encode("utf-8"), max_depth),)
        except strict_json.Unreadable as unreadable:
            raise Malformed("syntax", str(unreadable)) from None

    return read


class PathValues:
    """The path parameters: always there once the path matched."""

    __slots__ = ("_checks",)

    def __init__(self, parameters: Iterable[Parameter], validators: Validators, *, formats: bool, max_depth: int) -> None:
        self._checks: tuple[tuple[str, TextCheck], ...] = tuple(
            (parameter.name, Judge(parameter, validators, formats=formats).checking(parameter, max_depth)) for parameter in parameters
        )

    def __bool__(self) -> bool:
        return bool(self._checks)

    def __call__(self, values: Mapping[str, str]) -> Wrong:
        """What is wrong with the raw path values, by name."""
        found: Wrong = None
        for name, check in self._checks:
            wrong = check(values[name])
            if wrong is not None:
                found = wrong if found is None else found + wrong
        return found


class NamedFields:
    """Parameters that are fields with a name: of the query, or cookies."""

    __slots__ = ("_claimed", "_deep", "_exploded", "_known", "_named", "_open", "_required")

    def __init__(self, parameters: Iterable[Parameter], validators: Validators, *, formats: bool, max_depth: int) -> None:
        named_checks: list[tuple[str, Violation | None, bool, FieldCheck]] = []
        self._exploded: list[tuple[Exploded, Judge, Violation | None]] = []
        self._deep: list[tuple[Deep, Judge, Violation | None]] = []
        self._required: list[Violation] = []
        for parameter in parameters:
            judge = Judge(parameter, validators, formats=formats)
            absent = missing(parameter) if parameter.required else None
            decode = _decode(parameter)
            if absent is not None:
                self._required.append(absent)
            if parameter.media_type is None and parameter.style == "deepObject":
                self._deep.append((Deep(parameter.name, Form(parameter.shape), decode), judge, absent))
            elif parameter.media_type is None and _exploded(parameter):
                open_ = parameter.shape.additional is not None or not parameter.shape.properties
                exploded = Exploded(parameter.name, Form(parameter.shape), decode, open_=open_)
                self._exploded.append((exploded, judge, absent))
            else:
                named_checks.append((parameter.name, absent, parameter.allow_empty, judge.checking(parameter, max_depth)))
        self._named = tuple(named_checks)
        self._claimed = frozenset(name for name, *_ in named_checks)
        self._known = self._claimed.union(*(exploded.names for exploded, *_ in self._exploded))
        self._open = any(exploded.open for exploded, *_ in self._exploded)

    def __bool__(self) -> bool:
        return bool(self._named or self._exploded or self._deep)

    def absent(self) -> Wrong:
        """What is wrong when there is no field at all."""
        return list(self._required) or None

    def __call__(self, fields: Fields) -> Wrong:
        """What is wrong with the fields."""
        found: list[Violation] = []
        for name, absent, allow_empty, check in self._named:
            raw = fields.get(name)
            if raw is None:
                if absent is not None:
                    found.append(absent)
            elif raw or not allow_empty:
                wrong = check(raw)
                if wrong is not None:
                    found += wrong
        if self._exploded or self._deep:
            self._gather(fields, found)
        return found or None

    def _gather(self, fields: Fields, found: list[Violation]) -> None:
        claimed = self._known.union(*([name for name in fields if deep.claims(name)] for deep, *_ in self._deep))
        parts: list[tuple[Exploded | Deep, Judge, Violation | None]] = [*self._exploded, *self._deep]
        for part, judge, absent in parts:
            try:
                readings = part.take(fields, claimed)
            except Malformed as malformed:
                found += judge.malformed(malformed)
                continue
            if readings is not None:
                found += judge.judge(readings) or ()
            elif absent is not None:
                found.append(absent)

    def unknown(self, fields: Fields) -> list[str]:
        """Names of fields that no parameter declares."""
        if self._open:
            return []
        return [name for name in fields if name not in self._known and not any(deep.claims(name) for deep, *_ in self._deep)]


class HeaderFields:
    """The header parameters, by lower-case name."""

    __slots__ = ("_checks",)

    def __init__(self, parameters: Iterable[Parameter], validators: Validators, *, formats: bool, max_depth: int) -> None:
        self._checks: tuple[tuple[bytes, Violation | None, TextCheck], ...] = tuple(
            (
                parameter.name.lower().encode("latin-1", "replace"),
                missing(parameter) if parameter.required else None,
                Judge(parameter, validators, formats=formats).checking(parameter, max_depth),
            )
            for parameter in parameters
        )

    def __bool__(self) -> bool:
        return bool(self._checks)

    def __call__(self, fields: Mapping[bytes, bytes]) -> Wrong:
        """What is wrong with the header fields; repeated lines have been joined by ", " (RFC 9110 section 5.3)."""
        found: Wrong = None
        for name, absent, check in self._checks:
            value = fields.get(name)
            wrong: Wrong = None
            if value is not None:
                wrong = check(value.decode("latin-1"))
            elif absent is not None:
                wrong = [absent]
            if wrong is not None:
                found = wrong if found is None else found + wrong
        return found


def _anything(value: Any) -> bool:
    return True
