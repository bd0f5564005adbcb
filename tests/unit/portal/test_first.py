from __future__ import annotations

from typing import Any

from msgspec.structs import replace

from specgw.plan.model import Edge, Listen, Plan
from specgw.portal.catalogue import catalogue
from specgw.portal.first import First, first_call

SCHEMES = {
    "key": {"type": "apiKey", "in": "header", "name": "X-Key"},
    "parameter": {"type": "apiKey", "in": "query", "name": "key"},
    "login": {"type": "http", "scheme": "basic"},
    "token": {"type": "oauth2"},
    "certificate": {"type": "mutualTLS"},
}


def first(paths: dict[str, Any], plan: Plan | None = None, token: str = "") -> First | None:
    document = {"info": {"title": "T", "version": "1"}, "paths": paths, "components": {"securitySchemes": SCHEMES}}
    plan = Plan() if plan is None else plan
    return first_call(catalogue({"openapi.json": document}, plan), plan, token)


def text(paths: dict[str, Any], plan: Plan | None = None, token: str = "") -> str:
    found = first(paths, plan, token)
    return "" if found is None else found.text


def asks(name: str) -> dict[str, Any]:
    return {"/a": {"get": {"security": [{name: []}]}}}


def test_the_simplest_operation_that_only_reads_is_called() -> None:
    paths = {
        "/a/{id}": {"get": {}},
        "/a/deep": {"get": {}},
        "/b": {"post": {}},
        "/c": {"get": {"deprecated": True}},
        "/dd": {"get": {"parameters": [{"name": "page", "in": "query", "example": 5}]}},
    }
    assert text(paths) == "curl http://127.0.0.1:8080/sandbox/dd"


def test_what_is_needed_is_sent() -> None:
    parameters = [{"name": "q", "in": "query", "required": True, "schema": {"default": "a b"}}]
    assert text({"/a": {"get": {"parameters": parameters}}}) == "curl http://127.0.0.1:8080/sandbox/a'?'q=a%20b"


def test_the_sandbox_has_credentials_of_its_own() -> None:
    assert text(asks("key")).endswith("sandbox/a \\\n  --header 'X-Key: SANDBOX_KEY_1'")
    assert text(asks("parameter")).endswith("sandbox/a'?'key=SANDBOX_KEY_1")
    assert "--header 'Authorization: Basic c2FuZGJveC0xOnNhbmRib3gtcGFzc3dvcmQtMQ=='" in text(asks("login"))
    assert "--header 'Authorization: Bearer abc'" in text(asks("token"), token="abc")


def test_where_it_has_none_there_is_no_first_call() -> None:
    assert first(asks("certificate")) is None
    assert first(asks("token")) is None
    assert first({"/a": {"post": {}}}) is None
    assert first({"/ä": {"get": {}}}) is None


def test_the_address_is_the_gateways() -> None:
    def at(**listen: Any) -> str:
        found = first({"/a": {"get": {}}}, Plan(edge=Edge(listen=replace(Listen(), **listen))))
        assert found is not None
        assert found.text.startswith(f"curl {found.address}/a")
        return found.address.removesuffix("/sandbox")

    assert at(public_url="https://api.example.com/v1/") == "https://api.example.com/v1"
    assert at(public_url="${PUBLIC}", port=80) == "http://127.0.0.1:80"
    assert at(host="10.0.0.1", port="${PORT}") == "http://10.0.0.1:8080"
