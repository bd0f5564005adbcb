from __future__ import annotations

from typing import Any

import pytest

from specgw.xgateway.vocabulary.answers import Grpc, Mock, Plugin, Transform


@pytest.mark.parametrize(
    ("model", "text", "right"),
    [
        (Mock, "{mode: always, state: crud, latency: 20ms, faults: {rate: 1%, kind: slow}}", True),
        (Mock, "{latency: 20ms..80ms}", True),
        (Mock, "{latency: {median: 20ms, p99: 80ms}}", True),
        (Mock, "{latency: 20ms..}", False),
        (Mock, "{latency: {median: 20ms}}", False),
        (Mock, "{latency: 5}", False),
        (Mock, "{faults: {status: 200}}", False),
        (Transform, "{request: 'body.user'}", True),
        (Transform, "{response: {id: 'body.ID', name: 'body.NAME'}}", True),
        (Transform, "{xml: both}", True),
        (Transform, "{xml: json}", False),
        (Transform, "{}", False),
        (Transform, "{request: 5}", False),
        (Grpc, "{service: a.v1.B, method: C, proto: b.proto}", True),
        (Grpc, "{service: a.v1.B, method: C}", False),
        (Plugin, "{name: audit}", True),
        (Plugin, "{topic: users}", False),
    ],
)
def test_answers(read: Any, model: Any, text: str, right: bool) -> None:
    assert isinstance(read(model, text), model) is right


def test_a_plugin_keeps_settings_of_its_own(read: Any) -> None:
    assert read(Plugin, "{name: audit, topic: users, deep: {a: [1]}}").model_extra == {"topic": "users", "deep": {"a": [1]}}
