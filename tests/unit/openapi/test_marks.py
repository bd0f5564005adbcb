from __future__ import annotations

import pytest

from specgw.openapi.marks import Marks


@pytest.fixture
def tree() -> tuple[dict[str, object], Marks]:
    """`{a: [x, {b: y}], c: z}` with marks that no text would give, so that each is recognised."""
    inner: dict[str, object] = {"b": "y"}
    items: list[object] = ["x", inner]
    root: dict[str, object] = {"a": items, "c": "z"}
    marks = Marks()
    marks.root = 1
    marks.add(inner, [50, 51])
    marks.add(items, [30, 40])
    marks.add(root, [10, 20, 60, 61])
    return root, marks


@pytest.mark.parametrize(
    ("tokens", "key", "offset"),
    [
        ([], True, 1),
        (["a"], True, 10),
        (["a"], False, 20),
        (["a", "0"], True, 30),
        (["a", "1", "b"], True, 50),
        (["a", "1", "b"], False, 51),
        (["c"], False, 61),
        # Absent: the key of the nearest ancestor.
        (["d"], False, 1),
        (["a", "2"], False, 10),
        (["a", "-1"], True, 10),
        (["a", "01234567890123"], True, 10),
        (["a", "1", "b", "deeper"], False, 50),
    ],
)
def test_find(tree: tuple[dict[str, object], Marks], tokens: list[str], key: bool, offset: int) -> None:
    root, marks = tree
    assert marks.find(root, tokens, key=key) == offset


def test_marks_of_a_container(tree: tuple[dict[str, object], Marks]) -> None:
    root, marks = tree
    assert list(marks.of(root)) == [10, 20, 60, 61]
    assert list(marks.of(root["a"])) == [30, 40]
