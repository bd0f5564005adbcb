"""Changes to header fields and query parameters that `headers` and `query` of x-gateway ask for."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import quote_plus, unquote_plus

from specgw.http import Headers, fold
from specgw.plan.model import Edits, Route
from specgw.policies.base import Exchange


class _FieldEdits:
    """Edits of header fields, in the order rename, remove, set, add. Names compare without case.

    What is removed or set goes under the name with underscores, too: to some services `X_User` is `X-User`.
    """

    __slots__ = ("_appended", "_appended_lines", "_drop", "_rename")

    def __init__(self, edits: Edits) -> None:
        self._rename = {old.lower().encode(): (new.lower().encode(), new.encode()) for old, new in edits.rename.items()}
        self._drop = frozenset(fold(name.lower().encode()) for name in (*edits.remove, *edits.set))
        pairs = [*edits.set.items(), *((name, value) for name, values in edits.add.items() for value in values)]
        self._appended: Headers = [(name.lower().encode(), value.encode()) for name, value in pairs]
        self._appended_lines = [f"{name}: {value}".encode() for name, value in pairs]

    def apply(self, headers: Headers, lines: list[bytes]) -> tuple[Headers, list[bytes]]:
        """The edited fields and, in step, their lines. The lists that are given stay as they are."""
        edited: Headers = []
        written: list[bytes] = []
        for (name, value), line in zip(headers, lines, strict=True):
            if name in self._rename:
                name, new = self._rename[name]
                line = new + b": " + value
            if fold(name) not in self._drop:
                edited.append((name, value))
                written.append(line)
        return edited + self._appended, written + self._appended_lines


class RequestFields:
    """Edits the header fields that the service gets. Runs after validation: the contract is about what clients send."""

    def __init__(self, edits: Edits) -> None:
        self._edits = _FieldEdits(edits)

    def request(self, exchange: Exchange) -> None:
        """Edit the fields."""
        exchange.headers, exchange.lines = self._edits.apply(exchange.headers, exchange.lines)


class ResponseFields:
    """Edits the header fields that the client gets from the service's answer."""

    def __init__(self, edits: Edits) -> None:
        self._edits = _FieldEdits(edits)

    def response(self, exchange: Exchange) -> None:
        """Edit the fields."""
        exchange.response_headers, exchange.response_lines = self._edits.apply(exchange.response_headers, exchange.response_lines)


class QueryParameters:
    """Edits the query that the service gets. Parameters that no edit names keep their bytes and their order."""

    def __init__(self, edits: Edits) -> None:
        self._rename = {old: quote_plus(new).encode() for old, new in edits.rename.items()}
        self._drop = frozenset((*edits.remove, *edits.set))
        pairs = [*edits.set.items(), *((name, value) for name, values in edits.add.items() for value in values)]
        self._append = [quote_plus(name).encode() + b"=" + quote_plus(value).encode() for name, value in pairs]

    def request(self, exchange: Exchange) -> None:
        """Edit the query."""
        parts = []
        for part in (exchange.query or b"").split(b"&"):
            if not part:
                continue
            raw, equals, value = part.partition(b"=")
            name = unquote_plus(raw.decode("utf-8", "replace"))
            if name in self._rename:
                part = self._rename[name] + equals + value
                name = unquote_plus(self._rename[name].decode())
            if name not in self._drop:
                parts.append(part)
        parts += self._append
        exchange.query = b"&".join(parts) if parts else None


def edited(edits: Edits, fields: Sequence[tuple[bytes, bytes]]) -> tuple[tuple[bytes, bytes], ...]:
    """Fields with their names as they are written, edited: for answers that no service gives."""
    pairs = [(name.lower(), value) for name, value in fields]
    _, lines = _FieldEdits(edits).apply(pairs, [b"%b: %b" % pair for pair in fields])
    return tuple((name, value) for name, _, value in (line.partition(b": ") for line in lines))


def build_request_fields(route: Route) -> RequestFields | None:
    """None where the route has no such edits."""
    return RequestFields(route.request_headers) if route.request_headers else None


def build_response_fields(route: Route) -> ResponseFields | None:
    """None where the route has no such edits."""
    return ResponseFields(route.response_headers) if route.response_headers else None


def build_query(route: Route) -> QueryParameters | None:
    """None where the route has no such edits."""
    return QueryParameters(route.request_query) if route.request_query else None
