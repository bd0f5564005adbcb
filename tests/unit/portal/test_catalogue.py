from __future__ import annotations

from typing import Any

from msgspec.structs import replace

from specgw.plan.model import Plan
from specgw.portal.catalogue import LONGEST_LIST, NEAR, UNTAGGED, catalogue
from tests.unit.dataplane.stage import route


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


def test_services_of_one_document_are_told_apart_by_the_plan() -> None:
    made = document(
        tags=[{"name": "a", "description": "Said."}, {"name": "b"}],
        paths={"/users": {"get": {"tags": ["a"]}}, "/pets": {"get": {"tags": ["a"]}}, "/v2/pets": {"get": {"tags": ["b"]}}},
    )
    plan = Plan(
        routes=(
            replace(route(path="/users"), id="1", service="users"),
            replace(route(path="/pets"), id="2", service="pets"),
            replace(route(path="/v2/pets"), id="3", service="pets", version="v2"),
        )
    )
    said = {"users": {"info": {"title": "The users", "version": "3"}}, "pets.v2": {"info": {"title": "Pets"}, "externalDocs": {}}}
    volumes = catalogue({"openapi.json": made}, plan, said)
    told = [(volume.name, volume.title, volume.version, volume.page, volume.count) for volume in volumes]
    assert told == [
        ("users", "The users", "3", "services/users.html", 1),
        ("pets", "pets", "", "services/pets.html", 1),
        ("pets.v2", "Pets", "", "services/pets.v2.html", 1),
    ]
    anchors = [group.place for volume in volumes for group in volume.groups]
    assert anchors == ["services/users.html#a", "services/pets.html#a-2", "services/pets.v2.html#b"]


def test_a_route_is_known_only_where_no_other_could_be_meant() -> None:
    one = replace(route(path="/a"), id="1", hosts=("x",), operation_id="a")
    two = replace(route(path="/a"), id="2", hosts=("y",), operation_id="b")

    def known(plan: Plan, operation_id: str | None = None) -> Any:
        operation = {} if operation_id is None else {"operationId": operation_id}
        [volume] = catalogue({"openapi.json": document(paths={"/a": {"get": operation}})}, plan)
        [entry] = volume.entries
        return entry.route

    assert known(Plan(routes=(one,))) is one
    assert known(Plan(routes=(one, two)), "b") is two
    assert known(Plan(routes=(one, two))) is None
    assert known(Plan(routes=(replace(one, visibility="internal"),)), "a") is None


def test_tags_of_a_large_service_have_pages_of_their_own() -> None:
    paths = {f"/{tag}/{number}": {"get": {"tags": [tag]}} for tag in ("a", "b") for number in range(LONGEST_LIST // 2)}
    [few] = catalogue({"openapi.json": document(paths=paths)})
    assert not few.divided
    [many] = catalogue({"openapi.json": document(paths={**paths, "/more": {"get": {}}})})
    assert [group.place for group in many.groups] == [
        "services/users.a.html#a",
        "services/users.b.html#b",
        "services/users.operations.html#operations",
    ]


def test_the_operations_around_one_are_near() -> None:
    [volume] = catalogue({"openapi.json": document(paths={f"/{number:03}": {"get": {}} for number in range(100)})})
    [group] = volume.groups
    assert [group.near(number)[0].path for number in (0, 20, 50, 99)] == ["/000", "/000", "/030", "/060"]
    assert {len(group.near(number)) for number in range(100)} == {NEAR}
    assert all(group.entries[number] in group.near(number) for number in range(100))
