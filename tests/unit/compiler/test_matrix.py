from __future__ import annotations

from typing import Any

DOCUMENT = """
security: [{}]
components:
  securitySchemes:
    key: {type: apiKey, in: query, name: key}
    bearer: {type: http, scheme: Bearer}
    login: {type: openIdConnect, openIdConnectUrl: 'https://login.example'}
paths:
  /a:
    get: {operationId: a, security: [], responses: {default: {description: ok}}}
    put: {operationId: b, responses: {default: {description: ok}}}
    post: {operationId: c, security: [{key: [], bearer: []}, {login: [read]}], responses: {default: {description: ok}}}
"""


def test_alternatives_with_types_and_scopes(build: Any) -> None:
    operations = {entry["operationId"]: entry for entry in build(DOCUMENT).security["operations"]}
    assert operations["a"] == {
        "route": "a",
        "operationId": "a",
        "method": "GET",
        "path": "/a",
        "public": True,
        "alternatives": [],
        "file": "users.yaml",
        "line": 13,
    }
    assert (operations["b"]["public"], operations["b"]["alternatives"]) == (True, [[]])
    assert (operations["c"]["public"], operations["c"]["alternatives"]) == (
        False,
        [
            [{"scheme": "key", "type": "apiKey in query", "scopes": []}, {"scheme": "bearer", "type": "http bearer", "scopes": []}],
            [{"scheme": "login", "type": "openIdConnect", "scopes": ["read"]}],
        ],
    )
