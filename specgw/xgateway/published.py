"""The JSON Schemas (2020-12) of the vocabulary, for editors and other tools, made from the models.

`schema.json` describes an OpenAPI document as far as `x-gateway` goes, `gateway.schema.json` describes gateway.yaml.
`python -m specgw.xgateway` writes both, and the reference page.
"""

from __future__ import annotations

from functools import cache
from typing import Annotated, Any, get_args, get_origin

from pydantic import TypeAdapter, WithJsonSchema
from pydantic.json_schema import models_json_schema

from specgw.http import METHODS
from specgw.xgateway import vocabulary
from specgw.xgateway.docstrings import described, summary
from specgw.xgateway.vocabulary import schemes, values, web
from specgw.xgateway.vocabulary.gateway import GatewayFile
from specgw.xgateway.vocabulary.level import KEYS, Level
from specgw.xgateway.vocabulary.part import Key, Later, Part, Where
from specgw.xgateway.vocabulary.schemes import Scheme

DIALECT = "https://json-schema.org/draft/2020-12/schema"
Schema = dict[str, Any]

IN_WORDS: dict[Where, str] = {"root": "root", "path": "path item", "operation": "operation"}
_AT: dict[Where, str] = {"root": "AtRoot", "path": "AtPathItem", "operation": "AtOperation"}
_NOT_BUILT = "Part of the vocabulary, refused by this version because it cannot enforce it yet."


def x_gateway_schema() -> Schema:
    """The schema of an OpenAPI document that looks at nothing but `x-gateway`."""
    definitions = _definitions()
    operation = {"type": "object", "properties": {"x-gateway": {"$ref": "#/$defs/AtOperation"}}}
    path_item = {
        "type": "object",
        "properties": {
            "x-gateway": {"$ref": "#/$defs/AtPathItem"},
            **{method.lower(): {"$ref": "#/$defs/Operation"} for method in METHODS},
            "additionalOperations": {
                "type": "object",
                "description": "Operations of other methods, by method (OpenAPI 3.2).",
                "additionalProperties": {"$ref": "#/$defs/Operation"},
            },
        },
    }
    schema = {
        "$schema": DIALECT,
        "$id": "urn:specgw:x-gateway:1",
        "title": "OpenAPI document with x-gateway",
        "description": "Checks x-gateway wherever it may stand; everything else of the document is left to OpenAPI's own schema.",
        "type": "object",
        "properties": {
            "x-gateway": {"$ref": "#/$defs/AtRoot"},
            "paths": {"type": "object", "additionalProperties": {"$ref": "#/$defs/PathItem"}},
            "components": {
                "type": "object",
                "properties": {
                    "x-gateway": {
                        "description": "Named blocks, used by `$ref` inside of an x-gateway.",
                        "type": "object",
                        "additionalProperties": {"$ref": "#/$defs/Block"},
                    },
                    "pathItems": {"type": "object", "additionalProperties": {"$ref": "#/$defs/PathItem"}},
                    "securitySchemes": {
                        "type": "object",
                        "additionalProperties": {"type": "object", "properties": {"x-gateway": {"$ref": "#/$defs/Scheme"}}},
                    },
                },
            },
        },
        "$defs": {
            "PathItem": path_item,
            "Operation": operation,
            **{_AT[where]: _level([key for key in KEYS if where in KEYS[key].where], f"x-gateway: {IN_WORDS[where]}") for where in _AT},
            "Block": _level(list(KEYS), "A named block of x-gateway"),
            **_keys(definitions),
            **definitions,
        },
    }
    return _in_use(schema)


def gateway_schema() -> Schema:
    """The schema of gateway.yaml."""
    definitions = _definitions()
    whole = definitions.pop("GatewayFile")
    keys = _keys(definitions)
    defaults = [key for key in KEYS if "root" in KEYS[key].where and KEYS[key].defaults]
    level = _level(defaults, "The weakest level of x-gateway")
    del level["properties"]["$ref"]
    inner = definitions["Gateway"]["properties"]["defaults"]
    definitions["Gateway"]["properties"]["defaults"] = {
        "description": inner["description"],
        "anyOf": [{"$ref": "#/$defs/Defaults"}, {"type": "null"}],
    }
    return _in_use(
        {
            "$schema": DIALECT,
            "$id": "urn:specgw:gateway:1",
            "title": "gateway.yaml",
            **whole,
            "$defs": {"Defaults": level, **keys, **definitions},
        }
    )


def definitions_of_models() -> dict[str, type[Part]]:
    """Every model of the vocabulary by its name in the schemas."""
    found: dict[str, type[Part]] = {}
    open_ = [Part]
    while open_:
        for model in open_.pop().__subclasses__():
            if model.__module__.startswith(vocabulary.__name__):
                found[model.__name__] = model
                open_.append(model)
    return found


@cache
def named_values() -> dict[str, Schema]:
    """The schema of each simple value (`Duration`, `Size`, …) by its name."""
    found: dict[str, Schema] = {}
    for module in (values, web, schemes):
        for name, value in vars(module).items():
            if get_origin(value) is Annotated and any(isinstance(mark, WithJsonSchema) for mark in get_args(value)):
                schema = TypeAdapter(value).json_schema()
                if schema not in found.values():
                    found[name] = schema
    return found


def _definitions() -> dict[str, Schema]:
    """Models and values by their names, described, and with references in the place of repeated parts."""
    _, schema = models_json_schema([(model, "validation") for model in (Level, Scheme, GatewayFile)], ref_template="#/$defs/{model}")
    models = definitions_of_models()
    found: dict[str, Schema] = {}
    for name, definition in sorted(schema["$defs"].items()):
        tidy = _tidy(definition)
        model = models[name]
        texts = described(model)
        tidy["description"] = summary(model)
        for field, info in model.model_fields.items():
            key = info.alias or field
            tidy["properties"][key]["description"] = _description(texts[key], info.metadata)
        found[name] = tidy
    return {**found, **{name: dict(value) for name, value in sorted(named_values().items())}}


def _description(text: str, marks: list[Any]) -> str:
    for mark in marks:
        if isinstance(mark, Later):
            text += f" {_NOT_BUILT}" if not mark.values else f" Refused until it can be enforced: {', '.join(mark.values)}."
        if isinstance(mark, Key):
            text += f" Default: {mark.default}." + (f" Merge: {mark.merge}." if mark.merge else "")
            text += "" if mark.built else f" {_NOT_BUILT}"
    return text


def _keys(definitions: dict[str, Schema]) -> dict[str, Schema]:
    """The schema of every key of x-gateway; takes the model of the levels out of the definitions."""
    return {f"key-{key}": schema for key, schema in definitions.pop("Level")["properties"].items()}


def _level(keys: list[str], title: str) -> Schema:
    reference = {"type": "string", "pattern": "#/components/x-gateway/", "description": "A named block; keys beside it override it."}
    properties = {key: {"$ref": f"#/$defs/key-{key}"} for key in keys}
    return {"title": title, "type": "object", "properties": {"$ref": reference, **properties}, "additionalProperties": False}


def _in_use(schema: Schema) -> Schema:
    """The schema with those definitions only that something refers to."""
    definitions = schema["$defs"]
    used: set[str] = set()
    open_ = _targets({key: part for key, part in schema.items() if key != "$defs"})
    while open_:
        used |= open_
        open_ = set().union(*(_targets(definitions[name]) for name in open_)) - used
    return {**schema, "$defs": {name: part for name, part in definitions.items() if name in used}}


def _targets(schema: Any) -> set[str]:
    if isinstance(schema, dict):
        own = {schema["$ref"].removeprefix("#/$defs/")} if isinstance(schema.get("$ref"), str) else set()
        return own.union(*(_targets(part) for part in schema.values()))
    return set().union(*(_targets(part) for part in schema)) if isinstance(schema, list) else set()


def _tidy(schema: Any) -> Any:
    """Without titles and null defaults, names of mappings fully checked, and values by reference."""
    if isinstance(schema, list):
        return [_tidy(part) for part in schema]
    if not isinstance(schema, dict):
        return schema
    untitled = {key: part for key, part in schema.items() if key != "title" or not isinstance(part, str)}
    for name, value in named_values().items():
        if untitled == value:
            return {"$ref": f"#/$defs/{name}"}
    tidy = {
        key: {name: _tidy(inner) for name, inner in part.items()} if key == "properties" else _tidy(part)
        for key, part in untitled.items()
        if not (key == "default" and part is None)
    }
    if "oneOf" in tidy:
        # The alternatives of a union are tried by kind; an empty mapping may be as much the one as the other.
        tidy["anyOf"] = tidy.pop("oneOf")
    if len(tidy.get("patternProperties", ())) == 1:
        # Pydantic checks the names of a mapping by patternProperties, which lets all other names pass.
        ((pattern, inner),) = tidy.pop("patternProperties").items()
        names = {**schema.get("propertyNames", {}), "type": "string", "pattern": pattern}
        tidy["propertyNames"] = _tidy(names)
        tidy["additionalProperties"] = inner
    elif "propertyNames" in tidy:
        tidy["propertyNames"] = _tidy({**schema["propertyNames"], "type": "string"})
    return tidy
