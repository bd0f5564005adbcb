from __future__ import annotations

import pytest

from specgw.plan.template import Template, TemplateError, parse, witness


@pytest.mark.parametrize(
    ("text", "literals", "names"),
    [
        ("/", [("",)], ()),
        ("/users", [("users",)], ()),
        ("/users/", [("users",), ("",)], ()),
        ("/users/{id}", [("users",), ("", "")], ("id",)),
        ("/report-{id}.json", [("report-", ".json")], ("id",)),
        ("/{a}.{b}", [("", ".", "")], ("a", "b")),
        ("/{a}{b}", [("", "", "")], ("a", "b")),
        ("/caf%C3%A9", [("café",)], ()),
        ("/café", [("café",)], ()),
        ("/a%2Db", [("a-b",)], ()),
        ("/.well-known/x", [(".well-known",), ("x",)], ()),
        ("/users;v=1/{id}", [("users;v=1",), ("", "")], ("id",)),
        # OpenAPI 3.2's grammar lets a parameter's name hold anything but braces.
        ("/files/{path/to}", [("files",), ("", "")], ("path/to",)),
        ("/files/{id:[0-9]+}", [("files",), ("", "")], ("id:[0-9]+",)),
    ],
)
def test_a_template_is_a_row_of_decoded_literals_and_names(text: str, literals: list[tuple[str, ...]], names: tuple[str, ...]) -> None:
    template = parse(text)
    assert [segment.literals for segment in template.segments] == literals
    assert template.names == names
    assert template.text == text


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("users", "begin with '/'"),
        ("", "begin with '/'"),
        ("/a//b", "empty segment"),
        ("//", "empty segment"),
        ("/a/{id", "without its partner"),
        ("/a/id}", "without its partner"),
        ("/a/{x{y}}", "without its partner"),
        ("/a/{}", "without a name"),
        ("/{id}/{id}", "'id' more than once"),
        ("/a?x=1", "'?': a query"),
        ("/a#b", "'#': a fragment"),
        ("/a%2", "two hexadecimal digits"),
        ("/a%zz", "two hexadecimal digits"),
        ("/a%FF", "not UTF-8"),
        ("/a%C0%AF", "not UTF-8"),
        ("/a%2Fb", "encoded slash"),
        ("/a\\b", "backslash"),
        ("/a%00", "NUL"),
        ("/a/../b", "dot segment"),
        ("/a/%2e", "dot segment"),
        ("/..;x/b", "dot segment"),
    ],
)
def test_a_template_that_nothing_can_match_says_why(text: str, reason: str) -> None:
    with pytest.raises(TemplateError) as caught:
        parse(text)
    assert reason in str(caught.value)


def test_a_question_mark_inside_braces_belongs_to_the_name() -> None:
    assert parse("/a/{id?}").names == ("id?",)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("/users/{id}", "/users/{name}", True),
        ("/users/{id}", "/users/{id}/", False),
        ("/users/{id}", "/{users}/id", False),
        ("/{a}.{b}", "/{x}.{y}", True),
        ("/{a}.{b}", "/{a}-{b}", False),
        ("/%61bc", "/abc", True),
        ("/caf%C3%A9", "/café", True),
        ("/Users", "/users", False),
    ],
)
def test_the_key_ignores_names_and_escapes(one: str, other: str, same: bool) -> None:
    assert (parse(one).key == parse(other).key) is same


@pytest.mark.parametrize(
    ("template", "path", "values"),
    [
        ("/users/{id}", "/users/7", {"id": "7"}),
        ("/users/{id}", "/users/", None),
        ("/users/{id}", "/users", None),
        ("/users/{id}", "/users/7/", None),
        ("/users/{id}", "/users/a%2Fb", {"id": "a%2Fb"}),
        ("/{a}.{b}", "/x.y.z", {"a": "x", "b": "y.z"}),
        ("/{a}.{b}", "/..z", {"a": ".", "b": "z"}),
        ("/{a}.{b}", "/x.", None),
        ("/{a}.{b}", "/.x", None),
        ("/{a}.{b}", "/x%2ey", {"a": "x", "b": "y"}),
        ("/{a}.{b}", "/%78%2E%79", {"a": "%78", "b": "%79"}),
        ("/{a}é{b}", "/%C3%A8%c3%a9%C3%AA", {"a": "%C3%A8", "b": "%C3%AA"}),
        ("/{a}{b}", "/xyz", {"a": "x", "b": "yz"}),
        ("/{a}{b}", "/x", None),
        ("/{a}{b}", "/%C3%A9%2F", {"a": "%C3%A9", "b": "%2F"}),
        ("/report-{id}.json", "/report-7.json", {"id": "7"}),
        ("/report-{id}.json", "/report-.json", None),
        ("/report-{id}.json", "/report-7.xml", None),
        ("/report-{id}.json", "/%72eport-7.json", {"id": "7"}),
        ("/ab{id}bc", "/abc", None),
        ("/ab{id}bc", "/abbc", None),
        ("/ab{id}bc", "/abcbc", {"id": "c"}),
        ("/{a}--{b}-{c}", "/x---y-z", {"a": "x", "b": "-y", "c": "z"}),
        ("/{a}-{b}x", "/p-qx", {"a": "p", "b": "q"}),
        ("/{a}-{b}-", "/p-q-", {"a": "p", "b": "q"}),
        ("/café", "/caf%C3%A9", {}),
        ("/caf%C3%A9", "/caf%c3%A9", {}),
        ("/", "/", {}),
    ],
)
def test_values_are_raw_slices_and_as_short_as_possible_from_the_left(template: str, path: str, values: dict[str, str] | None) -> None:
    assert parse(template).match(path) == values


def test_a_hostile_segment_costs_no_backtracking() -> None:
    # With a backtracking regular expression this would not end: 12 parameters over 8,000 places to split.
    template = parse("/" + "-".join(f"{{p{number}}}" for number in range(12)) + "-end")
    assert template.match("/" + "-" * 8000) is None


def overlap(one: str, other: str) -> str | None:
    first, second = parse(one), parse(other)
    found = witness(first, second)
    assert (witness(second, first) is None) == (found is None)
    return found


@pytest.mark.parametrize(
    ("one", "other", "path"),
    [
        ("/users/{id}", "/users/me", "/users/me"),
        ("/users/{id}", "/{kind}/me", "/users/me"),
        ("/users/{id}", "/users/{name}", "/users/x"),
        ("/users/{id}", "/users/{id}/", None),
        ("/users/{id}", "/users/", None),
        ("/users/{id}", "/products/{id}", None),
        ("/{a}.json", "/report-{b}", "/report-.json"),
        ("/{a}.json", "/{b}.xml", None),
        ("/{a}.{b}", "/{c}-{d}", "/x-.x"),
        ("/{a}.json", "/data.json", "/data.json"),
        ("/{a}.json", "/.json", None),
        ("/caf%C3%A9", "/{name}", "/caf%C3%A9"),
        ("/{a}é", "/{b}", "/x%C3%A9"),
        ("/a%25b", "/{x}", "/a%25b"),
    ],
)
def test_a_witness_is_a_path_that_both_match(one: str, other: str, path: str | None) -> None:
    found = overlap(one, other)
    assert (found is None) == (path is None)
    if found is not None and path is not None:
        assert len(found) == len(path)
        assert parse(one).match(found) is not None
        assert parse(other).match(found) is not None


def test_a_witness_is_never_a_dot_segment() -> None:
    found = overlap("/.{a}", "/{b}.")
    assert found is not None
    assert found not in ("/.", "/..")
    assert parse("/.{a}").match(found) is not None


def test_the_longest_common_part_is_found_through_both_patterns() -> None:
    first, second = parse("/ab{x}cab{y}"), parse("/{x}bca{y}abc")
    found = witness(first, second)
    assert found is not None
    assert first.match(found) is not None
    assert second.match(found) is not None


def test_templates_compare_by_what_they_say() -> None:
    assert parse("/a/{b}") == parse("/a/{b}")
    assert isinstance(parse("/a"), Template)
    assert parse("/a/{b}") != parse("/a/{c}")
