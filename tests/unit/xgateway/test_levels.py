from __future__ import annotations

from typing import Any

import pytest

from specgw.openapi.model import Node
from specgw.xgateway.levels import FOLDED, WHOLE, Levels
from specgw.xgateway.tree import plain, plant
from specgw.xgateway.vocabulary.level import KEYS


def levels(folder: Any) -> Levels:
    return Levels(folder.findings, folder.library, {"users"})


def test_whole_are_all_keys_that_do_not_merge() -> None:
    assert {"upstream", "maxBody"} <= WHOLE
    assert not WHOLE & {"timeout", "validate", "headers"}
    assert KEYS.keys() >= FOLDED


def test_a_level_is_read_once(folder: Any) -> None:
    root: Node = folder.read("x-gateway: {maxBody: five}")
    read = levels(folder)
    first = read.level(root.at("x-gateway"), "root")
    assert first is not None
    assert plain(first) == {}
    assert read.level(root.at("x-gateway"), "root") is first
    assert len(folder.findings) == 1


def test_what_is_said_on_top(folder: Any) -> None:
    weak, strong = plant(folder.read("a: {x: 1}", "weak.yaml")), plant(folder.read("a: {y: 2}", "strong.yaml"))
    assert Levels.over(None, strong) is strong
    assert plain(Levels.over(weak, strong)) == {"a": {"x": 1, "y": 2}}


@pytest.mark.parametrize(("key", "known"), [("timeout", True), ("Timeout", False), ("issuer", False), ("", False)])
def test_keys_of_the_vocabulary_are_known(key: str, known: bool) -> None:
    assert Levels.knows(key) is known


def test_settings_of_a_level(folder: Any) -> None:
    read = levels(folder)
    own = read.level(folder.read("x-gateway: {timeout: null, maxBody: 1KiB}").at("x-gateway"), "operation")
    assert own is not None
    assert read.settle(own).max_body == 1024


def test_defaults_that_are_no_mapping(folder: Any) -> None:
    assert levels(folder).defaults(plant(folder.read("defaults: 5").at("defaults"))) is None
    assert folder.said() == ["wrong-value /defaults: 'defaults' must be a mapping"]


def scheme(folder: Any, text: str) -> list[str]:
    Levels(folder.findings, folder.library, None).scheme(folder.read(text).at("x-gateway"))
    said: list[str] = folder.said()
    return said


REFUSED = (
    "not-built-yet /x-gateway: 'x-gateway' in a security scheme is part of the vocabulary, but this version cannot enforce it yet; "
    "it is refused rather than ignored (leave it out until then)"
)


def test_what_a_scheme_says_is_checked_and_refused(folder: Any) -> None:
    said = scheme(folder, "x-gateway: {issuer: id.example.com, algoritms: [RS256], forward: drop, timeout: {total: 5s}}")
    assert REFUSED in said
    assert [line.partition(" (allowed")[0] for line in said if line != REFUSED] == [
        "wrong-value /x-gateway/issuer: 'issuer' must be an http or https URL such as 'http://127.0.0.1:8081/base', not 'id.example.com'"
        " (did you mean 'http://id.example.com'?)",
        "unknown-key /x-gateway/algoritms: unknown key 'algoritms' in 'x-gateway' (did you mean 'algorithms'?",
        "wrong-value /x-gateway/forward: 'forward' must be one of 'strip', 'keep', 'claims', not 'drop'",
        "misplaced-key /x-gateway/timeout: 'timeout' cannot stand in a security scheme"
        " (it belongs in an operation, a path item or at the document's root)",
    ]


def test_secrets_are_never_shown(folder: Any) -> None:
    said = scheme(folder, "x-gateway: {introspection: {url: 'http://h', clientSecret: 8172635}, users: {ann: [hunter2]}}")
    assert len(said) == 3
    assert not any("8172635" in line or "hunter2" in line for line in said)


@pytest.mark.parametrize("value", ["5", "[]", "null"])
def test_a_scheme_whose_extension_is_no_mapping(folder: Any, value: str) -> None:
    assert scheme(folder, f"x-gateway: {value}") == ["wrong-value /x-gateway: 'x-gateway' must be a mapping"]
