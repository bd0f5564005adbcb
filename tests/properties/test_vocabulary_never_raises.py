"""Whatever an author writes: the vocabulary answers with findings that have a place, and never with an exception."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path
from typing import Any, get_args

import jsonschema_rs
from hypothesis import assume, given
from hypothesis import strategies as st

from specgw.diagnostics import Findings
from specgw.openapi.discover import Sources
from specgw.openapi.library import Library
from specgw.openapi.model import Node
from specgw.openapi.source import parse
from specgw.plan.model import SchemeKind
from specgw.xgateway.gateway_file import load_gateway
from specgw.xgateway.inheritance import Inheritance
from specgw.xgateway.published import definitions_of_models, x_gateway_schema
from specgw.xgateway.schemes import read_extension
from specgw.xgateway.vocabulary.level import KEYS

WORDS = sorted({info.alias or name for model in definitions_of_models().values() for name, info in model.model_fields.items()})
TEXTS = [
    "users",
    "http://h",
    "${URL}",
    "${",
    "$${",
    "5s",
    "0s",
    "1MiB",
    "20%",
    "100/s",
    "/a",
    "/a/",
    "/{id}",
    "X-A",
    "host",
    "on",
    "off",
    "enforce",
    "report",
    "*",
    "10.0.0.0/8",
    "a.example",
    "header:X",
    "2027-06-30",
    "20ms..80ms",
    "ü",
    "[key]",
    "text",
    "mapping",
    "list",
    "bare",
    "#/components/x-gateway/a",
]
SCALARS = (
    st.none()
    | st.booleans()
    | st.integers(-1, 1 << 60)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.sampled_from(["", " ", "\x00", *TEXTS])
)
NAMES = st.sampled_from([*WORDS, "$ref", "X-A", "x-a", "Host", "a b", "", "[key]", "text", "mapping"])
VALUES = st.recursive(SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=4), max_leaves=20)
LEVELS = st.dictionaries(st.sampled_from([*KEYS, "$ref", "issuer", "zzz"]), VALUES, max_size=4)

SCHEMA = jsonschema_rs.Draft202012Validator(x_gateway_schema())


class NoReferences:
    def follow(self, node: Node) -> Node | None:
        return None


def node_of(value: Any) -> Node:
    document = parse(json.dumps({"x-gateway": value}).encode(), "a.json", Findings())
    assume(document is not None)
    assert document is not None
    return Node(document, "/x-gateway", document.value["x-gateway"])


@given(LEVELS | VALUES, LEVELS, LEVELS, LEVELS)
def test_levels(defaults: Any, root: Any, path: Any, operation: Any) -> None:
    findings = Findings()
    inheritance = Inheritance(node_of(defaults), findings, NoReferences(), {"users"})
    settings = inheritance.effective(node_of(root), node_of(path), node_of(operation))
    for key in KEYS:
        settings.place(key)
    assert all(found.line >= 1 and found.message and found.pointer.startswith("/x-gateway") for found in findings)


@given(LEVELS)
def test_a_level_that_the_schema_accepts_has_findings_only_of_the_finer_kind(level: dict[str, Any]) -> None:
    level.pop("$ref", None)
    node = node_of(level)
    findings = Findings()
    Inheritance(None, findings, NoReferences(), {"users"}).effective(None, None, node)
    wrong = {found.code for found in findings} - {"not-built-yet", "unknown-upstream", "upstream-without-default"}
    accepted = SCHEMA.is_valid({"paths": {"/a": {"get": {"x-gateway": level}}}})
    if not wrong:
        assert accepted


@given(VALUES, st.sampled_from(get_args(SchemeKind)))
def test_schemes(value: Any, kind: SchemeKind) -> None:
    findings = Findings()
    read_extension(node_of(value), kind, findings)
    accepted = SCHEMA.is_valid({"components": {"securitySchemes": {"a": {"x-gateway": value}}}})
    assert accepted or findings.errors


@given(
    st.dictionaries(st.sampled_from(["gateway", "listen"]), st.dictionaries(NAMES, VALUES, max_size=4) | VALUES, max_size=2) | VALUES,
    VALUES,
)
def test_gateway_files(value: Any, profile: Any) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder)
        (path / "gateway.yaml").write_text(json.dumps(value), encoding="utf-8")
        (path / "gateway.dev.yaml").write_text(json.dumps({"gateway": profile}), encoding="utf-8")
        findings = Findings()
        library = Library(Sources(base=path, roots=(path,)), findings)
        found = load_gateway(path / "gateway.yaml", ("dev",), {}, findings, library)
        Inheritance(found.defaults, findings, library, found.names).effective(None, None, None)
        assert all(finding.line >= 1 for finding in findings)
