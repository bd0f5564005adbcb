"""Which documents are tested, and what their requests need beside what they say."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from specgw.compiler.build import Build
from specgw.compiler.compile import compile_documents
from specgw.compiler.inputs import Inputs
from specgw.contract.subject import Subject, mocked, service_subject, subjects

DOCUMENT = """\
openapi: 3.1.0
info: {title: Notes, version: "1"}
servers: [{url: "http://127.0.0.1:9000/base"}]
x-gateway: {service: notes, mount: /api, host: notes.example}
security: [{key: []}, {kept: [], key: []}]
paths:
  /notes:
    get: {operationId: listNotes, responses: {"200": {description: ok}}}
    post:
      operationId: addNote
      security: [{own: []}, {kept: [], key: []}]
      x-gateway: {match: {headers: {X-Beta: "on"}}}
      responses: {"201": {description: ok}}
  /old/{id}:
    x-gateway: {rewrite: {template: "/new/{id}"}}
    parameters: [{name: id, in: path, required: true, schema: {type: integer}}]
    get: {operationId: old, responses: {"200": {description: ok}}}
components:
  securitySchemes:
    key: {type: apiKey, in: header, name: X-Key}
    kept: {type: apiKey, in: header, name: X-Kept, x-gateway: {forward: keep}}
    own: {type: http, scheme: bearer, x-gateway: {verify: upstream}}
"""


@pytest.fixture
def build(tmp_path: Path) -> Build:
    (tmp_path / "notes.yaml").write_text(DOCUMENT)
    (tmp_path / "hidden.yaml").write_text(
        "openapi: 3.1.0\ninfo: {title: Hidden, version: '1'}\nservers: [{url: 'http://127.0.0.1:1'}]\n"
        "x-gateway: {visibility: internal}\npaths: {/hidden: {get: {responses: {'200': {description: ok}}}}}\n"
    )
    return compile_documents(Inputs((tmp_path,)))


def test_routes_of_a_host_or_a_condition_are_asked_for_by_them(build: Build) -> None:
    assert build.plan is not None
    [subject] = subjects(build.merged, build.plan.routes)
    assert subject.operations == 3
    assert [label for label, _ in subject.labelled()] == ["GET /api/notes", "POST /api/notes", "GET /api/old/{id}"]
    assert subject.fields == {
        "GET /api/notes": {"Host": "notes.example"},
        "POST /api/notes": {"Host": "notes.example", "x-beta": "on"},
        "GET /api/old/{id}": {"Host": "notes.example"},
    }


def test_a_service_has_its_own_paths_and_answers(build: Build) -> None:
    subject = service_subject(build, "notes")
    assert subject is not None
    paths: dict[str, Any] = subject.document["paths"]
    assert list(paths) == ["/notes", "/new/{id}"]
    assert list(paths["/notes"]["get"]["responses"]) == ["200"]
    assert subject.names() == {"listNotes", "addNote", "old"}
    assert subject.fields == {}
    assert not subject.gateway


def test_a_service_is_asked_with_the_credentials_that_reach_it(build: Build) -> None:
    subject = service_subject(build, "notes")
    assert subject is not None
    paths = subject.document["paths"]
    assert "security" not in paths["/notes"]["get"]
    assert paths["/notes"]["post"]["security"] == [{"own": []}, {"kept": []}]
    assert subject.document["components"]["securitySchemes"].keys() == {"own", "kept"}


def test_no_document_of_that_name(build: Build) -> None:
    assert service_subject(build, "other") is None


def test_the_operation_id_tells_routes_of_one_address_apart(tmp_path: Path) -> None:
    text = "openapi: 3.1.0\ninfo: {{title: {0}, version: '1'}}\nservers: [{{url: 'http://127.0.0.1:1'}}]\n"
    text += "x-gateway: {{host: {0}.example}}\n"
    for name in ("one", "two"):
        operation = "paths: {/: {get: {operationId: root, responses: {'200': {description: ok}}}}}\n"
        (tmp_path / f"{name}.yaml").write_text(text.format(name) + operation)
    build = compile_documents(Inputs((tmp_path,)))
    assert build.plan is not None
    found = subjects(build.merged, build.plan.routes)
    assert [subject.name for subject in found] == ["openapi.json", "openapi.two-two.example.json"]


def test_operations_that_declare_refusals_alone() -> None:
    responses: dict[str, dict[str, Any]] = {"/a": {"401": {}, "404": {}}, "/b": {"2XX": {}, "401": {}}, "/c": {"default": {}}, "/d": {}}
    document = {"paths": {path: {"get": {"responses": declared}} for path, declared in responses.items()}}
    assert Subject("openapi.json", document, {}).refusing() == {"GET /a", "GET /d"}


def test_a_sandbox_answers_for_operations_that_the_gateway_does_not_mock(tmp_path: Path) -> None:
    (tmp_path / "openapi.yaml").write_text(
        """\
openapi: 3.1.0
info: {title: Off, version: "1"}
servers: [{url: "http://127.0.0.1:9"}]
paths:
  /off:
    get:
      x-gateway: {mock: {mode: "off", faults: {rate: 10%, status: 507}}}
      responses:
        "200": {description: ok, content: {application/json: {schema: {type: integer, minimum: 2, maximum: 1}}}}
        "404": {$ref: "#/components/responses/Gone"}
  /always:
    get: {x-gateway: {mock: {mode: always}}, responses: {"200": {description: ok}}}
components:
  responses: {Gone: {description: gone, content: {application/json: {schema: {type: string}}}}}
"""
    )
    build = compile_documents(Inputs((tmp_path,)))
    assert build.plan is not None
    [subject] = subjects(build.merged, build.plan.routes)
    paths = mocked(subject, build.plan).document["paths"]
    before, after = subject.document["paths"]["/off"]["get"]["responses"], paths["/off"]["get"]["responses"]
    assert after.keys() - before.keys() == {"406", "501", "507"}
    assert list(after["501"]["content"]) == ["application/problem+json"]
    assert list(after["404"]["content"]) == ["application/json", "application/problem+json"]
    assert after["200"] == before["200"]
    assert paths["/always"] == subject.document["paths"]["/always"]
