"""JSONPath (RFC 9535), as far as overlays need it: compile a query, find nodes, say what nearly was meant."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from jsonpath_rfc9535 import JSONPathError, JSONPathQuery, compile
from jsonpath_rfc9535.segments import JSONPathChildSegment
from jsonpath_rfc9535.selectors import IndexSelector, NameSelector

from specgw.diagnostics import closest
from specgw.openapi.pointers import tokens_of

Location = tuple[str | int, ...]
"""Keys and indexes from the root to a node: what RFC 9535 section 2.7 calls a normalized path."""

_PLACE = re.compile(r", line \d+, column \d+$")
_BARE = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


class NotAQuery(Exception):
    """A text is no JSONPath query; says what is wrong with it, and what may have been meant."""

    def __init__(self, reason: str, hint: str | None) -> None:
        super().__init__(reason)
        self.hint = hint


def read_query(text: str) -> JSONPathQuery:
    """The query of a text. Raises NotAQuery."""
    try:
        return compile(text)
    except JSONPathError as error:
        reason = _PLACE.sub("", str(error))
        # The lexer counts from 0, people from 1.
        place = f" at character {error.token.index + 1}" if error.token is not None else ""
        raise NotAQuery(f"{reason}{place}", _meant(text)) from None
    except RecursionError:
        raise NotAQuery("it nests too deep", None) from None


def find(query: JSONPathQuery, value: Any) -> list[Location]:
    """Where the nodes stand that a query selects, each once, in the order in which they are found."""
    return list(dict.fromkeys(tuple(node.location) for node in query.find(value)))


def normalized(location: Sequence[str | int]) -> str:
    """A location as a query that selects nothing else."""
    steps = (f".{step}" if isinstance(step, str) and _BARE.fullmatch(step) else f"[{_quoted(step)}]" for step in location)
    return "$" + "".join(steps)


def nearest(query: JSONPathQuery, value: Any) -> str | None:
    """Where a query of names and indexes leaves the value, told as a hint; None for queries of another kind."""
    location: list[str | int] = []
    for number, segment in enumerate(query.segments, 1):
        selector = segment.selectors[0]
        if len(segment.selectors) > 1 or not isinstance(segment, JSONPathChildSegment):
            return None
        if not isinstance(selector, NameSelector | IndexSelector):
            return None
        step: str | int = selector.name if isinstance(selector, NameSelector) else selector.index
        if isinstance(value, dict) and isinstance(step, str):
            if step not in value:
                close = closest(step, value)
                if close is not None:
                    rest = _names(query, number)
                    return f"did you mean '{normalized([*location, close, *rest])}'?"
                return f"'{normalized(location)}' has no '{step}'"
        elif not isinstance(value, list) or not isinstance(step, int) or not -len(value) <= step < len(value):
            return f"'{normalized(location)}' has no [{step}]"
        value = value[step]
        location.append(step)
    return None


def _names(query: JSONPathQuery, start: int) -> list[str | int]:
    """The names and indexes that follow in a query, as far as there are no others."""
    found: list[str | int] = []
    for segment in query.segments[start:]:
        selector = segment.selectors[0]
        if not isinstance(segment, JSONPathChildSegment) or not isinstance(selector, NameSelector | IndexSelector):
            break
        found.append(selector.name if isinstance(selector, NameSelector) else selector.index)
    return found


def _quoted(step: str | int) -> str:
    return str(step) if isinstance(step, int) else "'" + step.replace("\\", "\\\\").replace("'", "\\'") + "'"


def _meant(text: str) -> str | None:
    """What else the text looks like."""
    pointer = text.removeprefix("#")
    if pointer.startswith("/"):
        return f"that is a JSON pointer; as JSONPath it is '{normalized([int(t) if t.isdigit() else t for t in tokens_of(pointer)])}'"
    if not text.startswith("$"):
        attempt = f"$.{text.lstrip('.')}"
        try:
            compile(attempt)
        except (JSONPathError, RecursionError):
            return "a query begins with '$', which is the root of the document"
        return f"did you mean '{attempt}'?"
    if "/" in text or "{" in text:
        return "names with other characters than letters, digits and '_' are written ['/users/{id}']"
    return None
