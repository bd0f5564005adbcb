from __future__ import annotations

from typing import Any

HEAD = "openapi: 3.1.0\ninfo: {title: Shop, version: '1'}\nservers: [{url: 'http://s'}]\n"
KEYED = (
    HEAD
    + """
security: [{key: []}]
components: {securitySchemes: {key: {type: apiKey, in: header, name: NAME}, unused: {type: mutualTLS}}}
paths: {PATH: {get: {responses: {default: {description: ok}}}}}
"""
)


def document(path: str, name: str) -> str:
    return KEYED.replace("PATH", path).replace("NAME", name)


def test_the_plan_has_the_schemes_that_routes_ask_for(build: Any) -> None:
    made = build({"a.yaml": document("/a", "X-Key")})
    assert list(made.plan.schemes) == ["shop/key"]
    assert made.plan.routes[0].security[0][0].scheme == "shop/key"


def test_documents_of_one_service_share_what_is_equal_and_nothing_else(build: Any) -> None:
    made = build({"a.yaml": document("/a", "X-A"), "b.yaml": document("/b", "X-B"), "c.yaml": document("/c", "X-A")})
    assert {key: scheme.field for key, scheme in made.plan.schemes.items()} == {"shop/key": "X-A", "shop/key#2": "X-B"}
    asked = {route.path: route.security[0][0].scheme for route in made.plan.routes}
    assert asked == {"/a": "shop/key", "/b": "shop/key#2", "/c": "shop/key"}


def test_a_scheme_that_nothing_asks_for_is_looked_at(build: Any) -> None:
    made = build(document("/a", "X-A").replace("{type: mutualTLS}", "{type: mutualTLS, x-gateway: {users: {}}}"))
    assert [finding.code for finding in made.findings] == ["misplaced-key"]
