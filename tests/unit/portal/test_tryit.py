from __future__ import annotations

import json
from typing import Any

from specgw.plan.model import Origin, Plan, Route, Scheme, SecurityScheme
from specgw.portal.catalogue import catalogue
from specgw.portal.tryit import embedded, form


def made(operation: dict[str, Any], components: dict[str, Any] | None = None, plan: Plan | None = None) -> dict[str, Any]:
    document = {"openapi": "3.1.0", "paths": {"/things/{id}": {"post": operation}}, "components": components or {}}
    [volume] = catalogue({"openapi.json": document})
    plan = plan or Plan()
    return form(volume.groups[0].entries[0], document, plan, next(iter(plan.routes), None))


def test_parameters_have_their_manner_and_what_can_be_chosen() -> None:
    colour = {"name": "colour", "in": "query", "schema": {"type": "array", "items": {"enum": ["red", "blue"]}}}
    told = made({"parameters": [{"name": "id", "in": "path", "required": True, "schema": {"type": "integer", "minimum": 7}}, colour]})
    assert (told["method"], told["path"]) == ("POST", "/things/{id}")
    [identity, chosen] = told["parameters"]
    assert (identity["style"], identity["explode"], identity["value"]) == ("simple", False, "7")
    assert (chosen["style"], chosen["explode"], chosen["type"], chosen["options"]) == ("form", True, "array", ["red", "blue"])


def test_an_example_stands_in_the_field_a_default_beside_it() -> None:
    names = {"type": "array", "items": {"type": "string"}}
    told = made(
        {
            "parameters": [
                {"name": "names", "in": "query", "schema": names, "example": ["a", "b"]},
                {"name": "page", "in": "query", "schema": {"type": "integer", "default": 1}},
            ]
        }
    )
    assert [(one["value"], one["default"]) for one in told["parameters"]] == [("a\nb", ""), ("", "1")]


def test_a_whole_query_is_typed_as_an_object_where_it_is_a_form() -> None:
    def whole(media_type: str) -> dict[str, Any]:
        said = {"name": "q", "in": "querystring", "content": {media_type: {"example": {"a": 1}}}}
        [parameter] = made({"x-specgw-querystring": said})["parameters"]
        return dict(parameter)

    urlencoded, text = whole("application/x-www-form-urlencoded"), whole("application/json")
    assert (urlencoded["in"], urlencoded["type"], urlencoded["media"]) == ("querystring", "object", "")
    assert (text["media"], text["value"]) == ("application/json", '{"a": 1}')


def test_credentials_are_those_that_the_gateway_asks_for() -> None:
    schemes = {
        "s/key": Scheme(name="key", service="s", kind="apiKey", type="apiKey in header", location="header", field="X-Key"),
        "s/token": Scheme(name="token", service="s", kind="token", type="oauth2"),
        "s/login": Scheme(name="login", service="s", kind="basic", type="http basic"),
        "s/cert": Scheme(name="cert", service="s", kind="mutualTLS", type="mutualTLS"),
        "s/digest": Scheme(name="digest", service="s", kind="other", type="http digest", http_scheme="digest"),
        "s/hoba": Scheme(name="hoba", service="s", kind="other", type="http hoba", http_scheme="hoba"),
        "s/own": Scheme(name="own", service="s", kind="other", type="http own", http_scheme="own", verify="upstream"),
    }
    security = tuple((SecurityScheme(name=scheme.name, scheme=key),) for key, scheme in schemes.items())
    origin = Origin(file="a.yaml", line=1)
    route = Route(id="a", service="s", method="POST", path="/things/{id}", document_path="/things/{id}", origin=origin, security=security)
    told = made({"security": [{"other": []}]}, plan=Plan(routes=(route,), schemes=schemes))["security"]
    assert [[(scheme["key"], scheme["kind"], scheme["in"], scheme["field"]) for scheme in listed] for listed in told] == [
        [("s/key", "apiKey", "header", "X-Key")],
        [("s/token", "bearer", "header", "Authorization")],
        [("s/login", "basic", "header", "Authorization")],
        [("s/cert", "certificate", "header", "Authorization")],
        [("s/digest", "digest", "header", "Authorization")],
        [("s/hoba", "other", "header", "Authorization")],
        [("s/own", "whole", "header", "Authorization")],
    ]


def test_where_the_route_is_not_known_the_document_says_how_credentials_are_sent() -> None:
    schemes = {
        "key": {"type": "apiKey", "in": "query", "name": "key"},
        "login": {"type": "http", "scheme": "Basic"},
        "token": {"type": "openIdConnect", "openIdConnectUrl": "https://example.com/"},
        "cert": {"type": "mutualTLS"},
        "digest": {"type": "http", "scheme": "Digest"},
        "own": {"type": "http", "scheme": "own"},
        "odd": {},
    }
    told = made({"security": [{name: []} for name in schemes]}, {"securitySchemes": schemes})["security"]
    assert [[(scheme["kind"], scheme["in"], scheme["field"]) for scheme in listed] for listed in told] == [
        [("apiKey", "query", "key")],
        [("basic", "header", "Authorization")],
        [("bearer", "header", "Authorization")],
        [("certificate", "header", "Authorization")],
        [("digest", "header", "Authorization")],
        [("whole", "header", "Authorization")],
        [("other", "header", "Authorization")],
    ]


def test_answers_can_be_chosen_by_status_and_example_and_type() -> None:
    examples = {"a b": {"value": 1}, "\u4e00": {"value": 2}, "\n": {"value": 3}, "x" * 200: {"value": 4}}
    good = {"content": {"application/json": {"examples": examples}, "application/xml": {"example": "<a/>"}, "image/*": {}}}
    told = made({"responses": {"200": good, "default": {"content": {"application/problem+json": {}}}, "x-more": {}}})
    assert told["responses"] == [{"status": "200", "examples": ["a b", "default"]}, {"status": "default", "examples": []}]
    assert told["accepts"] == ["application/json", "application/xml"]


def test_nothing_ends_the_element_that_data_stands_in() -> None:
    hostile = {"name": "</script><script>alert(1)</script><!--", "more": "\u2028&"}
    text = embedded(hostile)
    assert not set(text) & set("<>&\u2028")
    assert json.loads(text) == hostile


def test_what_is_longer_than_a_page_should_be_has_no_panel() -> None:
    assert embedded({"path": "/" + "x" * 200_000}) == ""
