"""The conformance matrix: every style × explode × location × type × version, each cell with what is right and what is wrong.

Written from the tables "Style Values" and "Style Examples" of OpenAPI 3.0.4, 3.1.1 and 3.2.0, their appendices C to E, and
RFC 6570. A cell is one operation whose parameter `color` admits exactly the values of its kind, by `enum`: a validator that
reads another value from the text than the client meant refuses it. What the tables call n/a has no cell.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

from tests.conformance.asking import Request

NAME = "color"
HEADER = "X-Color"

VERSIONS = ("3.0.4", "3.1.1")

# Location, style, explode, and the kinds of values that the tables define there.
ALL = ("primitive", "array", "object")
COMBINATIONS: tuple[tuple[str, str, bool, tuple[str, ...]], ...] = (
    *(("path", style, explode, ALL) for style in ("simple", "label", "matrix") for explode in (False, True)),
    *(("query", "form", explode, ALL) for explode in (False, True)),
    ("query", "spaceDelimited", False, ("array", "object")),
    ("query", "pipeDelimited", False, ("array", "object")),
    ("query", "deepObject", True, ("object",)),
    *(("header", "simple", explode, ALL) for explode in (False, True)),
    *(("cookie", "form", explode, ALL) for explode in (False, True)),
)


@dataclass(frozen=True)
class Kind:
    """A type of value: its schema, values of it as (data, valid), and what of the tables it belongs to."""

    name: str
    group: str
    schema: dict[str, Any]
    right: tuple[Any, ...]
    wrong: tuple[Any, ...] = ()
    schema_30: dict[str, Any] | None = None
    """The schema in OpenAPI 3.0 where that has other words."""

    def written_for(self, version: str) -> dict[str, Any]:
        """The schema in the words of a version."""
        return self.schema_30 if self.schema_30 is not None and version.startswith("3.0") else self.schema


INTEGERS = {"type": "array", "items": {"type": "integer"}}
RGB = {name: {"type": "integer"} for name in "RGB"}
# Every delimiter of every style inside of data; the slash cannot be, and what is not ASCII no header can hold.
DELIMITERS = "a,b;c d=e&f|g%h+i~j"

KINDS: tuple[Kind, ...] = (
    Kind("string", "primitive", {"type": "string", "enum": ["blue"]}, ("blue",), ("red",)),
    Kind("string with delimiters", "primitive", {"type": "string", "enum": [DELIMITERS]}, (DELIMITERS,), ("a",)),
    Kind("string, not ASCII", "primitive", {"type": "string", "enum": ["grün"]}, ("grün",), ("gr%C3%BCn",)),
    Kind("string that looks like a number", "primitive", {"type": "string", "enum": ["007"]}, ("007",), ("7",)),
    Kind("empty string", "primitive", {"type": "string", "enum": [""]}, ("",), ("x",)),
    Kind("integer", "primitive", {"type": "integer", "enum": [100]}, (100,), ("blue", 7, "1.5", "0x64")),
    Kind("number", "primitive", {"type": "number", "enum": [-1.5]}, (-1.5,), ("blue", "1,5")),
    Kind("boolean", "primitive", {"type": "boolean", "enum": [True]}, (True,), ("blue", False)),
    Kind(
        "integer or null",
        "primitive",
        {"type": ["integer", "null"], "maximum": 100},
        (100,),
        ("blue", 101),
        schema_30={"type": "integer", "nullable": True, "maximum": 100},
    ),
    Kind(
        "integer or string (oneOf)",
        "primitive",
        {"oneOf": [{"type": "integer", "maximum": 100}, {"type": "string", "enum": ["blue"]}]},
        (100, "blue"),
        ("red", 101),
    ),
    Kind("integer by allOf", "primitive", {"allOf": [{"type": "integer"}, {"enum": [100]}]}, (100,), ("blue", 7)),
    Kind(
        "array of strings",
        "array",
        {"type": "array", "items": {"type": "string"}, "enum": [["blue", "black", "brown"]]},
        (["blue", "black", "brown"],),
        (["blue", "black"],),
    ),
    Kind("array of integers", "array", {**INTEGERS, "enum": [[1, 2, 3]]}, ([1, 2, 3],), ([1, "x", 3], [1, 2])),
    Kind("array of one", "array", {**INTEGERS, "enum": [[7]]}, ([7],), (["x"], [7, 7])),
    Kind(
        "array of items with delimiters",
        "array",
        {"type": "array", "items": {"type": "string"}, "enum": [["a,b", "c;d", "e=f&g"]]},
        (["a,b", "c;d", "e=f&g"],),
    ),
    Kind("array by allOf", "array", {"allOf": [INTEGERS, {"enum": [[1, 2]]}]}, ([1, 2],), ([1, "x"],)),
    Kind(
        "array or null",
        "array",
        {"type": ["array", "null"], "items": {"type": "integer"}, "minItems": 2},
        ([1, 2],),
        ([1, "x"],),
        schema_30={"type": "array", "nullable": True, "items": {"type": "integer"}, "minItems": 2},
    ),
    Kind(
        "object",
        "object",
        {"type": "object", "properties": RGB, "required": ["R", "G", "B"], "additionalProperties": False},
        ({"R": 100, "G": 200, "B": 150},),
        ({"R": "x", "G": 200, "B": 150}, {"R": 100, "G": 200}),
    ),
    Kind(
        "object of any names",
        "object",
        {"type": "object", "additionalProperties": {"type": "integer"}, "minProperties": 1},
        ({"R": 100, "G": 200},),
        ({"R": "x"},),
    ),
    Kind(
        "object with delimiters",
        "object",
        {"type": "object", "properties": {"R": {"type": "string", "enum": ["a,b;c"]}, "G": {"type": "string"}}, "required": ["R"]},
        ({"R": "a,b;c", "G": "x=y"},),
        ({"R": "a", "G": "x"},),
    ),
    Kind(
        "object with optional members",
        "object",
        {"type": "object", "properties": RGB, "required": ["R"]},
        ({"R": 100}, {"R": 100, "B": 1}),
        ({"R": "x"},),
    ),
)


@dataclass(frozen=True)
class Probe:
    """One request of a cell, and whether the contract admits it."""

    text: str
    valid: bool


@dataclass(frozen=True)
class Cell:
    """One operation: what its parameter is, and the requests that show how it is read."""

    version: str
    location: str
    style: str
    explode: bool
    kind: Kind
    probes: tuple[Probe, ...] = field(compare=False)

    @property
    def place(self) -> str:
        """The first segment of its path."""
        words = self.kind.name.replace(",", "").replace("(", "").replace(")", "").replace(" ", "-")
        return f"{self.location}-{self.style}-{'explode' if self.explode else 'whole'}-{words}"

    @property
    def name(self) -> str:
        """How a test calls it."""
        return f"{self.version}-{self.place}"

    @property
    def path(self) -> str:
        """Its key of `paths`."""
        return f"/{self.place}/{{{NAME}}}" if self.location == "path" else f"/{self.place}"

    @property
    def parameter(self) -> dict[str, Any]:
        """Its Parameter Object."""
        return {
            "name": HEADER if self.location == "header" else NAME,
            "in": self.location,
            "required": True,
            "style": self.style,
            "explode": self.explode,
            "schema": self.kind.written_for(self.version),
        }

    def request(self, probe: Probe) -> Request:
        """The request that carries a text."""
        match self.location:
            case "path":
                return Request(f"/{self.place}/{probe.text}")
            case "query":
                return Request(f"/{self.place}?{probe.text}")
            case "header":
                return Request(f"/{self.place}", headers=((HEADER, probe.text),))
            case _:
                return Request(f"/{self.place}", headers=(("Cookie", probe.text),))


def cells() -> Iterator[Cell]:
    """All cells, in the order of the page."""
    for version in VERSIONS:
        for location, style, explode, groups in COMBINATIONS:
            for kind in KINDS:
                if kind.group in groups and (probes := _probes(location, style, explode, kind)):
                    yield Cell(version, location, style, explode, kind, probes)


def document(version: str) -> dict[str, Any]:
    """The document of all cells of a version."""
    return {
        "openapi": version,
        "info": {"title": "Conformance", "version": "1"},
        "servers": [{"url": "http://127.0.0.1:9"}],
        "paths": {
            cell.path: {"get": {"parameters": [cell.parameter], "responses": {"200": {"description": "It passed."}}}}
            for cell in cells()
            if cell.version == version
        },
    }


def _probes(location: str, style: str, explode: bool, kind: Kind) -> tuple[Probe, ...]:
    found: dict[str, bool] = {}
    for value, valid in [*((value, True) for value in kind.right), *((value, False) for value in kind.wrong)]:
        text = written(location, style, explode, value)
        if text is not None:
            found.setdefault(text, valid)
    if not any(found.values()):
        return ()
    if kind.group != "primitive" and style != "deepObject" and kind.name in ("array of strings", "object"):
        # The same value as the other `explode` has it.
        other = written(location, style, not explode, kind.right[0])
        if other is not None:
            found.setdefault(other, False)
    return tuple(Probe(text, valid) for text, valid in found.items())


def text_of(value: Any) -> str:
    """A primitive as JSON writes it, strings without their quotes."""
    return {True: "true", False: "false"}[value] if isinstance(value, bool) else str(value)


def written(location: str, style: str, explode: bool, value: Any) -> str | None:
    """A value as the table "Style Examples" writes it; None where it cannot be written there, or not unmistakably."""
    literal = location == "header"
    if literal:
        texts = [text_of(part) for part in _parts(value)]
        # "URI percent-encoding MUST NOT be applied": neither delimiters nor what is not ASCII can be data.
        if any(not text.isascii() or (text == "" and value == "") for text in texts) or (
            not isinstance(value, str) and any({",", "="} & set(text) for text in texts)
        ):
            return None
    if value == "" and (location == "path" and style in ("simple", "label")):
        return None  # an empty segment, and a dot segment

    def coded(part: Any) -> str:
        return text_of(part) if literal else quote(text_of(part), safe="-._~")

    if style == "label" and explode and any("." in text_of(part) for part in _parts(value)) and not isinstance(value, str | float):
        return None  # the dot is data and delimiter
    if style == "deepObject":
        return "&".join(f"{quote(f'{NAME}[{key}]')}={coded(member)}" for key, member in value.items())
    first, between, named, joined = {
        "simple": ("", ",", False, ","),
        "label": (".", ".", False, ","),
        "matrix": (";", ";", True, ","),
        "form": ("", "; " if location == "cookie" else "&", True, ","),
        "cookie": ("", "; ", True, ","),
        "spaceDelimited": ("", "", True, "%20"),
        "pipeDelimited": ("", "", True, "%7C"),
    }[style]
    if not isinstance(value, list | dict):
        text = coded(value)
        if named:
            return first + (NAME if style == "matrix" and not text else f"{NAME}={text}")
        return first + text
    if explode:
        if isinstance(value, dict):
            return first + between.join(f"{coded(key)}={coded(member)}" for key, member in value.items())
        return first + between.join(f"{NAME}={coded(item)}" if named else coded(item) for item in value)
    pieces = [coded(part) for part in _parts(value)]
    return first + (f"{NAME}=" if named else "") + joined.join(pieces)


def _parts(value: Any) -> list[Any]:
    if isinstance(value, dict):
        return [part for pair in value.items() for part in pair]
    return value if isinstance(value, list) else [value]
