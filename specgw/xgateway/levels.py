"""One level of x-gateway, read and checked: at the root, in a path item, in an operation, in a block, in `defaults`."""

from __future__ import annotations

from collections.abc import Collection
from typing import Protocol

from specgw.diagnostics import Findings
from specgw.openapi.model import Node
from specgw.xgateway.faults import not_built, sound, suggestion, unknown_upstream
from specgw.xgateway.settings import Settings
from specgw.xgateway.settling import named, settle
from specgw.xgateway.tree import Tree, find, merge, place, plain, plant, strip
from specgw.xgateway.vocabulary.gateway import Gateway
from specgw.xgateway.vocabulary.level import KEYS, Level
from specgw.xgateway.vocabulary.part import Where
from specgw.xgateway.vocabulary.schemes import Scheme
from specgw.xgateway.vocabulary.traffic import bare

WHOLE = frozenset(name for name, key in KEYS.items() if key.merge != "deep")
FOLDED = frozenset({"headers", "secureHeaders"})

_IN_WORDS: dict[Where, str] = {"root": "at the document's root", "path": "in a path item", "operation": "in an operation"}
_BLOCKS = "/components/x-gateway/"


class References(Protocol):
    """What follows a `$ref` by one step; None, with a finding, where it leads nowhere."""

    def follow(self, node: Node) -> Node | None:
        """The node that the `$ref` of a node points to."""


class Levels:
    """The levels of one compile, each read once. `upstreams` are the names that gateway.yaml knows; None: not known."""

    def __init__(self, findings: Findings, references: References, upstreams: Collection[str] | None) -> None:
        self._findings = findings
        self._references = references
        self._upstreams = upstreams
        self._levels: dict[tuple[str, str, Where | None], Tree | None] = {}
        self._defaults: Tree | None = None
        self._reading: list[Node] = []

    def defaults(self, tree: Tree) -> Tree | None:
        """What gateway.yaml says under `defaults`; None where it is no mapping."""
        if tree.children is None:
            self._findings.add("wrong-value", tree.node, "'defaults' must be a mapping")
            return None
        known = dict(tree.children)
        for key in list(known):
            if key in KEYS and not ("root" in KEYS[key].where and KEYS[key].defaults):
                self._misplaced(key, known.pop(key).node, "in 'defaults'")
            elif key == "$ref":
                hint = "blocks belong to one document: write the keys here"
                self._findings.add("unknown-key", known.pop(key).node, "'$ref' has no meaning in 'defaults'", hint=hint)
        self._defaults = self._sound(Tree(tree.node, known), "defaults")
        return self._defaults

    def level(self, node: Node, where: Where | None) -> Tree | None:
        """What an `x-gateway` says, or a named block (`where` None), with what it takes from blocks; None where it is no mapping."""
        key = (node.document.file, node.pointer, where)
        if key not in self._levels:
            self._levels[key] = self._read(node, where)
        return self._levels[key]

    def blocks(self, extension: Node) -> None:
        """Read the named blocks of `components.x-gateway`, whether something uses them or not."""
        if not isinstance(extension.value, dict):
            self._findings.add("wrong-value", extension, "'components.x-gateway' must be a mapping of named blocks")
            return
        for name, block in extension.items():
            if name in KEYS and not _holds_keys(block.value):
                hint = f"give the block a name: {{NAME: {{{name}: …}}}}"
                self._findings.add("wrong-value", block, f"'{name}' stands where the name of a block is expected", hint=hint)
            else:
                self.level(block, None)

    @staticmethod
    def knows(key: str) -> bool:
        """Whether this is a key of `x-gateway`."""
        return key in KEYS

    def settle(self, said: Tree) -> Settings:
        """The settings that merged levels amount to."""
        said = strip(said)
        version = find(said, ("version",))
        if version is not None and find(said, ("version", "name")) is None and not self._of_defaults(version):
            self._findings.add("missing-key", version, "'version' lacks the key 'name'", hint="such as 'name: v1'")
        return settle(said)

    @staticmethod
    def over(weak: Tree | None, strong: Tree) -> Tree:
        """What holds when a level is said on top of weaker ones."""
        return strong if weak is None else merge(weak, strong, whole=WHOLE, folded=FOLDED)

    def _of_defaults(self, version: Node) -> bool:
        # gateway.yaml may say how versions are told apart for documents that have none.
        return self._defaults is not None and find(self._defaults, ("version",)) == version

    def _read(self, node: Node, where: Where | None) -> Tree | None:
        if not isinstance(node.value, dict):
            hint = "leave the key out where there is nothing to say" if node.value is None else None
            self._findings.add("wrong-value", node, "'x-gateway' must be a mapping" if where else "a block must be a mapping", hint=hint)
            return None
        tree = plant(node)
        assert tree.children is not None
        known = dict(tree.children)
        block = self._follow(node, where) if known.pop("$ref", None) is not None else None
        for key in list(known):
            if where is not None and key in KEYS and where not in KEYS[key].where:
                self._misplaced(key, known.pop(key).node, _IN_WORDS[where])
        own = self._sound(Tree(node, known), "x-gateway")
        return own if block is None else self.over(block, own)

    def _follow(self, node: Node, where: Where | None) -> Tree | None:
        """The block that a level takes its keys from, without those that may not stand there."""
        place = node.at("$ref")
        add = self._findings.add
        if not isinstance(place.value, str) or not place.value.partition("#")[2].startswith(_BLOCKS):
            message = "'$ref' in 'x-gateway' must name a block, such as '#/components/x-gateway/NAME'"
            add("invalid-block-reference", place, message)
            return None
        target = self._references.follow(node)
        if target is None:
            return None
        way = [_identity(reading) for reading in (*self._reading, node)]
        if _identity(target) in way:
            circle = (*self._reading, node)[way.index(_identity(target)) :]
            chain = " → ".join(_name(reading) for reading in (*circle, target))
            add("reference-cycle", place, f"these blocks refer to each other in a circle: {chain}")
            return None
        self._reading.append(node)
        block = self.level(target, None)
        self._reading.pop()
        if block is None or block.children is None or where is None:
            return block
        for key in block.children:
            if where not in KEYS[key].where:
                self._misplaced(key, place, f"{_IN_WORDS[where]}, and the block '{_name(target)}' holds it")
        return Tree(block.node, {key: child for key, child in block.children.items() if where in KEYS[key].where}, block.cut)

    def _misplaced(self, key: str, place: Node, where: str) -> None:
        allowed = " or ".join(_IN_WORDS[home] for home in KEYS[key].where)
        self._findings.add("misplaced-key", place, f"'{key}' cannot stand {where}", hint=f"it belongs {allowed}")

    def _sound(self, tree: Tree, name: str) -> Tree:
        """The part of a level that is right and can be enforced, in its long form; a finding for all the rest."""
        assert tree.children is not None
        known = dict(tree.children)
        for key in list(known):
            if key not in KEYS:
                self._unknown(key, known.pop(key).node, name)
        for key, child in known.items():
            if not KEYS[key].built and not child.null:
                not_built(f"'{key}'", child.node, self._findings)
        level, known = sound(Level, Tree(tree.node, known), "x-gateway", self._findings)
        known = {key: child for key, child in known.items() if KEYS[key].built or child.null}
        self._check_upstreams(level, Tree(tree.node, known))
        return Tree(tree.node, {key: _long_form(key, child) for key, child in known.items()})

    def _unknown(self, key: str, place: Node, name: str) -> None:
        if any((info.alias or field) == key for field, info in Scheme.model_fields.items()):
            hint = "it belongs in the 'x-gateway' of a security scheme"
        elif any((info.alias or field) == key for field, info in Gateway.model_fields.items()):
            hint = "it belongs in gateway.yaml, under 'gateway'"
        else:
            hint = Level.astray.get(key) or suggestion(key, KEYS)
        self._findings.add("unknown-key", place, f"unknown key '{key}' in '{name}'", hint=hint)

    def _check_upstreams(self, level: Level, tree: Tree) -> None:
        upstream = level.upstream
        if isinstance(upstream, list) and upstream[-1].match is not None:
            message = "the last line of 'upstream' has a 'match': a request that fits none of the lines is answered with 503"
            self._findings.add("upstream-without-default", place(tree, ("upstream",)), message, hint="add a line without 'match'")
        if self._upstreams is None:
            return
        lines: list[tuple[object, tuple[str | int, ...]]] = [(upstream, ("upstream",))]
        if isinstance(upstream, list):
            lines = [(choice.upstream, ("upstream", number, "upstream")) for number, choice in enumerate(upstream)]
        for said, path in lines:
            if isinstance(said, str) and named(said) and said not in self._upstreams:
                unknown_upstream(said, place(tree, path), self._upstreams, self._findings)


def _identity(node: Node) -> tuple[str, str]:
    return node.document.file, node.pointer


def _long_form(key: str, tree: Tree) -> Tree:
    """What a short form means, so that levels merge whichever form they use."""
    if key == "version" and isinstance(tree.node.value, str):
        return Tree(tree.node, {"name": tree})
    if key in ("rateLimit", "quota") and tree.children and bare(plain(tree)):
        return Tree(tree.node, {"default": tree})
    return tree


def _name(node: Node) -> str:
    return node.pointer.rpartition("/")[2] if node.pointer.startswith(_BLOCKS) else f"{node.file}{node.pointer}"


def _holds_keys(value: object) -> bool:
    """Whether a mapping is a block rather than the value of a key."""
    return isinstance(value, dict) and (not value or any(key in KEYS or key == "$ref" for key in value))
