from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from specgw.openapi.dialects import ASSERTING
from specgw.openapi.lowering import LOWER
from tests.unit.openapi.schema_bench import bench


def test_every_keyword_that_asserts_has_a_rule() -> None:
    # additionalItems means something beside a list of `items` only, and is read there.
    assert set(LOWER) - {"nullable", "$schema", "discriminator"} == set(ASSERTING) - {"additionalItems"}


def test_annotations_are_left_out(tmp_path: Path) -> None:
    schema = {
        **{"title": "t", "description": "d", "default": 1, "example": 1, "deprecated": True, "x-own": 1, "readOnly": True},
        **{"externalDocs": {}, "xml": {}, "discriminator": {"propertyName": "a"}, "type": "integer"},
    }
    case = bench(tmp_path, schema)
    case.lower()
    assert case.schemas.resources()["request:/api.json"] == {"components": {"schemas": {"S": {"type": "integer"}}}}
    assert case.codes == []


def test_a_misspelt_keyword_is_reported(tmp_path: Path) -> None:
    case = bench(tmp_path, {"type": "string", "maxlength": 3})
    assert case.accepts("long")
    (finding,) = case.findings
    assert (finding.code, finding.pointer, finding.hint) == (
        "unknown-keyword",
        "/components/schemas/S/maxlength",
        "did you mean 'maxLength'?",
    )


@pytest.mark.parametrize("dialect", ["https://json-schema.org/draft/2020-12/schema", "https://spec.openapis.org/oas/3.1/dialect/base"])
def test_known_dialects_are_enforced(tmp_path: Path, dialect: str) -> None:
    case = bench(tmp_path, {"$schema": dialect, "type": "string"}, "3.1", root={"jsonSchemaDialect": dialect})
    assert not case.accepts(1)
    assert case.codes == []
    assert case.lower().unenforced == ()


@pytest.mark.parametrize("at_root", [True, False])
def test_unknown_dialects_are_marked_and_enforced_as_2020_12(tmp_path: Path, at_root: bool) -> None:
    dialect = "https://example.com/dialect"
    schema: dict[str, Any] = {"oneOf": [{"type": "string"}, {"minLength": 3}]}
    root = {"jsonSchemaDialect": dialect} if at_root else {}
    case = bench(tmp_path, schema if at_root else {"$schema": dialect, **schema}, "3.1", root=root)
    assert not case.accepts("long"), "what is marked only is not weakened"
    assert case.found == [("dialect-not-enforced", "/jsonSchemaDialect" if at_root else "/components/schemas/S/$schema")]
    assert case.lower().unenforced == (f"`{'jsonSchemaDialect' if at_root else '$schema'}` of `S`",)


def test_a_schema_may_choose_a_known_dialect_in_a_document_that_does_not(tmp_path: Path) -> None:
    known = "https://json-schema.org/draft/2020-12/schema"
    case = bench(tmp_path, {"$schema": known, "type": "string"}, "3.1", root={"jsonSchemaDialect": "https://example.com/dialect"})
    assert case.lower().unenforced == ()


def test_jsonschemadialect_and_schema_mean_nothing_in_30(tmp_path: Path) -> None:
    case = bench(
        tmp_path, {"$schema": "http://json-schema.org/draft-04/schema#"}, root={"jsonSchemaDialect": "https://example.com/dialect"}
    )
    assert case.lower().unenforced == ()
    assert case.codes == []
