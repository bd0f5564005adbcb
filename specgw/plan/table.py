"""Which Route a request is for. Built once at activation; asking does not depend on how many routes there are.

The order of decisions:

1. A path that two servers could read differently is refused (`paths`).
2. The routes of the request's Host, then those of any host: these are asked only when the former have nothing.
3. The path alone: at each segment literal before mixed before parameter, going back where that leads nowhere. A path
   without an exact route goes to the prefix route with the most segments.
4. The method among the routes of that path. A path that lacks it is answered with 405, never passed on to a less
   concrete path (OpenAPI section "Path Templating Matching").
5. Their further conditions: more conditions win, then the lesser id. When none holds, nothing was found.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from specgw.http import Headers
from specgw.plan.found import NOT_FOUND, InvalidPath, Match, NotAllowed, Result
from specgw.plan.model import Route
from specgw.plan.paths import ENCODED_SLASH, examine, plain
from specgw.plan.template import decode, parse
from specgw.plan.tree import Entry, Place, Tree, exact, longest


def normal_host(host: str) -> str:
    """A Host value as routes compare it: lower-case, without port and without the root's trailing dot."""
    host = host.strip().lower()
    if host.startswith("["):
        return host[: host.find("]") + 1] or host
    return host.partition(":")[0].removesuffix(".")


class RouteTable:
    """All routes of a Plan, each with what the caller attaches to it."""

    def __init__(self, routes: Sequence[Route] = (), payloads: Sequence[Any] | None = None) -> None:
        self._any = Tree()
        self._hosts: dict[str, Tree] = {}
        for route, payload in zip(routes, payloads if payloads is not None else [None] * len(routes), strict=True):
            self.add(route, payload)

    def add(self, route: Route, payload: Any = None) -> None:
        """Add one route, so that a large table can be built in slices.

        Raises template.TemplateError for a path that the compiler should have refused.
        """
        segments = parse(route.path).segments
        prefix = route.path_match == "prefix"
        if not route.hosts:
            self._any.add(Entry(route, payload, segments, prefix), segments)
        for host in route.hosts:
            tree = self._hosts.setdefault(normal_host(host), Tree())
            tree.add(Entry(route, payload, segments, prefix), segments)

    def match(self, method: str, path: bytes | str, host: str | None, headers: Headers, query: bytes | None) -> Result:
        """What a request is for.

        `path` is raw, without the query. `host` is the Host field, looked at only where a route asks for one;
        `headers` and `query` only where a condition does.
        """
        text = path if isinstance(path, str) else path.decode("latin-1")
        if self._hosts and host is not None:
            tree = self._hosts.get(host) or self._hosts.get(normal_host(host))
            if tree is not None:
                result = _ask(tree, method, text, headers, query)
                if result is not NOT_FOUND:
                    return result
        result = _ask(self._any, method, text, headers, query)
        if result is NOT_FOUND and "%" in text and "%2f" in text.lower():
            return InvalidPath(ENCODED_SLASH)
        return result

    def allowed(self, path: bytes | str, host: str | None) -> tuple[str, ...] | None:
        """The methods that are declared for a path, sorted; None where the path is not declared or is refused."""
        result = self.match("", path, host, [], None)
        return result.allow if type(result) is NotAllowed else None


def _ask(tree: Tree, method: str, path: str, headers: Headers, query: bytes | None) -> Result:
    place = tree.literal.get(path)
    segments: list[str] = []
    if place is None:
        if not plain(path):
            return _ask_carefully(tree, method, path, headers, query)
        segments = path.split("/")
        place = exact(tree.root, segments)
        if place is None:
            if tree.prefixes is None:
                return NOT_FOUND
            place = longest(tree.prefixes, segments)
            if place is None:
                return NOT_FOUND
    entry = place.methods.get(method)
    if entry is None:
        return NotAllowed(place.allow)
    while entry.holds is not None and not entry.holds(headers, query):
        entry = entry.next
        if entry is None:
            return NOT_FOUND
    if entry.name is not None:
        return Match(entry.route, entry.payload, {entry.name: segments[entry.position]})
    return _matched(entry, place, segments)


def _ask_carefully(tree: Tree, method: str, path: str, headers: Headers, query: bytes | None) -> Result:
    """The same for a path that is refused or has escapes."""
    reason, text = examine(path)
    if reason is not None:
        return InvalidPath(reason)
    raw = path.split("/")
    slashed = "%2f" in path.lower()
    place = tree.find([decode(segment) for segment in raw] if slashed else text.split("/"))
    if place is None:
        return NOT_FOUND
    entry = place.methods.get(method)
    if entry is None:
        return InvalidPath(ENCODED_SLASH) if slashed and not place.encoded_slash else NotAllowed(place.allow)
    while entry.holds is not None and not entry.holds(headers, query):
        entry = entry.next
        if entry is None:
            return NOT_FOUND
    if slashed and not entry.route.encoded_slash:
        return InvalidPath(ENCODED_SLASH)
    return _matched(entry, place, raw)


def _matched(entry: Entry, place: Place, raw: list[str]) -> Match:
    values: dict[str, str] = {}
    for name, position in entry.names:
        values[name] = raw[position]
    for segment, position in entry.mixed:
        values.update(zip(segment.names, segment.values(raw[position]) or (), strict=True))
    if not entry.prefix:
        return Match(entry.route, entry.payload, values)
    rest = "/".join(raw[place.length :])
    slash = "" if entry.route.path.endswith("/") or place.length >= len(raw) else "/"
    return Match(entry.route, entry.payload, values, slash + rest)
