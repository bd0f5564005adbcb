"""Lowered schemas against other validators: the same verdict on every value that both define.

The OAS30Validator of openapi-schema-validator differs where it is known to differ; the generated schemas and values stay
out of these places:

- `1.0` for `type: integer`: it refuses it, by the JSON Schema draft that 3.0 builds on (Wright 00, section 4.2: "a JSON
  number without a fraction or exponent part"). JSON does not tell 1.0 from 1 (RFC 8259 section 6), 2020-12 says that a
  zero fraction is an integer, and so do we, for both versions.
- `discriminator`: it chooses by it, and refuses values without the property. OpenAPI 3.0.4, Discriminator Object: "the
  discriminator cannot change the validation result".
- `multipleOf` with fractions: it computes in binary floating point.
- readOnly and writeOnly: it knows no direction; see `openapi.directions`.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openapi_schema_validator import OAS30Validator

from tests.unit.openapi.schema_bench import Bench, bench

NAMES = ("a", "b", "c")
COMPONENTS = ("S", "A", "B")
Schema = Any

names = st.sampled_from(NAMES)
scalars = st.sampled_from([None, True, False, 0, 1, 2, 3, -1, 0.5, 1.5, "", "a", "b", "ab", "ba", "abc", "1"])
values = st.recursive(scalars, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(names, inner, max_size=3), max_leaves=6)
# Every schema is asked for all of these, beside what is drawn.
FIXED: list[Any] = [
    *(
        None,
        True,
        False,
        0,
        1,
        2,
        3,
        -1,
        0.5,
        1.5,
        "",
        "a",
        "b",
        "ab",
        "abc",
        [],
        [1],
        ["a", "b"],
        [1, 1],
        [None],
        [["a"]],
        ["b", "b", "ab"],
    ),
    *({}, {"a": 1}, {"a": "ab"}, {"a": "b", "b": "a"}, {"a": None, "b": 2, "c": "a"}, {"c": {"a": "b"}}, {"a": {"a": {}}}, {"b": [1, "a"]}),
]
counts = st.integers(0, 3)
numbers = st.sampled_from([-1, 0, 1, 2, 3, 0.5, 1.5])
patterns = st.sampled_from(["^a", "b$", "^[ab]+$", "", r"^\w$", "^(?!b)"])
types = st.sampled_from(["string", "integer", "number", "boolean", "array", "object"])
Keywords = dict[str, st.SearchStrategy[Any]]


def some_of(keywords: Keywords, *, least: int = 0, most: int = 3) -> st.SearchStrategy[dict[str, Any]]:
    """Mappings of a few of the keywords."""
    return st.lists(st.sampled_from(sorted(keywords)), min_size=least, max_size=most, unique=True).flatmap(
        lambda chosen: st.fixed_dictionaries({keyword: keywords[keyword] for keyword in sorted(chosen)})
    )


def merged(*parts: st.SearchStrategy[dict[str, Any]]) -> st.SearchStrategy[dict[str, Any]]:
    """Mappings put together; later ones win."""
    return st.tuples(*parts).map(lambda drawn: {key: value for part in drawn for key, value in part.items()})


STRINGS: Keywords = {"minLength": counts, "maxLength": counts, "pattern": patterns}
ARRAYS: Keywords = {"minItems": counts, "maxItems": counts, "uniqueItems": st.booleans()}
OBJECTS: Keywords = {
    "minProperties": counts,
    "maxProperties": counts,
    "required": st.lists(names, min_size=1, max_size=2, unique=True),
}
NUMBERS: dict[str, Keywords] = {
    version: {
        "minimum": numbers,
        "maximum": numbers,
        "exclusiveMinimum": st.booleans() if version == "3.0" else numbers,
        "exclusiveMaximum": st.booleans() if version == "3.0" else numbers,
        "multipleOf": st.integers(1, 3),
    }
    for version in ("3.0", "3.1")
}
ONLY_31: Keywords = {"const": values, "dependentRequired": st.dictionaries(names, st.lists(names, max_size=2, unique=True), max_size=2)}


def typed(version: str) -> st.SearchStrategy[dict[str, Any]]:
    """`type`, with what each version has to admit null."""
    if version == "3.0":
        return st.fixed_dictionaries({"type": types}, optional={"nullable": st.booleans()})
    return st.fixed_dictionaries({"type": types | st.just("null") | st.lists(types | st.just("null"), min_size=1, max_size=3, unique=True)})


def assertions(version: str) -> st.SearchStrategy[dict[str, Any]]:
    """Schemas that hold no schemas: each about one kind of values, as people write them."""
    enum = st.fixed_dictionaries({"enum": st.lists(values, min_size=1, max_size=3, unique_by=repr)})
    kinds = [some_of(kind, least=1) for kind in (STRINGS, NUMBERS[version], ARRAYS, OBJECTS)]
    if version == "3.1":
        kinds.append(some_of(ONLY_31, least=1))
    about = st.one_of(*kinds, enum)
    return about | typed(version) | merged(typed(version), about)


def applicators(version: str, inner: st.SearchStrategy[Schema], beside: st.SearchStrategy[Schema]) -> Keywords:
    """Keywords that hold schemas: of parts of the value, and of the value itself."""
    several = st.lists(beside, min_size=1, max_size=3)
    either: Keywords = {
        "properties": st.dictionaries(names, inner, min_size=1, max_size=3),
        "additionalProperties": inner | st.booleans(),
        "items": inner,
        "allOf": several,
        "anyOf": several,
        "oneOf": several,
        "not": beside,
    }
    if version == "3.0":
        return either
    return {
        **either,
        "patternProperties": st.dictionaries(patterns, inner, min_size=1, max_size=2),
        "propertyNames": inner,
        "prefixItems": st.lists(inner, min_size=1, max_size=2),
        "contains": inner,
        "minContains": counts,
        "maxContains": counts,
        "if": beside,
        "then": beside,
        "else": beside,
        "dependentSchemas": st.dictionaries(names, beside, min_size=1, max_size=2),
        "unevaluatedProperties": inner | st.booleans(),
        "unevaluatedItems": inner | st.booleans(),
    }


def schemas(version: str) -> st.SearchStrategy[Schema]:
    """Schemas of a dialect. References for the same value lead to `Leaf` only, so that no validator runs in circles."""
    plain: st.SearchStrategy[Schema] = assertions(version)
    anywhere = st.sampled_from(COMPONENTS).map(lambda name: {"$ref": f"#/components/schemas/{name}"})
    leaf: st.SearchStrategy[Schema] = st.just({"$ref": "#/components/schemas/Leaf"})
    if version == "3.1":
        leaf |= assertions(version).map(lambda more: {"$ref": "#/components/schemas/Leaf", **more})
        plain |= st.booleans()

    def deeper(known: st.SearchStrategy[Schema]) -> st.SearchStrategy[Schema]:
        held = some_of(applicators(version, known | anywhere, known | leaf), least=1)
        return held | merged(typed(version), held) | merged(assertions(version), held)

    return st.recursive(plain, deeper, max_leaves=8)


def documents(version: str) -> st.SearchStrategy[dict[str, Schema]]:
    """Components that refer to each other."""
    return st.fixed_dictionaries({**dict.fromkeys(COMPONENTS, schemas(version)), "Leaf": assertions(version)})


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("schemas")


def lowered(folder: Path, components: dict[str, Schema], version: str) -> Bench:
    others = {name: schema for name, schema in components.items() if name != "S"}
    return bench(folder, components["S"], version, **others)


@settings(max_examples=300, deadline=None)
@given(documents("3.0"), st.lists(values, max_size=4))
def test_30_is_what_another_validator_of_30_says(folder: Path, components: dict[str, Schema], instances: list[Any]) -> None:
    case = lowered(folder, components, "3.0")
    validator = case.validator(case.lower())
    document = {"$ref": "#/components/schemas/S", "components": {"schemas": components}}
    other = OAS30Validator(document)
    for instance in [*FIXED, *instances]:
        assert validator.is_valid(instance) == other.is_valid(instance), instance


@settings(max_examples=300, deadline=None)
@given(documents("3.1"), st.lists(values, max_size=4))
def test_31_is_what_json_schema_says(folder: Path, components: dict[str, Schema], instances: list[Any]) -> None:
    case = lowered(folder, components, "3.1")
    result = case.lower()
    validator = case.validator(result)
    other = original(components)
    assert result.unenforced == ()
    for instance in [*FIXED, *instances]:
        assert validator.is_valid(instance) == other.is_valid(instance), instance
        assert not result.trivial or other.is_valid(instance)


def original(components: dict[str, Schema]) -> jsonschema_rs.Draft202012Validator:
    """The schemas as they are, for jsonschema-rs."""
    registry = jsonschema_rs.Registry([("urn:original", {"components": {"schemas": components}})])
    return jsonschema_rs.Draft202012Validator({"$ref": "urn:original#/components/schemas/S"}, registry=registry)


LOST = "("
"""An expression that cannot be enforced; whatever its author meant by it, what that accepts has to be accepted."""


def without_expressions(schema: Schema) -> Schema:
    """The schema with every `pattern`, and one of each `patternProperties`, replaced by one that is lost."""
    if isinstance(schema, list):
        return [without_expressions(value) for value in schema]
    if not isinstance(schema, dict):
        return schema
    changed = {key: value if key in ("enum", "const") else without_expressions(value) for key, value in schema.items()}
    if isinstance(changed.get("pattern"), str):
        changed["pattern"] = LOST
    if isinstance(changed.get("patternProperties"), dict):
        first, *others = changed["patternProperties"].items()
        changed["patternProperties"] = {LOST: first[1], **dict(others)}
    return changed


@settings(max_examples=300, deadline=None)
@given(documents("3.1"), st.lists(values, max_size=4))
def test_what_is_not_enforced_never_refuses_more(folder: Path, components: dict[str, Schema], instances: list[Any]) -> None:
    case = lowered(folder, without_expressions(components), "3.1")
    validator = case.validator(case.lower())
    meant = original(components)
    for instance in [*FIXED, *instances]:
        assert validator.is_valid(instance) or not meant.is_valid(instance), instance


KEYWORDS = sorted(
    {
        *("type", "nullable", "enum", *STRINGS, *ARRAYS, *OBJECTS, *NUMBERS["3.0"], *ONLY_31),
        *applicators("3.1", st.none(), st.none()),
        *(
            "$ref",
            "$id",
            "$anchor",
            "$dynamicRef",
            "$dynamicAnchor",
            "$recursiveRef",
            "$schema",
            "$defs",
            "dependencies",
            "additionalItems",
        ),
        *("format", "readOnly", "writeOnly", "discriminator", "x-own", "maxlength"),
    }
)
junk = st.recursive(
    scalars
    | st.sampled_from(
        ["(", "true", "3", "#/components/schemas/S", "#/components/schemas/S/allOf/0", "#a", "int32", "date", "http://[", "null"]
    ),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(KEYWORDS) | names, inner, max_size=4),
    max_leaves=15,
)


@pytest.mark.parametrize("version", ["3.0", "3.1"])
@settings(max_examples=300, deadline=None)
@given(components=st.fixed_dictionaries({"S": junk, "A": junk}), instance=values)
def test_whatever_stands_in_a_document_compiles(folder: Path, version: str, components: dict[str, Any], instance: Any) -> None:
    case = lowered(folder, components, version)
    for direction in ("request", "response"):
        result = case.lower(direction=direction)
        verdict = case.validator(result).is_valid(instance)
        assert verdict or not result.trivial
    case.shape()
    case.findings.settle()
