from __future__ import annotations

from typing import Any

import pytest
from pydantic import TypeAdapter, ValidationError

from specgw.xgateway.vocabulary.upstreams import Discovery, NamedUpstream, Upstream, UpstreamSetting, read_name_or_url


@pytest.mark.parametrize("text", ["users", "users-2.eu", "http://h", "https://h/base", "${URL}", "http://${HOST}"])
def test_a_name_or_a_url(text: str) -> None:
    assert read_name_or_url(text) == text


@pytest.mark.parametrize("text", ["", "a b", "h:80", "/a", "ftp://h", "${", 5, None])
def test_what_is_neither(text: object) -> None:
    with pytest.raises(ValueError, match=r"name of an upstream|http or https URL"):
        read_name_or_url(text)


@pytest.mark.parametrize(
    ("text", "right"),
    [
        ("{targets: [{url: http://h}]}", True),
        ("{targets: [{url: http://h, weight: 65535}], balance: roundRobin, protocol: http1}", True),
        ("{discovery: {kubernetes: 'a/b:80'}, balance: hash, hashBy: ip}", True),
        ("{targets: [{url: http://h}], health: {active: {path: /up, interval: 5s}, passive: {failures: 3, maxEjected: 50%}}}", True),
        (
            "{targets: [{url: https://h}], tls: {serverName: h, verify: true}, circuitBreaker: {failures: 5}, slowStart: 30s}",
            True,
        ),
        ("{targets: [http://h]}", False),
        ("{targets: [{url: http://h}], balance: fastest}", False),
        ("{targets: [{url: http://h}], health: {active: {}}}", False),
        ("{targets: [{url: http://h}], maxConnections: 0}", False),
        ("{balance: random}", False),
    ],
)
def test_upstreams(read: Any, text: str, right: bool) -> None:
    assert isinstance(read(Upstream, text), Upstream) is right


@pytest.mark.parametrize("text", ["{}", "{dns: a, consul: b}"])
def test_addresses_come_from_one_place(read: Any, text: str) -> None:
    assert read(Discovery, text) == [": a mapping with one of 'dns', 'file', 'consul', 'etcd', 'kubernetes'"]


@pytest.mark.parametrize(
    ("value", "right"),
    [
        ("users", True),
        ([{"upstream": "users"}], True),
        ([{"match": {"query": {"a": True}}, "upstream": {"targets": [{"url": "http://h"}]}}, {"upstream": "users"}], True),
        ([{"match": {"query": {"a": True}}, "upstream": [{"upstream": "users"}]}], False),
        ([{"match": {"query": {"a": True}}}], False),
        ([], False),
        (5, False),
    ],
)
def test_the_forms_of_upstream(value: object, right: bool) -> None:
    adapter: TypeAdapter[Any] = TypeAdapter(UpstreamSetting)
    if right:
        adapter.validate_python(value, strict=True)
    else:
        with pytest.raises(ValidationError):
            adapter.validate_python(value, strict=True)


def test_a_named_upstream_is_no_other_name() -> None:
    adapter: TypeAdapter[Any] = TypeAdapter(NamedUpstream)
    assert adapter.validate_python("http://h") == "http://h"
    with pytest.raises(ValidationError, match="http or https URL"):
        adapter.validate_python("users")
