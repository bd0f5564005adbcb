"""Which path templates can match the same path. Asked of a tree, so that a large document costs no comparison of all pairs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from specgw.plan.template import Segment, Template, witness


class _Node:
    __slots__ = ("literals", "patterns", "templates")

    def __init__(self) -> None:
        self.literals: dict[str, _Node] = {}
        self.patterns: dict[tuple[str, ...], tuple[Segment, _Node]] = {}
        self.templates: list[Template] = []

    def child(self, segment: Segment) -> _Node:
        if segment.literal:
            return self.literals.setdefault(segment.literals[0], _Node())
        return self.patterns.setdefault(segment.literals, (segment, _Node()))[1]

    def compatible(self, segment: Segment) -> Iterator[_Node]:
        """The children that some segment of a path can lead to together with `segment`."""
        if segment.literal:
            child = self.literals.get(segment.literals[0])
            if child is not None:
                yield child
        else:
            for text, node in self.literals.items():
                if text and segment.spans(text) is not None:
                    yield node
        for pattern, node in self.patterns.values():
            if (segment.literal and pattern.spans(segment.literals[0]) is not None) or not segment.literal:
                yield node


def overlapping(templates: Iterable[Template]) -> Iterator[tuple[Template, Template, str]]:
    """Pairs of different templates that share a path, with such a path as witness; each pair once, in the given order.

    Of templates with the same key only the first is looked at: they match the same paths altogether.
    """
    root = _Node()
    seen: set[tuple[tuple[str, ...], ...]] = set()
    for template in templates:
        if template.key in seen:
            continue
        seen.add(template.key)
        level = [root]
        for segment in template.segments:
            level = [child for node in level for child in node.compatible(segment)]
        for earlier in (other for node in level for other in node.templates):
            path = witness(earlier, template)
            if path is not None:
                yield earlier, template, path
        node = root
        for segment in template.segments:
            node = node.child(segment)
        node.templates.append(template)


def shared(first: Template, second: Template) -> tuple[tuple[str, ...], ...] | None:
    """The key of the template that matches exactly what two overlapping ones both match; None where no template says that."""
    found = []
    for one, other in zip(first.segments, second.segments, strict=True):
        if one.mixed and other.mixed and one.literals != other.literals:
            return None
        found.append(min((one, other), key=_rank).literals)
    return tuple(found)


def more_concrete(first: Template, second: Template) -> Template | None:
    """The one of two overlapping templates that a reader of OpenAPI expects to win; None where that is not said.

    OpenAPI section "Path Templating Matching": concrete definitions before templated ones. One is more concrete when
    every segment of it is at least as literal as the other's.
    """
    ranks = [(_rank(one), _rank(other)) for one, other in zip(first.segments, second.segments, strict=True)]
    if all(one <= other for one, other in ranks) and any(one < other for one, other in ranks):
        return first
    if all(other <= one for one, other in ranks) and any(other < one for one, other in ranks):
        return second
    return None


def preferred(first: Template, second: Template) -> Template:
    """The one of two overlapping templates that the router takes: the one that is more literal where they first differ."""
    one = [(_rank(segment), -sum(map(len, segment.literals))) for segment in first.segments]
    other = [(_rank(segment), -sum(map(len, segment.literals))) for segment in second.segments]
    return second if other < one else first


def _rank(segment: Segment) -> int:
    return 0 if segment.literal else 1 if segment.mixed else 2
