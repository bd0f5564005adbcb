from __future__ import annotations

from pathlib import Path
from typing import Any

from tests.unit.mock.conftest import planned

CRUD = {"x-gateway": {"mock": {"state": "crud"}}}
NOTHING = {"responses": {"200": {"description": ""}}}


def shown(**properties: Any) -> dict[str, Any]:
    schema = {"type": "object", "properties": properties}
    return {"responses": {"200": {"description": "", "content": {"application/json": {"schema": schema}}}}}


def item(name: str, **operations: Any) -> dict[str, Any]:
    return {"parameters": [{"name": name, "in": "path", "required": True, "schema": {"type": "string"}}], **operations}


def test_a_path_with_one_parameter_more_is_that_of_an_object(tmp_path: Path) -> None:
    methods = ("get", "put", "patch", "delete", "post")
    paths = {
        "/things": dict.fromkeys(("get", "post", "delete"), NOTHING),
        "/things/{thingId}": item("thingId", **dict.fromkeys(methods, NOTHING)),
        "/health": {"get": NOTHING},
    }
    plan = planned(tmp_path, paths, **CRUD)
    found = {(route.method, route.path): plan.sandbox.operations[route.id].resource for route in plan.routes}
    actions = {key: None if resource is None else resource.action for key, resource in found.items()}
    assert actions == {
        ("GET", "/things"): "list",
        ("POST", "/things"): "create",
        ("DELETE", "/things"): None,
        ("GET", "/things/{thingId}"): "read",
        ("PUT", "/things/{thingId}"): "replace",
        ("PATCH", "/things/{thingId}"): "merge",
        ("DELETE", "/things/{thingId}"): "delete",
        ("POST", "/things/{thingId}"): None,
        ("GET", "/health"): None,
    }
    assert {resource.collection for resource in found.values() if resource is not None} == {"t /things"}


def test_the_id_is_called_as_the_parameter_else_id(tmp_path: Path) -> None:
    text = {"type": "string"}
    paths = {
        "/a/{code}": item("code", get=shown(code=text, id=text)),
        "/b/{bId}": item("bId", get=shown(id={**text, "readOnly": True}, name=text)),
        "/c/{cId}": item("cId", get=shown(name=text)),
        "/d/{dId}": item("dId", get=NOTHING),
    }
    plan = planned(tmp_path, paths, **CRUD)
    resources = [plan.sandbox.operations[route.id].resource for route in plan.routes]
    assert [resource.id for resource in resources if resource is not None] == ["code", "id", None, "id"]
    assert [resource.generated for resource in resources if resource is not None] == [(), ("id",), (), ()]


def test_only_operations_that_say_so_keep_anything(tmp_path: Path) -> None:
    paths = {"/a/{id}": item("id", get={**shown(), **CRUD}, delete=NOTHING)}
    plan = planned(tmp_path, paths)
    assert {route.method: plan.sandbox.operations[route.id].resource is not None for route in plan.routes} == {"GET": True, "DELETE": False}


def test_paths_of_other_styles_are_left_alone(tmp_path: Path) -> None:
    paths = {
        "/a/{id}": {
            "parameters": [{"name": "id", "in": "path", "required": True, "style": "label", "schema": {}}],
            "get": {**NOTHING, **CRUD},
        }
    }
    plan = planned(tmp_path, paths)
    assert plan.sandbox.operations[plan.routes[0].id].resource is None
