"""How arrays and objects are written as a parameter, in words: what `style` and `explode` say (OpenAPI section "Style Values")."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from specgw.portal.text import clipped, visible

_DEFAULTS = {"path": "simple", "query": "form", "header": "simple", "cookie": "form"}
_DELIMITERS = {"spaceDelimited": ("a space", "%20"), "pipeDelimited": ("a bar", "%7C")}


def manner(parameter: Mapping[str, Any], kind: str) -> str:
    """How the values of a parameter are written; empty for one that has a single value. `kind`: its type in words."""
    array, structured = kind.startswith("array"), kind.startswith("object")
    place, name = str(parameter.get("in", "")), visible(clipped(str(parameter.get("name", "")), 60))
    said = parameter.get("style")
    style = said if isinstance(said, str) else _DEFAULTS.get(place, "simple")
    explode = parameter.get("explode")
    explode = explode if isinstance(explode, bool) else style in ("form", "deepObject", "cookie")
    told = ""
    if style == "matrix":
        told = _matrix(name, array, structured, explode)
    elif style == "label":
        told = _label(array, structured, explode)
    elif array:
        told = _array(name, place, style, explode)
    elif structured:
        told = _object(name, place, style, explode)
    if parameter.get("allowReserved") is True and place == "query":
        told += f"{' ' if told else ''}Reserved characters such as / and : may stand as they are."
    return told


def _array(name: str, place: str, style: str, explode: bool) -> str:
    if place in ("query", "cookie") and explode:
        between = "; " if style == "cookie" else "&"
        return f"Once for each value: {name}=a{between}{name}=b."
    if style in _DELIMITERS:
        words, sign = _DELIMITERS[style]
        return f"Values with {words} between them: {name}=a{sign}b."
    return f"Values with a comma between them: {f'{name}=' if place in ('query', 'cookie') else ''}a,b."


def _object(name: str, place: str, style: str, explode: bool) -> str:
    if style == "deepObject":
        return f"One parameter for each member: {name}[member]=value."
    if place in ("query", "cookie"):
        if explode:
            return "Each member is a parameter of its own: member=value."
        return f"Members and values with commas between them: {name}=member,value."
    return "Members with commas between them: member=value." if explode else "Members and values with commas between them: member,value."


def _matrix(name: str, array: bool, structured: bool, explode: bool) -> str:
    if array:
        return f"Behind a semicolon: ;{name}=a;{name}=b." if explode else f"Behind a semicolon: ;{name}=a,b."
    if structured:
        return "Behind semicolons: ;member=value;other=value." if explode else f"Behind a semicolon: ;{name}=member,value."
    return f"Behind a semicolon: ;{name}=value."


def _label(array: bool, structured: bool, explode: bool) -> str:
    if array:
        return "Behind a dot: .a.b." if explode else "Behind a dot: .a,b."
    if structured:
        return "Behind a dot: .member=value.other=value." if explode else "Behind a dot: .member,value."
    return "Behind a dot: .value."
