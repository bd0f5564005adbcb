"""The tree of segments that finds the path of a request, and what is served where it ends.

A fork is taken in the order literal, mixed, parameter, and left again where it leads nowhere. Every node has one way
that leads to it, so no request looks at a node twice; how many routes there are elsewhere in the tree costs nothing.
"""

from __future__ import annotations

from bisect import insort
from typing import Any

from specgw.plan.conditions import predicate
from specgw.plan.model import Route
from specgw.plan.paths import plain
from specgw.plan.template import Segment


class Entry:
    """A route at its place, before the next one with the same path and method and weaker conditions."""

    __slots__ = ("holds", "mixed", "name", "names", "next", "order", "payload", "position", "prefix", "route")

    def __init__(self, route: Route, payload: Any, segments: tuple[Segment, ...], prefix: bool) -> None:
        test = predicate(route.conditions)
        self.route = route
        self.payload = payload
        self.holds = test.holds if test else None
        self.order = (-route.conditions.weight, route.id)
        self.next: Entry | None = None
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


class Place:
    """What is served at one path: the first entry of each method."""

    __slots__ = ("allow", "encoded_slash", "length", "methods")

    def __init__(self, length: int) -> None:
        self.length = length
        self.methods: dict[str, Entry] = {}
        self.allow: tuple[str, ...] = ()
        """The methods, sorted."""
        self.encoded_slash = False

    def add(self, entry: Entry) -> None:
        """Serve a route here too: after those of its method with stronger conditions."""
        method = entry.route.method
        before, after = None, self.methods.get(method)
        while after is not None and after.order < entry.order:
            before, after = after, after.next
        entry.next = after
        if before is None:
            self.methods[method] = entry
        else:
            before.next = entry
        self.allow = tuple(sorted(self.methods))
        self.encoded_slash |= entry.route.encoded_slash


class Node:
    """Where some segments lead: by literal, by mixed segment, by parameter; and what is served when the path ends."""

    __slots__ = ("branching", "literals", "mixed", "parameter", "place", "under")

    def __init__(self) -> None:
        self.literals: dict[str, Node] = {}
        self.mixed: list[tuple[tuple[int, tuple[str, ...]], Segment, Node]] = []
        self.parameter: Node | None = None
        self.branching = False
        """Whether there is more than the literals."""
        self.place: Place | None = None
        self.under: Place | None = None
        """For prefixes: what is served below, when the template ended with a slash."""

    def child(self, segment: Segment) -> Node:
        """The node that a segment leads to, made where it is missing."""
        if segment.literal:
            return self.literals.setdefault(segment.literals[0], Node())
        self.branching = True
        if segment.parameter:
            if self.parameter is None:
                self.parameter = Node()
            return self.parameter
        for _, known, node in self.mixed:
            if known.literals == segment.literals:
                return node
        node = Node()
        # The more literal text a mixed segment has, the more concrete it is; the text itself only makes it certain.
        rank = (-sum(map(len, segment.literals)), segment.literals)
        insort(self.mixed, (rank, segment, node), key=lambda item: item[0])
        return node


def _children(node: Node, segment: str) -> list[Node]:
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


def exact(root: Node, segments: list[str]) -> Place | None:
    """The place of a whole path, the most concrete one. `segments` begins with the empty text before the first slash."""
    node = root
    depth = 1
    end = len(segments)
    waiting: list[tuple[Node, int]] | None = None
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


def longest(root: Node, segments: list[str]) -> Place | None:
    """The place of the prefix with the most segments; among those of one length the most concrete one."""
    best: Place | None = None
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


class Tree:
    """The routes of one host, or of any host."""

    __slots__ = ("literal", "prefixes", "root")

    def __init__(self) -> None:
        self.literal: dict[str, Place] = {}
        """Templates without parameters by their text, where a request in that form needs no second look."""
        self.root = Node()
        self.prefixes: Node | None = None

    def add(self, entry: Entry, segments: tuple[Segment, ...]) -> None:
        """Serve a route at the end of its segments."""
        if entry.prefix:
            self.prefixes = self.prefixes or Node()
            slash = segments[-1].literals == ("",)
            steps = segments[:-1] if slash else segments
            node = self._descend(self.prefixes, steps)
            place = (node.under if slash else node.place) or Place(len(steps) + 1)
            if slash:
                node.under = place
            else:
                node.place = place
        else:
            node = self._descend(self.root, segments)
            place = node.place = node.place or Place(len(segments) + 1)
            text = entry.route.path
            if all(segment.literal for segment in segments) and plain(text):
                self.literal[text] = place
        place.add(entry)

    @staticmethod
    def _descend(node: Node, segments: tuple[Segment, ...]) -> Node:
        for segment in segments:
            node = node.child(segment)
        return node

    def find(self, segments: list[str]) -> Place | None:
        """The place of decoded segments: exact before any prefix."""
        place = exact(self.root, segments)
        if place is None and self.prefixes is not None:
            return longest(self.prefixes, segments)
        return place
