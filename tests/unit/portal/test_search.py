from __future__ import annotations

import json
from typing import Any

from specgw.portal.catalogue import catalogue
from specgw.portal.search import GROUPS, Found, entries, index, others


def document(count: int = 1) -> dict[str, Any]:
    paths = {
        f"/organisations/{{org}}/projects-{number}/{{name}}": {
            "post": {
                "operationId": f"projects/create-something-{number}",
                "summary": f"Create something of number {number}",
            }
        }
        for number in range(count)
    }
    return {"info": {"title": "Shop"}, "paths": paths}


def read(data: bytes) -> Any:
    return json.loads(data.decode().partition("export default ")[2].rstrip().removesuffix(";"))


def test_operations_schemas_and_services_are_found_under_their_pages() -> None:
    found = entries(catalogue({"openapi.json": document()}), [("User", "User.html")])
    assert [(one.group, one.title, one.method) for one in found] == [
        ("Services", "Shop", ""),
        ("Operations", "Create something of number 0", "POST"),
        ("Schemas", "User", ""),
    ]
    assert found[1].words == "projects/create-something-0"
    assert (found[1].page, found[2].page) == ("operations/projects-create-something-0.html", "schemas/User.html")


def test_a_summary_that_is_too_long_for_a_heading_is_found_all_the_same() -> None:
    long = {"operationId": "createFile", "summary": f"Upload a file {'and more ' * 30}", "responses": {}}
    [_, operation] = entries(catalogue({"openapi.json": {"info": {"title": "Shop"}, "paths": {"/files": {"post": long}}}}))
    assert operation.title == "createFile"
    assert operation.words.startswith("Upload a file and more ")


def test_words_of_a_description_are_found_where_nothing_else_has_them() -> None:
    said = "People trigger it; see [how things start](https://example.com/never) of THINGS, <b>not others</b>. Triggered things trigger."
    operation = {"operationId": "startThing", "summary": "Start a thing", "description": said, "responses": {}}
    [_, found] = entries(catalogue({"openapi.json": {"info": {"title": "Shop"}, "paths": {"/things": {"post": operation}}}}))
    assert found.told == "people trigger others triggered"
    [row] = read(index([found]))["rows"]
    assert row[2:] == ["Start a thing", "/things", "POST", "startThing", "people trigger others triggered"]


def test_of_a_long_description_only_its_beginning_is_in_the_index() -> None:
    letters = "abcdefghijklmnopqrstuvwxyz"
    operation = {"operationId": "a", "description": " ".join(5 * letter for letter in letters), "responses": {}}
    [_, found] = entries(catalogue({"openapi.json": {"info": {"title": "Shop"}, "paths": {"/a": {"get": operation}}}}))
    assert found.told == " ".join(5 * letter for letter in letters[:16])


def test_guides_and_problems_are_found_too() -> None:
    first, *problems = others({"start": "Getting started"})
    assert first == Found("Guides", "guides/start.html", "Getting started")
    assert ("errors.html#no-route", "404") in [(one.page, one.more) for one in problems]
    assert {one.group for one in problems} == {"Errors"}


def test_a_row_ends_with_what_it_has() -> None:
    rows = read(index([Found("Guides", "guides/a.html", "A"), Found("Operations", "b", "B", "/b", "GET")]))["rows"]
    assert rows == [[GROUPS.index("Guides"), "guides/a.html", "A"], [0, "b", "B", "/b", "GET"]]


def test_the_same_documents_give_the_same_index() -> None:
    assert index(entries(catalogue({"a": document(5)}))) == index(entries(catalogue({"a": document(5)})))


def test_an_index_of_1100_operations_is_compact() -> None:
    assert len(index(entries(catalogue({"a": document(1100)})))) <= 300 * 1024
