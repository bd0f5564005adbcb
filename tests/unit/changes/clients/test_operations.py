"""Every row of cases.yaml, from documents to changes."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

from specgw.changes.clients import operations
from specgw.changes.clients.kinds import KINDS
from specgw.changes.clients.side import Side
from specgw.compiler.compile import compile_documents
from specgw.compiler.inputs import Inputs
from specgw.compiler.places import Places

CASES = yaml.safe_load(Path(__file__).with_name("cases.yaml").read_text())
TODAY = date(2028, 1, 1)
FINE = {"200": {"description": "Fine."}}
PATH = "/things/{id}"
LEAF = {"leaf": {"type": "string"}}
FLOW = {"tokenUrl": "https://id.example", "scopes": {"read": "", "write": ""}}
SCHEMAS = {
    "Name": {"type": "string", "maxLength": 9},
    "Alias": {"$ref": "#/components/schemas/Name"},
    "Tree": {"properties": {**LEAF, "next": {"$ref": "#/components/schemas/Tree"}}, "type": "object"},
    "Bush": {"properties": {**LEAF, "next": {"$ref": "#/components/schemas/Bush"}}, "type": "object"},
    "Shrub": {"properties": {"leaf": {"type": "integer"}, "next": {"$ref": "#/components/schemas/Shrub"}}, "type": "object"},
    "Cat": {"type": "object", "required": ["kind", "sort"], "properties": {"kind": {"type": "string"}, "sort": {"type": "string"}}},
    "Dog": {"type": "object", "required": ["kind", "sort", "bark"], "properties": {"kind": {"type": "string"}, "sort": {"type": "string"}}},
}
COMPONENTS = {
    "schemas": SCHEMAS,
    "parameters": {"Limit": {"name": "limit", "in": "query", "schema": {"type": "integer"}}},
    "responses": {"Fine": FINE["200"]},
    "securitySchemes": {
        "key": {"type": "apiKey", "in": "header", "name": "X-Key"},
        "oauth": {
            "type": "oauth2",
            "flows": {"clientCredentials": FLOW},
        },
    },
}


def side(folder: Path, operation: dict[str, Any], more: dict[str, Any]) -> Side:
    """One side, compiled from a document of one operation and what else is said."""
    rest = {key: value for key, value in more.items() if key not in ("paths", "gateway")}
    identifier = [{"name": "id", "in": "path", "required": True, "schema": {"type": "string"}}]
    listed = [*operation.get("parameters", ())]
    listed = listed if any(each.get("in") == "path" for each in listed) else [*identifier, *listed]
    paths: dict[str, Any] = {PATH: {"post": {"responses": FINE, **operation, "parameters": listed}}}
    for path, item in more.get("paths", {}).items():
        shared = {"parameters": identifier} if path == PATH else {}
        paths[path] = {**paths.get(path, {}), **item, **shared}
    document = {
        "openapi": "3.1.0",
        "info": {"title": "Things", "version": "1"},
        "servers": [{"url": "http://127.0.0.1:9000"}],
        "x-gateway": {},
        "components": COMPONENTS,
        "paths": paths,
        **rest,
    }
    folder.mkdir()
    (folder / "things.yaml").write_text(yaml.safe_dump(document), encoding="utf-8")
    if "gateway" in more:
        (folder / "gateway.yaml").write_text(yaml.safe_dump({"gateway": more["gateway"]}), encoding="utf-8")
    build = compile_documents(Inputs((folder,)))
    assert build.plan is not None, [str(finding) for finding in build.findings.settle()]
    return Side(build.merged, Places(build.declared, build.follow).locate)


def expected(said: str | list[str] | None, direction: str = "") -> list[str]:
    listed = [said] if isinstance(said, str) else said or []
    words = [each.split() for each in listed]
    return sorted(f"{grade} {direction}{code}" for grade, code in words)


def holding(direction: str, schema: Any) -> dict[str, Any]:
    content = {"content": {"application/json": {"schema": {"type": "object", "properties": {"it": schema}}}}}
    return {"requestBody": content} if direction == "request" else {"responses": {"200": {"description": "Fine.", **content}}}


def rows() -> Iterator[Any]:
    """Operation, rest of the document, what is expected; before and after."""
    for number, case in enumerate(CASES["schemas"]):
        for direction in ("request", "response"):
            pair: list[Any] = [(holding(direction, case[key]), {}) for key in ("old", "new")]
            yield pytest.param(*pair, expected(case.get(direction), f"{direction}-"), id=f"schema-{number}-{direction}")
    for number, case in enumerate(CASES["operations"]):
        yield pytest.param((case["old"], {}), (case["new"], {}), expected(case.get("found")), id=f"operation-{number}")
    for number, case in enumerate(CASES["documents"]):
        yield pytest.param(({}, case["old"]), ({}, case["new"]), expected(case.get("found")), id=f"document-{number}")


ROWS = list(rows())


@pytest.mark.parametrize(("old", "new", "found"), ROWS)
def test_a_change_and_what_it_does_to_clients(tmp_path: Path, old: Any, new: Any, found: list[str]) -> None:
    before, after = side(tmp_path / "old", *old), side(tmp_path / "new", *new)
    changes = list(operations.compare(before, after, TODAY))
    assert sorted(f"{change.grade} {change.code}" for change in changes) == found
    for change in changes:
        assert change.message.startswith(KINDS[change.code].effect)
        assert change.code == "server" or change.old is not None or change.new is not None


def test_there_is_a_row_for_every_kind() -> None:
    shown = {change.split()[1] for row in ROWS for change in row.values[2]}
    assert set(KINDS) == shown
    assert len(ROWS) >= 150


def test_an_operation_that_stands_in_another_merged_file_is_the_same() -> None:
    document = {"paths": {"/a": {"get": {"responses": FINE}}}}
    old, new = Side({"openapi.json": document}), Side({"openapi.json": {}, "openapi.a-v1.json": document})
    assert list(operations.compare(old, new, TODAY)) == []
