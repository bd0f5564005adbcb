"""The fixed fields of every OpenAPI object that is read, with the type of each: one table for 3.0 and 3.1.

From OpenAPI 3.0.4 and 3.1.1, sections "Fixed Fields". `text` is prose for people: a wrong type there harms nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

Type = Literal["text", "string", "flag", "mapping", "list", "schema", "any"]

# Of a Path Item Object; QUERY came with 3.2.
METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace")

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

FIELDS: Mapping[str, Mapping[str, Type]] = {
    "OpenAPI": {
        "openapi": "text",
        "info": "mapping",
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
    },
    "Server": {"url": "string", "description": "text", "variables": "mapping"},
    "Server Variable": {"enum": "list", "default": "text", "description": "text"},
    "Path Item": {
        "summary": "text",
        "description": "text",
        **dict.fromkeys(METHODS, "mapping"),
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
    "Media Type": {"schema": "schema", "example": "any", "examples": "mapping", "encoding": "mapping"},
    "Encoding": {"contentType": "string", "headers": "mapping", "style": "string", "explode": "flag", "allowReserved": "flag"},
    "Response": {"description": "text", "headers": "mapping", "content": "mapping", "links": "mapping"},
    "Security Scheme": {
        "type": "string",
        "description": "text",
        "name": "string",
        "in": "string",
        "scheme": "string",
        "bearerFormat": "text",
        "flows": "mapping",
        "openIdConnectUrl": "text",
    },
}

# What came with 3.1.
SINCE_31 = frozenset((("OpenAPI", "jsonSchemaDialect"), ("OpenAPI", "webhooks"), ("Info", "summary"), ("Components", "pathItems")))

# Where the specification says "X Object | Reference Object".
REFERABLE = frozenset(("Path Item", "Parameter", "Header", "Request Body", "Response", "Security Scheme"))

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
    ("Path Item", "query"): "the method QUERY came with OpenAPI 3.2",
}
