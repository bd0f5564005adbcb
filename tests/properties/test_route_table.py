"""RouteTable against a matcher that looks at every route, one character at a time, and sorts what fits."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress
from itertools import product
from typing import Any

from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from specgw.http import Headers
from specgw.plan.found import InvalidPath, Match, NotAllowed, NotFound
from specgw.plan.model import Conditions, Origin, Route
from specgw.plan.paths import verdict
from specgw.plan.table import RouteTable
from specgw.plan.template import TemplateError, parse, witness
from specgw.plan.tree import Node

# The naive matcher.

Unit = tuple[str, str]
"""A decoded character and how it is written."""


def units(raw: str) -> list[Unit]:
    """The decoded characters of a raw segment, each with its escapes."""
    found: list[Unit] = []
    position = 0
    while position < len(raw):
        if raw[position] != "%":
            found.append((raw[position], raw[position]))
            position += 1
            continue
        for length in (1, 2, 3, 4):
            written = raw[position : position + 3 * length]
            try:
                character = bytes.fromhex(written.replace("%", "")).decode()
            except UnicodeDecodeError:
                continue
            found.append((character, written))
            position += 3 * length
            break
    return found


def pieces(template: str) -> list[str | None]:
    """The decoded characters of a template's segment, with None for each parameter."""
    found: list[str | None] = []
    literal = ""
    for character in template + "{":
        if character == "{":
            found += [decoded for decoded, _ in units(literal)]
            literal = ""
            found.append(None)
        elif character == "}":
            literal = ""
        else:
            literal += character
    return found[:-1]


def fit(pattern: list[str | None], text: list[Unit]) -> list[str] | None:
    """What the parameters take, each from the left as short as possible; None when it does not fit."""
    if not pattern:
        return None if text else []
    first, *rest = pattern
    if first is not None:
        return fit(rest, text[1:]) if text and text[0][0] == first else None
    for length in range(1, len(text) + 1):
        taken = fit(rest, text[length:])
        if taken is not None:
            return ["".join(written for _, written in text[:length]), *taken]
    return None


def rank(segment: str) -> tuple[object, ...]:
    pattern = pieces(segment)
    if None not in pattern:
        return (0,)
    if pattern == [None]:
        return (2,)
    literals = "".join("\0" if piece is None else piece for piece in pattern).split("\0")
    return (1, -sum(map(len, literals)), tuple(literals))


def parameter_names(template: str) -> list[str]:
    return [part.partition("}")[0] for part in template.split("{")[1:]]


Fit = tuple[Route, dict[str, str], str | None]


def fits(route: Route, path: str) -> Fit | None:
    template, segments = route.path.split("/")[1:], path.split("/")[1:]
    under = False
    if route.path_match == "prefix":
        under = template[-1] == ""
        if under:
            template = template[:-1]
        if len(segments) < len(template) + under:
            return None
    elif len(segments) != len(template):
        return None
    values: list[str] = []
    for pattern, segment in zip(template, segments, strict=False):
        taken = fit(pieces(pattern), units(segment))
        if taken is None:
            return None
        values += taken
    named = dict(zip(parameter_names(route.path), values, strict=True))
    if route.path_match == "exact":
        return route, named, None
    rest = "/".join(segments[len(template) :])
    return route, named, rest if under or len(segments) == len(template) else "/" + rest


def precedence(route: Route) -> tuple[object, ...]:
    """Routes of the same path have the same one, and the least one is the path that is chosen."""
    template = route.path.split("/")[1:]
    shape = tuple((rank(segment), tuple(pieces(segment))) for segment in template)
    key = [(one, tuple("" if piece is None else "=" + piece for piece in many)) for one, many in shape]
    if route.path_match == "exact":
        return (0, key)
    under = template[-1] == ""
    return (1, -len(template) + under, not under, key[:-1] if under else key)


def condition_holds(conditions: Conditions, headers: Headers, query: bytes | None) -> bool:
    pairs = [tuple(pair.split("=")) for pair in (query or b"").decode().split("&") if pair]
    return all((name.encode(), (value or "").encode()) in headers for name, value in conditions.headers.items()) and all(
        (name, value) in pairs for name, value in conditions.query.items()
    )


def naive(routes: list[Route], method: str, path: str, host: str | None, headers: Headers, query: bytes | None) -> object:
    groups = [[route for route in routes if host in route.hosts], [route for route in routes if not route.hosts]]
    for group in groups:
        found = [one for one in (fits(route, path) for route in group) if one is not None]
        if not found:
            continue
        chosen = min(precedence(route) for route, _, _ in found)
        here = [one for one in found if precedence(one[0]) == chosen]
        of_method = [one for one in here if one[0].method == method]
        if not of_method:
            if "%2F" in path and not any(route.encoded_slash for route, _, _ in here):
                return "slash"
            return sorted({route.method for route, _, _ in here})
        holding = [one for one in of_method if condition_holds(one[0].conditions, headers, query)]
        if holding:
            best = min(holding, key=lambda one: (-one[0].conditions.weight, one[0].id))
            return "slash" if "%2F" in path and not best[0].encoded_slash else (best[0].id, best[1], best[2])
    return "slash" if "%2F" in path else None


def asked(table: RouteTable, method: str, path: str, host: str | None, headers: Headers, query: bytes | None) -> object:
    result = table.match(method, path.encode(), host, headers, query)
    if isinstance(result, Match):
        return result.route.id, result.values, result.remainder
    if isinstance(result, NotAllowed):
        return list(result.allow)
    if isinstance(result, InvalidPath):
        assert result.reason == "it holds an encoded slash (%2F)"
        return "slash"
    assert isinstance(result, NotFound)
    return None


# Few characters and few segments, so that templates overlap and paths hit them.

TEXT = ("a", "b", "ab", "a.b", "a-b", "%61", "%C3%A9", "é")
SHAPES = ("{}", "{}.{}", "{}-{}", "a{}", "{}b", "a{}b", "{}{}", "%61{}", "{}é", "{}.{}.b")
METHODS = ("GET", "PUT")
HOSTS = ("one.test", "two.test")


@st.composite
def templates(draw: st.DrawFn) -> str:
    segments = draw(st.lists(st.sampled_from(TEXT + SHAPES + ("{}", "a", "b")), max_size=4))
    path = "/" + "/".join(segments) + ("/" if segments and draw(st.integers(0, 5)) == 0 else "")
    for number in range(path.count("{}")):
        path = path.replace("{}", f"{{p{number}}}", 1)
    return path


@st.composite
def tables(draw: st.DrawFn) -> list[Route]:
    routes = []
    for number, path in enumerate(draw(st.lists(templates(), min_size=1, max_size=12))):
        routes.append(
            Route(
                id=f"r{number}",
                service="s",
                method=draw(st.sampled_from(METHODS)),
                path=path,
                document_path=path,
                path_match=draw(st.sampled_from(("exact", "exact", "exact", "prefix"))),
                hosts=draw(st.sampled_from(((), (), (), HOSTS[:1], HOSTS))),
                conditions=draw(
                    st.sampled_from(
                        (Conditions(), Conditions(), Conditions(headers={"x": "1"}), Conditions(query={"q": "1"}, headers={"x": "1"}))
                    )
                ),
                encoded_slash=draw(st.booleans()),
                origin=Origin(file="f", line=1),
            )
        )
    return routes


CHARACTERS = ("a", "b", ".", "-", "%61", "%62", "%2E", "%C3%A9", "%2F", "x", "%E2%82%AC")


@st.composite
def paths(draw: st.DrawFn) -> str:
    segment = st.one_of(
        st.sampled_from(("a", "b", "ab", "%C3%A9", "a.b", "a-b")),
        st.lists(st.sampled_from(CHARACTERS), min_size=1, max_size=6).map("".join),
    )
    segments = draw(st.lists(segment, max_size=5))
    return "/" + "/".join(segments) + ("/" if segments and draw(st.integers(0, 5)) == 0 else "")


@st.composite
def questions(draw: st.DrawFn) -> tuple[list[Route], list[str]]:
    """Routes, and paths that mostly are what one of the routes has in mind."""
    routes = draw(tables())
    asks = []
    for route in draw(st.lists(st.sampled_from(routes), min_size=1, max_size=6)):
        path = re.sub(r"\{[^}]*\}", lambda _: "".join(draw(st.lists(st.sampled_from(CHARACTERS), min_size=1, max_size=3))), route.path)
        asks.append(path.replace("é", "%C3%A9") + draw(st.sampled_from(("", "", "", "/", "/b", "/%2Fb/a"))))
    return routes, [*asks, draw(paths())]


@settings(max_examples=500, deadline=None)
@given(
    asking=questions(),
    method=st.sampled_from(METHODS),
    host=st.sampled_from((None, *HOSTS)),
    headers=st.sampled_from(([], [(b"x", b"1")])),
    query=st.sampled_from((None, b"q=1")),
)
def test_the_table_decides_as_a_matcher_that_looks_at_everything(
    asking: tuple[list[Route], list[str]], method: str, host: str | None, headers: Headers, query: bytes | None
) -> None:
    routes, asks = asking
    table = RouteTable(routes)
    for path in asks:
        if verdict(path) is None:
            assert asked(table, method, path, host, headers, query) == naive(routes, method, path, host, headers, query)


@settings(max_examples=200, deadline=None)
@given(routes=tables(), path=paths(), order=st.randoms())
def test_the_order_of_the_routes_changes_nothing(routes: list[Route], path: str, order: Any) -> None:
    shuffled = list(routes)
    order.shuffle(shuffled)
    assert asked_or_refused(RouteTable(routes), path) == asked_or_refused(RouteTable(shuffled), path)


def asked_or_refused(table: RouteTable, path: str) -> object:
    result = table.match("GET", path, None, [], None)
    return (result.route.id, result.values, result.remainder) if isinstance(result, Match) else result


@settings(max_examples=400, deadline=None)
@given(one=templates(), other=templates(), path=paths())
@example(one="/.{a}", other="/{b}.", path="/.b.")
def test_a_witness_is_found_whenever_two_templates_share_a_path(one: str, other: str, path: str) -> None:
    first, second = parse(one), parse(other)
    found = witness(first, second)
    if found is not None:
        assert first.match(found) is not None
        assert second.match(found) is not None
    elif not any(segment in (".", "..") for segment in path.split("/")):
        assert first.match(path) is None or second.match(path) is None


@settings(max_examples=300, deadline=None)
@given(text=st.text(alphabet="/{}%a2Fé.;?#\\\0", max_size=12))
def test_any_text_is_a_template_or_a_template_error(text: str) -> None:
    with suppress(TemplateError):
        assert parse(text).text == text


@settings(max_examples=300, deadline=None)
@given(path=st.binary(max_size=20).map(lambda tail: b"/" + tail))
def test_any_bytes_get_an_answer(path: bytes) -> None:
    table = RouteTable([Route(id="r", service="s", method="GET", path="/{a}", document_path="/{a}", origin=Origin(file="f", line=1))])
    result = table.match("GET", path, "h", [], None)
    if isinstance(result, Match):
        assert result.values == {"a": path[1:].decode()}
        assert b"/" not in path[1:]


# The work that a request can cause.


class Counting(dict[str, Any]):
    """Children by literal that count how often they are asked."""

    asked = 0

    def get(self, key: str, default: Any = None) -> Any:
        Counting.asked += 1
        return super().get(key, default)


def nodes(node: Node) -> Iterator[Node]:
    yield node
    children = [*node.literals.values(), *(target for _, _, target in node.mixed), *([node.parameter] if node.parameter else [])]
    for child in children:
        yield from nodes(child)


@settings(max_examples=30, deadline=None)
@given(depth=st.integers(1, 7), prefixes=st.booleans(), path=st.lists(st.sampled_from(("a", "ab", "x")), min_size=1, max_size=40))
def test_no_request_looks_at_a_node_more_than_twice(depth: int, prefixes: bool, path: list[str]) -> None:
    # Every way through these templates leads on, and none of them to the end.
    table = RouteTable()
    for number, segments in enumerate(product(("a", "{}", "a{}"), repeat=depth)):
        assume(number < 3000)
        template = "/" + "/".join(segments).replace("{}", "{p%d}")
        template = template % tuple(range(template.count("%d"))) + "/end"
        table.add(
            Route(
                id=f"r{number}",
                service="s",
                method="GET",
                path=template,
                document_path=template,
                path_match="prefix" if prefixes else "exact",
                origin=Origin(file="f", line=1),
            )
        )
    total = 0
    for root in (table._any.root, table._any.prefixes):
        for node in nodes(root) if root is not None else ():
            node.literals = Counting(node.literals)
            total += 1
    Counting.asked = 0
    assert isinstance(table.match("GET", "/" + "/".join(path), None, [], None), NotFound)
    assert 0 < Counting.asked <= 2 * total
