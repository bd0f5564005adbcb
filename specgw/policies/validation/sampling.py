"""The errors of a value, found at a price that its size does not decide.

The library collects all errors at once, with those of every alternative of `anyOf` and `oneOf`, at some 10 µs each: a
body of a megabyte could keep it busy for seconds, when finding out that it is invalid took microseconds. So a large
value is looked at in samples of its first members; and if they are right, the items of its large array are tried one
by one, which is cheap, until one is wrong.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from typing import Any

from jsonschema_rs import ValidationError

from specgw.policies.validation.validators import Validator

Path = Sequence[str | int]

# How many values the samples have; the last one is taken while the errors in those before are few.
_SAMPLES = (32, 128, 512)
_FEW_ERRORS = 200
_MAX_DEPTH = 100
# How many items of an array are tried one by one, and how large each may be.
_MAX_ITEMS = 20_000
_ITEM = 128

# What is wrong with some members stays wrong when there are more.
_MONOTONE = frozenset(("type", "maxItems", "maxProperties", "uniqueItems", "additionalProperties", "propertyNames", "maxContains"))


def errors(validator: Validator, value: Any) -> Iterator[tuple[ValidationError, Callable[[Path], Path]]]:
    """Errors of an invalid value, each with the function that turns its path into one of the value itself.

    All of them for an ordinary value; for one of more than some hundred members those at the beginning, or the first.
    None where nothing can be said for certain.
    """
    certain: list[ValidationError] = []
    cut: list[tuple[str | int, ...]] = []
    for size in _SAMPLES:
        cut = []
        sample, _ = _sample(value, size, (), cut)
        found = validator.errors(sample)
        # What the sample lacks may be the very reason of an error at the places that were cut, and above them.
        certain = [error for error in found if error.kind.name in _MONOTONE or not _holds(validator.inside(error.instance_path), cut)]
        if not cut or sum(map(_weight, found)) > _FEW_ERRORS:
            break
    if certain or not cut:
        for error in certain:
            yield error, validator.inside
    else:
        yield from _among_items(validator, value, cut)


def _sample(value: Any, left: int, place: tuple[str | int, ...], cut: list[tuple[str | int, ...]]) -> tuple[Any, int]:
    """A copy of the first values inside a value, depth first, and how many more there may be; `cut` gets what is incomplete."""
    if type(value) is not dict and type(value) is not list:
        return value, left
    sample: Any = {} if type(value) is dict else []
    members: Any = value.items() if type(value) is dict else enumerate(value)
    for key, member in members:
        if left <= 0 or len(place) >= _MAX_DEPTH:
            cut.append(place)
            break
        copy, left = _sample(member, left - 1, (*place, key), cut)
        if type(sample) is dict:
            sample[key] = copy
        else:
            sample.append(copy)
    return sample, left


def _among_items(
    validator: Validator, value: Any, cut: list[tuple[str | int, ...]]
) -> Iterator[tuple[ValidationError, Callable[[Path], Path]]]:
    """The errors of the first wrong item of the outermost array that was too large for the samples."""
    arrays = [place for place in cut if type(_at(value, place)) is list]
    if not arrays:
        return
    place = min(arrays, key=len)
    items: list[Any] = _at(value, place)
    hole: list[Any] = []
    rest = _with(value, place, hole)
    incomplete: list[tuple[str | int, ...]] = []
    _sample(rest, _SAMPLES[-1], (), incomplete)
    if incomplete:
        return
    hole[:] = items[:1]
    if not validator.is_valid(rest):
        return  # something else is wrong as well, or the first item is: nothing can be told apart
    for index, item in enumerate(islice(items, _MAX_ITEMS)):
        _sample(item, _ITEM, (), incomplete)
        if incomplete:
            return
        hole[0] = item
        if not validator.is_valid(rest):
            for error in validator.errors(rest):
                yield error, _moved(validator, len(place), index)
            return


def _at(value: Any, place: Path) -> Any:
    for part in place:
        value = value[part]
    return value


def _with(value: Any, place: Path, replacement: Any) -> Any:
    """The value with something else at a place; only what leads there is copied."""
    if not place:
        return replacement
    copy = value.copy()
    copy[place[0]] = _with(value[place[0]], place[1:], replacement)
    return copy


def _holds(path: Path, places: list[tuple[str | int, ...]]) -> bool:
    return any(place[: len(path)] == tuple(path) for place in places)


def _weight(error: ValidationError) -> int:
    """How many errors there are in one, those of alternatives included."""
    return 1 + sum(_weight(inner) for branch in getattr(error.kind, "context", None) or () for inner in branch)


def _moved(validator: Validator, level: int, index: int) -> Callable[[Path], Path]:
    """The item that was tried stood alone in its array."""

    def actual(path: Path) -> Path:
        path = validator.inside(path)
        return path if len(path) <= level else [*path[:level], index, *path[level + 1 :]]

    return actual
