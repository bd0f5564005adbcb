"""What the parsers of JSON and YAML have in common: open containers, pointers into them, and faults that do not stop them."""

from __future__ import annotations

import math
from typing import Any

from specgw.openapi.marks import Fault, Marks
from specgw.openapi.pointers import pointer_of


class Parser:
    """What a parser keeps while it builds the value of one text.

    The container that is open and the key whose value comes next are handed to each method: both change with every
    token, and the loops that read a text keep them in local variables.
    """

    def __init__(self) -> None:
        self._marks = Marks()
        self._faults: list[Fault] = []
        # For each open container: the one around it, the key under which it stands there, and the marks so far.
        self._frames: list[tuple[Any, str | None, list[int]]] = []

    def _pointer(self, current: Any, key: str | None) -> str:
        """The pointer of the value that is being read."""
        steps = [(container, step) for container, step, _ in self._frames] + [(current, key)]
        tokens = []
        for number, (container, step) in enumerate(steps):
            if isinstance(container, dict):
                tokens.append(step or "")
            elif isinstance(container, list):
                # Every element but the one being read stands in its list already.
                tokens.append(str(len(container) - (number < len(steps) - 1)))
        return pointer_of(tokens)

    def _found(self, code: str, offset: int, message: str, hint: str | None, current: Any, key: str | None) -> None:
        """Note a fault of the value that is being read."""
        self._faults.append(Fault(code, offset, message, hint, self._pointer(current, key)))

    def _number(self, text: str, offset: int, current: Any, key: str | None, *, exact: bool) -> int | float | str:
        """A JSON number: an int of any size that is `exact`, else a float; the text, with a fault, where neither can hold it."""
        try:
            value: int | float = int(text) if exact else float(text)
        except ValueError:  # more digits than sys.get_int_max_str_digits()
            value = math.inf
        if value not in (math.inf, -math.inf):
            return value
        message = "the number is too large to be computed with"
        hint = "JSON numbers that programs agree on lie within ±1.8e308 (RFC 8259 section 6)"
        self._found("number-out-of-range", offset, message, hint, current, key)
        return text

    def _repeated(self, current: dict[str, Any], marks: list[int], key: str, offset: int) -> None:
        """Note a key that the open mapping has already; the first one is kept, the value of this one is read and dropped."""
        first = marks[2 * list(current).index(key)]
        message = f"the key '{key}' stands here again: it is on line {{line}} already"
        self._faults.append(Fault("duplicate-key", offset, message, "keep one of the two", self._pointer(current, key), first))
