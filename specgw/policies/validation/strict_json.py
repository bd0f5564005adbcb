"""Read one JSON value exactly: what we validate is what every other reader will see.

orjson is fast and strict about the grammar (UTF-8, lone surrogates, NaN, trailing data), but it lets the last of
several equal keys win, turns integers beyond 64 bits into floats, and rounds whatever a double cannot hold. These are
found by cheap exact tests, and only a text that fails them is read a second time by the slower parser of the standard library.
"""

from __future__ import annotations

import json
import re
from decimal import Decimal
from itertools import accumulate
from typing import Any

import orjson

_DIGITS_AS_ZERO = bytes(ord("0") if ord("0") <= byte <= ord("9") else byte for byte in range(256))
# The largest 64-bit integer has 19 digits (signed) or 20: fewer digits always fit.
_LONG_NUMBER = b"0" * 19
# A fraction that begins with so many zeros or nines may be rounded to a whole number; an exponent of three digits may lead
# to where doubles end.
_ROUNDED = re.compile(rb"\.(?:0{13}|9{13})|[0-9][eE]-?[0-9]{3}").search
# Doubles tell numbers of so many digits apart (IEEE 754: 17 at most).
_DIGITS = 17
_NOT_BRACKETS = bytes(byte for byte in range(256) if byte not in b"[]{}")
_STEP = {ord("["): 1, ord("{"): 1, ord("]"): -1, ord("}"): -1}


class Unreadable(Exception):
    """The text is not one JSON value, or not one that every reader would understand alike; says why."""


def read(text: bytes, max_depth: int) -> Any:
    """The value of a JSON text, integers of any size exact.

    Raises `Unreadable` for what RFC 8259 forbids, repeated keys, nesting deeper than `max_depth`, and numbers that readers
    with doubles see as another kind of number than others: beyond their range, or a whole number that is none.
    """
    try:
        value = orjson.loads(text)
    except orjson.JSONDecodeError as error:
        raise Unreadable(f"is not valid JSON: {_reason(error)}") from None
    if text.count(b"[") + text.count(b"{") > max_depth and depth(text) > max_depth:
        raise Unreadable(f"is nested deeper than {max_depth} levels")
    try:
        canonical = orjson.dumps(value)
    except orjson.JSONEncodeError:  # nested deeper than orjson writes (254 levels)
        return _read_exactly(text)
    if canonical == text:
        # What orjson writes never repeats a key, and it writes no integer that it cannot hold.
        return value
    # The text has one colon for each member, and those inside strings; the value written again has the same, minus
    # the members that a repeated key swallowed. Equal counts prove that none was: no escape can hide or add a colon
    # in the text, because texts with an escaped one (\u003a) are read exactly anyway.
    if text.count(b":") != canonical.count(b":") or b"\\u003" in text or _LONG_NUMBER in text.translate(_DIGITS_AS_ZERO):
        return _read_exactly(text)
    if _ROUNDED(text) is not None:
        return _read_exactly(text)
    return value


def depth(text: bytes) -> int:
    """How deep arrays and objects nest in a valid JSON text; a scalar has depth 0."""
    if b"\\" in text:
        # Backslashes stand only in strings; without the escaped ones every quote begins or ends a string.
        text = text.replace(b"\\\\", b"").replace(b'\\"', b"")
    brackets = b"".join(text.split(b'"')[::2]).translate(None, _NOT_BRACKETS)
    return max(accumulate(map(_STEP.__getitem__, brackets)), default=0)


def _reason(error: orjson.JSONDecodeError) -> str:
    """What the parser says, without the quotation of the text that some of its messages carry."""
    return f"{error.msg} at line {error.lineno} column {error.colno}"


def _unique(members: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(members)
    if len(made) != len(members):
        seen: set[str] = set()
        for name, _ in members:
            if name in seen:
                raise Unreadable(f"has the key {name[:64]!r} more than once in one object")
            seen.add(name)
    return made


def _float(text: str) -> float:
    number = float(text)
    mantissa = text.lower().partition("e")[0]
    if number == 0.0:
        if mantissa.strip("-0."):
            raise Unreadable("has a number that is too small for a double, and would be zero")
    elif sum(map(str.isdigit, mantissa)) > _DIGITS and number.is_integer() and Decimal(text) != Decimal(number):
        raise Unreadable("has a number whose fraction is lost in a double")
    return number


_EXACT = json.JSONDecoder(object_pairs_hook=_unique, parse_float=_float)


def _read_exactly(text: bytes) -> Any:
    """Read a text that orjson took already, this time keeping integers whole and refusing repeated keys."""
    try:
        return _EXACT.decode(text.decode("utf-8"))
    except (RecursionError, ValueError):
        # Nested too deeply. Should the two parsers ever disagree on the grammar, nobody could say what the service reads.
        raise Unreadable("is not valid JSON that can be read exactly") from None
