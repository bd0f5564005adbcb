from __future__ import annotations

from typing import Any

import pytest

from specgw.plan.model import Plan
from specgw.portal.catalogue import Volume, catalogue
from specgw.portal.services import Link, describe, purpose
from tests.unit.dataplane.stage import route


def volume(paths: dict[str, Any], plan: Plan | None = None, **said: Any) -> Volume:
    document = {"info": {"title": "Users", "version": "1"}, "servers": [{"url": "/"}], "paths": paths, **said}
    [made] = catalogue({"openapi.json": document}, plan)
    return made


def test_callers_are_told_what_they_need_and_where() -> None:
    schemes = {"key": {"type": "apiKey", "in": "header", "name": "X-Key"}, "login": {"type": "http", "scheme": "bearer"}}
    paths = {
        "/api/users": {"get": {"security": [{"key": []}, {"login": []}]}, "post": {"security": [{"key": []}], "deprecated": True}},
        "/api/users/{id}": {"get": {}, "delete": {"security": [{"key": []}, {}]}},
    }
    told = describe(volume(paths, components={"securitySchemes": schemes}))
    assert [(credential.scheme.name, credential.scheme.words, credential.count) for credential in told.credentials] == [
        ("key", "API key in header X-Key", 3),
        ("login", "bearer token", 1),
    ]
    assert (told.public, told.deprecated, told.servers) == (2, 1, ["/"])


@pytest.mark.parametrize(
    ("paths", "base"),
    [
        (["/api/users", "/api/users/{id}"], "/api"),
        (["/api/users/all", "/api/users/{id}"], "/api/users"),
        (["/{tenant}/a", "/{tenant}/b"], ""),
        (["/a"], ""),
        (["/a/b"], "/a"),
        (["/a/b", "/c/d"], ""),
        ([], ""),
    ],
)
def test_the_base_is_what_all_paths_begin_with(paths: list[str], base: str) -> None:
    assert describe(volume({path: {"get": {}} for path in paths})).base == base


def test_hosts_come_from_the_plan() -> None:
    plan = Plan(routes=(route(path="/a", hosts=("b.example", "a.example")),))
    assert describe(volume({"/a": {"get": {}}}, plan)).hosts == ["a.example", "b.example"]


def test_who_answers_for_it() -> None:
    info = {
        "title": "T",
        "contact": {"name": "The team", "url": "https://team.example", "email": "team@example.com"},
        "license": {"name": "MIT", "identifier": "MIT"},
        "termsOfService": "https://example.com/terms",
    }
    told = describe(volume({}, info=info, externalDocs={"url": "https://example.com/docs", "description": "Handbook"}))
    assert told.links == [
        Link("Contact", "The team", "https://team.example"),
        Link("Mail", "team@example.com", "mailto:team@example.com"),
        Link("Licence", "MIT", "https://spdx.org/licenses/MIT.html"),
        Link("Terms of service", "Read them", "https://example.com/terms"),
        Link("Documentation", "Handbook", "https://example.com/docs"),
    ]


def test_what_is_no_address_is_no_link() -> None:
    info = {
        "contact": {"name": "N", "url": "javascript:alert(1)", "email": "a@b.example?subject=<x>"},
        "license": {"name": "L", "identifier": "../../x"},
        "termsOfService": "data:text/html,x",
    }
    told = describe(volume({}, info=info, externalDocs={"url": "//evil.example"}))
    assert [(link.label, link.url) for link in told.links] == [
        ("Contact", ""),
        ("Mail", ""),
        ("Licence", ""),
        ("Terms of service", ""),
        ("Documentation", ""),
    ]
    assert describe(volume({}, info={"contact": 5, "license": [], "termsOfService": {}})).links == []


def test_a_purpose_is_the_first_prose() -> None:
    assert purpose(["# Users", "**Who** there is, see [more](https://x.example).", "Second."]) == "Who there is, see more."
    assert purpose(["- a list"]) == ""
    assert purpose([]) == ""
    assert len(purpose(["word " * 100])) == 220
