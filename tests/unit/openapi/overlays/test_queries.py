"""JSONPath: the examples of RFC 9535 that overlays live by, and what is said about texts that are no queries."""

from __future__ import annotations

from typing import Any

import pytest

from specgw.openapi.overlays.queries import NotAQuery, find, nearest, normalized, read_query

# RFC 9535 section 1.5, figure 1, and the document of sections 2.3.5.3 and 2.5.2.3.
STORE: dict[str, Any] = {
    "store": {
        "book": [
            {"category": "reference", "author": "Nigel Rees", "title": "Sayings of the Century", "price": 8.95},
            {"category": "fiction", "author": "Evelyn Waugh", "title": "Sword of Honour", "price": 12.99},
            {"category": "fiction", "author": "Herman Melville", "title": "Moby Dick", "isbn": "0-553-21311-3", "price": 8.99},
            {"category": "fiction", "author": "J. R. R. Tolkien", "title": "The Lord of the Rings", "isbn": "0-395", "price": 22.99},
        ],
        "bicycle": {"color": "red", "price": 399},
    }
}
FILTERED: dict[str, Any] = {"a": [3, 5, 1, 2, 4, 6, {"b": "j"}, {"b": "k"}, {"b": {}}, {"b": "kilo"}], "o": {"p": 1, "q": 2}, "e": "f"}


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("$.store.book[*].author", ["Nigel Rees", "Evelyn Waugh", "Herman Melville", "J. R. R. Tolkien"]),
        ("$..author", ["Nigel Rees", "Evelyn Waugh", "Herman Melville", "J. R. R. Tolkien"]),
        ("$.store..price", [8.95, 12.99, 8.99, 22.99, 399]),
        ("$..book[2].author", ["Herman Melville"]),
        ("$..book[2].publisher", []),
        ("$..book[-1].title", ["The Lord of the Rings"]),
        ("$..book[0,1].title", ["Sayings of the Century", "Sword of Honour"]),
        ("$..book[:2].title", ["Sayings of the Century", "Sword of Honour"]),
        ("$..book[?@.isbn].title", ["Moby Dick", "The Lord of the Rings"]),
        ("$..book[?@.price<10].title", ["Sayings of the Century", "Moby Dick"]),
        ("$..book[?length(@.title) < 10].title", ["Moby Dick"]),
        ("$..book[?match(@.author, '.*Waugh')].price", [12.99]),
        ("$..book[?search(@.title, 'Lord')].price", [22.99]),
        ("$.store[?@.color == 'red'].price", [399]),
        ("$['store']['bicycle', 'bicycle'].color", ["red"]),
        ("$[?count(@.book[*]) == 4].bicycle.color", ["red"]),
    ],
)
def test_the_store_of_rfc_9535(query: str, found: list[Any]) -> None:
    assert sorted(map(str, values(query, STORE))) == sorted(map(str, found))


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("$.a[?@.b == 'kilo']", [{"b": "kilo"}]),
        ("$.a[?@>3.5]", [5, 4, 6]),
        ("$.a[?@.b]", [{"b": "j"}, {"b": "k"}, {"b": {}}, {"b": "kilo"}]),
        ('$.a[?@<2 || @.b == "k"]', [1, {"b": "k"}]),
        ('$.a[?match(@.b, "[jk]")]', [{"b": "j"}, {"b": "k"}]),
        ('$.a[?search(@.b, "[jk]")]', [{"b": "j"}, {"b": "k"}, {"b": "kilo"}]),
        ("$.o[?@>1 && @<4]", [2]),
        ("$.o[?@.u || @.x]", []),
        ("$.a[?@.b == $.x]", [3, 5, 1, 2, 4, 6]),
        ("$.a[?@ == @]", [3, 5, 1, 2, 4, 6, {"b": "j"}, {"b": "k"}, {"b": {}}, {"b": "kilo"}]),
    ],
)
def test_the_filters_of_rfc_9535(query: str, found: list[Any]) -> None:
    assert values(query, FILTERED) == found


def values(query: str, value: Any) -> list[Any]:
    found = []
    for location in find(read_query(query), value):
        node = value
        for step in location:
            node = node[step]
        found.append(node)
    return found


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("#/paths/~1a~1{id}/get", "that is a JSON pointer; as JSONPath it is '$.paths['/a/{id}'].get'"),
        ("info.title", "did you mean '$.info.title'?"),
        ("paths/x", "a query begins with '$', which is the root of the document"),
        ("$.paths./users", "names with other characters than letters, digits and '_' are written ['/users/{id}']"),
        ("$.a[", None),
        ("$.a[?@.b = 1]", None),
        ("$.a[?length(@.*) > 1]", None),
        ("$" + "[?@" * 2000, None),
    ],
)
def test_what_is_no_query(text: str, hint: str | None) -> None:
    with pytest.raises(NotAQuery) as fault:
        read_query(text)
    assert fault.value.hint == hint
    assert "line" not in str(fault.value)


@pytest.mark.parametrize(
    ("query", "hint"),
    [
        ("$.stor.book[0].title", "did you mean '$.store.book[0].title'?"),
        ("$.store.book[9]", "'$.store.book' has no [9]"),
        ("$.store.xyz", "'$.store' has no 'xyz'"),
        ("$.store.book.title", "'$.store.book' has no [title]"),
        ("$.stor.*", "did you mean '$.store'?"),
        ("$..stor", None),
        ("$.*.boo", None),
        ("$.store['book','cars']", None),
        ("$.store", None),
    ],
)
def test_what_was_nearly_selected(query: str, hint: str | None) -> None:
    assert nearest(read_query(query), STORE) == hint


def test_a_normalized_path_selects_its_node() -> None:
    value = {"it's": {"back\\slash": ["x"]}}
    assert find(read_query(normalized(["it's", "back\\slash", 0])), value) == [("it's", "back\\slash", 0)]
