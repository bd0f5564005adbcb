from __future__ import annotations

from typing import Any

DOCUMENT = """
openapi: 3.1.0
info: {title: TITLE, version: VERSION}
servers: [{url: 'http://a'}]
x-gateway: {service: NAME, mount: /NAME}
x-logo: NAME
tags: [{name: users, description: TAG}, {name: NAME}]
paths: {/a: {get: {tags: [users, free], responses: {'200': {description: ok}}}}}
"""


def document(title: str, version: str, name: str, tag: str) -> str:
    return DOCUMENT.replace("TITLE", title).replace("VERSION", f"'{version}'").replace("NAME", name).replace("TAG", tag)


def test_several_contracts_are_listed(merge: Any) -> None:
    made = merge({"a.yaml": document("Users", "1.0", "a", "x"), "b.yaml": document("Products", "2.0", "b", "x")})
    assert made["info"] == {
        "title": "Products and Users",
        "version": "1",
        "description": "Served by one gateway:\n\n- Users 1.0\n- Products 2.0",
    }
    assert "x-logo" not in made


def test_a_version_that_all_share_is_the_version(merge: Any) -> None:
    assert merge({"a.yaml": document("A", "3", "a", "x"), "b.yaml": document("B", "3", "b", "x")})["info"]["version"] == "3"


def test_many_contracts_are_counted(merge: Any) -> None:
    made = merge({f"{name}.yaml": document(name.upper(), "1", name, "x") for name in "abcd"})
    assert made["info"]["title"] == "4 services"


def test_tags_that_mean_the_same_are_one(merge: Any) -> None:
    made = merge({"a.yaml": document("A", "1", "a", "People"), "b.yaml": document("B", "1", "b", "People")})
    assert made["tags"] == [{"name": "users", "description": "People"}, {"name": "a"}, {"name": "b"}]
    assert made["paths"]["/a/a"]["get"]["tags"] == ["users", "free"]


def test_tags_that_mean_different_things_are_told_apart(merge: Any) -> None:
    made = merge({"a.yaml": document("A", "1", "a", "People"), "b.yaml": document("B", "1", "b", "Accounts")})
    assert [tag["name"] for tag in made["tags"]] == ["a.users", "b.users", "a", "b"]
    assert made["paths"]["/b/a"]["get"]["tags"] == ["b.users", "free"]
