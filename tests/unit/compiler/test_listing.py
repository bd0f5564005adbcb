from __future__ import annotations

from typing import Any

from specgw.compiler.listing import of_plan
from specgw.plan.codec import decode, encode

DOCUMENT = """
x-gateway: {mount: /api, version: {name: v1, default: true}}
components: {securitySchemes: {key: {type: apiKey, in: header, name: X-Key}, oauth: {type: openIdConnect, openIdConnectUrl: 'http://a'}}}
paths:
  /users:
    get: {operationId: listUsers, responses: {default: {description: ok}}}
    put: {x-gateway: {enabled: false}, responses: {default: {description: ok}}}
    post:
      operationId: createUser
      security: [{key: []}, {oauth: [read, write]}]
      responses: {default: {description: ok}}
    patch:
      x-gateway: {validate: {request: report}}
      responses: {default: {description: ok}}
"""


def test_one_entry_a_declared_operation(build: Any) -> None:
    made = build(DOCUMENT)
    assert [entry.as_json() for entry in made.listing] == [
        {
            "operationId": operation,
            "method": method,
            "path": "/api/users",
            "upstream": "users",
            "security": security,
            "enforcement": enforcement,
            "file": "users.yaml",
            "line": line,
        }
        for operation, method, security, enforcement, line in [
            ("listUsers", "GET", [], "full", 9),
            (None, "PATCH", [], "off", 15),
            ("createUser", "POST", [{"key": []}, {"oauth": ["read", "write"]}], "full", 11),
            (None, "PUT", [], "disabled", 10),
        ]
    ]


def test_the_plan_alone_gives_the_same_but_for_what_is_not_served(build: Any) -> None:
    made = build(DOCUMENT)
    assert of_plan(decode(encode(made.plan))) == tuple(entry for entry in made.listing if entry.enforcement != "disabled")


def test_upstreams_by_condition_are_all_named_and_none_is_none(build: Any) -> None:
    made = build(
        {
            "gateway.yaml": "gateway: {upstreams: {old: 'http://old', new: 'http://new'}}",
            "a.yaml": "x-gateway: {upstream: [{match: {query: {v: '2'}}, upstream: new}, {upstream: old}]}\n"
            "paths: {/a: {get: {responses: {default: {description: ok}}}}}",
            "b.yaml": "openapi: 3.1.0\ninfo: {title: b, version: '1'}\npaths: {/b: {get: {responses: {default: {description: ok}}}}}",
        }
    )
    assert [entry.upstream for entry in made.listing] == ["new, old", None]


def test_what_is_not_enforced_is_told_beside_the_entry(build: Any) -> None:
    made = build(
        "paths: {/a: {post: {requestBody: {content: {text/csv: {schema: {type: object}}}}, responses: {default: {description: ok}}}}}"
    )
    [entry] = made.listing
    assert entry.enforcement == "partial"
    assert entry.unenforced == ("request body (text/csv) is not checked against its schema",)
