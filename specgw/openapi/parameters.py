"""Parameters and response headers (OpenAPI sections "Parameter Object" and "Header Object")."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from specgw.diagnostics import did_you_mean
from specgw.http import TOKEN
from specgw.openapi.bodies import read_content
from specgw.openapi.model import Node, Parameter
from specgw.openapi.reading import Reading

# Styles by location, the default first.
STYLES: Mapping[str, tuple[str, ...]] = {
    "path": ("simple", "label", "matrix"),
    "query": ("form", "spaceDelimited", "pipeDelimited", "deepObject"),
    "querystring": ("form",),
    "header": ("simple",),
    "cookie": ("form", "cookie"),
}
# What came with OpenAPI 3.2.
_SINCE_32 = ("querystring", "cookie")

# "If in is "header" and the name field is … the parameter definition SHALL be ignored."
_IGNORED = {
    "accept": "the keys of `responses: content:`",
    "content-type": "the keys of `requestBody: content:`",
    "authorization": "`security`",
}

Key = tuple[str, str]


class Parameters:
    """Reads the parameters of one contract; each Parameter Object once, however many operations refer to it."""

    def __init__(self, reading: Reading) -> None:
        self._reading = reading
        self._read: dict[tuple[str, str], Parameter | None] = {}
        self._modern = reading.version >= "3.2"
        self._locations = [location for location in STYLES if self._modern or location not in _SINCE_32 or location == "cookie"]

    def listed(self, node: Node) -> dict[Key, Parameter]:
        """The `parameters` of a path item or operation by (location, name)."""
        found: dict[Key, Parameter] = {}
        places: dict[Key, Node] = {}
        for element in self._reading.elements(node, "parameters"):
            parameter = self._parameter(element)
            if parameter is None:
                continue
            key = _key(parameter)
            if key in found:
                line = places[key].written().line
                if _alike(found[key].node.value, parameter.node.value):
                    message = f"the {parameter.location} parameter '{parameter.name}' is in this list already, alike, on line {line}"
                    self._reading.findings.add("read-as-meant", element, message, hint="once is enough")
                    continue
                message = f"the {parameter.location} parameter '{parameter.name}' is in this list already, on line {line}"
                self._reading.findings.add("repeated-parameter", element, message, hint="keep one of the two")
                continue
            found[key], places[key] = parameter, element
        return found

    def headers(self, node: Node) -> tuple[Parameter, ...]:
        """The `headers` of a response or of an encoding, as parameters."""
        found = []
        for name, member in self._reading.members(node, "headers"):
            if name.lower() == "content-type":
                continue  # "If a response header is defined with the name "Content-Type", it SHALL be ignored."
            header = self._reading.object(member, "Header")
            if header is not None and (parameter := self._described(header, "Header", name, "header")) is not None:
                found.append(parameter)
        return tuple(found)

    def _parameter(self, element: Node) -> Parameter | None:
        node = self._reading.object(element, "Parameter")
        if node is None:
            return None
        place = (node.file, node.pointer)
        if place not in self._read:
            self._read[place] = self._declared(node)
        return self._read[place]

    def _declared(self, node: Node) -> Parameter | None:
        reading = self._reading
        missing = [f"'{key}'" for key in ("name", "in") if node.value.get(key) is None]
        if missing:
            reading.findings.add("missing-field", node, f"this parameter lacks {' and '.join(missing)}")
            return None
        name, location = reading.field(node, "name", str), reading.field(node, "in", str)
        if name is None or location is None:
            return None
        folded = location.strip().lower()
        if location not in self._locations and folded in self._locations:
            reading.findings.add("read-as-meant", node.at("in"), f"'{location}' is read as '{folded}'", hint=f"write 'in: {folded}'")
            location = node.value["in"] = folded
        if location not in self._locations:
            hint = did_you_mean(location, self._locations)
            if location in STYLES:
                hint = f"'{location}' came with OpenAPI 3.2: say 'openapi: 3.2.0'"
            if location in ("body", "formData"):
                hint = "in OpenAPI 3 a body is declared with `requestBody`"
            reading.findings.add("wrong-value", node.at("in"), f"a parameter cannot be in '{location}'", hint=hint)
            return None
        if location == "header" and name.lower() in _IGNORED:
            hint = f"OpenAPI says it with {_IGNORED[name.lower()]}"
            reading.findings.add("ignored-header", node, f"a header parameter named '{name}' is ignored, as OpenAPI requires", hint=hint)
            return None
        if not name:
            reading.findings.add("wrong-value", node.at("name"), "a parameter's name cannot be empty")
            return None
        if location == "header" and TOKEN.fullmatch(name) is None:
            hint = "letters, digits and '-' (RFC 9110 section 5.1)"
            reading.findings.add("invalid-header-name", node.at("name"), f"'{name}' is no name of a header; it is left out", hint=hint)
            return None
        return self._described(node, "Parameter", name, location)

    def _described(self, node: Node, kind: str, name: str, location: str) -> Parameter | None:
        """What a Parameter and a Header Object have in common."""
        reading, add = self._reading, self._reading.findings.add
        word = "header" if kind == "Header" else "parameter"
        schema, content = reading.schema(node), reading.field(node, "content", dict)
        entry = None
        if content is not None:
            if schema is not None:
                add(
                    "ambiguous-parameter",
                    node.at("content"),
                    f"the {word} '{name}' has both `schema` and `content`",
                    hint="keep one of the two",
                )
            entries = read_content(reading, node)
            if len(content) != 1:
                add("ambiguous-parameter", node.at("content"), f"`content` of a {word} has one media type, not {len(content)}")
            entry = entries[0] if entries else None
        elif location == "querystring":
            message = f"the parameter '{name}' is the whole query string, which is described with `content`"
            add("missing-field", node, message, hint="add 'content: {application/x-www-form-urlencoded: {schema: …}}'")
            return None
        elif schema is None and "schema" not in node.value:
            add(
                "untyped-parameter",
                node,
                f"the {word} '{name}' has no `schema`, so its value is not checked",
                hint="add 'schema: {type: string}'",
            )
        style, explode = self._style(node, name, location, beside_content=content is not None)
        required = reading.flag(node, "required")
        if location == "path" and not required:
            message = f"the path parameter '{name}' lacks 'required: true', which it always is"
            add("optional-path-parameter", node.get("required") or node, message, hint="add 'required: true'")
            required = True
        for flag in ("allowEmptyValue", "allowReserved"):
            # 3.2: "This field only applies to in and style values that automatically percent-encode."
            encodes = self._modern and flag == "allowReserved" and (location == "path" or (location == "cookie" and style == "form"))
            if location != "query" and not encodes and reading.flag(node, flag):
                where = "where values are percent-encoded" if self._modern and flag == "allowReserved" else "on query parameters"
                add("no-effect", node.at(flag), f"'{flag}' has an effect {where} only")
        return Parameter(
            node=node,
            name=name,
            location=location,
            required=required,
            style=style,
            explode=explode,
            allow_reserved=location == "query" and reading.flag(node, "allowReserved"),
            allow_empty=location == "query" and reading.flag(node, "allowEmptyValue"),
            deprecated=reading.flag(node, "deprecated"),
            schema=None if entry is not None else schema,
            content=entry,
        )

    def _style(self, node: Node, name: str, location: str, *, beside_content: bool) -> tuple[str, bool]:
        reading = self._reading
        allowed = STYLES[location] if self._modern else tuple(style for style in STYLES[location] if style not in _SINCE_32)
        style = reading.field(node, "style", str) or allowed[0]
        if beside_content:
            for key in ("style", "explode", "allowReserved"):
                if key in node.value:
                    reading.findings.add("no-effect", node.at(key), f"'{key}' has no effect beside `content`")
            style = allowed[0]
        elif style not in allowed:
            message = f"a {location} parameter cannot have the style '{style}'"
            reading.findings.add("invalid-style", node.at("style"), message, hint=did_you_mean(style, allowed))
            style = allowed[0]
        # "When style is "form" or "cookie", the default value is true. For all other styles, the default value is false."
        return style, reading.flag(node, "explode", style in ("form", "cookie"))


def _alike(one: dict[str, Any], other: dict[str, Any]) -> bool:
    """Whether two Parameter Objects ask the same of a request: prose and examples apart."""
    prose = ("description", "example", "examples", "deprecated", "name")

    def asked(value: dict[str, Any]) -> dict[str, Any]:
        return {key: said for key, said in value.items() if key not in prose and not key.startswith("x-")}

    return asked(one) == asked(other)


def _key(parameter: Parameter) -> Key:
    """What identifies a parameter; field names are case-insensitive (RFC 9110 section 5.1)."""
    name = parameter.name.lower() if parameter.location == "header" else parameter.name
    return parameter.location, name
