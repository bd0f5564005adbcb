"""The laws by which levels of x-gateway meet, held against a second, much simpler telling of them."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from specgw.diagnostics import Findings
from specgw.openapi.model import Node
from specgw.openapi.source import parse
from specgw.xgateway.tree import Tree, find, merge, plain, plant, strip

KEYS = st.sampled_from(["a", "b", "c", "w"])
VALUES = st.recursive(
    st.none() | st.integers(0, 9) | st.text("xy", max_size=2) | st.lists(st.integers(0, 9), max_size=2),
    lambda inner: st.dictionaries(KEYS, inner, max_size=4),
    max_leaves=12,
)
LEVELS = st.dictionaries(KEYS, VALUES, max_size=4)
WHOLE = ("w",)


def tree(value: dict[str, Any], name: str) -> Tree:
    document = parse(b"{}", name, Findings())
    assert document is not None
    return plant(Node(document, "", value))


def over(weak: Tree, strong: Tree) -> Tree:
    return merge(weak, strong, whole=WHOLE)


def told(levels: list[Any], *, top: bool = True) -> Any:
    """What holds, by going from the nearest level outwards: the first that says anything decides how far one goes."""
    deep: list[dict[str, Any]] = []
    for level in reversed(levels):
        if not isinstance(level, dict):
            if not deep:
                return level
            break
        deep.insert(0, level)
    found = {}
    for key in {key for level in deep for key in level}:
        said = [level[key] for level in deep if key in level]
        value = said[-1] if top and key in WHOLE else told(said, top=False)
        if value is not None:
            found[key] = drop_nulls(value)
    return found


def drop_nulls(value: Any) -> Any:
    return {key: drop_nulls(part) for key, part in value.items() if part is not None} if isinstance(value, dict) else value


@given(LEVELS, LEVELS, LEVELS)
def test_merging_is_associative(a: dict[str, Any], b: dict[str, Any], c: dict[str, Any]) -> None:
    one, two, three = tree(a, "a"), tree(b, "b"), tree(c, "c")
    assert strip(over(over(one, two), three)) == strip(over(one, over(two, three)))


@given(LEVELS, LEVELS, LEVELS)
def test_merging_is_what_the_simple_telling_says(a: dict[str, Any], b: dict[str, Any], c: dict[str, Any]) -> None:
    merged = strip(over(over(tree(a, "a"), tree(b, "b")), tree(c, "c")))
    assert plain(merged) == told([a, b, c])


@given(LEVELS)
def test_saying_nothing_changes_nothing(a: dict[str, Any]) -> None:
    one, nothing = tree(a, "a"), tree({}, "b")
    assert plain(over(one, nothing)) == a
    assert plain(over(nothing, one)) == a


@given(LEVELS)
def test_saying_it_twice_changes_nothing(a: dict[str, Any]) -> None:
    assert plain(strip(over(tree(a, "a"), tree(a, "b")))) == plain(strip(tree(a, "a")))


@given(LEVELS, LEVELS)
def test_null_for_every_key_removes_everything(a: dict[str, Any], b: dict[str, Any]) -> None:
    nulls = {key: None for key in {*a, *b}}
    merged = over(over(tree(a, "a"), tree(b, "b")), tree(nulls, "c"))
    assert plain(strip(merged)) == {}


@given(LEVELS, LEVELS)
def test_every_single_value_comes_from_the_nearest_that_says_it(a: dict[str, Any], b: dict[str, Any]) -> None:
    merged = strip(over(tree(a, "a"), tree(b, "b")))

    def check(part: Any, path: tuple[str, ...]) -> None:
        if isinstance(part, dict):
            for key, inner in part.items():
                check(inner, (*path, key))
            return
        node = find(merged, path)
        assert node is not None
        assert node.value == part
        said: Any = b
        for step in path:
            said = said.get(step) if isinstance(said, dict) else None
        assert node.file == ("a" if said is None else "b")

    check(plain(merged), ())
