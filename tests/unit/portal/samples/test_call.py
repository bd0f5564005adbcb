from __future__ import annotations

from typing import Any

from specgw.portal.samples.call import Call, Content, Credential, call_of

ID = {"name": "id", "in": "path", "required": True, "schema": {"type": "integer"}, "example": "a b"}


def made(
    method: str = "GET", *parameters: dict[str, Any], body: Any = None, schemes: Any = (), server: str = "/", path: str = "/x"
) -> Call:
    return call_of(method, path, parameters, body, schemes, {}, server)


def test_addresses() -> None:
    assert (made(server="").server, made(server="").path) == ("", "/x")
    assert (made(server="/base/").server, made(server="/base/").path) == ("", "/base/x")
    told = made("GET", ID, server="https://a.example/base", path="/x/{id}")
    assert (told.server, told.path) == ("https://a.example/base", "/x/a%20b")


def test_where_secrets_go() -> None:
    schemes = [
        {"type": "http", "scheme": "BASIC"},
        {"type": "http", "scheme": "Digest"},
        {"type": "openIdConnect"},
        {"type": "apiKey", "in": "query", "name": "the key"},
        {"type": "apiKey", "in": "header", "name": "X-Key"},
        {"type": "apiKey", "in": "cookie", "name": "key"},
        {"type": "apiKey", "in": "header", "name": "not a name"},
        {"type": "mutualTLS"},
    ]
    assert made(schemes=schemes).credentials == (
        *(Credential("basic"), Credential("digest"), Credential("bearer"), Credential("query", "the%20key"), Credential("header", "X-Key")),
        *(Credential("cookie", "key"), Credential("certificate")),
    )


def test_bodies() -> None:
    json = {"required": True, "content": {"application/json": {"example": {"a": 1}}}}
    assert made("POST", body=json).content == Content("application/json", '{"a": 1}', ({"a": 1},))
    text = {"required": True, "content": {"text/plain": {"example": "a"}}}
    assert made("POST", body=text).content == Content("text/plain", "a")
    file = {"required": True, "content": {"image/*": {}}}
    assert made("POST", body=file).content == Content("application/octet-stream")
    form = {"content": {"multipart/form-data": {"schema": {"properties": {"f": {"format": "binary"}}}, "example": {"f": "", "n": 1}}}}
    assert made("POST", body=form).content == Content("multipart/form-data", parts=(("f", None), ("n", "1")))
