from __future__ import annotations

from typing import Any

from specgw.compiler.matrix import credential, security_matrix, verified_by
from specgw.plan.model import Origin, Require, Route, Scheme

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
            [
                {"scheme": "key", "type": "apiKey in query", "credential": "apiKey in query key", "verifiedBy": "gateway", "scopes": []},
                {"scheme": "bearer", "type": "http bearer", "credential": "http bearer", "verifiedBy": "nobody", "scopes": []},
            ],
            [
                {
                    "scheme": "login",
                    "type": "openIdConnect",
                    "credential": "openIdConnect",
                    "verifiedBy": "gateway",
                    "scopes": ["read"],
                }
            ],
        ],
    )


def test_who_verifies_and_what_is_required_beyond() -> None:
    scheme = Scheme(name="a", service="s", kind="token", type="http bearer", verify="upstream")
    assert (credential(scheme), verified_by(scheme)) == ("http bearer", "upstream")
    route = Route(
        id="a",
        service="s",
        method="GET",
        path="/",
        document_path="/",
        origin=Origin(file="f", line=1),
        require=Require(roles=("editor",)),
        csrf="off",
    )

    class Operation:
        routes = (route,)

    [entry] = security_matrix([Operation()], {})["operations"]  # type: ignore[list-item]
    assert (entry["require"], entry["csrf"], entry["public"]) == ({"roles": ("editor",)}, "off", True)
