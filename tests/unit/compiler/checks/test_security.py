from __future__ import annotations

from typing import Any

HEAD = """
components: {securitySchemes: {key: {type: apiKey, in: header, name: X-Key}, token: {type: http, scheme: bearer}}}
"""
GET = "responses: {default: {description: ok}}"


def findings(build: Any, text: str) -> list[tuple[str, str]]:
    return [(finding.code, finding.pointer) for finding in build(HEAD + text).findings]


def test_a_scheme_that_nothing_can_be_verified_with(build: Any) -> None:
    text = f"paths: {{/a: {{get: {{security: [{{token: []}}, {{key: []}}], {GET}}}, put: {{security: [{{token: []}}], {GET}}}}}}}"
    assert findings(build, text) == [("nothing-to-verify-with", "/components/securitySchemes/token")]


def test_a_scheme_that_no_served_operation_asks_for_is_nobodys_concern(build: Any) -> None:
    text = f"paths: {{/a: {{get: {{security: [{{token: []}}], x-gateway: {{enabled: false}}, {GET}}}}}}}"
    assert findings(build, text) == []


def test_an_operation_that_was_left_out(build: Any) -> None:
    text = f"paths: {{/a: {{get: {{security: [{{key: []}}], {GET}}}, put: {{{GET}}}, post: {{security: [], {GET}}}}}}}"
    assert findings(build, text) == [("unprotected-operation", "/paths/~1a/put")]


def test_where_nothing_is_protected_nothing_was_left_out(build: Any) -> None:
    assert findings(build, f"paths: {{/a: {{get: {{security: [{{}}], {GET}}}, put: {{{GET}}}}}}}") == []
