"""Documents that no service stands behind: one that is full of scripts, and one with every way of filling in a request."""

from __future__ import annotations

from typing import Any

MARK = "runs-nowhere"
EVIL = "</script><img src=x onerror=alert(1)><script>alert(2)</script><a href='javascript:alert(3)'>x</a>"
LINKS = (
    "[a](javascript:alert(4)) [b](data:text/html,<script>alert(5)</script>) [c](//evil.example/x) ![d](https://evil.example/p.png) "
    "<javascript:alert(6)> [e](vbscript:x) [f](https://evil.example/) <iframe src='https://evil.example/'></iframe>"
)
TEMPLATE = "{{ 7*7 }} {% raw %} ${7*7} #{7*7} <%= 7*7 %>"
TRICKY = "\u202emoc.live\u202c \u2066\u200b\ufeff\u2028\u0000"
HUGE = "x" * 100_000
EVERYTHING = f"{EVIL} {LINKS} {TEMPLATE} {TRICKY}"


def hostile() -> dict[str, Any]:
    """Scripts and tricks wherever a document has room for words."""
    schema = {"type": "string", "description": EVERYTHING, "default": EVIL, "enum": [EVIL, TEMPLATE, "b"], "title": EVIL}
    members = {EVIL: schema, "__proto__": {"type": "string", "default": EVIL}, "constructor": {"type": "string"}}
    more = {"externalDocs": {"url": "javascript:alert(7)"}}
    body = {"type": "object", "title": EVIL, "description": EVERYTHING, "properties": members, **more}
    named = {EVIL: {"summary": EVIL, "value": {EVIL: EVIL}}, "__proto__": {"value": {}}}
    operation = {
        "operationId": "evil", "summary": EVIL, "description": EVERYTHING, "tags": [EVIL],
        "externalDocs": {"url": "javascript:alert(8)", "description": EVIL},
        "servers": [{"url": "http://127.0.0.1:9/elsewhere", "description": EVIL}],
        "parameters": [
            {"name": "p", "in": "query", "description": EVERYTHING, "schema": schema, "example": EVIL},
            {"name": EVIL, "in": "query", "schema": {"type": "string"}},
            {"name": "constructor", "in": "query", "schema": {"type": "string"}},
        ],
        "requestBody": {
            "description": EVERYTHING,
            "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Evil"}, "examples": named}},
        },
        "responses": {"200": {
            "description": EVERYTHING,
            "headers": {"X-Evil": {"description": EVIL, "schema": {"type": "string"}, "example": EVIL}},
            "content": {
                "text/html": {"example": EVIL, "schema": {"type": "string"}},
                "image/svg+xml": {"example": f"<svg onload='alert(9)'>{EVIL}</svg>"},
            },
        }},
    }  # fmt: skip
    long = {"operationId": HUGE, "summary": HUGE, "description": f"{HUGE}\n\n{'> ' * 500}{'[' * 5000}", "tags": [EVIL]}
    return {
        "openapi": "3.1.0",
        "info": {
            "title": EVIL, "version": EVIL, "description": EVERYTHING, "termsOfService": "javascript:alert(10)",
            "contact": {"name": EVIL, "url": "javascript:alert(11)"}, "license": {"name": EVIL, "url": "data:text/html,x"},
        },
        "servers": [{"url": "http://127.0.0.1:9/"}],
        "tags": [{"name": EVIL, "description": EVERYTHING}],
        "paths": {"/evil": {"post": operation}, "/long": {"get": {**long, "responses": {"200": {"description": HUGE}}}}},
        "components": {"schemas": {"Evil": body}},
    }  # fmt: skip


def _of(value: Any) -> dict[str, Any]:
    """A schema that admits one value."""
    if isinstance(value, list):
        return {"type": "array", "items": {"type": "object"} if isinstance(value[0], dict) else {"type": "string"}, "const": value}
    if isinstance(value, dict):
        return {"type": "object", "properties": {key: {"type": "string"} for key in value}, "const": value}
    return {"type": "string", "const": value}


FIELDS: dict[str, Any] = {
    "name": 'it\'s "ü" & <x>',
    "tags": ["a b", "c,d"],
    "owner": {"k": "v w"},
    "pets": [{"n": 1}, {"n": 2}],
    "spaced": ["b", "c"],
    "deep": {"a": "1&2", "ü": "x"},
}
"""What forms are filled in with; each schema admits nothing else."""


def bodies(service: str) -> dict[str, Any]:
    """Operations for each kind of body and answer. `service` is what the live ones go to."""
    members = {name: _of(value) for name, value in FIELDS.items()}
    encoding = {"spaced": {"style": "spaceDelimited", "explode": False}, "deep": {"style": "deepObject"}}
    photo = {"photo": {"contentType": "image/png", "headers": {"X-Note": {"required": True, "schema": {"const": "mine"}}}}}
    form = {"type": "object", "required": list(FIELDS), "properties": members}
    multipart = {**form, "required": [*FIELDS, "photo"], "properties": {**members, "photo": {"type": "string", "format": "binary"}}}
    wrong = {"422": {"description": "Wrong.", "content": {"application/json": {"example": {"oops": True}}}}}
    good = {"200": {"description": "Good.", "content": {"application/json": {"example": {"good": True}}}}}
    animal = {
        "type": "object", "xml": {"name": "animal"}, "required": ["id"],
        "properties": {"id": {"type": "integer", "minimum": 1, "xml": {"attribute": True}}, "name": {"type": "string"}},
        "example": {"id": 7, "name": "<Tom>"},
    }  # fmt: skip
    xml = {"content": {"application/xml": {"schema": animal}}}
    both = {"200": {"description": "Both.", "content": {"application/json": {"example": {"a": 1}}, "application/xml": {"example": "<a/>"}}}}
    choice = {"content": {"application/json": {"examples": {"first": {"value": "the first"}, "a b": {"value": "the second"}}}}}
    gone = {"content": {"application/json": {"examples": {"gone": {"value": "long gone"}}}}}
    unset = [{"name": name, "in": place, "schema": {"type": "string"}} for name, place in (("session", "cookie"), ("Host", "header"))]
    many = [{"name": f"q{number}", "in": "query", "schema": {"type": "string"}} for number in range(9)]

    def operation(name: str, responses: Any, content: Any = None, **more: Any) -> dict[str, Any]:
        body = {"requestBody": {"required": True, "content": content}} if content else {}
        return {"operationId": name, "summary": name, "responses": responses, **body, **more}

    filled = {"schema": form, "encoding": encoding, "example": FIELDS}
    parts = {"schema": multipart, "encoding": {**encoding, **photo}, "example": FIELDS}
    image = {"content": {"image/png": {"schema": {"type": "string", "format": "binary"}}}}
    file = {"content": {"application/octet-stream": {"example": "abc"}}}
    asked = {
        "digest": {"type": "http", "scheme": "digest"},
        "certificate": {"type": "mutualTLS"},
        "hoba": {"type": "http", "scheme": "hoba"},
        "own": {"type": "http", "scheme": "own", "x-gateway": {"verify": "upstream"}},
        "key": {"type": "apiKey", "in": "query", "name": "key"},
    }
    cookie = [{"name": "session", "in": "cookie", "required": True, "schema": {"type": "string"}}]
    what = {"name": "what", "in": "path", "required": True, "schema": {"enum": ["big", "hang", "stream"]}}
    return {
        "openapi": "3.1.0",
        "info": {"title": "Bodies", "version": "1"},
        "servers": [{"url": service}],
        "x-gateway": {"maxBody": "8MiB", "validate": {"request": "enforce"}},
        "paths": {
            "/multipart": {"post": operation("multipart", {**good, **wrong}, {"multipart/form-data": parts})},
            "/form": {"post": operation("form", {**good, **wrong}, {"application/x-www-form-urlencoded": filled})},
            "/xml": {"post": operation("xml", both, xml["content"])},
            "/upload": {"post": operation("upload", good, {"application/octet-stream": {}})},
            "/image": {"get": operation("image", {"200": {"description": "Drawn.", **image}})},
            "/file": {"get": operation("file", {"200": {"description": "A file.", **file}})},
            "/choice": {"get": operation("choice", {"200": {"description": "One.", **choice}, "404": {"description": "None.", **gone}})},
            "/unset": {"get": operation("unset", good, parameters=[*unset, *many])},
            "/live/{what}": {"get": operation("live", good, parameters=[what])},
            "/digest": {"get": operation("digested", good, security=[{"digest": []}])},
            "/certificate": {"get": operation("certified", good, security=[{"certificate": []}])},
            "/hoba": {"get": operation("hoba", good, security=[{"hoba": []}])},
            "/own": {"get": operation("own", good, security=[{"own": []}])},
            "/either": {"get": operation("either", good, security=[{"digest": []}, {"key": []}])},
            "/cookie": {"get": operation("baked", good, parameters=cookie)},
        },
        "components": {"securitySchemes": asked},
    }
