from __future__ import annotations

from typing import Any

from specgw.portal.catalogue import UNTAGGED, catalogue


def document(**said: Any) -> dict[str, Any]:
    return {"info": {"title": "Users", "version": "1.2"}, "paths": {}, **said}


def test_operations_stand_under_their_first_tag_in_the_order_of_the_document() -> None:
    made = document(
        tags=[{"name": "empty"}, {"name": "b", "description": "The b."}, {"name": "a"}],
        paths={
            "/x": {"post": {"tags": ["a"], "summary": "Make"}, "get": {"tags": ["b", "a"]}, "parameters": [], "x-y": {}},
            "/y": {"delete": {"tags": ["later"], "deprecated": True}, "put": {}},
        },
    )
    [volume] = catalogue({"openapi.json": made})
    assert [(group.name, group.description) for group in volume.groups] == [("b", ["The b."]), ("a", []), ("later", []), (UNTAGGED, [])]
    told = [(entry.method, entry.path, entry.title, entry.deprecated) for group in volume.groups for entry in group.entries]
    assert told == [
        ("GET", "/x", "GET /x", False),
        ("POST", "/x", "Make", False),
        ("DELETE", "/y", "DELETE /y", True),
        ("PUT", "/y", "PUT /y", False),
    ]
    assert (volume.title, volume.version, volume.count, volume.file) == ("Users", "1.2", 4, "openapi.json")


def test_headings_are_short() -> None:
    paths = {"/x": {"get": {"operationId": "a", "summary": "word\n" * 50}, "put": {"operationId": "b", "summary": "Put\nit"}, "post": {}}}
    [volume] = catalogue({"openapi.json": document(paths=paths)})
    entries = {entry.method: (entry.title, entry.summary) for entry in volume.groups[0].entries}
    assert entries["GET"] == ("a", "word " * 23 + "word…")
    assert entries["PUT"] == ("Put it", "Put it")
    assert entries["POST"] == ("POST /x", "POST /x")


def test_pages_and_anchors_are_unique_among_all_documents() -> None:
    one = document(tags=[{"name": "users"}], paths={"/x": {"get": {"operationId": "list/Users", "tags": ["users"]}}})
    item = {"get": {"operationId": "list-users", "tags": ["users"]}, "put": {"tags": ["content"]}}
    two = document(paths={"/x": item, "/{id}": {"get": {}}})
    volumes = catalogue({"openapi.json": one, "openapi.users-v2.json": two})
    pages = [entry.page for volume in volumes for group in volume.groups for entry in group.entries]
    assert pages == ["list-Users.html", "list-users-2.html", "put-x.html", "get-id.html"]
    anchors = [volume.anchor for volume in volumes] + [group.anchor for volume in volumes for group in volume.groups]
    assert anchors == ["users", "users-3", "users-2", "users-4", "content-2", "operations"]


def test_what_is_missing_or_odd_is_left_out() -> None:
    paths = {"/x": {"get": 7, "put": {"tags": [7], "operationId": 8}}, "/y": None}
    odd: dict[str, Any] = {"info": 7, "tags": [7, {"name": 8}], "paths": paths}
    [volume] = catalogue({"openapi.json": odd})
    assert (volume.title, volume.version) == ("openapi.json", "")
    assert [(group.name, [entry.page for entry in group.entries]) for group in volume.groups] == [("Operations", ["put-x.html"])]
    assert catalogue({}) == []
