from __future__ import annotations

import pytest

from specgw.plan.model import Conditions, Origin, Route
from specgw.plan.template import parse
from specgw.plan.tree import Entry, Node, Place, Tree, exact, longest


def entry(path: str, *, method: str = "GET", id: str | None = None, prefix: bool = False, conditions: int = 0) -> Entry:
    route = Route(
        id=id or path,
        service="s",
        method=method,
        path=path,
        document_path=path,
        conditions=Conditions(headers={f"x-{number}": None for number in range(conditions)}),
        origin=Origin(file="f", line=1),
    )
    return Entry(route, None, parse(path).segments, prefix)


def grown(*paths: str) -> Tree:
    """A tree of exact paths, and of prefixes where they end with `…`."""
    tree = Tree()
    for path in paths:
        text = path.removesuffix("…")
        tree.add(entry(text, prefix=path != text), parse(text).segments)
    return tree


def name(place: Place | None) -> str | None:
    return None if place is None else place.methods["GET"].route.path


def test_templates_that_differ_in_names_share_their_node() -> None:
    root = Node()
    for one, other in (("/a", "/%61"), ("/{x}", "/{y}"), ("/{x}.json", "/{y}.json"), ("/{x}-{y}", "/{p}-{q}")):
        assert root.child(parse(one).segments[0]) is root.child(parse(other).segments[0])
    assert (len(root.literals), len(root.mixed)) == (1, 2)


def test_mixed_segments_are_ordered_by_how_much_of_them_is_literal() -> None:
    texts = ["/{x}.b", "/{x}.json", "/a{x}b", "/{x}{y}", "/{x}.a"]
    for order in (texts, texts[::-1]):
        root = Node()
        for text in order:
            root.child(parse(text).segments[0])
        assert [segment.literals for _, segment, _ in root.mixed] == [("", ".json"), ("", ".a"), ("", ".b"), ("a", "b"), ("", "", "")]


def test_a_place_keeps_the_strongest_conditions_first() -> None:
    place = Place(2)
    for id, conditions in (("b", 1), ("none", 0), ("a", 1), ("two", 2), ("c", 1)):
        place.add(entry("/a", id=id, conditions=conditions))
    place.add(entry("/a", method="DELETE"))
    order = []
    here: Entry | None = place.methods["GET"]
    while here is not None:
        order.append(here.route.id)
        here = here.next
    assert order == ["two", "a", "b", "c", "none"]
    assert place.allow == ("DELETE", "GET")


@pytest.mark.parametrize(
    ("path", "template"),
    [
        ("/a/b/c", "/a/b/c"),
        ("/a/b/d", "/a/{x}/d"),
        ("/q/b/c", "/{x}/b/c"),
        ("/q/r/c", None),
        ("/a//d", None),
        ("/a/b", None),
        ("/a/b/c/d", None),
        ("/", None),
    ],
)
def test_the_exact_path_of_decoded_segments(path: str, template: str | None) -> None:
    tree = grown("/a/b/c", "/a/{x}/d", "/{x}/b/c", "/a…")
    assert name(exact(tree.root, path.split("/"))) == template


@pytest.mark.parametrize(
    ("path", "template"),
    [("/", "/"), ("/q", "/"), ("/a", "/a"), ("/a/", "/a/"), ("/a/b/c", "/a/{x}"), ("/a/b/d/e", "/{x}/b/d"), ("/a/c/d/e", "/a/{x}")],
)
def test_the_longest_prefix_of_decoded_segments(path: str, template: str) -> None:
    tree = grown("/…", "/a…", "/a/…", "/a/{x}…", "/{x}/b/d…", "/{x}/b…")
    assert tree.prefixes is not None
    assert name(longest(tree.prefixes, path.split("/"))) == template
    assert name(tree.find(path.split("/"))) == template


def test_an_exact_path_comes_before_a_longer_looking_prefix() -> None:
    assert name(grown("/a/b…", "/{x}/{y}").find(["", "a", "b"])) == "/{x}/{y}"
    assert name(grown("/a/b…", "/{x}/{y}").find(["", "a", "b", "c"])) == "/a/b"


def test_only_literal_templates_that_need_no_second_look_are_found_by_text() -> None:
    assert list(grown("/", "/a/b", "/a/{x}", "/café", "/%61", "/a b", "/p…").literal) == ["/", "/a/b"]
