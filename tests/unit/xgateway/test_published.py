from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest

from specgw.diagnostics import Findings
from specgw.openapi.source import parse
from specgw.xgateway.gateway_file import load_gateway
from specgw.xgateway.inheritance import Inheritance
from specgw.xgateway.published import gateway_schema, named_values, x_gateway_schema
from specgw.xgateway.vocabulary.level import KEYS

DOCUMENT = jsonschema_rs.Draft202012Validator(x_gateway_schema())
GATEWAY = jsonschema_rs.Draft202012Validator(gateway_schema())


def value_of(text: str) -> Any:
    document = parse(text.encode(), "a.yaml", Findings())
    assert document is not None
    return document.value


# What the schema of JSON cannot say, or what only an effective setting shows: the models refuse it, the schema does not.
FINER = {"unknown-upstream", "upstream-without-default", "not-built-yet", "development-keys"}


def cases(name: str) -> list[str]:
    lines = (Path(__file__).parent / "cases" / name).read_text(encoding="utf-8").splitlines()
    return [line for line in lines if not line.startswith("#")]


@pytest.mark.parametrize("text", cases("x-gateway-values.txt"))
@pytest.mark.parametrize("level", ["root", "path", "operation"])
def test_schema_and_models_agree_about_x_gateway(folder: Any, level: str, text: str) -> None:
    value = value_of(text)
    document: dict[str, Any] = {"components": {"x-gateway": {"a": {}}}}
    holder: dict[str, Any] = {"x-gateway": value}
    where = {"root": (), "path": ("paths", "/a"), "operation": ("paths", "/a", "get")}[level]
    document |= holder if level == "root" else {"paths": {"/a": holder if level == "path" else {"get": holder}}}
    node = folder.read(json.dumps(document), "api.json")
    for step in (*where, "x-gateway"):
        node = node.get(step)
    levels = {name: node if name == level else None for name in ("root", "path", "operation")}
    Inheritance(None, folder.findings, folder.library, {"users"}).effective(*levels.values())
    refused = {finding.code for finding in folder.findings} - FINER
    assert DOCUMENT.is_valid(document) is (not refused), folder.said()


@pytest.mark.parametrize("text", cases("gateway-values.txt"))
def test_schema_and_models_agree_about_gateway_yaml(folder: Any, text: str) -> None:
    found = load_gateway(folder.write(text, "gateway.yaml"), (), {}, folder.findings, folder.library)
    Inheritance(found.defaults, folder.findings, folder.library, found.names)
    refused = {finding.code for finding in folder.findings} - FINER
    assert GATEWAY.is_valid(value_of(text)) is (not refused), folder.said()


@pytest.mark.parametrize("schema", [x_gateway_schema(), gateway_schema()], ids=["schema.json", "gateway.schema.json"])
def test_the_schemas_are_schemas(schema: dict[str, Any]) -> None:
    jsonschema_rs.meta.validate(schema)
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"


def test_every_key_is_described_for_editors() -> None:
    definitions = x_gateway_schema()["$defs"]
    assert all(definitions[f"key-{key}"]["description"] for key in KEYS)
    assert all(
        field["description"] for model in definitions.values() for field in model.get("properties", {}).values() if "$ref" not in field
    )


def test_what_is_not_built_says_so() -> None:
    definitions = x_gateway_schema()["$defs"]
    assert {key for key in KEYS if "refused by this version" in definitions[f"key-{key}"]["description"]} == {
        key for key, said in KEYS.items() if not said.built
    }
    assert "refused by this version" in definitions["Upstream"]["properties"]["discovery"]["description"]
    assert (
        "Refused until it can be enforced: random, leastConnections, hash."
        in definitions["Upstream"]["properties"]["balance"]["description"]
    )


def test_nothing_is_defined_in_vain() -> None:
    for schema in (x_gateway_schema(), gateway_schema()):
        text = json.dumps(schema)
        assert all(f'"#/$defs/{name}"' in text for name in schema["$defs"])


def test_values_have_names() -> None:
    assert {"Duration", "Size", "Rate", "Percentage", "HeaderName", "Url", "Secret"} <= named_values().keys()
