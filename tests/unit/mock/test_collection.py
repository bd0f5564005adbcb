from __future__ import annotations

from pathlib import Path
from random import Random
from typing import Any

import orjson
import pytest

from specgw.dataplane.sandbox import Mocks
from specgw.mock.collection import merged
from specgw.mock.objects import Objects
from specgw.policies.base import Reply
from specgw.policies.identity import Identity
from specgw.problems import Problem
from tests.unit.mock.conftest import exchange, planned

PET = {
    "type": "object",
    "required": ["id", "name"],
    "additionalProperties": False,
    "properties": {
        "id": {"type": "integer", "readOnly": True},
        "name": {"type": "string"},
        "secret": {"type": "string", "writeOnly": True},
        "tag": {"type": "string", "maxLength": 5},
    },
}
JSON = b"application/json"


def content(schema: Any) -> dict[str, Any]:
    return {"description": "", "content": {"application/json": {"schema": schema}}}


def parameters(*names: str) -> list[dict[str, Any]]:
    return [{"name": name, "in": "path", "required": True, "schema": {"type": "string"}} for name in names]


def pets(**more: Any) -> dict[str, Any]:
    page = {
        "type": "object",
        "required": ["items", "total"],
        "properties": {"items": {"type": "array", "items": PET}, "total": {"type": "integer"}},
    }
    body = {"required": True, **{key: value for key, value in content(PET).items() if key == "content"}}
    gone = {"404": {"description": "", "content": {"application/json": {"example": "gone"}}}}
    located = {**content(PET), "headers": {"Location": {"schema": {"type": "string", "format": "uri"}}}}
    return {
        "/pets": {
            "get": {"operationId": "list", "responses": {"200": content(page)}},
            "post": {"operationId": "create", "requestBody": body, "responses": {"201": located}},
        },
        "/pets/{id}": {
            "parameters": parameters("id"),
            "get": {"operationId": "read", "responses": {"200": content(PET), **gone}},
            "put": {"operationId": "replace", "requestBody": body, "responses": {"200": content(PET)}},
            "patch": {"operationId": "merge", "requestBody": body, "responses": {"200": content(PET)}},
            "delete": {"operationId": "delete", "responses": {"204": {"description": ""}, **gone}},
        },
        **more,
    }


class Sandbox:
    """Operations by their ids, called as somebody."""

    def __init__(self, folder: Path, paths: dict[str, Any]) -> None:
        self._plan = planned(folder, paths, **{"x-gateway": {"mock": {"state": "crud"}}})
        self.mocks = Mocks(self._plan, Random(1), Objects())

    def call(
        self, operation: str, body: Any = None, *, who: str = "a", kind: bytes = JSON, prefer: bytes = b"", **path: str
    ) -> tuple[int, Any]:
        answer = self.reply(operation, body, who=who, kind=kind, prefer=prefer, **path)
        if isinstance(answer, Problem):
            return answer.status, answer.kind.slug
        return answer.status, orjson.loads(answer.body) if answer.body else None

    def reply(self, operation: str, body: Any = None, *, who: str = "a", kind: bytes = JSON, prefer: bytes = b"", **path: str) -> Any:
        route = next(route for route in self._plan.routes if route.id == operation)
        policy = self.mocks.of(route)
        assert policy is not None
        headers = [(b"host", b"pets.example"), (b"content-type", kind), *([(b"prefer", prefer)] if prefer else [])]
        asked = exchange(route.method, headers=headers, path=path, body=None if body is None else orjson.dumps(body))
        asked.identity = Identity("key", who) if who else None
        asked.scheme, asked.path = "http", b"/pets"
        answer = policy.answer(asked)
        assert isinstance(answer, Reply | Problem)
        return answer


@pytest.fixture
def sandbox(tmp_path: Path) -> Sandbox:
    return Sandbox(tmp_path, pets())


def test_what_is_created_is_there_until_it_is_deleted(sandbox: Sandbox) -> None:
    tom = {"id": 1, "name": "Tom"}
    assert sandbox.call("list") == (200, {"items": [], "total": 0})
    assert sandbox.call("create", {"name": "Tom", "secret": "x", "id": 99}) == (201, tom)
    assert sandbox.call("read", id="1") == (200, tom)
    assert sandbox.call("list") == (200, {"items": [tom], "total": 1})
    assert sandbox.call("delete", id="1") == (204, None)
    assert sandbox.call("read", id="1") == (404, "gone")
    assert sandbox.call("delete", id="1") == (404, "gone")
    assert sandbox.call("create", {"name": "Rex"})[1]["id"] == 2


def test_everybody_has_what_he_created_himself(sandbox: Sandbox) -> None:
    sandbox.call("create", {"name": "Tom"})
    assert sandbox.call("read", id="1", who="b") == (404, "gone")
    assert sandbox.call("delete", id="1", who="b") == (404, "gone")
    assert sandbox.call("list", who="") == (200, {"items": [], "total": 0})
    assert sandbox.call("read", id="1")[0] == 200


def test_replacing_and_merging_leave_what_is_read_only(sandbox: Sandbox) -> None:
    sandbox.call("create", {"name": "Tom", "tag": "cat"})
    assert sandbox.call("merge", {"name": "Tim", "id": 7}, id="1") == (200, {"id": 1, "name": "Tim", "tag": "cat"})
    assert sandbox.call("merge", {"tag": None}, id="1", kind=b"application/merge-patch+json") == (200, {"id": 1, "name": "Tim"})
    assert sandbox.call("replace", {"name": "Rex"}, id="1") == (200, {"id": 1, "name": "Rex"})
    assert sandbox.call("read", id="1") == (200, {"id": 1, "name": "Rex"})
    # No 404 is declared for them.
    assert sandbox.call("replace", {"name": "Rex"}, id="2") == (404, "no-such-object")
    assert sandbox.call("merge", {"name": "Rex"}, id="2") == (404, "no-such-object")


def test_a_merge_that_breaks_the_schema_is_not_kept_where_it_does(sandbox: Sandbox) -> None:
    sandbox.call("create", {"name": "Tom"})
    status, value = sandbox.call("merge", {"name": None}, id="1")
    assert status == 200
    assert isinstance(value["name"], str)


def test_a_new_object_is_where_location_says(sandbox: Sandbox) -> None:
    headers = dict(sandbox.reply("create", {"name": "Tom"}).headers)
    assert headers[b"Location"] == b"http://pets.example/pets/1"


def test_a_certain_answer_is_given_as_it_is_asked_for(sandbox: Sandbox) -> None:
    assert sandbox.call("read", id="5", prefer=b"dynamic=true")[0] == 200
    assert sandbox.call("create", {"name": "Tom"}, prefer=b"code=201")[0] == 201
    assert sandbox.call("list") == (200, {"items": [], "total": 0})


def test_bodies_that_are_no_json_objects_change_nothing(sandbox: Sandbox) -> None:
    assert sandbox.call("create", [1])[0] == 201
    assert sandbox.call("create", {"name": "x"}, kind=b"text/plain")[0] == 201
    assert sandbox.call("list") == (200, {"items": [], "total": 0})


def test_ids_of_clients_count_where_they_may_send_them(tmp_path: Path) -> None:
    toy = {"type": "object", "required": ["code"], "properties": {"code": {"type": "string"}, "size": {"type": "integer"}}}
    body = {"content": {"application/json": {"schema": toy}}}
    paths = {
        "/toys": {
            "post": {"operationId": "create", "requestBody": body, "responses": {"200": content(toy), "409": content({"const": "taken"})}}
        },
        "/toys/{code}": {
            "parameters": parameters("code"),
            "get": {"operationId": "read", "responses": {"200": content(toy)}},
            "put": {"operationId": "put", "requestBody": body, "responses": {"200": content(toy), "201": content(toy)}},
        },
    }
    sandbox = Sandbox(tmp_path, paths)
    assert sandbox.call("create", {"code": "a b"}) == (200, {"code": "a b"})
    assert sandbox.call("create", {"code": "a b"}) == (409, "taken")
    assert sandbox.call("read", code="a%20b") == (200, {"code": "a b"})
    assert sandbox.call("put", {"code": "other", "size": 2}, code="new") == (201, {"code": "new", "size": 2})
    assert sandbox.call("put", {"code": "new", "size": 3}, code="new") == (200, {"code": "new", "size": 3})
    assert sandbox.call("create", {"size": 1})[1]["code"] == "3"


def test_collections_of_two_parents_are_two(tmp_path: Path) -> None:
    uuid = {"type": "object", "required": ["id"], "properties": {"id": {"type": "string", "format": "uuid"}, "n": {"type": "integer"}}}
    body = {"content": {"application/json": {"schema": {"type": "object", "properties": {"n": {"type": "integer"}}}}}}
    wrapped = content({"type": "object", "required": ["data"], "properties": {"data": uuid}})
    paths = {
        "/a/{aId}/b": {
            "parameters": parameters("aId"),
            "get": {"operationId": "list", "responses": {"200": content({"type": "array", "items": uuid})}},
            "post": {"operationId": "create", "requestBody": body, "responses": {"201": wrapped}},
        },
        "/a/{aId}/b/{bId}": {"parameters": parameters("aId", "bId"), "get": {"operationId": "read", "responses": {"200": wrapped}}},
    }
    sandbox = Sandbox(tmp_path, paths)
    made = sandbox.call("create", {"n": 5}, aId="1")[1]
    assert made["data"]["n"] == 5
    assert sandbox.call("read", aId="1", bId=made["data"]["id"]) == (200, made)
    assert sandbox.call("list", aId="1") == (200, [made["data"]])
    assert sandbox.call("list", aId="2") == (200, [])
    assert sandbox.call("read", aId="2", bId=made["data"]["id"]) == (404, "no-such-object")


def test_a_merge_is_that_of_rfc_7396() -> None:
    assert merged({"a": {"b": 1, "c": 2}, "d": [1]}, {"a": {"b": None, "e": {"f": None}}, "d": [2]}) == {"a": {"c": 2, "e": {}}, "d": [2]}
    assert merged({"a": "x"}, {"a": {"b": 1}}) == {"a": {"b": 1}}
