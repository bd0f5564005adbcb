from __future__ import annotations

from specgw.compiler.overlap import more_concrete, overlapping, preferred, shared
from specgw.plan.template import parse


def pairs(*templates: str) -> list[tuple[str, str, str]]:
    return [(first.text, second.text, path) for first, second, path in overlapping(map(parse, templates))]


def test_two_templates_that_share_a_path_are_found_with_such_a_path() -> None:
    assert pairs("/a/{x}/c", "/a/b/{y}") == [("/a/{x}/c", "/a/b/{y}", "/a/b/c")]


def test_templates_of_different_length_or_literals_share_nothing() -> None:
    assert pairs("/a/{x}", "/a/{x}/c", "/b/{x}", "/a") == []


def test_each_pair_is_found_once_whichever_came_first() -> None:
    assert len(pairs("/a/{x}", "/a/me", "/{y}/me")) == 3
    assert len(pairs("/{y}/me", "/a/me", "/a/{x}")) == 3


def test_mixed_segments_share_only_what_both_can_be() -> None:
    assert pairs("/r/{name}.json", "/r/{name}.xml") == []
    [(_, _, path)] = pairs("/r/{name}.json", "/r/report-{id}")
    assert parse("/r/{name}.json").match(path)
    assert parse("/r/report-{id}").match(path)


def test_templates_that_differ_only_in_names_count_as_one() -> None:
    assert pairs("/a/{x}", "/a/{y}") == []


def test_the_more_literal_template_is_the_more_concrete_one() -> None:
    concrete, loose = parse("/users/me"), parse("/users/{id}")
    assert more_concrete(concrete, loose) is concrete
    assert more_concrete(loose, concrete) is concrete


def test_neither_is_more_concrete_where_each_is_more_literal_at_some_segment() -> None:
    assert more_concrete(parse("/a/{x}/c"), parse("/a/b/{y}")) is None


def test_the_router_prefers_what_is_more_literal_first() -> None:
    first, second = parse("/a/{x}/c"), parse("/a/b/{y}")
    assert preferred(first, second) is second
    assert preferred(second, first) is second


def test_what_two_templates_share_is_a_template_unless_both_are_mixed_otherwise() -> None:
    def key(first: str, second: str) -> object:
        return shared(parse(first), parse(second))

    assert key("/a/{x}/c", "/a/b/{y}") == parse("/a/b/c").key
    assert key("/{x}/{y}.json", "/{z}/{v}.json") == parse("/{p}/{q}.json").key
    assert key("/{x}/{y}.json", "/a/{v}") == parse("/a/{q}.json").key
    assert key("/{x}.json", "/report-{y}") is None
