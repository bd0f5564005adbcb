from __future__ import annotations

from typing import Any

from specgw.plan.model import SecurityScheme


def test_it_is_served_when_it_is_enabled_and_a_request_can_reach_it(build: Any) -> None:
    made = build(
        """
        x-gateway: {version: v2}
        paths:
          /a:
            get: {responses: {default: {description: ok}}}
            put: {x-gateway: {enabled: false}, responses: {default: {description: ok}}}
          /b//c: {get: {responses: {default: {description: ok}}}}
        """
    )
    assert [(declared.operation.method, declared.operation.path, declared.served) for declared in made.declared] == [
        ("GET", "/a", True),
        ("PUT", "/a", False),
        ("GET", "/b//c", False),
    ]
    assert made.declared[0].version == "v2"
    assert [address.path for address in made.declared[0].addresses] == ["/v2/a"]


def test_conditions_are_those_of_match_and_of_a_query_in_the_path(build: Any) -> None:
    made = build("paths: {'/a?v=2': {x-gateway: {match: {query: {x: y}}}, get: {responses: {default: {description: ok}}}}}")
    assert made.declared[0].conditions.query == {"x": "y", "v": "2"}


def test_security_is_the_operations_own_or_the_documents(build: Any) -> None:
    made = build(
        """
        security: [{key: []}]
        paths:
          /a:
            get: {responses: {default: {description: ok}}}
            put: {security: [{}, {oauth: [read, write], key: []}], responses: {default: {description: ok}}}
            post: {security: [], responses: {default: {description: ok}}}
        components:
          securitySchemes:
            key: {type: apiKey, in: header, name: X-Key}
            oauth: {type: oauth2, flows: {implicit: {authorizationUrl: 'https://a', scopes: {read: '', write: ''}}}}
        """
    )
    key = SecurityScheme(name="key", scheme="users/key", roles=True)
    assert [declared.security for declared in made.declared] == [
        ((key,),),
        ((), (SecurityScheme(name="oauth", scheme="users/oauth", scopes=("read", "write")), key)),
        (),
    ]
    assert build("paths: {/a: {get: {responses: {default: {description: ok}}}}}").declared[0].security is None
