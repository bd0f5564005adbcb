"""Which Route a request is for. Built once at activation; asking does not depend on how many routes there are.

The order of decisions:

1. A path that two servers could read differently is refused (`paths`).
2. The routes of the request's Host, then those of any host: these are asked only when the former have nothing.
3. The path alone: at each segment literal before mixed before parameter, going back where that leads nowhere. A path
   without an exact route goes to the prefix route with the most segments.
4. The method among the routes of that path. A path that lacks it is answered with 405, never passed on to a less
   concrete path (OpenAPI section "Path Templating Matching").
5. Their further conditions: more conditions win, then the lesser id. When none holds, nothing was found.

Every node of the tree has one way that leads to it, so no request looks at a node twice.
"""

from __future__ import annotations

from bisect import insort
from collections.abc import Sequence
from typing import Any

import msgspec

from specgw.http import Headers
from specgw.plan.conditions import predicate
from specgw.plan.model import Route
from specgw.plan.paths import ENCODED_SLASH, examine, plain
from specgw.plan.template import Segment, decode, parse


class Match(msgspec.Struct, frozen=True, gc=False):
    """The route of a request, what was attached to it, and the raw path values by parameter name."""

    route: Route
    payload: Any
    values: dict[str, str]
    remainder: str | None = None
    """What follows the template in the raw path, for routes that match a prefix; None for the others."""


class NotAllowed(msgspec.Struct, frozen=True):
    """The path is declared but not with this method; `allow` has the methods that are, sorted."""

    allow: tuple[str, ...]


class NotFound(msgspec.Struct, frozen=True):
    """No route has this path, host and conditions together."""


class InvalidPath(msgspec.Struct, frozen=True):
    """The path is refused; `reason` ends a sentence that begins with "The path is refused:"."""

    reason: str


Result = Match | NotAllowed | NotFound | InvalidPath

NOT_FOUND = NotFound()


class _Entry:
    """A route at its place, before the next one with the same path and method and weaker conditions."""

    __slots__ = ("holds", "mixed", "name", "names", "next", "order", "payload", "position", "prefix", "route")

    def __init__(self, route: Route, payload: Any, segments: tuple[Segment, ...], prefix: bool) -> None:
        test = predicate(route.conditions)
        self.route = route
        self.payload = payload
        self.holds = test.holds if test else None
        self.order = (-route.conditions.weight, route.id)
        self.next: _Entry | None = None
        self.prefix = prefix
        # Positions count the empty text before the first slash.
        simple = [(segment.names[0], position) for position, segment in enumerate(segments, 1) if segment.parameter]
        self.mixed = tuple((segment, position) for position, segment in enumerate(segments, 1) if segment.mixed)
        self.names = tuple(simple)
        # Most templates have one parameter: it is taken without a loop.
        self.name: str | None = None
        self.position = 0
        if len(simple) == 1 and not self.mixed and not prefix:
            self.name, self.position = simple[0]


class _Place:
    """What is served at one path: the first entry of each method."""

    __slots__ = ("allow", "encoded_slash", "length", "methods")

    def __init__(self, length: int) -> None:
        self.length = length
        self.methods: dict[str, _Entry] = {}
        self.allow: NotAllowed = NotAllowed(())
        self.encoded_slash = False

    def add(self, entry: _Entry) -> None:
        method = entry.route.method
        before, after = None, self.methods.get(method)
        while after is not None and after.order < entry.order:
            before, after = after, after.next
        entry.next = after
        if before is None:
            self.methods[method] = entry
        else:
            before.next = entry
        self.allow = NotAllowed(tuple(sorted(self.methods)))
        self.encoded_slash |= entry.route.encoded_slash


class _Node:
    """Where some segments lead: by literal, by mixed segment, by parameter; and what is served when the path ends."""

    __slots__ = ("branching", "literals", "mixed", "parameter", "place", "under")

    def __init__(self) -> None:
        self.literals: dict[str, _Node] = {}
        self.mixed: list[tuple[tuple[int, tuple[str, ...]], Segment, _Node]] = []
        self.parameter: _Node | None = None
        self.branching = False
        """Whether there is more than the literals."""
        self.place: _Place | None = None
        self.under: _Place | None = None
        """For prefixes: what is served below, when the template ended with a slash."""

    def child(self, segment: Segment) -> _Node:
        """The node that a segment leads to, made where it is missing."""
        if segment.literal:
            return self.literals.setdefault(segment.literals[0], _Node())
        self.branching = True
        if segment.parameter:
            if self.parameter is None:
                self.parameter = _Node()
            return self.parameter
        for _, known, node in self.mixed:
            if known.literals == segment.literals:
                return node
        node = _Node()
        # The more literal text a mixed segment has, the more concrete it is; the text itself only makes it certain.
        rank = (-sum(map(len, segment.literals)), segment.literals)
        insort(self.mixed, (rank, segment, node), key=lambda item: item[0])
        return node


def _children(node: _Node, segment: str) -> list[_Node]:
    """The nodes that a decoded segment of a request leads to, the most concrete one last."""
    found = []
    if segment:
        if node.parameter is not None:
            found.append(node.parameter)
        found += [target for _, mixed, target in reversed(node.mixed) if mixed.spans(segment) is not None]
    literal = node.literals.get(segment)
    if literal is not None:
        found.append(literal)
    return found


def _exact(root: _Node, segments: list[str]) -> _Place | None:
    """The place of a whole path, the most concrete one. `segments` begins with the empty text before the first slash."""
    node = root
    depth = 1
    end = len(segments)
    waiting: list[tuple[_Node, int]] | None = None
    while True:
        if depth == end:
            if node.place is not None:
                return node.place
        else:
            segment = segments[depth]
            depth += 1
            if node.branching:
                found = node.literals.get(segment)
                if found is None and not node.mixed:
                    if segment:
                        node = node.parameter  # type: ignore[assignment]  # branching without mixed: there is one
                        continue
                else:
                    children = _children(node, segment)
                    if children:
                        node = children.pop()
                        if children:
                            waiting = waiting or []
                            waiting += [(child, depth) for child in children]
                        continue
            else:
                found = node.literals.get(segment)
                if found is not None:
                    node = found
                    continue
        if not waiting:
            return None
        node, depth = waiting.pop()


def _longest(root: _Node, segments: list[str]) -> _Place | None:
    """The place of the prefix with the most segments; among those of one length the most concrete one."""
    best: _Place | None = None
    reached = (-1, False)
    waiting = [(root, 1)]
    while waiting:
        node, depth = waiting.pop()
        below = node.under is not None and depth < len(segments)
        place = node.under if below else node.place
        if place is not None and (depth, below) > reached:
            best, reached = place, (depth, below)
        if depth < len(segments):
            waiting += [(child, depth + 1) for child in _children(node, segments[depth])]
    return best


class _Tree:
    """The routes of one host, or of any host."""

    __slots__ = ("literal", "prefixes", "root")

    def __init__(self) -> None:
        self.literal: dict[str, _Place] = {}
        """Templates without parameters by their text, where a request in that form needs no second look."""
        self.root = _Node()
        self.prefixes: _Node | None = None

    def add(self, entry: _Entry, segments: tuple[Segment, ...]) -> None:
        if entry.prefix:
            self.prefixes = self.prefixes or _Node()
            slash = segments[-1].literals == ("",)
            steps = segments[:-1] if slash else segments
            node = self._descend(self.prefixes, steps)
            place = (node.under if slash else node.place) or _Place(len(steps) + 1)
            if slash:
                node.under = place
            else:
                node.place = place
        else:
            node = self._descend(self.root, segments)
            place = node.place = node.place or _Place(len(segments) + 1)
            text = entry.route.path
            if all(segment.literal for segment in segments) and plain(text):
                self.literal[text] = place
        place.add(entry)

    @staticmethod
    def _descend(node: _Node, segments: tuple[Segment, ...]) -> _Node:
        for segment in segments:
            node = node.child(segment)
        return node

    def find(self, segments: list[str]) -> _Place | None:
        """The place of decoded segments: exact before any prefix."""
        place = _exact(self.root, segments)
        if place is None and self.prefixes is not None:
            return _longest(self.prefixes, segments)
        return place


def normal_host(host: str) -> str:
    """A Host value as routes compare it: lower-case, without port and without the root's trailing dot."""
    host = host.strip().lower()
    if host.startswith("["):
        return host[: host.find("]") + 1] or host
    return host.partition(":")[0].removesuffix(".")


class RouteTable:
    """All routes of a Plan, each with what the caller attaches to it."""

    def __init__(self, routes: Sequence[Route] = (), payloads: Sequence[Any] | None = None) -> None:
        self._any = _Tree()
        self._hosts: dict[str, _Tree] = {}
        for route, payload in zip(routes, payloads if payloads is not None else [None] * len(routes), strict=True):
            self.add(route, payload)

    def add(self, route: Route, payload: Any = None) -> None:
        """Add one route, so that a large table can be built in slices.

        Raises template.TemplateError for a path that the compiler should have refused.
        """
        segments = parse(route.path).segments
        prefix = route.path_match == "prefix"
        if not route.hosts:
            self._any.add(_Entry(route, payload, segments, prefix), segments)
        for host in route.hosts:
            tree = self._hosts.setdefault(normal_host(host), _Tree())
            tree.add(_Entry(route, payload, segments, prefix), segments)

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


def _ask(tree: _Tree, method: str, path: str, headers: Headers, query: bytes | None) -> Result:
    place = tree.literal.get(path)
    segments: list[str] = []
    if place is None:
        if not plain(path):
            return _ask_carefully(tree, method, path, headers, query)
        segments = path.split("/")
        place = _exact(tree.root, segments)
        if place is None:
            if tree.prefixes is None:
                return NOT_FOUND
            place = _longest(tree.prefixes, segments)
            if place is None:
                return NOT_FOUND
    entry = place.methods.get(method)
    if entry is None:
        return place.allow
    while entry.holds is not None and not entry.holds(headers, query):
        entry = entry.next
        if entry is None:
            return NOT_FOUND
    if entry.name is not None:
        return Match(entry.route, entry.payload, {entry.name: segments[entry.position]})
    return _matched(entry, place, segments)


def _ask_carefully(tree: _Tree, method: str, path: str, headers: Headers, query: bytes | None) -> Result:
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
        return InvalidPath(ENCODED_SLASH) if slashed and not place.encoded_slash else place.allow
    while entry.holds is not None and not entry.holds(headers, query):
        entry = entry.next
        if entry is None:
            return NOT_FOUND
    if slashed and not entry.route.encoded_slash:
        return InvalidPath(ENCODED_SLASH)
    return _matched(entry, place, raw)


def _matched(entry: _Entry, place: _Place, raw: list[str]) -> Match:
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
