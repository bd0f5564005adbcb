from __future__ import annotations

import json
from typing import Any

from specgw.mock.credentials import KEYS
from specgw.plan.model import Plan, Scheme
from specgw.portal.catalogue import catalogue
from specgw.portal.tryit import embedded, form, sandbox_token


def made(operation: dict[str, Any], components: dict[str, Any] | None = None, token: str = "") -> dict[str, Any]:
    document = {"openapi": "3.1.0", "paths": {"/things/{id}": {"post": operation}}, "components": components or {}}
    [volume] = catalogue({"openapi.json": document})
    return form(volume.groups[0].entries[0], document, token)


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


def test_bodies_have_their_named_examples_and_json_stands_first() -> None:
    named = {"one": {"summary": "The first", "value": {"a": 1}}, "two": {"value": {"a": 2}}}
    told = made({"requestBody": {"content": {"image/png": {}, "text/plain": {"example": "hi"}, "application/json": {"examples": named}}}})
    [first, second, third] = told["body"]["content"]
    assert (first["kind"], first["examples"]) == ("json", [("The first", '{\n  "a": 1\n}'), ("two", '{\n  "a": 2\n}')])
    assert (second["kind"], third["kind"], third["examples"]) == ("binary", "text", [("Example", "hi")])


def test_each_scheme_has_what_opens_the_sandbox() -> None:
    schemes = {
        "key": {"type": "apiKey", "in": "header", "name": "X-Key"},
        "login": {"type": "http", "scheme": "basic"},
        "token": {"type": "oauth2", "flows": {}},
        "cert": {"type": "mutualTLS"},
    }
    told = made({"security": [{name: []} for name in schemes]}, {"securitySchemes": schemes}, "TOKEN")
    found = [[(scheme["kind"], scheme["sandbox"]) for scheme in alternative] for alternative in told["security"]]
    assert found == [[("apiKey", KEYS[0])], [("basic", "sandbox-1:sandbox-password-1")], [("bearer", "TOKEN")], [("other", "")]]


def test_a_plan_has_a_token_where_it_has_a_scheme_for_it() -> None:
    assert sandbox_token(Plan()) == ""
    plan = Plan(schemes={"a": Scheme(name="a", service="s", kind="token", type="oauth2")})
    assert sandbox_token(plan).count(".") == 2


def test_nothing_ends_the_element_that_data_stands_in() -> None:
    hostile = {"name": "</script><script>alert(1)</script><!--", "more": "\u2028&"}
    text = embedded(hostile)
    assert not set(text) & set("<>&\u2028")
    assert json.loads(text) == hostile


def test_what_is_longer_than_a_page_should_be_has_no_panel() -> None:
    assert embedded({"path": "/" + "x" * 200_000}) == ""
