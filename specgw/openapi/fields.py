"""The fixed fields of every OpenAPI object that is read, with the type of each: one table for all versions.

From OpenAPI 3.0.4, 3.1.1 and 3.2.0, sections "Fixed Fields". `text` is prose for people: a wrong type there harms nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

Type = Literal["text", "string", "flag", "mapping", "list", "schema", "any"]

# Of a Path Item Object; `query` came with 3.2.
METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace", "query")

_PARAMETER: dict[str, Type] = {
    "description": "text",
    "required": "flag",
    "deprecated": "flag",
    "allowEmptyValue": "flag",
    "style": "string",
    "explode": "flag",
    "allowReserved": "flag",
    "schema": "schema",
    "example": "any",
    "examples": "mapping",
    "content": "mapping",
}

_ENCODINGS: dict[str, Type] = {"encoding": "mapping", "prefixEncoding": "list", "itemEncoding": "mapping"}

FIELDS: Mapping[str, Mapping[str, Type]] = {
    "OpenAPI": {
        "openapi": "text",
        "info": "mapping",
        "$self": "string",
        "jsonSchemaDialect": "string",
        "servers": "list",
        "paths": "mapping",
        "webhooks": "mapping",
        "components": "mapping",
        "security": "list",
        "tags": "list",
        "externalDocs": "mapping",
    },
    "Info": {
        "title": "text",
        "summary": "text",
        "description": "text",
        "termsOfService": "text",
        "contact": "mapping",
        "license": "mapping",
        "version": "text",
    },
    "Tag": {
        "name": "string",
        "summary": "text",
        "description": "text",
        "externalDocs": "mapping",
        "parent": "string",
        "kind": "string",
    },
    "Components": {
        "schemas": "mapping",
        "responses": "mapping",
        "parameters": "mapping",
        "examples": "mapping",
        "requestBodies": "mapping",
        "headers": "mapping",
        "securitySchemes": "mapping",
        "links": "mapping",
        "callbacks": "mapping",
        "pathItems": "mapping",
        "mediaTypes": "mapping",
    },
    "Server": {"url": "string", "description": "text", "name": "text", "variables": "mapping"},
    "Server Variable": {"enum": "list", "default": "text", "description": "text"},
    "Path Item": {
        "summary": "text",
        "description": "text",
        **dict.fromkeys(METHODS, "mapping"),
        "additionalOperations": "mapping",
        "servers": "list",
        "parameters": "list",
    },
    "Operation": {
        "tags": "list",
        "summary": "text",
        "description": "text",
        "externalDocs": "mapping",
        "operationId": "string",
        "parameters": "list",
        "requestBody": "mapping",
        "responses": "mapping",
        "callbacks": "mapping",
        "deprecated": "flag",
        "security": "list",
        "servers": "list",
    },
    "Parameter": {"name": "string", "in": "string", **_PARAMETER},
    "Header": _PARAMETER,
    "Request Body": {"description": "text", "content": "mapping", "required": "flag"},
    "Media Type": {
        "schema": "schema",
        "itemSchema": "schema",
        "example": "any",
        "examples": "mapping",
        **_ENCODINGS,
    },
    "Encoding": {
        "contentType": "string",
        "headers": "mapping",
        "style": "string",
        "explode": "flag",
        "allowReserved": "flag",
        **_ENCODINGS,
    },
    "Response": {"summary": "text", "description": "text", "headers": "mapping", "content": "mapping", "links": "mapping"},
    "Security Scheme": {
        "type": "string",
        "description": "text",
        "name": "string",
        "in": "string",
        "scheme": "string",
        "bearerFormat": "text",
        "flows": "mapping",
        "openIdConnectUrl": "text",
        "oauth2MetadataUrl": "text",
        "deprecated": "flag",
    },
}

# What came with a version after 3.0, by object and field.
SINCE: Mapping[tuple[str, str], str] = {
    **dict.fromkeys(
        (("OpenAPI", "jsonSchemaDialect"), ("OpenAPI", "webhooks"), ("Info", "summary"), ("Components", "pathItems")),
        "3.1",
    ),
    **dict.fromkeys(
        (
            ("OpenAPI", "$self"),
            *(("Tag", key) for key in ("summary", "parent", "kind")),
            ("Components", "mediaTypes"),
            ("Server", "name"),
            ("Path Item", "query"),
            ("Path Item", "additionalOperations"),
            ("Media Type", "itemSchema"),
            *(("Media Type", key) for key in ("prefixEncoding", "itemEncoding")),
            *(("Encoding", key) for key in _ENCODINGS),
            ("Response", "summary"),
            ("Security Scheme", "oauth2MetadataUrl"),
            ("Security Scheme", "deprecated"),
        ),
        "3.2",
    ),
}

# Where the specification says "X Object | Reference Object"; of Media Type Objects since 3.2.
REFERABLE = frozenset(("Path Item", "Parameter", "Header", "Request Body", "Response", "Security Scheme"))
REFERABLE_32 = REFERABLE | {"Media Type"}

# Fields of Swagger 2.0 that people bring along, and where they belong now.
MOVED: Mapping[tuple[str, str], str] = {
    **{
        ("Parameter", keyword): f"in OpenAPI 3 it stands under `schema`: 'schema: {{{keyword}: …}}'"
        for keyword in ("type", "format", "items", "enum", "default", "pattern", "minimum", "maximum", "minLength", "maxLength", "nullable")
    },
    ("Parameter", "collectionFormat"): "in OpenAPI 3 it is said with `style` and `explode`",
    ("OpenAPI", "definitions"): "in OpenAPI 3 schemas stand under `components: schemas:`",
    ("OpenAPI", "securityDefinitions"): "in OpenAPI 3 they stand under `components: securitySchemes:`",
    ("OpenAPI", "host"): "in OpenAPI 3 it is said with `servers`",
    ("OpenAPI", "basePath"): "in OpenAPI 3 it is said with `servers`",
    ("OpenAPI", "schemes"): "in OpenAPI 3 it is said with `servers`",
    ("Operation", "consumes"): "in OpenAPI 3 media types are the keys of `requestBody: content:`",
    ("Operation", "produces"): "in OpenAPI 3 media types are the keys of a response's `content:`",
    ("Operation", "schemes"): "in OpenAPI 3 it is said with `servers`",
    ("Response", "schema"): "in OpenAPI 3 it stands under `content: application/json: schema:`",
    ("Request Body", "schema"): "it stands under `content: application/json: schema:`",
}
