"""Values that were merged from several places, each part still knowing where it was written.

Merging is associative: `merge(merge(a, b), c)` and `merge(a, merge(b, c))` are the same. For that a `null` stays in the
tree, and a mapping that replaced something remembers that it is `cut` off from what is weaker, until `strip` ends it.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Any

from specgw.openapi.model import Node


@dataclass(frozen=True, slots=True)
class Tree:
    """One value with its place. `children` is there for mappings only; lists are never merged and stay one value."""

    node: Node
    """Where the nearest level says it; of a merged mapping only the place counts, not its value."""
    children: dict[str, Tree] | None = field(default=None)
    cut: bool = False

    @property
    def null(self) -> bool:
        """Whether it removes what is weaker."""
        return self.children is None and self.node.value is None


def plant(node: Node) -> Tree:
    """The value of one document as a tree."""
    if not isinstance(node.value, dict):
        return Tree(node)
    return Tree(node, {key: plant(child) for key, child in node.items()})


def plain(tree: Tree) -> Any:
    """The value as Python has it, without places."""
    if tree.children is None:
        return tree.node.value
    return {key: plain(child) for key, child in tree.children.items()}


def place(tree: Tree, path: Collection[str | int]) -> Node:
    """Where the value at a path was written; the place that it would have under its nearest ancestor when it is absent."""
    steps = iter(path)
    for step in steps:
        child = tree.children.get(str(step)) if tree.children is not None else None
        if child is None:
            node = tree.node.at(step)
            for further in steps:
                node = node.at(further)
            return node
        tree = child
    return tree.node


def find(tree: Tree | None, path: Collection[str | int]) -> Node | None:
    """As `place`, and None when nobody says it."""
    for step in path:
        if tree is None:
            return None
        if tree.children is None:
            child = tree.node.get(step)
            tree = None if child is None else plant(child)
        else:
            tree = tree.children.get(str(step))
    return None if tree is None else tree.node


def merge(weak: Tree, strong: Tree, *, whole: Collection[str] = (), folded: Collection[str] = ()) -> Tree:
    """What holds when `strong` is said on top of `weak`.

    Mappings merge key by key, everything else is replaced. Keys of the outermost mapping that are `whole` are replaced
    too; below those that are `folded`, keys compare without case, as header names do.
    """
    if strong.children is None or weak.children is None or strong.cut:
        return strong if strong.children is None or weak.children is not None else Tree(strong.node, strong.children, cut=True)
    children = dict(weak.children)
    for key, child in strong.children.items():
        below = children.get(key)
        if below is None or key in whole:
            children[key] = child
        elif key in folded:
            children[key] = _merge_folded(below, child)
        else:
            children[key] = merge(below, child)
    return Tree(strong.node, children, weak.cut)


def _merge_folded(weak: Tree, strong: Tree) -> Tree:
    if strong.children is None or weak.children is None or strong.cut:
        return merge(weak, strong)
    children = dict(weak.children)
    names = {key.lower(): key for key in children}
    for key, child in strong.children.items():
        below = children.pop(names.get(key.lower(), key), None)
        children[key] = child if below is None else _merge_folded(below, child)
    return Tree(strong.node, children, weak.cut)


def strip(tree: Tree) -> Tree:
    """The tree without what `null` removed."""
    if tree.children is None:
        return tree
    return Tree(tree.node, {key: strip(child) for key, child in tree.children.items() if not child.null})
