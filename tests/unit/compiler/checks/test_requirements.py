from __future__ import annotations

from typing import Any

HEAD = """
components: {securitySchemes: {key: {type: apiKey, in: header, name: X-Key}}}
"""
GET = "responses: {default: {description: ok}}"


def findings(build: Any, text: str) -> list[tuple[str, str]]:
    return [(finding.code, finding.pointer) for finding in build(HEAD + text).findings]


def test_an_expression_is_checked_once_where_it_was_written(build: Any) -> None:
    operation = f"{{security: [{{key: []}}], {GET}}}"
    text = f"x-gateway: {{require: {{when: 'request.methd == \"GET\"'}}}}\npaths: {{/a: {{get: {operation}, put: {operation}}}}}"
    assert findings(build, text) == [("invalid-expression", "/x-gateway/require/when")]


def test_a_public_operation_that_asks_who_calls(build: Any) -> None:
    for require in ("roles: [a]", "scopes: [a]", "claims: {a: 1}", "when: claims.sub == 'ada'", "when: identity.consumer == 'shop'"):
        text = f"paths: {{/a: {{get: {{x-gateway: {{require: {{{require}}}}}, {GET}}}}}}}"
        assert findings(build, text) == [("require-without-security", "/paths/~1a/get/x-gateway/require")], require


def test_what_can_be_met_is_nobodys_concern(build: Any) -> None:
    asks = f"x-gateway: {{require: {{roles: [a], when: identity.subject != ''}}}}, security: [{{key: []}}], {GET}"
    free = f"x-gateway: {{require: {{when: request.scheme == 'https'}}}}, security: [], {GET}"
    gone = f"x-gateway: {{enabled: false, require: {{roles: [a]}}}}, security: [], {GET}"
    assert findings(build, f"paths: {{/a: {{get: {{{asks}}}, put: {{{free}}}, post: {{{gone}}}}}}}") == []
