from __future__ import annotations

import gc
from pathlib import Path
from typing import Any

import pytest

from specgw.compiler import compile as compiling
from specgw.compiler.compile import compile_documents
from specgw.compiler.inputs import Inputs
from specgw.diagnostics import Severity
from specgw.plan.codec import encode

USERS = """
paths:
  /users/{id}:
    get:
      operationId: getUser
      parameters: [{name: id, in: path, required: true, schema: {type: integer}}]
      responses: {'200': {description: A user}}
"""


def test_a_plain_document_becomes_a_plan(build: Any) -> None:
    made = build(USERS)
    assert list(made.findings) == []
    [route] = made.plan.routes
    assert (route.id, route.method, route.path, route.service) == ("getUser", "GET", "/users/{id}", "users")
    assert (route.origin.file, route.origin.line, route.origin.pointer) == ("users.yaml", 7, "/paths/~1users~1{id}/get")
    assert made.plan.upstreams["users"].targets[0].url == "http://127.0.0.1:8081"
    [parameter] = route.parameters
    uri, _, pointer = parameter.schema.partition("#")
    assert uri in made.plan.schemas
    assert pointer == "/paths/~1users~1%7Bid%7D/get/parameters/0/schema"


def test_one_bad_document_hides_nothing_of_the_others(build: Any, found: Any) -> None:
    made = build({"a.yaml": "paths: {users: {}}", "b.yaml": "x: [", "c.yaml": "paths: {/x: {get: {x-gateway: {mout: /a}, responses: {}}}}"})
    assert made.plan is None
    assert {(code, file) for code, file, _ in found(made)} >= {
        ("invalid-path", "a.yaml"),
        ("syntax", "b.yaml"),
        ("unknown-key", "c.yaml"),
    }


def test_an_error_means_no_plan_and_a_warning_does_not(build: Any) -> None:
    assert build(USERS.replace("getUser", "getUser\n      x-gateway: {enabld: true}")).plan is None
    warned = build({"users.yaml": "openapi: 3.1.0\ninfo: {title: Users, version: '1'}" + USERS})
    assert [finding.severity for finding in warned.findings] == [Severity.WARNING]
    assert warned.plan is not None


def test_strict_is_asked_of_the_findings(build: Any) -> None:
    made = build({"users.yaml": "openapi: 3.1.0\ninfo: {title: Users, version: '1'}" + USERS})
    assert [finding.severity for finding in made.findings.settle(strict=True)] == [Severity.ERROR]


def test_the_order_of_files_makes_no_difference(write: Any, tmp_path: Path) -> None:
    paths = write({"a.yaml": USERS, "b.yaml": USERS.replace("users/", "others/"), "gateway.yaml": "gateway: {}"})
    first, second = (compile_documents(Inputs(order, base=tmp_path)) for order in (paths, paths[::-1]))
    assert first.plan is not None
    assert second.plan is not None
    assert encode(first.plan) == encode(second.plan)


def test_nothing_named_is_a_finding(tmp_path: Path) -> None:
    made = compile_documents(Inputs((tmp_path,)))
    assert [finding.code for finding in made.findings] == ["no-documents"]
    assert made.plan is None


@pytest.mark.parametrize("enabled", [True, False])
def test_collecting_garbage_is_as_it_was_before(tmp_path: Path, enabled: bool) -> None:
    before = gc.isenabled()
    try:
        (gc.enable if enabled else gc.disable)()
        compile_documents(Inputs((tmp_path,)))
        assert gc.isenabled() is enabled
    finally:
        (gc.enable if before else gc.disable)()


def test_the_plan_is_assembled_last() -> None:
    assert compiling.PASSES[-1].__module__.endswith("assembly")


def test_what_is_asked_of_the_build_afterwards_adds_no_finding(build: Any) -> None:
    made = build(USERS + "      callbacks: {done: {$ref: '#/components/callbacks/none'}}\n")
    before = list(made.findings)
    assert made.merged["openapi.json"]["paths"]
    assert list(made.findings) == before
