from __future__ import annotations

import pytest

from specgw.xgateway.vocabulary.level import KEYS, Level

BUILT = [
    "service",
    "mount",
    "host",
    "version",
    "pathMatch",
    "match",
    "upstream",
    "rewrite",
    "enabled",
    "visibility",
    "validate",
    "maxBody",
    "maxResponse",
    "maxDepth",
    "encodedSlash",
    "headers",
    "query",
    "websocket",
    "timeout",
    "require",
    "csrf",
    "mock",
    "sunset",
    "successor",
]
LATER = [
    "rateLimit",
    "quota",
    "cors",
    "secureHeaders",
    "ip",
    "transform",
    "retry",
    "cache",
    "split",
    "mirror",
    "grpc",
    "plugins",
]


def test_the_vocabulary_is_whole() -> None:
    assert set(KEYS) == {*BUILT, *LATER}


@pytest.mark.parametrize("name", BUILT)
def test_these_take_effect(name: str) -> None:
    assert KEYS[name].built


@pytest.mark.parametrize("name", LATER)
def test_these_do_not_yet(name: str) -> None:
    assert not KEYS[name].built


def test_deep_ones() -> None:
    assert {name for name, key in KEYS.items() if key.merge == "deep"} == set(
        [
            "version",
            "validate",
            "require",
            "rateLimit",
            "quota",
            "secureHeaders",
            "headers",
            "query",
            "websocket",
            "timeout",
            "retry",
            "cache",
            "mock",
        ]
    )


def test_places() -> None:
    assert {name for name, key in KEYS.items() if key.where == ("root",)} == {"service", "mount", "version"}
    assert {name for name, key in KEYS.items() if key.where == ("root", "path")} == {"host"}
    assert {name for name, key in KEYS.items() if key.where == ("path", "operation")} == {
        "pathMatch",
        "match",
        "transform",
        "websocket",
        "grpc",
    }


def test_nothing_is_required() -> None:
    assert Level.model_validate({}) == Level.model_validate(dict.fromkeys(KEYS))
