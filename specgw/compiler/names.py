"""Names that have to be unique: what is taken gets a number."""

from __future__ import annotations

from collections.abc import Callable
from itertools import count


def unused(base: str, taken: Callable[[str], bool], *, mark: str = "-", end: str = "") -> str:
    """`base` + `end` where that is not taken, or else with the first free number in between: `users-2.json`."""
    name, numbers = base + end, count(2)
    while taken(name):
        name = f"{base}{mark}{next(numbers)}{end}"
    return name
