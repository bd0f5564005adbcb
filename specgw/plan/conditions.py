"""Further conditions of a `match` on header fields and query parameters, made cheap to ask for each request."""

from __future__ import annotations

from urllib.parse import unquote_plus

from specgw.http import Headers
from specgw.plan.model import Conditions


class Predicate:
    """Conditions in the form in which requests are asked. The query is read only where a condition needs it."""

    __slots__ = ("_headers", "_query", "weight")

    def __init__(self, conditions: Conditions) -> None:
        self.weight = conditions.weight
        self._headers = tuple(
            (name.lower().encode(), None if value is None else value.encode()) for name, value in sorted(conditions.headers.items())
        )
        self._query = tuple(sorted(conditions.query.items()))

    def holds(self, headers: Headers, query: bytes | None) -> bool:
        """Whether a request has all of it.

        A header condition holds when one field line has the value; a query condition when one occurrence of the
        parameter has it, both percent-decoded as HTML forms are (`+` is a space).
        """
        for name, wanted in self._headers:
            for field, value in headers:
                if field == name and (wanted is None or value.strip(b" \t") == wanted):
                    break
            else:
                return False
        if not self._query:
            return True
        pairs = _pairs(query)
        return all(any(key == name and (wanted is None or value == wanted) for key, value in pairs) for name, wanted in self._query)


def predicate(conditions: Conditions) -> Predicate | None:
    """What is asked for these conditions; None where there are none."""
    return Predicate(conditions) if conditions.weight else None


def _pairs(query: bytes | None) -> list[tuple[str, str]]:
    if not query:
        return []
    pairs = []
    for part in query.decode(errors="replace").split("&"):
        name, _, value = part.partition("=")
        pairs.append((unquote_plus(name), unquote_plus(value)))
    return pairs
