"""Reading documents: whatever a file holds, there are findings and no exception; two notations of one value are one value."""

from __future__ import annotations

import copy
import json
import tempfile
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from specgw.diagnostics import Findings
from specgw.openapi.discover import discover, root_keys
from specgw.openapi.json_text import parse_json
from specgw.openapi.library import Library
from specgw.openapi.marks import Unreadable
from specgw.openapi.read import read
from specgw.openapi.source import parse
from specgw.openapi.yaml_text import parse_yaml

# Text that YAML and JSON can both write: no surrogates, and none of the characters that libyaml refuses unescaped.
TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
SCALARS = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | TEXT
VALUES = st.recursive(SCALARS, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXT, inner, max_size=4), max_leaves=25)
CONTAINERS = st.lists(VALUES, max_size=5) | st.dictionaries(TEXT, VALUES, max_size=5)

DOCUMENT: dict[str, Any] = {
    "openapi": "3.1.0",
    "info": {"title": "Users", "version": "1"},
    "servers": [{"url": "https://{host}/v1", "variables": {"host": {"default": "example.com", "enum": ["example.com"]}}}],
    "security": [{"key": []}, {"oauth": ["read"]}],
    "paths": {
        "/users/{id}": {
            "parameters": [{"$ref": "#/components/parameters/Id"}],
            "get": {
                "operationId": "getUser",
                "tags": ["users"],
                "parameters": [
                    {"name": "limit", "in": "query", "style": "form", "explode": True, "schema": {"type": "integer"}},
                    {"name": "filter", "in": "query", "content": {"application/json": {"schema": {"type": "object"}}}},
                ],
                "responses": {
                    "200": {"$ref": "#/components/responses/User"},
                    "4XX": {"description": "", "headers": {"X-Rate": {"schema": {"type": "integer"}}}},
                    "default": {"description": ""},
                },
            },
            "put": {
                "security": [],
                "requestBody": {
                    "required": True,
                    "content": {
                        "multipart/form-data": {"schema": {"$ref": "#/components/schemas/User"}, "encoding": {"a": {"style": "form"}}}
                    },
                },
                "responses": {"204": {"description": ""}},
                "servers": [{"url": "/"}],
            },
        },
        "/other": {"$ref": "#/components/pathItems/Other"},
    },
    "components": {
        "parameters": {"Id": {"name": "id", "in": "path", "required": True, "schema": {"type": "string"}}},
        "responses": {"User": {"description": "", "content": {"application/json": {"schema": {"$ref": "#/components/schemas/User"}}}}},
        "schemas": {"User": {"type": "object", "properties": {"a": {"type": "string"}}}},
        "pathItems": {"Other": {"post": {"operationId": "other", "responses": {}}}},
        "securitySchemes": {
            "key": {"type": "apiKey", "in": "header", "name": "X-Key"},
            "oauth": {"type": "oauth2", "flows": {"clientCredentials": {"tokenUrl": "/t", "scopes": {"read": ""}}}},
        },
    },
}

SWAGGER: dict[str, Any] = {
    "swagger": "2.0",
    "info": {"title": "Users", "version": "1"},
    "host": "example.com",
    "basePath": "/v1",
    "schemes": ["https", "ws"],
    "consumes": ["application/json"],
    "produces": ["application/json"],
    "paths": {
        "/users/{id}": {
            "parameters": [{"$ref": "#/parameters/Id"}, {"$ref": "#/parameters/Body"}],
            "get": {
                "schemes": ["http"],
                "parameters": [{"name": "a", "in": "query", "type": "array", "items": {"type": "array"}, "collectionFormat": "pipes"}],
                "responses": {"200": {"$ref": "#/responses/User"}, "default": {"description": "", "schema": {"type": "file"}}},
            },
            "post": {
                "consumes": ["multipart/form-data"],
                "parameters": [{"name": "f", "in": "formData", "type": "file", "required": True, "allowEmptyValue": True}],
                "responses": {"200": {"description": "", "headers": {"A": {"type": "array"}}, "examples": {"a/b": 1}}},
            },
        },
    },
    "parameters": {
        "Id": {"name": "id", "in": "path", "required": True, "type": "string"},
        "Body": {"name": "b", "in": "body", "schema": {"$ref": "#/definitions/User"}},
    },
    "responses": {"User": {"description": "", "schema": {"$ref": "#/definitions/User"}}},
    "definitions": {"User": {"type": "object", "discriminator": "a", "properties": {"a": {"type": "string", "x-nullable": True}}}},
    "securityDefinitions": {
        "basic": {"type": "basic"},
        "oauth": {"type": "oauth2", "flow": "application", "tokenUrl": "/t", "scopes": {"read": ""}},
    },
    "security": [{"basic": []}],
}

JUNK: st.SearchStrategy[Any] = st.sampled_from(
    [
        None, True, 0, -1.5, "", "x", "#/paths", "/{a", "application/json", [], {}, [None], [[]], {"": ""}, {"x": None},
        {"$ref": "#/paths"}, {"$ref": "#"}, {"$ref": ""}, {"$ref": 3}, {"$ref": "%zz"}, {"$ref": "http://x/y"},
        {"$ref": "../../etc/passwd"},
        {"$ref": "#/components/pathItems/Other"}, {"$ref": "#/components/parameters/Id"}, {"$ref": "api.json"}, {"$ref": "a\x00b"},
    ]
)  # fmt: skip


def places(value: Any, at: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """The path of every value in a document."""
    children = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [at, *(place for key, child in children for place in places(child, (*at, key)))]


ORIGINALS = [(document, [place for place in places(document) if place]) for document in (DOCUMENT, SWAGGER)]


@st.composite
def mutated(draw: st.DrawFn) -> dict[str, Any]:
    """A document with a few of its values replaced, removed, moved, or given a key more."""
    original, known = draw(st.sampled_from(ORIGINALS))
    document: dict[str, Any] = copy.deepcopy(original)
    for _ in range(draw(st.integers(1, 4))):
        place = draw(st.sampled_from(known))
        holder: Any = document
        try:
            for step in place[:-1]:
                holder = holder[step]
            match draw(st.sampled_from(["replace", "remove", "move", "rename"])):
                case "replace":
                    holder[place[-1]] = copy.deepcopy(draw(JUNK | VALUES))  # one value may be drawn twice, and put into itself
                case "remove":
                    del holder[place[-1]]
                case "rename":
                    key = draw(st.sampled_from(["$ref", "x-gateway", "GET", "parametres", "content", "schema", "200", "security"]) | TEXT)
                    holder[key] = holder.pop(place[-1])
                case "move":
                    source: Any = original
                    for step in draw(st.sampled_from(known)):
                        source = source[step]
                    holder[place[-1]] = copy.deepcopy(source)
        except (KeyError, IndexError, TypeError, AttributeError):
            continue  # an earlier change took this place away
    return document


def compile_bytes(data: bytes, name: str) -> None:
    """Everything that a compile does up to the Contract, every finding settled."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, name)
        path.write_bytes(data)
        findings = Findings()
        for named in (path, Path(folder)):
            sources = discover([named], findings, base=Path(folder))
            library = Library(sources, findings)
            for document in filter(None, map(library.load, sources.documents)):
                read(document, library, findings)
        for finding in findings:
            assert finding.line >= 1
            assert finding.column >= 1
            assert finding.file in (name, ".")


def test_the_document_itself_has_no_fault() -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "api.json")
        path.write_text(json.dumps(DOCUMENT))
        findings = Findings()
        library = Library(discover([path], findings), findings)
        document = library.load(path)
        assert document is not None
        contract = read(document, library, findings)
        assert contract is not None
        assert [operation.operation_id for operation in contract.operations] == ["getUser", None, "other"]
        assert [finding.code for finding in findings] == ["incomplete"]


@given(mutated(), st.booleans())
@settings(deadline=None)
def test_a_mutated_document_never_raises(document: dict[str, Any], as_json: bool) -> None:
    compile_bytes(json.dumps(document).encode(), "api.json" if as_json else "api.yaml")


@given(st.binary(max_size=60) | TEXT.map(str.encode), st.integers(0, 2000), st.integers(0, 40), st.booleans())
@settings(deadline=None)
def test_damaged_bytes_never_raise(junk: bytes, at: int, gone: int, as_json: bool) -> None:
    data = json.dumps(DOCUMENT, indent=1).encode() if as_json else yaml.safe_dump(DOCUMENT, sort_keys=False).encode()
    compile_bytes(data[:at] + junk + data[at + gone :], "api.json" if as_json else "api.yaml")


@given(st.text("abc:-{}[]&*!|>'\"#%@`,?\n\t 019.~<=", max_size=40))
@settings(deadline=None)
def test_scraps_of_yaml_never_raise(text: str) -> None:
    findings = Findings()
    document = parse(text.encode(), "api.yaml", findings)
    assert document is not None or findings.errors
    for finding in findings:
        assert 1 <= finding.line <= text.count("\n") + 1


@given(CONTAINERS)
def test_json_as_the_standard_library_reads_it(value: Any) -> None:
    for text in (json.dumps(value), json.dumps(value, indent=2), json.dumps(value, ensure_ascii=False)):
        assert repr(parse_json(text).value) == repr(json.loads(text))


@given(st.text('{}[]":, \\n12e+-.ultrfase\n', max_size=20))
def test_json_is_refused_where_the_standard_library_refuses_it(text: str) -> None:
    try:
        expected = json.loads(text, object_pairs_hook=list)
    except ValueError:
        with pytest.raises(Unreadable):
            parse_json(text)
        return
    parsed = parse_json(text)
    assert parsed.faults or isinstance(expected, list) or repr(parsed.value) == repr(expected)


@given(CONTAINERS)
def test_a_value_written_as_yaml_is_the_value_written_as_json(value: Any) -> None:
    written = json.dumps(value)
    block = yaml.dump(value, Dumper=yaml.SafeDumper, allow_unicode=True, sort_keys=False, default_style='"')
    # Quoted everywhere, so that tags carry the types: PyYAML writes `!!int "5"`.
    assert repr(parse_yaml(block).value) == repr(parse_json(written).value)


@given(CONTAINERS)
def test_every_position_leads_back_to_its_key(value: Any) -> None:
    text = json.dumps(value, indent=1, ensure_ascii=False)
    for parsed in (parse_json(text),):
        for place in places(parsed.value):
            if not place:
                continue
            offset = parsed.marks.find(parsed.value, [str(step) for step in place], key=True)
            child: Any = parsed.value
            for step in place:
                child = child[step]
            shown = json.dumps(place[-1] if isinstance(place[-1], str) else child, ensure_ascii=False)
            assert text.startswith(shown[:1], offset)
            if isinstance(place[-1], str):
                assert text.startswith(shown + ": ", offset)


@given(st.dictionaries(TEXT, VALUES, max_size=5))
def test_root_keys_are_the_keys_of_the_value(value: dict[str, Any]) -> None:
    assert list(root_keys(json.dumps(value))) == list(value)
    assert list(root_keys(yaml.safe_dump(value, allow_unicode=True, sort_keys=False, default_style='"'))) == list(value)
