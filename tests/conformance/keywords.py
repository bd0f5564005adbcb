"""Every keyword of the two dialects of schemas, and every enforced format: what is valid, and what is not.

JSON Schema 2020-12 Core, Validation and OpenAPI 3.1.1 "Schema Object"; OpenAPI 3.0.4 "Schema Object". A keyword that is an
annotation has nothing that is invalid: what it could be thought to refuse stands among the valid instances.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

A, B = {"a": 1}, {"b": 1}
INTEGER, STRING = {"type": "integer"}, {"type": "string"}


@dataclass(frozen=True)
class Keyword:
    """A keyword in a schema, with instances."""

    name: str
    schema: dict[str, Any]
    valid: tuple[Any, ...]
    invalid: tuple[Any, ...] = ()
    components: dict[str, Any] = field(default_factory=dict)
    """Schemas beside it, for references; their names begin with the keyword's, so that all fit into one document."""


BOTH: tuple[Keyword, ...] = (
    Keyword("type", {"type": "integer"}, (1, 1.0, -7, 10**30), (1.5, "1", True, None, [], {})),
    Keyword("type", {"type": "number"}, (1, 1.5, 1e300), ("1", False)),
    Keyword("type", {"type": "boolean"}, (True, False), (0, 1, "true", None)),
    Keyword("type", {"type": "string"}, ("", "x", "é\U0001f4a9"), (1, None, ["x"])),
    Keyword("type", {"type": "array", "items": {}}, ([], [1, "x"]), ({}, "[]", None)),
    Keyword("type", {"type": "object"}, ({}, A), ([], None, "{}")),
    Keyword("enum", {"enum": ["a", 1, [1], {"x": 2}, False]}, ("a", 1, 1.0, [1], {"x": 2}, False), ("b", True, 0, [1, 1], {"x": 1}, None)),
    Keyword("multipleOf", {"multipleOf": 0.01}, (19.99, 4.02, 0, -0.07, "x"), (0.075, 1.001)),
    Keyword("multipleOf", {"multipleOf": 3}, (0, 9, -3, 6.0), (1, 10)),
    Keyword("maximum", {"maximum": 3}, (3, -1, 3.0, "x"), (3.01, 4)),
    Keyword("minimum", {"minimum": 3}, (3, 10**20, None), (2.99, -3)),
    Keyword("maxLength", {"maxLength": 2}, ("", "ab", "\U0001f4a9\U0001f4a9", 100), ("abc",)),
    Keyword("minLength", {"minLength": 2}, ("ab", "\U0001f4a9\U0001f4a9", 1), ("", "a", "\U0001f4a9")),
    Keyword("pattern", {"pattern": "^a+$"}, ("a", "aaa", 1), ("", "b", "ab")),
    Keyword("pattern", {"pattern": "b"}, ("abc", "b"), ("ac",)),
    Keyword("pattern", {"pattern": "^\\p{Lu}\\d$"}, ("É1",), ("é1", "É١")),
    Keyword("maxItems", {"maxItems": 1}, ([], [1], "xx"), ([1, 2],)),
    Keyword("minItems", {"minItems": 1}, ([1], {}), ([],)),
    Keyword(
        "uniqueItems", {"uniqueItems": True}, ([], [1, True, "1"], [{"a": 1}, {"a": 2}]), ([1, 1.0], [{"a": 1, "b": 2}, {"b": 2, "a": 1}])
    ),
    Keyword("maxProperties", {"maxProperties": 1}, ({}, A, [1, 2]), ({"a": 1, "b": 2},)),
    Keyword("minProperties", {"minProperties": 1}, (A, []), ({},)),
    Keyword("required", {"required": ["a"]}, (A, {"a": None}, [], "x"), ({}, B)),
    Keyword("allOf", {"allOf": [{"minimum": 1}, {"maximum": 2}]}, (1, 2, "x"), (0, 3)),
    Keyword("anyOf", {"anyOf": [{"type": "string"}, {"minimum": 2}]}, ("x", 2, None), (1,)),
    Keyword("oneOf", {"oneOf": [{"multipleOf": 2}, {"multipleOf": 3}]}, (2, 3), (6, 1, "x")),
    Keyword("not", {"not": {"type": "string"}}, (1, None), ("x",)),
    Keyword("items", {"items": {"type": "integer"}}, ([], [1, 2], "x"), (["x"], [1, "x"])),
    Keyword("properties", {"properties": {"a": INTEGER, "$ref": STRING}}, ({}, A, B, {"$ref": "x"}, []), ({"a": "x"}, {"$ref": 1})),
    Keyword("additionalProperties", {"properties": {"a": {}}, "additionalProperties": False}, ({}, A, []), (B, {"a": 1, "b": 1})),
    Keyword("additionalProperties", {"properties": {"a": {}}, "additionalProperties": INTEGER}, ({"a": "x"}, B), ({"b": "x"},)),
    Keyword("format", {"type": "string", "format": "of-nobody"}, ("anything",)),
    Keyword(
        "$ref",
        {"$ref": "#/components/schemas/ref.Tree"},
        ({"next": {"next": {}}},),
        ({"next": {"next": 1}}, 1),
        {
            "ref.Tree": {"type": "object", "properties": {"next": {"$ref": "#/components/schemas/ref.Tree"}}},
        },
    ),
    Keyword(
        "$ref", {"$ref": "#/components/schemas/ref.Odd/properties/a~1b%20c"}, (1,), ("x",), {"ref.Odd": {"properties": {"a/b c": INTEGER}}}
    ),
    Keyword(
        "discriminator",
        {
            "oneOf": [{"$ref": "#/components/schemas/discriminator.Cat"}, {"$ref": "#/components/schemas/discriminator.Dog"}],
            "discriminator": {"propertyName": "kind", "mapping": {"dog": "#/components/schemas/discriminator.Dog"}},
        },
        ({"purrs": 1}, {"kind": "dog", "purrs": 1}, {"kind": "nobody", "barks": 1}),
        ({"kind": "dog"}, {"purrs": 1, "barks": 1}),
        {
            "discriminator.Cat": {"type": "object", "required": ["purrs"]},
            "discriminator.Dog": {"type": "object", "required": ["barks"]},
        },
    ),
    Keyword("title", {"title": "Title"}, (1,)),
    Keyword("description", {"description": "Text"}, (1,)),
    Keyword("default", {"type": "object", "properties": {"a": {"type": "integer", "default": 1}}}, ({}, A), ({"a": "x"},)),
    Keyword("default", {"type": "object", "required": ["a"], "properties": {"a": {"type": "integer", "default": 1}}}, (A,), ({},)),
    Keyword("deprecated", {"properties": {"a": {"deprecated": True}}}, ({}, A)),
    Keyword("xml", {"type": "object", "xml": {"name": "x"}}, ({},), (1,)),
    Keyword("externalDocs", {"externalDocs": {"url": "https://example.com"}}, (1,)),
    Keyword("example", {"type": "integer", "example": 1}, (2,), ("x",)),
    Keyword("writeOnly", {"required": ["a"], "properties": {"a": {"type": "integer", "writeOnly": True}}}, (A,), ({}, {"a": "x"})),
)

ONLY_30: tuple[Keyword, ...] = (
    Keyword("exclusiveMaximum", {"maximum": 3, "exclusiveMaximum": True}, (2.9, "x"), (3, 4)),
    Keyword("exclusiveMaximum", {"maximum": 3, "exclusiveMaximum": False}, (3,), (4,)),
    Keyword("exclusiveMinimum", {"minimum": 3, "exclusiveMinimum": True}, (3.1,), (3, 2)),
    Keyword("exclusiveMinimum", {"minimum": 3, "exclusiveMinimum": False}, (3,), (2,)),
    Keyword("nullable", {"type": "integer", "nullable": True}, (None, 1), ("x",)),
    Keyword("nullable", {"type": "integer", "nullable": False}, (1,), (None,)),
    # "`null` MUST be explicitly included in an `enum`": 3.0.3's clarification of nullable.
    Keyword("nullable", {"type": "string", "nullable": True, "enum": ["a"]}, ("a",), (None, "b")),
    Keyword("nullable", {"type": "string", "nullable": True, "enum": ["a", None]}, ("a", None), ("b",)),
    # "This keyword only takes effect if `type` is explicitly defined within the same Schema Object."
    Keyword("nullable", {"nullable": True, "allOf": [{"type": "object"}]}, ({},), (None,)),
    Keyword("nullable", {"type": "object", "nullable": True, "allOf": [{"type": "object"}]}, ({},), (None,)),
    Keyword("nullable", {"type": "object", "nullable": True, "allOf": [{"type": "object", "nullable": True}]}, ({}, None), (1,)),
    Keyword("nullable", {"nullable": False}, (None, 1)),
    Keyword("nullable", {"anyOf": [{"type": "string"}, {"type": "integer", "nullable": True}]}, (None, "x", 1), (1.5,)),
    # "This object cannot be extended with additional properties, and any properties added SHALL be ignored."
    Keyword(
        "$ref",
        {"$ref": "#/components/schemas/ref.Thing", "required": ["z"], "nullable": True},
        ({},),
        (None,),
        {"ref.Thing": {"type": "object"}},
    ),
    # "If the property is marked as readOnly being true and is in the required list, the required will take effect on the response only."
    Keyword(
        "readOnly",
        {"required": ["a", "b"], "properties": {"a": {"type": "integer", "readOnly": True}}},
        (B, {"a": 1, "b": 1}),
        (A, {"a": "x", "b": 1}),
    ),
    Keyword("readOnly", {"allOf": [{"properties": {"a": {"readOnly": True}}}, {"required": ["a"]}]}, ({}, A)),
)

ONLY_31: tuple[Keyword, ...] = (
    Keyword("$schema", {"$schema": "https://json-schema.org/draft/2020-12/schema", "type": "integer"}, (1,), ("x",)),
    Keyword("$id", {"$ref": "https://example.com/id"}, (1,), ("x",), {"id.Named": {"$id": "https://example.com/id", "type": "integer"}}),
    Keyword("$anchor", {"$ref": "#anchored"}, (1,), ("x",), {"anchor.Named": {"$anchor": "anchored", "type": "integer"}}),
    Keyword(
        "$dynamicRef",
        {"$ref": "#/components/schemas/dynamic.Tree"},
        ({"in": {"in": {}}},),
        ({"in": {"in": 1}},),
        {
            "dynamic.Tree": {"$dynamicAnchor": "node", "type": "object", "properties": {"in": {"$dynamicRef": "#node"}}},
        },
    ),
    Keyword(
        "$dynamicRef",
        {"$ref": "https://example.com/strict"},
        ({"in": [{"data": 1}]},),
        ({"in": [{"daat": 1}]}, {"daat": 1}),
        {
            "dynamic.Open": {
                "$id": "https://example.com/open",
                "$dynamicAnchor": "deeper",
                "type": "object",
                "properties": {"data": True, "in": {"items": {"$dynamicRef": "#deeper"}}},
            },
            "dynamic.Strict": {
                "$id": "https://example.com/strict",
                "$dynamicAnchor": "deeper",
                "$ref": "open",
                "unevaluatedProperties": False,
            },
        },
    ),
    Keyword("$dynamicAnchor", {"$ref": "#point"}, (1,), ("x",), {"dynamic.Point": {"$dynamicAnchor": "point", "type": "integer"}}),
    Keyword(
        "$defs", {"$ref": "#/components/schemas/defs.Holder/$defs/inner"}, (1,), ("x",), {"defs.Holder": {"$defs": {"inner": INTEGER}}}
    ),
    Keyword("$comment", {"$comment": "nothing"}, (1,)),
    Keyword("$vocabulary", {"$vocabulary": {"https://json-schema.org/draft/2020-12/vocab/core": True}}, (1,)),
    Keyword(
        "$ref", {"$ref": "#/components/schemas/ref.Beside", "required": ["z"]}, ({"z": 1},), ({}, 1), {"ref.Beside": {"type": "object"}}
    ),
    Keyword("type", {"type": ["string", "null"]}, ("x", None), (1, False)),
    Keyword("type", {"type": "null"}, (None,), (0, "", False, {})),
    Keyword("const", {"const": {"a": [1]}}, ({"a": [1.0]},), ({"a": [2]}, {}, None)),
    Keyword("const", {"const": None}, (None,), (0, False, "")),
    Keyword("exclusiveMaximum", {"exclusiveMaximum": 3}, (2.9, "x"), (3, 4)),
    Keyword("exclusiveMinimum", {"exclusiveMinimum": 3}, (3.1,), (3, 2)),
    Keyword("prefixItems", {"prefixItems": [INTEGER, STRING]}, ([], [1], [1, "x", None]), (["x"], [1, 1])),
    Keyword("items", {"prefixItems": [INTEGER], "items": False}, ([], [1]), ([1, 2],)),
    Keyword("contains", {"contains": INTEGER}, ([1], ["x", 1], "x"), ([], ["x"])),
    Keyword("minContains", {"contains": INTEGER, "minContains": 2}, ([1, 2],), ([1], ["x"])),
    Keyword("minContains", {"contains": INTEGER, "minContains": 0}, ([], ["x"])),
    Keyword("maxContains", {"contains": INTEGER, "maxContains": 1}, ([1], [1, "x"]), ([1, 2], ["x"])),
    Keyword("patternProperties", {"patternProperties": {"^x": INTEGER}}, ({"x1": 1, "y": "z"},), ({"x1": "z"},)),
    Keyword("patternProperties", {"patternProperties": {"^x": {}}, "additionalProperties": False}, ({"x1": 1},), ({"y": 1},)),
    Keyword("propertyNames", {"propertyNames": {"maxLength": 1}}, ({}, A), ({"ab": 1},)),
    Keyword("dependentRequired", {"dependentRequired": {"a": ["b"]}}, ({}, B, {"a": 1, "b": 1}), (A,)),
    Keyword("dependentSchemas", {"dependentSchemas": {"a": {"required": ["b"]}}}, ({}, {"a": 1, "b": 1}), (A,)),
    Keyword("if", {"if": {"required": ["a"]}}, ({}, A)),
    Keyword("then", {"if": {"required": ["a"]}, "then": {"required": ["b"]}}, ({}, {"a": 1, "b": 1}), (A,)),
    Keyword("then", {"then": {"required": ["b"]}}, ({},)),
    Keyword("else", {"if": {"required": ["a"]}, "else": {"required": ["b"]}}, (A, B), ({},)),
    Keyword("unevaluatedProperties", {"allOf": [{"properties": {"a": {}}}], "unevaluatedProperties": False}, ({}, A), (B,)),
    Keyword(
        "unevaluatedProperties", {"if": {"required": ["a"]}, "then": {"properties": {"a": {}}}, "unevaluatedProperties": False}, (A,), (B,)
    ),
    Keyword("unevaluatedItems", {"allOf": [{"prefixItems": [{}]}], "unevaluatedItems": False}, ([], [1]), ([1, 2],)),
    Keyword("unevaluatedItems", {"contains": INTEGER, "unevaluatedItems": STRING}, ([1, "x"],), ([1, None],)),
    Keyword("contentEncoding", {"type": "string", "contentEncoding": "base64"}, ("%",), (1,)),
    Keyword("contentMediaType", {"type": "string", "contentMediaType": "application/json"}, ("{",), (1,)),
    Keyword("contentSchema", {"type": "string", "contentSchema": {"type": "object"}}, ("[]",), ({},)),
    Keyword("examples", {"type": "integer", "examples": [1]}, (2,), ("x",)),
    # JSON Schema 2020-12 Validation section 9.4 makes both annotations: `required` is what it says.
    Keyword("readOnly", {"required": ["a"], "properties": {"a": {"readOnly": True}}}, (A,), ({}, B)),
)

FORMATS: dict[str, tuple[tuple[Any, ...], tuple[Any, ...]]] = {
    "date": (("2024-02-29", 7), ("2023-02-29", "2024-2-1", "24-02-01", "")),
    "date-time": (("2024-02-29T12:00:00Z", "2024-02-29T12:00:00.5+01:00"), ("2024-02-29", "2024-02-29T25:00:00Z", "2024-02-29 12:00:00")),
    "time": (("12:00:00Z", "12:00:00.1+02:00"), ("12:00:00", "24:00:00Z", "12:00Z")),
    "duration": (("P3DT12H", "PT1S", "P2W"), ("3D", "P", "PT")),
    "email": (("a@example.com", "a.b+c@example.com"), ("a", "@example.com", "a@", "a b@example.com")),
    "idn-email": (("ä@exämple.com",), ("ä",)),
    "hostname": (("example.com", "a-b.example"), ("-a.example", "a_b.example", "a" * 64)),
    "idn-hostname": (("bücher.example",), ("-bücher",)),
    "ipv4": (("192.0.2.1",), ("192.0.2.256", "192.0.2", "0192.0.2.1", "::1")),
    "ipv6": (("::1", "2001:db8::7", "::ffff:192.0.2.1"), ("::1%eth0", "12345::", "1::2::3")),
    "uri": (("https://example.com/a?b#c", "urn:x:y"), ("/a", "example.com", "http://a b", "http://exämple.com")),
    "uri-reference": (("/a", "#x", "https://example.com"), ("\\a", "a b")),
    "iri": (("https://exämple.com/ä",), ("/ä", "http://a b")),
    "iri-reference": (("/ä",), ("a b", "\\ä")),
    "uri-template": (("/a/{b}{?c*}",), ("/a/{b", "{^a}}")),
    "uuid": (("123e4567-e89b-12d3-a456-426614174000", "123E4567-E89B-12D3-A456-426614174000"), ("123e4567e89b12d3a456426614174000", "x")),
    "json-pointer": (("", "/a~1b/0"), ("a", "/a~2", "#/a")),
    "relative-json-pointer": (("0", "1/a", "0#"), ("/a", "-1", "01")),
    "regex": (("^a+$",), ("(", "a**")),
    "byte": (("", "aGk=", "aGlo"), ("aGk", "a", "aGk=\n", "_-8=")),
    "base64url": (("aGk", "_-8"), ("+/8", "a")),
    "int8": ((-128, 127, 5.0, "x"), (128, -129, 1.5)),
    "int16": ((-(2**15), 2**15 - 1), (2**15,)),
    "int32": ((-(2**31), 2**31 - 1), (2**31, -(2**31) - 1, 0.5)),
    "int64": ((-(2**63), 2**63 - 1), (2**63, -(2**63) - 1)),
    "uint8": ((0, 255), (-1, 256)),
    "uint16": ((0, 2**16 - 1), (-1, 2**16)),
    "uint32": ((0, 2**32 - 1), (-1, 2**32)),
    "uint64": ((0, 2**64 - 1), (-1, 2**64)),
    "double-int": ((2**53 - 1,), (2**53, 0.5)),
    "float": ((1.5, 3.4e38), (3.5e38, -1e39)),
    "double": ((1e308,), (10**309,)),
}
"""Each enforced format: valid and invalid values."""


def keywords(version: str) -> Iterator[Keyword]:
    """The keywords of a version, and the formats under the name `format`."""
    yield from BOTH
    yield from ONLY_30 if version.startswith("3.0") else ONLY_31
    for name, (valid, invalid) in FORMATS.items():
        yield Keyword("format", {"format": name}, valid, invalid)


def document(version: str, server: str) -> dict[str, Any]:
    """One operation for each keyword, at `/NUMBER`."""
    paths: dict[str, Any] = {}
    components: dict[str, Any] = {}
    for number, keyword in enumerate(keywords(version)):
        body = {"required": True, "content": {"application/json": {"schema": keyword.schema}}}
        paths[f"/{number}"] = {"post": {"requestBody": body, "responses": {"204": {"description": "It passed."}}}}
        components |= keyword.components
    return {
        "openapi": version,
        "info": {"title": "Keywords", "version": "1"},
        "servers": [{"url": server}],
        "paths": paths,
        "components": {"schemas": components},
    }
