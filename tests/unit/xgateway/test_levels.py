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
