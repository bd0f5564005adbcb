"""Objects made to fit a schema: into an answer, into an envelope, into a list. What comes out is valid, or it is MISFIT."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from specgw.mock.generation import Generator, Impossible

MISFIT: Any = object()
"""The value has no place in what the schema asks for."""
_LISTS = ("items", "data", "results", "content", "values", "records", "entries")
_FIRST = {"page": 1, "pagenumber": 1, "offset": 0}
"""Where a page begins that has everything."""
_TOTALS = ("total", "totalcount", "totalitems", "totalelements", "totalresults", "count", "size")

_Accepts = Callable[[Any], bool]


class Fitting:
    """Fits values into schemas of one set."""

    def __init__(self, generator: Generator, name: str) -> None:
        self._generator = generator
        self._name = name

    def accepts(self, reference: str) -> _Accepts:
        """The judge of a schema."""
        return self._generator.accepts(reference)

    def made(self, reference: str, number: int = 0) -> Any:
        """A value of the schema's own; None where there is none."""
        try:
            return self._generator.value(reference, f"{self._name}/{number}", samples=number == 0)
        except Impossible:
            return None

    def completed(self, reference: str, value: dict[str, Any], generated: tuple[str, ...], number: int) -> Any:
        """An object with what it lacks: the `generated` properties, what is required, and only then whatever makes it valid."""
        required, forbidden = self._generator.demands(reference)
        value = {name: member for name, member in value.items() if name not in forbidden}
        base = self.made(reference, number)
        if not isinstance(base, dict):
            return value if self.accepts(reference)(value) else MISFIT
        accepts = self.accepts(reference)
        lacking = {name: member for name, member in base.items() if name not in value}
        for names in (frozenset(generated), frozenset(generated) | required, lacking.keys()):
            candidate = {**value, **{name: member for name, member in lacking.items() if name in names}}
            if accepts(candidate):
                return candidate
        return _laid_over(accepts, base, value)

    def one(self, reference: str, value: dict[str, Any]) -> Any:
        """The answer that shows an object: the object itself, or what the schema puts around it."""
        accepts = self.accepts(reference)
        _, forbidden = self._generator.demands(reference)
        value = {name: member for name, member in value.items() if name not in forbidden}
        if accepts(value):
            return value
        base = self.made(reference)
        if not isinstance(base, dict):
            return MISFIT
        for name, member in base.items():
            if isinstance(member, dict) and accepts({**base, name: value}):
                return {**base, name: value}
        return _laid_over(accepts, base, value) if value.keys() & base.keys() else MISFIT

    def many(self, reference: str, values: list[dict[str, Any]]) -> Any:
        """The answer that lists objects: an array, or an object around one. Where not all have room, the latest are in it."""
        accepts = self.accepts(reference)
        while True:
            found = self._listed(accepts, reference, values)
            if found is not MISFIT or len(values) < 2:
                return found
            values = values[len(values) - len(values) // 2 :]

    def _listed(self, accepts: _Accepts, reference: str, values: list[dict[str, Any]]) -> Any:
        if accepts(values):
            return values
        base = self.made(reference)
        if isinstance(base, list):
            return _members(accepts, base, values)
        if not isinstance(base, dict):
            return MISFIT
        arrays = sorted((name for name, member in base.items() if isinstance(member, list)), key=_rank)
        for name in arrays:

            def within(members: Any, name: str = name) -> bool:
                return accepts({**base, name: members})

            members = values if within(values) else _members(within, base[name], values)
            if members is not MISFIT:
                around = {**base, name: members}
                for member in list(around):
                    plain = member.lower().replace("_", "")
                    number = len(values) if plain in _TOTALS else _FIRST.get(plain)
                    if number is not None and accepts({**around, member: number}):
                        around[member] = number
                return around
        return MISFIT


def _rank(name: str) -> int:
    return _LISTS.index(name) if name in _LISTS else len(_LISTS)


def _members(accepts: _Accepts, samples: list[Any], values: list[dict[str, Any]]) -> Any:
    """Objects as the items of an array: each laid over one that is valid there."""
    sample = next((item for item in samples if isinstance(item, dict)), None)
    if sample is None:
        return MISFIT
    found = []
    for value in values:
        if not value.keys() & sample.keys():
            return MISFIT
        found.append(value if accepts([value]) else _laid_over(lambda item: accepts([item]), sample, value))
    return found if accepts(found) else MISFIT


def _laid_over(accepts: _Accepts, base: dict[str, Any], value: dict[str, Any]) -> dict[str, Any]:
    """A valid object with as many members of another one as it may have."""
    for name, member in value.items():
        if accepts({**base, name: member}):
            base = {**base, name: member}
    return base
