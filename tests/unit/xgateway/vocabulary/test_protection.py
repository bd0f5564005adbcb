from __future__ import annotations

from typing import Any

import pytest
from pydantic import TypeAdapter, ValidationError

from specgw.xgateway.vocabulary.protection import Addresses, Cors, CorsSetting, Require, SecureHeadersSetting, WebSocket


@pytest.mark.parametrize(
    ("model", "text", "right"),
    [
        (Require, "{roles: [a], scopes: [b], claims: {tenant: 5}, when: 'request.method == \"GET\"'}", True),
        (Require, "{roles: a}", False),
        (
            Cors,
            "{origins: [https://a.example, 'https://*.b.example:8443'], methods: [GET], headers: [X-A], expose: [X-B], maxAge: 10m}",
            True,
        ),
        (Cors, "{origins: [https://a.example/]}", False),
        (Cors, "{origins: [a.example]}", False),
        (Cors, "{origins: ['*'], methods: [get]}", False),
        (Addresses, "{allow: [10.0.0.0/8, '::1'], deny: [10.1.0.0/16]}", True),
        (Addresses, "{allow: [example.com]}", False),
        (WebSocket, "{origins: ['*'], idle: 2m, maxMessage: 64KiB}", True),
        (WebSocket, "{maxSize: 5}", False),
    ],
)
def test_protection(read: Any, model: Any, text: str, right: bool) -> None:
    assert isinstance(read(model, text), model) is right


def test_credentials_need_named_origins() -> None:
    adapter: TypeAdapter[Any] = TypeAdapter(CorsSetting)
    adapter.validate_python({"origins": ["https://a.example"], "credentials": True})
    adapter.validate_python({"origins": ["*"], "credentials": False})
    with pytest.raises(ValidationError, match="without 'credentials: true' where 'origins' holds"):
        adapter.validate_python({"origins": ["*"], "credentials": True})


@pytest.mark.parametrize(
    ("value", "right"),
    [
        ("on", True),
        ("off", True),
        ("yes", False),
        ({"X-A": "b", "X-C": None}, True),
        ({"X-A": "b", "x-a": "c"}, False),
        ({"Connection": "a"}, False),
        (True, False),
    ],
)
def test_secure_headers(value: object, right: bool) -> None:
    adapter: TypeAdapter[Any] = TypeAdapter(SecureHeadersSetting)
    if right:
        assert adapter.validate_python(value) == value
    else:
        with pytest.raises(ValidationError):
            adapter.validate_python(value)
