from __future__ import annotations

from typing import Any

import pytest

from specgw.openapi.model import Node
from specgw.plan.model import Conditions, Edits, Rewrite, Target, Timeout, Validate, WebSocket
from specgw.xgateway.settings import HeaderEdits, QueryParameterEdits, Settings, VersionSetting
from specgw.xgateway.settling import named, settle, targets
from specgw.xgateway.tree import plant


def settings(folder: Any, text: str, name: str = "api.yaml") -> Settings:
    node: Node = folder.read(text, name)
    return settle(plant(node))


@pytest.mark.parametrize(
    ("text", "attribute", "value"),
    [
        ("service: users", "service", "users"),
        ("mount: /api", "mount", "/api"),
        ("{}", "mount", ""),
        ("host: API.example.com", "host", ("api.example.com",)),
        ("host: [a.example, A.example, b.example]", "host", ("a.example", "b.example")),
        ("version: v1", "version", VersionSetting("v1")),
        ("version: {name: v1, default: true}", "version", VersionSetting("v1", "path", True)),
        ("version: {default: true}", "version", None),
        ("pathMatch: prefix", "path_match", "prefix"),
        ("match: {headers: {X-A: b, X-C: true}, query: {d: e}}", "match", Conditions(headers={"x-a": "b", "x-c": None}, query={"d": "e"})),
        ("rewrite: {prefix: /v2}", "rewrite", Rewrite(prefix="/v2")),
        ("rewrite: {prefix: /}", "rewrite", Rewrite(prefix="")),
        ("rewrite: {template: '/x/{id}'}", "rewrite", Rewrite(template="/x/{id}")),
        ("{}", "websocket", None),
        ("websocket: {}", "websocket", WebSocket()),
        ("websocket: {idle: 2m, maxMessage: 64KiB}", "websocket", WebSocket(idle=120.0, max_message=65536)),
        ("websocket: {origins: []}", "websocket", WebSocket(origins=())),
        ("websocket: {origins: ['https://a.example', 'https://a.example']}", "websocket", WebSocket(origins=("https://a.example",))),
        ("enabled: false", "enabled", False),
        ("visibility: internal", "visibility", "internal"),
        ("validate: {response: report, unknownQuery: reject}", "validate", Validate(response="report", unknown_query="reject")),
        ("validate: {formats: false}", "validate", Validate(formats=False)),
        ("maxBody: 64KiB", "max_body", 65536),
        ("maxBody: 0", "max_body", 0),
        ("maxResponse: 2MiB", "max_response", 2 << 20),
        ("maxDepth: 8", "max_depth", 8),
        ("encodedSlash: allow", "encoded_slash", True),
        ("timeout: {connect: 250ms, total: 1m30s}", "timeout", Timeout(connect=0.25, total=90)),
        ("headers: {request: {}}", "headers", HeaderEdits()),
        (
            "headers: {request: {rename: {A: B}, remove: [C, C], set: {D: e}, add: {F: [g, h], I: j}}, response: {remove: [Server]}}",
            "headers",
            HeaderEdits(
                Edits(rename={"A": "B"}, remove=("C",), set={"D": "e"}, add={"F": ("g", "h"), "I": ("j",)}), Edits(remove=("Server",))
            ),
        ),
        ("query: {request: {set: {a: b c}}}", "query", QueryParameterEdits(Edits(set={"a": "b c"}))),
    ],
)
def test_a_key_becomes_what_the_plan_calls_it(folder: Any, text: str, attribute: str, value: object) -> None:
    assert getattr(settings(folder, text), attribute) == value


def test_an_upstream_in_each_of_its_forms(folder: Any) -> None:
    (by_name,) = settings(folder, "upstream: users", "a.yaml").upstream
    assert (by_name.name, by_name.targets, by_name.conditions) == ("users", (), None)
    (by_url,) = settings(folder, "upstream: http://h:1/base", "b.yaml").upstream
    assert (by_url.name, by_url.targets) == (None, (Target(url="http://h:1/base"),))
    (by_reference,) = settings(folder, "upstream: ${USERS_URL}", "c.yaml").upstream
    assert by_reference.targets == (Target(url="${USERS_URL}"),)
    (inline,) = settings(folder, "upstream: {targets: [{url: http://a}, {url: http://b, weight: 3}]}", "d.yaml").upstream
    assert inline.targets == (Target(url="http://a"), Target(url="http://b", weight=3))


def test_the_lines_of_a_conditional_upstream_keep_their_order_and_places(folder: Any) -> None:
    first, last = settings(folder, "upstream: [{match: {query: {beta: true}}, upstream: next}, {upstream: http://h}]").upstream
    assert (first.name, first.conditions, first.place.pointer) == ("next", Conditions(query={"beta": None}), "/upstream/0")
    assert (last.targets, last.conditions, last.place.pointer) == ((Target(url="http://h"),), None, "/upstream/1")


@pytest.mark.parametrize(("text", "is_name"), [("users", True), ("http://users", False), ("${USERS}", False)])
def test_a_name_is_told_from_a_url(text: str, is_name: bool) -> None:
    assert named(text) is is_name


def test_targets_of_a_url() -> None:
    assert targets("http://h") == (Target(url="http://h"),)
