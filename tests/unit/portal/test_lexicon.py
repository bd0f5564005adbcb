from __future__ import annotations

from typing import Any

from specgw.portal.catalogue import catalogue
from specgw.portal.lexicon import Lexicon, lexicons


def ref(name: str, section: str = "schemas") -> dict[str, str]:
    return {"$ref": f"#/components/{section}/{name}"}


DOCUMENT: dict[str, Any] = {
    "paths": {
        "/users": {
            "get": {"operationId": "list", "responses": {"200": ref("Users", "responses")}},
            "post": {"operationId": "create", "requestBody": {"content": {"a/b": {"schema": ref("User"), "example": ref("Role")}}}},
        }
    },
    "components": {
        "schemas": {
            "User": {"properties": {"role": ref("Role"), "friends": {"items": ref("User")}}},
            "Role": {"type": "string"},
            "role": {"type": "string"},
        },
        "responses": {"Users": {"content": {"a/b": {"schema": {"items": ref("User")}}}}},
    },
}


def made() -> Lexicon:
    return lexicons(catalogue({"openapi.json": DOCUMENT}))["openapi.json"]


def test_every_schema_has_a_page() -> None:
    terms = made().terms
    assert {name: term.page for name, term in terms.items()} == {"User": "User.html", "Role": "Role.html", "role": "role-2.html"}
    assert made().places["role"] == "../schemas/role-2.html"


def test_what_uses_a_schema_is_known() -> None:
    terms = made().terms
    assert [entry.page for entry in terms["User"].uses] == ["list.html", "create.html"]
    assert terms["Role"].uses == [], "what stands in an example refers to nothing"
    assert [part.name for part in terms["Role"].parts] == ["User"]
    assert terms["User"].parts == [], "that it contains itself is no news"


def test_few_uses_are_listed() -> None:
    paths = {f"/{number}": {"get": {"responses": {"200": ref("Users", "responses")}}} for number in range(50)}
    term = lexicons(catalogue({"a": {**DOCUMENT, "paths": paths}}))["a"].terms["User"]
    assert (len(term.shown_uses), term.more_uses) == (40, 10)


def test_pages_of_several_documents_are_told_apart() -> None:
    found = lexicons(catalogue({"a": DOCUMENT, "b": DOCUMENT}))
    assert [found[name].terms["User"].page for name in ("a", "b")] == ["User.html", "User-2.html"]


def test_what_refers_to_itself_ends() -> None:
    loop = {
        "paths": {"/": {"get": {"responses": {"200": ref("A", "responses")}}}},
        "components": {"responses": {"A": ref("A", "responses")}},
    }
    assert lexicons(catalogue({"a": loop}))["a"].terms == {}
