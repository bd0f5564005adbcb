"""docs/x-gateway.md is what the models say, and every example in it is right."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any, cast

import jsonschema_rs
import pytest

from specgw.diagnostics import Findings
from specgw.openapi.discover import Sources
from specgw.openapi.library import Library
from specgw.openapi.model import Node
from specgw.openapi.source import parse
from specgw.plan.model import SchemeKind
from specgw.xgateway.gateway_file import load_gateway
from specgw.xgateway.inheritance import Inheritance
from specgw.xgateway.published import gateway_schema, x_gateway_schema
from specgw.xgateway.reference import page
from specgw.xgateway.schemes import read_extension
from specgw.xgateway.vocabulary.level import KEYS

PAGE = Path(__file__).parents[2] / "docs" / "x-gateway.md"
EXAMPLES = re.findall(r"```yaml\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)


def test_the_page_is_fresh() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(), "run: python -m specgw.xgateway"


def test_there_are_examples_for_every_key() -> None:
    assert all(any(f"\n  {name}:" in example for example in EXAMPLES) for name in KEYS)


@pytest.mark.parametrize("example", EXAMPLES)
def test_every_example_is_right(tmp_path: Path, example: str) -> None:
    findings = Findings()
    path = tmp_path / "gateway.yaml"
    path.write_text(example, encoding="utf-8")
    library = Library(Sources(base=tmp_path, roots=(tmp_path,)), findings)
    document = library.load(path)
    assert document is not None
    root = Node(document, "", document.value)
    schema, written = x_gateway_schema(), document.value
    if "gateway" in document.value:
        schema = gateway_schema()
        found = load_gateway(path, (), {}, findings, library)
        Inheritance(found.defaults, findings, library, found.names).effective(None, None, None)
    elif "openapi" in document.value:
        inheritance = Inheritance(None, findings, library, {"users"})
        for _, item in root.at("paths").items():
            for method in ("get", "post"):
                inheritance.effective(root.get("x-gateway"), item.get("x-gateway"), item.at(method).get("x-gateway"))
        blocks = root.at("components").get("x-gateway")
        if blocks is not None:
            inheritance.blocks(blocks)
    elif "components" in document.value:
        for _, scheme in root.at("components").at("securitySchemes").items():
            kind = {"http": "basic", "mutualTLS": "mutualTLS"}.get(scheme.value["type"], "token")
            read_extension(scheme.at("x-gateway"), cast(SchemeKind, kind), findings)
    else:
        (key,) = document.value["x-gateway"]
        where = KEYS[key].where[0]
        levels = [root.get("x-gateway") if place == where else None for place in ("root", "path", "operation")]
        Inheritance(None, findings, library, {"users", "users-next"}).effective(*levels)
        if where != "root":
            written = at_path(written)
    assert {finding.code for finding in findings} <= {"not-built-yet"}, list(findings)
    jsonschema_rs.Draft202012Validator(schema).validate(written)


def at_path(value: dict[str, Any]) -> dict[str, Any]:
    return {"paths": {"/a": value}}


def test_the_examples_use_yaml_as_it_is_read() -> None:
    document = parse(b"a: off\nb: 2027-06-30", "a.yaml", Findings())
    assert document is not None
    assert document.value == {"a": "off", "b": "2027-06-30"}
