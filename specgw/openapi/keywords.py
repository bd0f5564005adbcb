"""What the values of schema keywords have to be, and what is made of those that are not.

Each reader takes the value of one keyword and returns a `KeywordReading`. Real documents break the rules: where the author's
meaning is plain (a numeric bound as text, a repeated `required` entry) the reading has that meaning and a fault to
report; otherwise the keyword is lost, which is reported and marked. A reader never raises.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from typing import Any, Final


class Nothing(Enum):
    """The value of a reading that leaves nothing to enforce."""

    NOTHING = "nothing"


NOTHING: Final = Nothing.NOTHING

_NUMBER = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?", re.ASCII)
_INTEGER = re.compile(r"[+-]?\d{1,300}", re.ASCII)


@dataclass(frozen=True, slots=True)
class KeywordReading:
    """A keyword's value as it is enforced; `fault` says what was wrong, `lost` that it cannot be enforced at all."""

    value: Any
    fault: str | None = None
    lost: bool = False
    hint: str | None = None


def _lost(expected: str) -> KeywordReading:
    return KeywordReading(NOTHING, f"has to be {expected}; it is not enforced", lost=True)


_EMPTY = KeywordReading(NOTHING, "has no value; nothing is enforced")


def read_number(value: Any) -> KeywordReading:
    """A finite JSON number (`minimum`, `maximum`, the exclusive bounds)."""
    if value is None:
        return _EMPTY
    if isinstance(value, str) and _NUMBER.fullmatch(value.strip()):
        text = value.strip()
        number = int(text) if _INTEGER.fullmatch(text) else float(text)
        if _finite(number):
            return KeywordReading(number, f"is the text '{value}'; it is read as the number")
    if isinstance(value, bool) or not isinstance(value, int | float) or not _finite(value):
        return _lost("a number")
    return KeywordReading(value)


def read_positive(value: Any) -> KeywordReading:
    """A number above zero (`multipleOf`)."""
    reading = read_number(value)
    if reading.value is not NOTHING and reading.value <= 0:
        return _lost("a number above 0")
    return reading


def read_count(value: Any) -> KeywordReading:
    """A non-negative integer (`minLength` and its like)."""
    reading = read_number(value)
    if reading.value is NOTHING:
        return reading if value is None else _lost("a non-negative integer")
    if reading.value != int(reading.value) or reading.value < 0:
        return _lost("a non-negative integer")
    return KeywordReading(int(reading.value), reading.fault)


def read_least(value: Any) -> KeywordReading:
    """A count that is a lower limit: a negative one asks for nothing."""
    reading = read_number(value)
    if reading.value is not NOTHING and reading.value < 0:
        return KeywordReading(NOTHING, "is negative; nothing is enforced")
    return read_count(value)


def read_flag(value: Any) -> KeywordReading:
    """A boolean (`uniqueItems`, `nullable`)."""
    if isinstance(value, bool):
        return KeywordReading(value)
    if value is None:
        return _EMPTY
    if isinstance(value, str) and value.strip().lower() in ("true", "false"):
        return KeywordReading(value.strip().lower() == "true", f"is the text '{value}'; it is read as the boolean")
    return _lost("true or false")


def read_names(value: Any) -> KeywordReading:
    """A list of different property names (`required`)."""
    if value is None:
        return _EMPTY
    if isinstance(value, str):
        return KeywordReading([value], "is one name; it is read as a list of it")
    if not isinstance(value, list):
        return _lost("a list of property names")
    names = [name for name in value if isinstance(name, str)]
    if len(names) < len(value):
        return KeywordReading(_distinct(names), "has entries that are not property names; these are not enforced", lost=True)
    distinct = _distinct(names)
    if len(distinct) < len(names):
        repeated = next(name for index, name in enumerate(names) if name in names[:index])
        return KeywordReading(distinct, f"lists '{repeated}' twice")
    return KeywordReading(names)


def read_name_map(value: Any) -> KeywordReading:
    """A mapping of property names to lists of property names (`dependentRequired`)."""
    if value is None:
        return _EMPTY
    if not isinstance(value, dict):
        return _lost("a mapping of property names to lists of property names")
    result: dict[str, list[str]] = {}
    fault: str | None = None
    lost = False
    for name, names in value.items():
        reading = read_names(names)
        if reading.value is not NOTHING:
            result[name] = reading.value
        if reading.fault:
            fault = fault or f"at '{name}': {reading.fault}"
            lost = lost or reading.lost
    return KeywordReading(result, fault, lost)


def read_enum(value: Any, types: tuple[str, ...]) -> KeywordReading:
    """The values of `enum`; `types` are the schema's types, which tell what values in another notation were meant to be."""
    if value is None:
        return _EMPTY
    if isinstance(value, str | int | float):
        value = [value]
        fault: str | None = "is one value; it is read as a list of it"
    elif isinstance(value, list) and value:
        fault = None
    else:
        return _lost("a list of at least one value")
    kept = [entry for entry in value if is_json(entry)]
    if len(kept) < len(value):
        return KeywordReading(NOTHING, "has values that JSON cannot express; it is not enforced", lost=True)
    meant = _as_typed(kept, types)
    if meant is not None:
        kept, fault = meant, f"has values of another type than '{types[0]}'; they are read as that type"
    distinct = _distinct(kept)
    if len(distinct) < len(kept):
        fault = fault or "lists a value twice"
    return KeywordReading(distinct, fault)


def read_const(value: Any) -> KeywordReading:
    """The value of `const`."""
    return KeywordReading(value) if is_json(value) else KeywordReading(NOTHING, "is not a value of JSON; it is not enforced", lost=True)


READERS: dict[str, Callable[[Any], KeywordReading]] = {
    "multipleOf": read_positive,
    "maxLength": read_count,
    "minLength": read_least,
    "maxItems": read_count,
    "minItems": read_least,
    "maxProperties": read_count,
    "minProperties": read_least,
    "maxContains": read_count,
    "minContains": read_count,
    "uniqueItems": read_flag,
    "dependentRequired": read_name_map,
    "const": read_const,
}
"""Keywords whose lowered value depends on nothing but their value."""


def is_json(value: Any) -> bool:
    """Whether a value can be written as JSON: string keys, finite numbers."""
    stack = [value]
    while stack:
        current = stack.pop()
        if isinstance(current, dict):
            if not all(isinstance(key, str) for key in current):
                return False
            stack.extend(current.values())
        elif isinstance(current, list):
            stack.extend(current)
        elif isinstance(current, int | float):
            if not _finite(current):
                return False
        elif not isinstance(current, str | None):
            return False
    return True


def type_of(value: Any) -> str:
    """The JSON Schema type of a value; a number without fraction is an integer."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "boolean"
    if isinstance(value, int) or (isinstance(value, float) and value.is_integer()):
        return "integer"
    if isinstance(value, float):
        return "number"
    if isinstance(value, str):
        return "string"
    return "array" if isinstance(value, list) else "object"


def _finite(number: float) -> bool:
    """Whether a number can be computed with; integers only as far as those of floating point go."""
    try:
        return math.isfinite(number)
    except OverflowError:
        return False


def _as_typed(values: list[Any], types: tuple[str, ...]) -> list[Any] | None:
    """Values that YAML's notation gave another type than the schema's only one; None when that is not the case."""
    wanted = [name for name in types if name != "null"]
    if len(wanted) != 1:
        return None
    others = [value for value in values if value is not None]
    if not others or any(type_of(value) == wanted[0] for value in others):
        return None
    if wanted[0] == "string" and all(type_of(value) == "integer" and isinstance(value, int) for value in others):
        return [None if value is None else str(value) for value in values]
    if wanted[0] in ("integer", "number") and all(isinstance(value, str) and _INTEGER.fullmatch(value) for value in others):
        return [None if value is None else int(value) for value in values]
    if wanted[0] == "boolean" and all(value in ("true", "false") for value in others):
        return [None if value is None else value == "true" for value in values]
    return None


def _distinct(values: list[Any]) -> list[Any]:
    """The values without those that JSON counts as equal to an earlier one, in order."""
    seen: set[Any] = set()
    result = []
    for value in values:
        mark = (isinstance(value, bool), value) if isinstance(value, str | int | float | None) else repr(value)
        if mark not in seen:
            seen.add(mark)
            result.append(value)
    return result
