"""Documents and requests at random: one operation with one parameter or one body, and texts that may or may not be values of it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from hypothesis import strategies as st

from tests.conformance.asking import Request
from tests.conformance.matrix import HEADER, NAME, written

VERSIONS = ("3.0.4", "3.1.1")
FORM = "application/x-www-form-urlencoded"

# What OpenAPI defines: location, style, explode.
PLACES: tuple[tuple[str, str, bool], ...] = (
    *(("path", style, explode) for style in ("simple", "label", "matrix") for explode in (False, True)),
    *(("query", "form", explode) for explode in (False, True)),
    ("query", "spaceDelimited", False),
    ("query", "pipeDelimited", False),
    ("query", "deepObject", True),
    *(("header", "simple", explode) for explode in (False, True)),
    *(("cookie", "form", explode) for explode in (False, True)),
)


@dataclass(frozen=True)
class Contract:
    """One operation at `/at`: `parameter` or `body` is what is asked about."""

    version: str
    parameter: dict[str, Any] | None = None
    body: dict[str, Any] | None = None

    @property
    def part(self) -> dict[str, Any]:
        """The Parameter or Request Body Object."""
        found = self.parameter if self.parameter is not None else self.body
        assert found is not None
        return found

    @property
    def document(self) -> dict[str, Any]:
        """The whole document."""
        operation: dict[str, Any] = {"responses": {"200": {"description": "It passed."}}}
        if self.parameter is not None:
            operation["parameters"] = [self.parameter]
        if self.body is not None:
            operation["requestBody"] = self.body
        path = f"/at/{{{NAME}}}" if self.parameter is not None and self.parameter["in"] == "path" else "/at"
        return {
            "openapi": self.version,
            "info": {"title": "Generated", "version": "1"},
            "servers": [{"url": "http://127.0.0.1:9"}],
            "paths": {path: {"post": operation}},
        }

    def request(self, text: str | None) -> Request:
        """The request with a text in the place of the parameter, or for the body; None: without it."""
        if self.body is not None:
            if text is None:
                return Request("/at", "POST")
            return Request("/at", "POST", (("Content-Type", next(iter(self.body["content"]))),), text.encode())
        match self.part["in"]:
            case "path":
                return Request(f"/at/{text}", "POST")
            case "query":
                return Request("/at" if text is None else f"/at?{text}", "POST")
            case "header":
                return Request("/at", "POST", () if text is None else ((HEADER, text),))
            case _:
                return Request("/at", "POST", () if text is None else (("Cookie", text),))


# Schemas of what arrives as text.

STRINGS = st.sampled_from(["", "a", "b", "ab", "7", "-1", "1.5", "true", "null", "a b", "a,b", "é", "x=y"])
_BOUNDS = st.sampled_from([0, 1, 2, 7])


def scalars(version: str) -> st.SearchStrategy[dict[str, Any]]:
    """Schemas of primitives."""
    number = st.fixed_dictionaries({"type": st.sampled_from(["integer", "number"])}, optional={"minimum": _BOUNDS, "maximum": _BOUNDS})
    string = st.fixed_dictionaries(
        {"type": st.just("string")}, optional={"minLength": st.integers(0, 2), "maxLength": st.integers(1, 3), "pattern": st.just("^[ab]")}
    )
    enum = st.fixed_dictionaries({"type": st.just("string"), "enum": st.lists(STRINGS, min_size=1, max_size=3, unique=True)})
    plain = number | string | enum | st.just({"type": "boolean"})

    def or_null(schema: dict[str, Any]) -> dict[str, Any]:
        if version.startswith("3.0"):
            return {**schema, "nullable": True}
        return {**schema, "type": [schema["type"], "null"]}

    return st.one_of(plain, plain, plain, (number | string).map(or_null))


def shaped(version: str) -> st.SearchStrategy[dict[str, Any]]:
    """Schemas of primitives, arrays of them and objects of them, also by allOf, oneOf and anyOf."""
    one = scalars(version)
    array = st.fixed_dictionaries(
        {"type": st.just("array"), "items": one},
        optional={"minItems": st.integers(0, 2), "maxItems": st.integers(1, 3), "uniqueItems": st.booleans()},
    )
    members = st.dictionaries(st.sampled_from(["R", "G", "B"]), one, min_size=1, max_size=3)
    thing = st.fixed_dictionaries(
        {"type": st.just("object"), "properties": members},
        optional={
            "required": st.lists(st.sampled_from(["R", "G"]), min_size=1, max_size=2, unique=True),
            "additionalProperties": st.booleans(),
        },
    )
    several = st.lists(one, min_size=1, max_size=2)
    combined = st.builds(lambda keyword, schemas: {keyword: schemas}, st.sampled_from(["allOf", "anyOf", "oneOf"]), several)
    return one | array | thing | combined


VALUES = st.one_of(
    STRINGS,
    st.sampled_from([0, 1, 2, 3, -1, 1.5, True, False]),
    st.lists(STRINGS | st.sampled_from([1, 2, 7]), min_size=1, max_size=3),
    st.dictionaries(st.sampled_from(["R", "G", "B", "X"]), STRINGS | st.sampled_from([1, 7]), min_size=1, max_size=3),
)

# Texts that nobody writes who follows the tables.
ODD = st.lists(st.sampled_from([*"ab17,;=&.|[] +", "%2C", "%20", "%7C", "color", "color=", "R", "true"]), max_size=8).map("".join)


@st.composite
def parameters(draw: st.DrawFn) -> tuple[Contract, list[str | None]]:
    """An operation with one parameter, and what to write for it."""
    version = draw(st.sampled_from(VERSIONS))
    location, style, explode = draw(st.sampled_from(PLACES))
    schema = shaped(version)
    if style in ("spaceDelimited", "pipeDelimited", "deepObject"):  # the tables define them for these only
        wanted = ("object",) if style == "deepObject" else ("array", "object")
        schema = schema.filter(lambda drawn: drawn.get("type") in wanted)
    parameter = {
        "name": HEADER if location == "header" else NAME,
        "in": location,
        "style": style,
        "explode": explode,
        "required": location == "path" or draw(st.booleans()),
        "schema": draw(schema),
    }
    texts: list[str | None] = [] if location == "path" else [None]
    for value in draw(st.lists(VALUES, min_size=1, max_size=6)):
        if style == "deepObject" and not isinstance(value, dict):
            continue
        texts.append(written(location, style, explode, value))
    if draw(st.booleans()):
        odd = draw(ODD)
        if location == "path":
            odd = quote(odd, safe="%,;=.|")
        texts.append(odd.strip() if location in ("header", "cookie") else odd.replace(" ", "%20"))
    fit = [text for text in texts if text is None or (text.isprintable() and (location != "path" or text not in ("", ".", "..")))]
    return Contract(version, parameter), fit


# Schemas of JSON.

_LEAVES = st.sampled_from([None, True, False, 0, 1, 2, -1, 0.5, 1.5, "", "a", "ab", "b"])
NAMES = st.sampled_from("abc")
JSON = st.recursive(_LEAVES, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=3), max_leaves=6)


def json_schemas(version: str) -> st.SearchStrategy[dict[str, Any]]:
    """Schemas of bodies, with what both versions have."""
    leaf = st.one_of(
        scalars(version),
        st.just({}),
        st.fixed_dictionaries({"enum": st.lists(_LEAVES.filter(lambda leaf: leaf is not None), min_size=1, max_size=3, unique_by=repr)}),
    )

    def grown(inner: st.SearchStrategy[dict[str, Any]]) -> st.SearchStrategy[dict[str, Any]]:
        some = st.lists(inner, min_size=1, max_size=2)
        kinds = [
            st.fixed_dictionaries(
                {"type": st.just("object"), "properties": st.dictionaries(NAMES, inner, min_size=1, max_size=2)},
                optional={
                    "required": st.lists(NAMES, min_size=1, max_size=2, unique=True),
                    "additionalProperties": st.booleans() | inner,
                    "minProperties": st.integers(0, 2),
                },
            ),
            st.fixed_dictionaries(
                {"type": st.just("array"), "items": inner}, optional={"maxItems": st.integers(0, 2), "uniqueItems": st.booleans()}
            ),
            st.builds(lambda keyword, schemas: {keyword: schemas}, st.sampled_from(["allOf", "anyOf", "oneOf"]), some),
            inner.map(lambda schema: {"not": schema}),
        ]
        if version.startswith("3.1"):
            kinds += [
                st.fixed_dictionaries({"const": _LEAVES}),
                st.fixed_dictionaries({"if": inner, "then": inner, "else": inner}),
                st.fixed_dictionaries({"prefixItems": some, "items": st.booleans()}),
                st.fixed_dictionaries({"properties": st.dictionaries(NAMES, inner, max_size=1), "unevaluatedProperties": st.booleans()}),
                st.fixed_dictionaries({"propertyNames": st.just({"enum": ["a", "b"]}), "contains": inner}),
            ]
        return st.one_of(kinds)

    return st.recursive(leaf, grown, max_leaves=6)


@st.composite
def json_bodies(draw: st.DrawFn) -> tuple[Contract, list[str | None]]:
    """An operation with a JSON body, and texts for it."""
    version = draw(st.sampled_from(VERSIONS))
    body = {"required": draw(st.booleans()), "content": {"application/json": {"schema": draw(json_schemas(version))}}}
    texts: list[str | None] = [None, *map(json.dumps, draw(st.lists(JSON, min_size=1, max_size=8)))]
    return Contract(version, body=body), texts


@st.composite
def forms(draw: st.DrawFn) -> tuple[Contract, list[str | None]]:
    """An operation with an urlencoded form, and texts for it."""
    version = draw(st.sampled_from(VERSIONS))
    one = scalars(version)
    array = st.fixed_dictionaries({"type": st.just("array"), "items": one}, optional={"minItems": st.integers(1, 2)})
    schema: dict[str, Any] = {"type": "object", "properties": draw(st.dictionaries(NAMES, one | array, min_size=1, max_size=3))}
    if draw(st.booleans()):
        schema["required"] = ["a"]
    schema["additionalProperties"] = draw(st.booleans())
    fields = st.tuples(st.sampled_from("abcx"), STRINGS | st.sampled_from(["1", "7", "true"]))
    bodies = draw(st.lists(st.lists(fields, max_size=3), min_size=1, max_size=5))
    texts = ["&".join(f"{name}={quote(text)}" for name, text in pairs) for pairs in bodies]
    return Contract(version, body={"required": True, "content": {FORM: {"schema": schema}}}), [text for text in texts if text]
