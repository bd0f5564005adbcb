from __future__ import annotations

from typing import Any

import pytest

from specgw.plan import model as plan
from specgw.xgateway.vocabulary.gateway import Gateway, GatewayFile, Limits, Listen


def test_the_whole_file(read: Any) -> None:
    text = """
    gateway:
      listen: {host: 0.0.0.0, port: 8080, publicUrl: /, tls: {cert: a, key: b, clientCa: c}}
      admin: {port: '${ADMIN_PORT}'}
      specs: [a.yaml]
      trustedProxies: [10.0.0.0/8]
      limits: {headers: 8KiB}
      fallback: {upstream: a}
      upstreams: {a: http://h, b: {targets: [{url: http://h}]}, c: null}
      defaults: {anything: [goes, here]}
      state: {redis: '${REDIS_URL}', path: keys.db}
      consumers: {ann: {roles: [admin], tier: gold, keys: [DEV]}}
      telemetry: {accessLog: stdout, metrics: 'on', traces: {endpoint: http://h:4318, sample: 10%}}
      portal: {name: API, logo: a.svg, colors: {accent: '#112233'}, signIn: {issuer: https://h, clientId: a}, guides: [docs]}
    """
    assert isinstance(read(GatewayFile, text), GatewayFile)


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("{}", ["gateway: missing"]),
        ("gateway: {listen: {ports: 1}}", ["gateway.listen.ports: extra_forbidden"]),
        ("gateway: {fallback: {upstream: 'a b'}}", ["gateway.fallback.upstream: a name of letters, digits, '.', '_' and '-'"]),
        ("gateway: {consumers: {ann: {keys: [5]}}}", ["gateway.consumers.ann.keys.0: text, or a '${NAME}' reference"]),
    ],
)
def test_what_is_wrong(read: Any, text: str, wrong: list[str]) -> None:
    assert read(GatewayFile, text) == wrong


def test_keys_of_the_inner_mapping_point_inside() -> None:
    assert set(GatewayFile.astray) == {info.alias for info in Gateway.model_fields.values()}


@pytest.mark.parametrize(("ours", "theirs"), [(Limits, plan.Limits), (Listen, plan.Listen)])
def test_the_plan_has_a_place_for_every_field(ours: Any, theirs: Any) -> None:
    later = {name for name, info in ours.model_fields.items() if any(type(mark).__name__ == "Later" for mark in info.metadata)}
    assert set(ours.model_fields) - later == set(theirs.__struct_fields__)
